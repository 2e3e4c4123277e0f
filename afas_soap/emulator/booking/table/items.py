"""Articles (profit-wire 9.2, 11, 13), with some of their fields only."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape

ITEMS = (
    Definition(
        "FbItemArticle",
        "Artikel",
        shape(
            "FbItemArticle",
            """
            ItCd     string40      Itemcode
            AuId     boolean       Autonummering
            Ds       string100     Omschrijving
            DsEx     string100     Extra omschrijving
            Grp      string15*     Artikelgroep
            BiSt     boolean       Voorraad bijhouden
            BiDc     int           Aantal decimalen
            BiUn     string15*     Basiseenheid
            PrFc     int           Prijsfactor
            VaRc     string4       Tariefgroep
            VaTp     string20      Artikeltype  0:Standaard artikel   1:Serienummerartikel   2:Partijartikel   3:1 artikeldimensie   4:2 artikeldimensies   5:Orderregelspecificatie
            ArSu     string20      Subartikeltype  0:Normaal Artikel   1:Grondstof   2:Halffabrikaat   3:Etiket   5:Verpakking   6:Abonnementsartikel zonder aanschaf   7:Abonnementsartikel met aanschaf
            StPrice  decimal26.10  Verrekenprijs
            CoPrice  decimal26.10  Kostprijs
            SaPrice  decimal26.10  Verkoopprijs
            PuPrice  decimal26.10  Inkoopprijs
            CsPrice  decimal26.10  Consumentenprijs
            DatPri   date          Ingangsdatum prijzen
            CrId     string16      Inkooprelatie (verwijzing naar: Inkooprelatie => AfasKnPurRelation)
            BaCo     string30      Barcode
            Bl       boolean       Geblokkeerd
            Rm       string        Opmerking
            """,  # noqa: E501
        ),
        keys=("ItCd",),
        results=("ItCd",),
        result_name="FbItemArticle",
    ),
)
"""The connectors of items."""
