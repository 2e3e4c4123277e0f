"""Projects and their actual costing (profit-wire 4.5, 9.2, 11, 13), with the fields that people use."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.emulator.booking.table.orders import ITEM_TYPE
from afas_soap.emulator.booking.table.people import ADDRESS

_PROJECT = shape(
    "PtProject",
    """
    PrId        string15      Project
    Prof        int           Projectprofiel (verwijzing naar: Profiel projecten => AfasPtProjectProfile)
    PrGp        string15~     Projectgroep (verwijzing naar: Projectgroep => AfasPtProjectGroup)
    Ds          string100     Omschrijving
    BcCo        string15      Organisatie/Persoon
    CpId        int           Contactpersoon (verwijzing naar: Contact => AfasKnContactData)
    CtIn        int           Contact projectfactuur (verwijzing naar: Contact => AfasKnContactData)
    DpId        string10      Organisatorische eenheid (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    EmId        string15      Interne projectleider (verwijzing naar: Medewerker => AfasKnEmployee)
    DtAn        date          Datum toegevoegd
    DaSt        date          Begindatum
    DtGp        date          Datum gereed planning
    DtGw        date          Werkelijke datum gereed
    DbId        string16      Verkooprelatie (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
    Char        string100     Kenmerk
    ClRe        string100     Referentie opdrachtgever
    ChOu        boolean       Afgemeld
    PrSt        string15      Projectstatus (verwijzing naar: Projectstatus => AfasPtProjectStatus)
    SaPc        decimal5.2    Toeslag (%)
    InTx        string40      Factuurtekst (verwijzing naar: Item => AfasFbBasicItems)
    UnFi        int           Administratie (verwijzing naar: Administratie => AfasKnUnit)
    Re          string        Opmerking
    Ch          boolean       Doorbelasten
    OvPc        decimal5.2    Overhead (%)
    CuId        string3       Valuta (verwijzing naar: Valuta => AfasKnCurrency)
    SaFc        decimal26.10  Totale aanneemsom
    Inst        boolean       Termijnfacturen
    SeIn        boolean       Apart factureren
    TeId        string30      Team (verwijzing naar: Team => AfasKnTeam)
    VaDu        string3       Btw-plicht (inkoop) (verwijzing naar: Btw-plicht => AfasKnVatDuty)
    VaId        string3       Voorkeur btw-code (inkoop) (verwijzing naar: Btw-code => AfasKnVat)
    PrMa        string15      Hoofdproject (verwijzing naar: Project => AfasPtProject)
    VbCo        string16      Code verbijzondering (verwijzing naar: Code verbijzondering => AfasKnDimCode)
    VaCo        string20      Incasseren (verwijzing naar: Tabelwaarde,Incasseren => AfasKnCodeTableValue)  1:Overeenkomstig verkooprelatie   2:Factuur niet incasseren   3:Factuur incasseren
    PrTy        string20      Type project (verwijzing naar: Tabelwaarde,Type project => AfasKnCodeTableValue)  0:Standaard   1:Klantovereenkomst   2:Werkbon   3:Investeringsproject
    HrWe        decimal5.2    Standaard werkweek
    PaCd        string5       Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
    StTm        time          Begintijd
    EnTm        time          Eindtijd
    FileName    string255     Filename
    FileStream  blob          File as byte-array
    """,  # noqa: E501
    shape("KnBasicAddressAdr", ADDRESS),
    shape(
        "PtProjectStage",
        """
        PrId  string15   Project (verwijzing naar: Project => AfasPtProject)
        PrSt  string15*  Projectfase
        Ds    string100  Omschrijving
        DaSt  date       Begindatum
        DtGp  date       Datum gereed planning
        DtGw  date       Werkelijke datum gereed
        InTx  string40   Factuurtekst (verwijzing naar: Item => AfasFbBasicItems)
        ChOu  boolean    Gereed
        Inst  int        Factuurtermijn (verwijzing naar: Factuurtermijn => AfasFbInstalment)
        PsCh  string20   Doorbelasten (verwijzing naar: Tabelwaarde,Doorbelasten projectfase => AfasKnCodeTableValue)  0:Conform project   1:Nacalculatie doorbelasten   2:Nacalculatie niet doorbelasten
        PsMn  string15   Hoofdfase (verwijzing naar: Projectfase => AfasPtProjectStage)
        """,  # noqa: E501
    ),
)
# No schema of AFAS' was seen for it. Its times are times, as those of PtProject are in AFAS' own schema (inferred).
_REALIZATION = shape(
    "PtRealization",
    f"""
    Id          int           Regelnummer
    XpRe        string40      Externe sleutel
    DaTi        date*         Datum
    VaIt        string10*     {ITEM_TYPE}
    ItCd        string40*     Itemcode (verwijzing naar: Item => AfasFbBasicItems)
    Qu          decimal16.5   Aantal
    QuSa        decimal16.5   Verkoop (aantal)
    EmId        string15      Medewerker (verwijzing naar: Medewerker => AfasKnEmployee)
    EnSe        int           Dienstverband
    PrId        string15      Project (verwijzing naar: Project => AfasPtProject)
    PrSt        string15      Projectfase
    DbId        string16      Verkooprelatie (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
    StId        string5       Uursoort
    AmCo        decimal26.10  Kostprijs
    AmSe        decimal26.10  Verkoopprijs (BV)
    DcPr        decimal6.2    Kortingspercentage
    VaRc        string4       Btw-tariefgroep
    Ch          boolean       Doorbelasten
    Ds          string255     Omschrijving
    DsIn        string255     Omschrijving intern
    V1Cd        string16      Code verbijzonderingsas 1
    V2Cd        string16      Code verbijzonderingsas 2
    War         string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    CrId        string30      Kostenplaats medewerker
    CcId        string30      Kostendrager medewerker
    UnId        string15      Eenheid
    QuUn        decimal16.5   Aantal eenheden
    Upri        decimal26.10  Prijs per eenheid (basisvaluta)
    Ap          boolean       Akkoord
    Pr          boolean       Gereed
    StTi        time          Begintijd
    EnTi        time          Eindtijd
    PaTi        time          Pauzetijd
    CuId        string3       Valuta (verwijzing naar: Valuta => AfasKnCurrency)
    FileName    string255     Filename
    FileStream  blob          File as byte-array
    DiAp        boolean       Afgekeurd
    DiRe        string        Toelichting afkeuring
    RfCs        string100     Opdrachtnummer/referentie
    WoHo        boolean       Thuiswerken
    """,
)

PROJECTS = (
    Definition(
        "PtProject",
        "Project",
        _PROJECT,
        keys=("PrId",),
        results=("PrId",),
        result_name="PtProject",
        sub_objects=("KnBasicAddressAdr", "PtProjectStage"),
    ),
    Definition(
        "PtRealization",
        "Nacalculatie",
        _REALIZATION,
        # What AFAS' own updates name; its address of a DELETE names a switch of the import.
        keys=("Id",),
        results=("XpRe", "Id", "Sessieguid"),
        result_name="PtRealization",
    ),
)
"""The connectors of projects."""
