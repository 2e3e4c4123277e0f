"""Sales orders (profit-wire 9.2, 11, 13). A line is told by its GuLi (4.5), and so are the rows below it."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape

ITEM_TYPE = "Type item (verwijzing naar: Tabelwaarde,Type item => AfasKnCodeTableValue)  1:Werksoort   2:Artikel   3:Tekst   4:Subtotaal   5:Toeslag   6:Kosten   7:Samenstelling   8:Cursus   10:Productie-indicator   11:Deeg   14:Artikeldimensietotaal"  # noqa: E501
"""Label and codes of VaIt, which several connectors have."""

# What batches and serial numbers have alike; those below a part of a composition have more.
_NUMBERED = """
    GuLi  string38      GUID regel
    BiUn  string15*     Eenheid
    QuUn  decimal16.5*  Aantal eenheden
    Qu    decimal16.5   Aantal
    QuIn  decimal16.5   Factuuraantal
    Re    string        Opmerking
    """
_BATCH = f"""
    BaNu  string100*    Partijnummer
    {_NUMBERED.strip()}
    QuLe  decimal16.5   Lengte
    QuWi  decimal16.5   Breedte
    QuHe  decimal16.5   Hoogte
    """
_SERIAL = f"""
    SeNu  string100*    Serienummer
    {_NUMBERED.strip()}
    """
_DELIVERED = "    QuDl  decimal16.5   Aantal te leveren\n"
_PARTS = shape(
    "AfasFbOrderCompLines",
    f"""
    VaIt  string10*     {ITEM_TYPE}
    ItCd  string40*     Itemcode
    GuLi  string38      GUID regel
    PrSe  int~          Presentatievolgorde
    Ds    string100     Omschrijving
    StL1  string10      Artikeldimensiecode 1
    StL2  string10      Artikeldimensiecode 2
    BiUn  string15*     Eenheid
    QuUn  decimal16.5*  Aantal eenheden onderdeel
    QuLe  decimal16.5   Lengte
    QuWi  decimal16.5   Breedte
    QuHe  decimal16.5   Hoogte
    Qu    decimal16.5   Aantal onderdelen
    QuBo  decimal16.5   Aantal wachtorder (totaal)
    QuAd  decimal16.5   Aantal op bestelvoorstel (totaal)
    War   string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    PrAc  boolean       Onderdeel actief
    PrIn  boolean       Regel afdrukken
    Re    string        Opmerking
    """,
    shape("FbOrderBatchLines", f"{_BATCH.rstrip()}\n{_DELIVERED}    DaEx  date          Expiratiedatum"),
    shape("FbOrderSerialLines", f"{_SERIAL.rstrip()}\n{_DELIVERED}"),
)
# AFAS' schema never lets the unit be empty; that one of its examples leaves it out on a line of text does not count.
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
    QuBo  decimal16.5   Aantal wachtorder
    QuAd  decimal16.5   Aantal op bestelvoorstel
    PrLi  string5       Prijslijst
    War   string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    EUSe  boolean       Dienstenberekening
    VaWt  string20      Gewichtseenheid (verwijzing naar: Tabelwaarde,Gewichtseenheid => AfasKnCodeTableValue)
    NeWe  decimal18.3   Totaal nettogewicht
    GrWe  decimal18.3   Totaal brutogewicht
    Upri  decimal26.10  Prijs per eenheid
    CoPr  decimal26.10  Kostprijs
    VaAD  string20      Korting toegestaan  0:Factuur- en regelkorting   1:Factuurkorting   2:Regelkorting   3:Geen factuur- en regelkorting
    PRDc  decimal6.2    Regelkorting (%)
    ARDc  decimal26.10  Bedrag regelkorting
    MaAD  boolean       Handmatig bedrag regelkorting
    Re    string        Opmerking
    DlDa  date          Afwijkende leverdatum
    GuLi  string38      GUID regel
    StL1  string10      Artikeldimensiecode 1
    StL2  string10      Artikeldimensiecode 2
    DiDe  boolean       Direct leveren vanuit leverancier
    NoIn  boolean       Niet factureren
    V1Cd  string16      Code verbijzonderingsas 1
    V2Cd  string16      Code verbijzonderingsas 2
    V3Cd  string16      Code verbijzonderingsas 3 (verwijzing naar: Code verbijzondering => AfasKnDimCode)
    V4Cd  string16      Code verbijzonderingsas 4 (verwijzing naar: Code verbijzondering => AfasKnDimCode)
    V5Cd  string16      Code verbijzonderingsas 5 (verwijzing naar: Code verbijzondering => AfasKnDimCode)
    Di01  int           Vrije dimensie 1 (verwijzing naar: Vrije dimensie 1 => AfasPtCustomD01)
    Di02  int           Vrije dimensie 2 (verwijzing naar: Vrije dimensie 2 => AfasPtCustomD02)
    Di03  int           Vrije dimensie 3 (verwijzing naar: Vrije dimensie 3 => AfasPtCustomD03)
    Di04  int           Vrije dimensie 4 (verwijzing naar: Vrije dimensie 4 => AfasPtCustomD04)
    Di05  int           Vrije dimensie 5 (verwijzing naar: Vrije dimensie 5 => AfasPtCustomD05)
    MoId  string15      Bewakingscode (verwijzing naar: Bewakingscode => AfasPtMonitor)
    CoTy  string20      Type projectkosten (verwijzing naar: Tabelwaarde,Type projectkosten => AfasKnCodeTableValue)
    """,  # noqa: E501
    shape("FbOrderBatchLines", _BATCH),
    shape("FbOrderSerialLines", _SERIAL),
    _PARTS,
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
            SaCh  string20      Verkoopkanaal (verwijzing naar: Tabelwaarde,Verkoopkanaal => AfasKnCodeTableValue)
            VaDu  string3       Btw-plicht (verwijzing naar: Btw-plicht => AfasKnVatDuty)
            InVa  boolean       Prijs incl. btw
            PaCd  string5       Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
            PaTp  string5       Betaalwijze
            Re    string        Opmerking
            Unit  int           Administratie (verwijzing naar: Administratie => AfasKnUnit)
            Coll  boolean       Incasseren
            CrOr  boolean       Creditorder
            Rout  string20      Code route (verwijzing naar: Tabelwaarde,Routes => AfasKnCodeTableValue)
            War   string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
            CoDn  boolean       Verzamelpakbon
            CoIn  boolean       Verzamelfactuur
            DlPr  int           Prioriteit levering
            LgId  string3       Taal (verwijzing naar: Talen => AfasKnLanguage)
            DeCo  string20      Leveringsconditie (verwijzing naar: Tabelwaarde,Leveringvoorwaarde => AfasKnCodeTableValue)  0:Deellevering toestaan   1:Regel volledig uitleveren   2:Order volledig uitleveren   3:Geen backorders leveren
            CsTy  string1       CBS-typen (verwijzing naar: CBS-typen => AfasFbCBSType)
            VaTr  string20      Type vervoer CBS (verwijzing naar: Tabelwaarde,CBS Vervoerswijze => AfasKnCodeTableValue)
            VaSt  string20      Statistisch stelsel CBS (verwijzing naar: Tabelwaarde,CBS Statistisch stelsel => AfasKnCodeTableValue)
            VaGs  string20      Goederenstroom CBS (verwijzing naar: Tabelwaarde,CBS Goederenstroom => AfasKnCodeTableValue)
            VaTa  string20      Transactie CBS (verwijzing naar: Tabelwaarde,CBS Transactie => AfasKnCodeTableValue)
            InPc  decimal6.2    Factuurkorting (%)
            VaCl  boolean       Kredietbeperking inclusief btw
            ClPc  decimal6.2    Kredietbeperking (%)
            PaPc  decimal6.2    Betalingskorting (%)
            VaPa  boolean       Betalingskorting incl. btw
            VaYN  boolean       Afwijkende btw-tariefgroep
            VaBc  string20      Type barcode (verwijzing naar: Tabelwaarde,Type barcode => AfasKnCodeTableValue)
            BaCo  string30      Barcode
            PrLa  string32      Rapport (verwijzing naar: Definitie => AfasKnMetaDefinition)
            JoCo  string6       Dagboek factuur (verwijzing naar: Dagboek => AfasKnJournal)
            FuOr  boolean       Toekomstige order
            DtId  int           Type levering (verwijzing naar: Type levering => AfasFbDeliveryType)
            PrId  string15      Project (verwijzing naar: Project => AfasPtProject)
            PrSt  string15      Projectfase
            SeSt  string20      Status verzending (verwijzing naar: Tabelwaarde,Status verzending => AfasKnCodeTableValue)
            SeWe  decimal18.3   Verzendgewicht
            QuCl  int           Aantal colli
            PkTp  string20      Verpakkingssoort (verwijzing naar: Tabelwaarde,Verpakkingssoort => AfasKnCodeTableValue)
            TrPt  string16      Vervoerder (verwijzing naar: Vervoerder => AfasKnTransporter)
            SsId  string10      Dienst (verwijzing naar: Dienst => AfasKnShippingService)
            OrPr  string20      Verwerking order (verwijzing naar: Tabelwaarde,Verwerking order => AfasKnCodeTableValue)
            AmDp  decimal26.10  Bedrag aanbetalen
            VeId  string16      Vertegenwoordiger (verwijzing naar: Vertegenwoordiger => AfasKnRepresentative)
            DlAd  int           Afleveradres
            ExAd  string255     Omschrijving afleveradres
            BaDe  string30      Barcode afleveradres
            SbAt  int           Bijlage (verwijzing naar: Dossieritem => AfasKnSubject)
            CtI1  int           Afwijkend contact (verwijzing naar: Contact => AfasKnContactData)
            CoId  string3       Land bestemming CBS (verwijzing naar: Land => AfasKnCountry)
            PuSa  boolean       Inkoop per verkooporder
            ETOr  string20      Soort order (verwijzing naar: Tabelwaarde,Soort order => AfasKnCodeTableValue)
            Fref  string32      Factuurreferentie
            CoDs  string8       Korting-/toeslagschaal (verwijzing naar: Korting-/toeslagschaal => AfasFbCombiDiscountScale)
            FxBl  boolean       Order blokkeren
            DlYN  boolean       Uitleverbaar
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
