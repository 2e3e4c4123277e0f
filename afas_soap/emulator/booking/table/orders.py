"""Sales orders (profit-wire 9.2, 11, 13), with the fields that people use. A line is told by its GuLi (4.5)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape

ITEM_TYPE = "Type item (verwijzing naar: Tabelwaarde,Type item => AfasKnCodeTableValue)  1:Werksoort   2:Artikel   3:Tekst   4:Subtotaal   5:Toeslag   6:Kosten   7:Samenstelling   8:Cursus   10:Productie-indicator   11:Deeg   14:Artikeldimensietotaal"  # noqa: E501
"""Label and codes of VaIt, which several connectors have."""

_LINES = shape(
    "FbSalesLines",
    f"""
    VaIt  string10*     {ITEM_TYPE}
    ItCd  string40*     Itemcode (verwijzing naar: Item => AfasFbBasicItems)
    Ds    string255     Omschrijving
    VaRc  string4       Btw-tariefgroep
    BiUn  string15*     Eenheid
    QuUn  decimal16.5*  Aantal eenheden
    QuLe  decimal16.5   Lengte
    QuWi  decimal16.5   Breedte
    QuHe  decimal16.5   Hoogte
    Qu    decimal16.5   Aantal besteld
    QuDl  decimal16.5   Aantal te leveren
    PrLi  string5       Prijslijst
    War   string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    Upri  decimal26.10  Prijs per eenheid
    CoPr  decimal26.10  Kostprijs
    VaAD  string20      Korting toegestaan  0:Factuur- en regelkorting   1:Factuurkorting   2:Regelkorting   3:Geen factuur- en regelkorting
    PRDc  decimal6.2    Regelkorting (%)
    ARDc  decimal26.10  Bedrag regelkorting
    Re    string        Opmerking
    DlDa  date          Afwijkende leverdatum
    GuLi  string38      GUID regel
    StL1  string10      Artikeldimensiecode 1
    StL2  string10      Artikeldimensiecode 2
    NoIn  boolean       Niet factureren
    V1Cd  string16      Code verbijzonderingsas 1
    V2Cd  string16      Code verbijzonderingsas 2
    """,  # noqa: E501
)

ORDERS = (
    Definition(
        "FbSales",
        "Verkooporder",
        shape(
            "FbSales",
            """
            OrNu  string12      Nummer
            OrDa  date          Datum
            DbId  string16*     Verkooprelatie (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
            SoQu  string12      Bijbehorende offerte (verwijzing naar: Verkoopofferte => AfasFbSalesQuotation)
            FaTo  string16      Factureren aan (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
            DaDe  date          Gewenste leverdatum
            DaPr  date          Leverdatum (toegezegd)
            CuId  string3       Valuta (verwijzing naar: Valuta => AfasKnCurrency)
            Rate  decimal28.10  Valutakoers
            BkOr  boolean       Backorder
            RfCs  string100     Opdrachtnummer/referentie
            VaDu  string3       Btw-plicht (verwijzing naar: Btw-plicht => AfasKnVatDuty)
            InVa  boolean       Prijs incl. btw
            PaCd  string5       Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
            PaTp  string5       Betaalwijze
            Re    string        Opmerking
            Unit  int           Administratie (verwijzing naar: Administratie => AfasKnUnit)
            CrOr  boolean       Creditorder
            War   string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
            LgId  string3       Taal (verwijzing naar: Talen => AfasKnLanguage)
            DeCo  string20      Leveringsconditie (verwijzing naar: Tabelwaarde,Leveringvoorwaarde => AfasKnCodeTableValue)  0:Deellevering toestaan   1:Regel volledig uitleveren   2:Order volledig uitleveren   3:Geen backorders leveren
            InPc  decimal6.2    Factuurkorting (%)
            ClPc  decimal6.2    Kredietbeperking (%)
            PaPc  decimal6.2    Betalingskorting (%)
            BaCo  string30      Barcode
            PrId  string15      Project (verwijzing naar: Project => AfasPtProject)
            PrSt  string15      Projectfase
            TrPt  string16      Vervoerder (verwijzing naar: Vervoerder => AfasKnTransporter)
            VeId  string16      Vertegenwoordiger (verwijzing naar: Vertegenwoordiger => AfasKnRepresentative)
            DlAd  int           Afleveradres
            CtI1  int           Afwijkend contact (verwijzing naar: Contact => AfasKnContactData)
            Fref  string32      Factuurreferentie
            """,  # noqa: E501
            _LINES,
        ),
        keys=("OrNu",),
        results=("OrNu",),
        result_name="FbSales",
        sub_objects=("FbSalesLines",),
    ),
)
"""The connectors of orders."""
