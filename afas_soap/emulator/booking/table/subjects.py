"""Dossier items, and reactions to them (profit-wire 4.5, 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.profit.updates.update import Action

_FILE = """
    FileName    string255  FileName
    FileId      string32   File Id
    FileStream  blob       File as byte-array
    """
# Of SfTp, the codes that AFAS' schema and its OpenAPI file have between them.
_LINK = shape(
    "KnSubjectLink",
    """
    SbId   int!       Dossieritem (verwijzing naar: Dossieritem => AfasKnSubject)
    DoCRM  boolean    Save in CRM Subject
    ToBC   boolean*   Organisatie/persoon
    ToEm   boolean*   Medewerker
    ToSR   boolean*   Verkooprelatie
    ToPR   boolean*   Inkooprelatie
    ToCl   boolean~   Cliënt IB
    ToCV   boolean~   Cliënt Vpb
    ToEr   boolean*   Werkgever
    ToAp   boolean*   Sollicitant
    ToOb   boolean    Cliënt OB
    SfTp   int        Type bestemming  1:Geen   2:Medewerker   3:Organisatie/persoon   4:Verkooprelatie   8:Cliënt IB   9:Cliënt Vpb   10:Werkgever   11:Inkooprelatie   17:Sollicitant   30:Campagne   31:Item   32:Cursusevenement   66:Cliënt OB
    SfId   string50   Bestemming
    BcId   string15   Organisatie/persoon (verwijzing naar: Organisatie/persoon => AfasKnBasicContact)
    CdId   int        Contact (verwijzing naar: Contact => AfasKnContactData)
    SiUn   int        Administratie (Verkoop) (verwijzing naar: Administratie => AfasKnUnit)
    SiTp   int        Factuurtype (verkoop) (verwijzing naar: Type factuur => AfasFiInvoiceType)
    SiId   string12   Verkoopfactuur (verwijzing naar: Factuur => AfasFiInvoice)
    PiUn   int        Administratie (Inkoop) (verwijzing naar: Administratie => AfasKnUnit)
    PiTp   int        Factuurtype (inkoop) (verwijzing naar: Type factuur => AfasFiInvoiceType)
    PiId   string12   Inkoopfactuur (verwijzing naar: Factuur => AfasFiInvoice)
    FiYe   int        Fiscaal jaar (verwijzing naar: Aangiftejaren => AfasTxDeclarationYear)
    PjId   string15   Project (verwijzing naar: Project => AfasPtProject)
    CaId   int        Campagne (verwijzing naar: Campagne => AfasCmCampaign)
    FaSn   int        Actief (verwijzing naar: Vaste activa => AfasFaFixedAssets)
    QuId   string21   Voorcalculatie (verwijzing naar: Voorcalculatie => AfasKnQuotation)
    SjId   int        Dossieritem (verwijzing naar: Dossieritem => AfasKnSubject)
    SuNr   int        Abonnement (verwijzing naar: Abonnement => AfasFbSubscription)
    DvSn   int        Dienstverband
    VaIt   string20   Type item (verwijzing naar: Tabelwaarde,Type item => AfasKnCodeTableValue)  Wst:Werksoort   Pid:Productie-indicator   Deg:Deeg   Dim:Artikeldimensietotaal   Art:Artikel   Txt:Tekst   Sub:Subtotaal   Tsl:Toeslag   Kst:Kosten   Sam:Samenstelling   Crs:Cursus
    BiId   string40   Itemcode (verwijzing naar: Item => AfasFbBasicItems)
    CrId   int        Cursusevenement (verwijzing naar: Evenement => AfasKnCourseEvent)
    AbId   int        Verzuimmelding (verwijzing naar: Verzuimmelding => AfasHrAbsIllnessMut)
    FoSn   int        Forecast (verwijzing naar: Forecast => AfasCmForecast)
    CoNo   string16   Contract (verwijzing naar: Contract => AfasFaInsurance)
    CcSn   int        Auto (verwijzing naar: Bedrijfswagen => AfasHrCompanyCar)
    Ou     string10   Organisatorische eenheid (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    PlId   int        Salarisverwerkingsplan (verwijzing naar: Salarisverwerkingsplan => AfasHrCalculationPlan)
    Por    string12   Inkooporder (verwijzing naar: Inkooporder => AfasFbPurchase)
    Squ    string12   Verkoopofferte (verwijzing naar: Verkoopofferte => AfasFbSalesQuotation)
    Sor    string12   Verkooporder (verwijzing naar: Verkooporder => AfasFbSales)
    Pqu    string12   Inkoopofferte (verwijzing naar: Inkoopofferte => AfasFbPurchaseQuotation)
    LoId   string25   Locatie (verwijzing naar: Locatie algemeen => AfasKnLocation)
    DcId   string16   Declaratienummer (verwijzing naar: Declaratie nacalculatie => AfasPtDeclaration)
    PcId   string12   Plaatsing (verwijzing naar: Plaatsing => AfasPtPlacementContract)
    PAId   string15   Prijsafspraak (verwijzing naar: Prijsafspraak => AfasPtPriceAgreement)
    OrNu   string12   Pakbon (verwijzing naar: Pakbon => AfasFbDeliveryNote)
    GoRe   string12   Ontvangst (verwijzing naar: Ontvangst => AfasFbGoodsReceived)
    Seri   string100  Serienummer (verwijzing naar: Serienummers => AfasFbSerialNumbers)
    Batc   string100  Partijnummer (verwijzing naar: Partijen => AfasFbBatchNumbers)
    ApId   int        Sollicitatie (verwijzing naar: Sollicitatie => AfasHrApplicant)
    OlNu   string12   Optiekeuzelijst (verwijzing naar: Optielijst => AfasPtOptionList)
    UnSc   int        Adm. budgetscenario
    ScId   string6    Budgetscenario (verwijzing naar: Budgetscenario => AfasFiBudgetScenario)
    SeId   int        Sessie (verwijzing naar: Sessie => AfasKnSession)
    PnId   int        Periodeafsluitingsregel (verwijzing naar: Periodeafsluitingsregels => AfasFiPeriodClosureLines)
    CfId   int        Regel control framework
    CfRI   int        Rapportage-eis
    CfMI   string14   Beheersmaatregel
    Year   int        Jaar
    RlId   string25   Rol
    """,  # noqa: E501
)
_SUBJECT = shape(
    "KnSubject",
    """
    SbId        int!        Dossieritem
    StId        int*        Type dossieritem (verwijzing naar: Type dossieritem => AfasKnSubjectType)
    Ds          string255*  Onderwerp
    SbTx        string      Toelichting
    Da          dateTime    Instuurdatum
    UsId        string80    Instuurder (verwijzing naar: Gebruiker => AfasKnUser)
    EmId        string80    Verantwoordelijke (verwijzing naar: Gebruiker => AfasKnUser)
    SbHi        int         Aanleiding (verwijzing naar: Dossieritem => AfasKnSubject)
    SaId        string5     Type actie (verwijzing naar: Type actie => AfasKnSubjectActionType)
    ViPr        string20    Prioriteit (verwijzing naar: Tabelwaarde,Prioriteit actie => AfasKnCodeTableValue)  H:HOOG   N:Normaal   L:Laag
    ScId        string5     Bron (verwijzing naar: Brongegevens => AfasKnSourceData)
    DtFr        dateTime    Begindatum
    DtTo        dateTime    Einddatum
    St          boolean*    Afgehandeld
    DtSt        dateTime    Datum afgehandeld
    FeCo        int         Betreft (verwijzing naar: Kenmerkcombinatie => AfasKnFeatureCombination)
    FvF1        int         Waarde kenmerk 1 (verwijzing naar: Waarde kenmerk => AfasKnFeatureValue)
    FvF2        int         Waarde kenmerk 2 (verwijzing naar: Waarde kenmerk => AfasKnFeatureValue)
    FvF3        int         Waarde kenmerk 3 (verwijzing naar: Waarde kenmerk => AfasKnFeatureValue)
    SbBl        boolean*    Geblokkeerd
    SbPa        string255   FileName of the attachment
    FileId      string32    File Id
    FileTrans   boolean     Save file with subject
    FileStream  blob        File as byte-array
    MarkOpened  boolean     Mark subject as opened
    ProfileId   int         Profiel ID
    """,  # noqa: E501
    _LINK,
    shape("KnSubjectAttachment", _FILE),
)
_VISIBLE = "Reactie zichtbaar (verwijzing naar: Tabelwaarde,Reactie zichtbaar => AfasKnCodeTableValue)  I:Intern   EI:Extern en intern"  # noqa: E501
_BELOW_REACTION = (
    shape("KnReactionAttachment", _FILE),
    shape("KnReactionLabel", "SLId  int!  Label (verwijzing naar: Dossieritemtype labels => AfasKnSubjectTypeLabel)"),
    shape(
        "KnReactionEmoji",
        "EmNa  string80!  Emoji naam  thumbsup:thumbsup   thumbsdown:thumbsdown   blush:blush   party:party   heart:heart   eyes:eyes",  # noqa: E501
    ),
)

SUBJECTS = (
    Definition(
        "KnSubject",
        "Dossieritem",
        _SUBJECT,
        keys=("SbId",),
        results=("SbId",),
        result_name="KnSubject",
        sub_objects=("KnSubjectAttachment",),
    ),
    Definition(
        "KnSubjectReaction",
        "Reactie bij dossieritem",
        shape(
            "KnReaction",
            f"""
            Id    int        Reactie ID
            SbId  int*       Dossieritem (verwijzing naar: Dossieritem => AfasKnSubject)
            SbTx  string*    Reactie
            VaRe  string20*  {_VISIBLE}
            RTId  int        Reactie op
            """,
            *_BELOW_REACTION,
        ),
        keys=("Id",),
        verbs=frozenset({Action.INSERT, Action.DELETE}),
    ),
    Definition(
        "KnSubjectWorkflowReaction",
        "Workflow reactie",
        shape(
            "KnWorkflow",
            f"""
            SbId    int*       Dossieritem
            WfNm    string80   Workflow
            TkNm    string80   Taak
            AcNm    string80   Actie
            Tx      string     Reactie
            FiNa    string255  Bestandsnaam bijlage
            FiDa    blob       Inhoud bijlage
            VaRe    string20   {_VISIBLE}
            UsTa    string80   Gebruiker
            RTId    int        Reactie op
            FileId  string32   Bestand
            """,
            *_BELOW_REACTION,
        ),
        # Several reactions to one item are several records.
        verbs=frozenset({Action.INSERT}),
    ),
)
"""The connectors of the dossier."""
