"""Articles (profit-wire 9.2, 11, 13). How many digits their numbers have is inferred: no schema of AFAS' was seen."""

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
            ItCd         string40      Itemcode
            AuId         boolean       Autonummering
            Ds           string100     Omschrijving
            Ds_1031      string100     Omschrijving (Duits)
            Ds_1036      string100     Omschrijving (Frans)
            Ds_1043      string100     Omschrijving (Nederlands)
            Ds_2057      string100     Omschrijving (Engels)
            Ds_2067      string100     Omschrijving (Vlaams)
            DsEx         string100     Extra omschrijving
            DsEx_1031    string100     Extra omschrijving (Duits)
            DsEx_1036    string100     Extra omschrijving (Frans)
            DsEx_1043    string100     Extra omschrijving (Nederlands)
            DsEx_2057    string100     Extra omschrijving (Engels)
            DsEx_2067    string100     Extra omschrijving (Vlaams)
            ChDs         boolean       Omschrijving wijzigbaar
            Grp          string15*     Artikelgroep
            Loc          string15      Magazijnlocatie
            BiSt         boolean       Voorraad bijhouden
            BiDc         int           Aantal decimalen
            BiUn         string15*     Basiseenheid
            UnPR         string15      Voorkeurseenheid aanvraag
            PrFc         int           Prijsfactor
            CoLa         string3       Land wetgeving
            VaRc         string4       Tariefgroep
            VaAr         string4       Tariefgroep bij afwijking
            EUSe         boolean       Dienstenberekening
            ChSa         boolean       Handmatige controle verkoop
            ChPu         boolean       Handmatige controle inkoop
            VaTp         string20      Artikeltype  0:Standaard artikel   1:Serienummerartikel   2:Partijartikel   3:1 artikeldimensie   4:2 artikeldimensies   5:Orderregelspecificatie
            ArSu         string20      Subartikeltype  0:Normaal Artikel   1:Grondstof   2:Halffabrikaat   3:Etiket   5:Verpakking   6:Abonnementsartikel zonder aanschaf   7:Abonnementsartikel met aanschaf
            BiSaItCd     string40      Itemcode verkoop
            PrGr         string10      Prijsgroep
            PrFr         string40      Prijs van
            StPrice      decimal26.10  Verrekenprijs
            CoPrice      decimal26.10  Kostprijs
            SaPrice      decimal26.10  Verkoopprijs
            PuPrice      decimal26.10  Inkoopprijs
            CsPrice      decimal26.10  Consumentenprijs
            DatPri       date          Ingangsdatum prijzen
            CrId         string16      Inkooprelatie (verwijzing naar: Inkooprelatie => AfasKnPurRelation)
            ItSp         string30      Itemcode inkooprelatie
            VaWt         string20      Gewichtseenheid
            NeWe         decimal18.3   Nettogewicht
            GrWe         decimal18.3   Brutogewicht
            CsWe         decimal18.3   Gewicht CBS
            CsGc         string8       Goederencode CBS
            CoOr         string3       Land van oorsprong CBS
            ExUn         string15      Bijzondere eenheid CBS
            CBSQuUn      decimal12.2   Aantal eenheden CBS
            VaBc         string20      Type barcode
            BaCo         string30      Barcode
            WaSe         boolean       Magazijnindeling
            VaCr         string20      Bestelvoorstel bij verkoop
            StAd         boolean       Voorraad aanvullen
            StMi         decimal16.5   Minimumvoorraad
            StMa         decimal16.5   Aanvullen tot
            TrCo         decimal26.10  Vervoerskosten
            PcLo         decimal6.2    Verlies (%)
            StCh         string20      Voorraadcontrole
            VaDo         string20      Uitlevervolgorde
            PgId         string8       Presentatiegroep
            TaCd         string2       TARIC-code
            OrLi         boolean       Gebruiken in ordertraject
            PcYn         boolean       Emballage
            AdYn         boolean       Administratie bijhouden
            AdSr         boolean       Administratie serienummers
            PkPr         decimal26.10  Statiegeld
            RtPr         decimal26.10  Statiegeld retour
            DiFe         boolean       Verwijderingsbijdrage
            FoDi         boolean       Verwijderingsbijdr. toepassen buitenl. levering
            DiCo         decimal26.10  Bedrag verwijderingsbijdrage (excl. btw)
            WeGl         decimal12.2   Gewicht glas (gr)
            WeAl         decimal12.2   Gewicht aluminium (gr)
            WeMe         decimal12.2   Gewicht overig metaal (gr)
            WePl         decimal12.2   Gewicht kunststof (gr)
            WeBp         decimal12.2   Gewicht biokunststof (gr)
            WePa         decimal12.2   Gewicht papier/karton (gr)
            WeWo         decimal12.2   Gewicht hout (gr)
            WeOt         decimal12.2   Gewicht overig (gr)
            Ch           boolean       Doorbelasten
            ExTS         boolean       Met Transsmart uitwisselen
            PkTp         string10      Verpakkingssoort
            QuLe         decimal16.5   Voorkeur lengte
            QuWi         decimal16.5   Voorkeur breedte
            QuHe         decimal16.5   Voorkeur hoogte
            Stck         boolean       Stapelbaar
            Bl           boolean       Geblokkeerd
            Rm           string        Opmerking
            Rm_1031      string        Opmerking (Duits)
            Rm_1036      string        Opmerking (Frans)
            Rm_1043      string        Opmerking (Nederlands)
            Rm_2057      string        Opmerking (Engels)
            Rm_2067      string        Opmerking (Vlaams)
            FileName     string255     Bestandsnaam
            FileStream   blob          Inhoud bestand
            FileName1    string255     Bestandsnaam extra 1
            FileStream1  blob          Inhoud bestand extra 1
            FileName2    string255     Bestandsnaam extra 2
            FileStream2  blob          Inhoud bestand extra 2
            FileName3    string255     Bestandsnaam extra 3
            FileStream3  blob          Inhoud bestand extra 3
            FileName4    string255     Bestandsnaam extra 4
            FileStream4  blob          Inhoud bestand extra 4
            FileName5    string255     Bestandsnaam extra 5
            FileStream5  blob          Inhoud bestand extra 5
            FileName6    string255     Bestandsnaam extra 6
            FileStream6  blob          Inhoud bestand extra 6
            StD1         string10      Artikeldimensie 1
            StD2         string10      Artikeldimensie 2
            EdMn         boolean       Expiratiedatum verplicht
            VaAs         string20      Toewijzen bij verkoop
            VaAb         string20      Wachtorders toewijzen
            SuIt         string20      Type vervangend item
            SuId         string40      Vervangend item
            SuDe         date          Vervangen tot
            UpdateComDs  boolean       Omschrijving doorvoeren naar samenstellingsonderdelen
            """,  # noqa: E501
        ),
        keys=("ItCd",),
        results=("ItCd",),
        result_name="FbItemArticle",
    ),
)
"""The connectors of items."""
