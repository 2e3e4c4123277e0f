"""Projects (profit-wire 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.emulator.booking.table.people import ADDRESS

_PROJECT = shape(
    "PtProject",
    """
    PrId                  string15       Project
    Prof                  int            Projectprofiel (verwijzing naar: Profiel projecten => AfasPtProjectProfile)
    PrGp                  string15~      Projectgroep (verwijzing naar: Projectgroep => AfasPtProjectGroup)
    Ds                    string100      Omschrijving
    BcCo                  string15       Organisatie/Persoon
    CpId                  int            Contactpersoon (verwijzing naar: Contact => AfasKnContactData)
    CtIn                  int            Contact projectfactuur (verwijzing naar: Contact => AfasKnContactData)
    AAPl                  int            Adres projectlocatie (verwijzing naar: Adres => AfasKnBasicAddress)
    DpId                  string10       Organisatorische eenheid (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    EmId                  string15       Interne projectleider (verwijzing naar: Medewerker => AfasKnEmployee)
    DtAn                  date           Datum toegevoegd
    DaSt                  date           Begindatum
    DtGp                  date           Datum gereed planning
    DtGw                  date           Werkelijke datum gereed
    DbId                  string16       Verkooprelatie (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
    Char                  string100      Kenmerk
    ClRe                  string100      Referentie opdrachtgever
    ChOu                  boolean        Afgemeld
    PrSt                  string15       Projectstatus (verwijzing naar: Projectstatus => AfasPtProjectStatus)
    WaPc                  decimal6.2     Loonsom (%)
    GaPc                  decimal5.2     % G-rekening
    SaPc                  decimal5.2     Toeslag (%)
    RpIn                  string32       Rapport projectfactuur (verwijzing naar: Definitie => AfasKnMetaDefinition)
    RpQu                  string32       Rapport voorcalculatie (verwijzing naar: Definitie => AfasKnMetaDefinition)
    InTx                  string40       Factuurtekst (verwijzing naar: Item => AfasFbBasicItems)
    RpDr                  string32       Rapport conceptfactuur (verwijzing naar: Definitie => AfasKnMetaDefinition)
    UnFi                  int            Administratie (verwijzing naar: Administratie => AfasKnUnit)
    Re                    string         Opmerking
    Ch                    boolean        Doorbelasten
    OvPc                  decimal5.2     Overhead (%)
    CuId                  string3        Valuta (verwijzing naar: Valuta => AfasKnCurrency)
    SaFc                  decimal26.10   Totale aanneemsom
    Inst                  boolean        Termijnfacturen
    RpIs                  string32       Rapport termijnfactuur (verwijzing naar: Definitie => AfasKnMetaDefinition)
    BcPl                  string15       Organisatie/persoon extern (verwijzing naar: Organisatie/persoon => AfasKnBasicContact)
    CdPl                  int            Externe projectleider (verwijzing naar: Contact => AfasKnContactData)
    SeIn                  boolean        Apart factureren
    RpDp                  string32       Rapport pro-forma conceptfactuur (verwijzing naar: Definitie => AfasKnMetaDefinition)
    ToSc                  boolean        Nacalculatie verwerken in agenda
    Deli                  int            Dagen levertijd
    DeDi                  boolean        Levering op projectlocatie
    DeRe                  boolean        Pakbonnen naar nacalculatie
    OhDa                  date           Startdatum OHW
    OhAm                  decimal26.10   Bedrag op startdatum OHW
    OhQu                  decimal16.5    Uren op startdatum OHW
    TeId                  string30       Team (verwijzing naar: Team => AfasKnTeam)
    TeRe                  boolean        Nacalculatie boeken alleen toestaan voor teamleden
    VaDu                  string3        Btw-plicht (inkoop) (verwijzing naar: Btw-plicht => AfasKnVatDuty)
    VaId                  string3        Voorkeur btw-code (inkoop) (verwijzing naar: Btw-code => AfasKnVat)
    PrMa                  string15       Hoofdproject (verwijzing naar: Project => AfasPtProject)
    VbCo                  string16       Code verbijzondering (verwijzing naar: Code verbijzondering => AfasKnDimCode)
    VaCo                  string20       Incasseren (verwijzing naar: Tabelwaarde,Incasseren => AfasKnCodeTableValue)  1:Overeenkomstig verkooprelatie   2:Factuur niet incasseren   3:Factuur incasseren
    RpIp                  string32       Rapport factuurvoorstel (verwijzing naar: Definitie => AfasKnMetaDefinition)
    CtIp                  int            Contact factuurvoorstel (verwijzing naar: Contact => AfasKnContactData)
    RpPp                  string32       Rapport projectfactuurvoorstel
    CtPp                  int            Contact projectfactuurvoorstel
    PrTy                  string20       Type project (verwijzing naar: Tabelwaarde,Type project => AfasKnCodeTableValue)  0:Standaard   1:Klantovereenkomst   2:Werkbon   3:Investeringsproject
    CmId                  string4        Kostprijsmodel
    VaCc                  string20~      Kostenplaats declaratie (verwijzing naar: Tabelwaarde,Kostenplaats declaratie => AfasKnCodeTableValue)
    RpDe                  string32       Rapport declaratiefactuur (verwijzing naar: Definitie => AfasKnMetaDefinition)
    PsId                  int            Permissieschema (verwijzing naar: Permissieschema => AfasPtPermissionScheme)
    HrWe                  decimal5.2     Standaard werkweek
    DeWe                  boolean~       Pendelweek van toepassing
    CrEY                  string30       Kostenplaats verkooprelatie EJU
    ViTo                  string20       Proeftijd (verwijzing naar: Tabelwaarde,Proeftijd => AfasKnCodeTableValue)
    ToTe                  int            Overnametermijn
    ToTp                  string20       Overnametermijn periode (verwijzing naar: Tabelwaarde,Termijnperiode => AfasKnCodeTableValue)
    ExTe                  int            Verlengd uitzenden termijn
    ExTp                  string20       Verlengd uitzenden termijn periode (verwijzing naar: Tabelwaarde,Termijnperiode => AfasKnCodeTableValue)
    ApPe                  string20~      Periodiek toepassen (verwijzing naar: Tabelwaarde,Periodiek toepassen => AfasKnCodeTableValue)
    CPeP                  string20       Verzamelperiode (verwijzing naar: Tabelwaarde,Verzamelperiode projectfactuur => AfasKnCodeTableValue)
    CMeP                  string20       Verzamelmethode (verwijzing naar: Tabelwaarde,Verzamelmethode projectfactuur => AfasKnCodeTableValue)
    PrRe                  string20       Verstrekking bijlage (verwijzing naar: Tabelwaarde,Verstrekking bijlage nacalculatie => AfasKnCodeTableValue)
    ClId                  string15       Cao (verwijzing naar: Cao's => AfasHrRegulations)
    NPDe                  string20~      Prijsafspraak op plaatsing (verwijzing naar: Tabelwaarde,Prijsafspraak op plaatsing => AfasKnCodeTableValue)
    NPDP                  string20       Inkoopprijsafspraak op plaatsing
    CrMe                  string20       Crediteringsmethode (verwijzing naar: Tabelwaarde,Crediteringsmethode => AfasKnCodeTableValue)
    IsId                  int            Itemset (verwijzing naar: Itemset => AfasPtItemset)
    MeOw                  string20~      Methode onderhanden werk (verwijzing naar: Tabelwaarde,Methode onderhanden werk => AfasKnCodeTableValue)
    RBMt                  string20~      Methode reversed billing (verwijzing naar: Tabelwaarde,Methode reversed billing => AfasKnCodeTableValue)
    ChDe                  boolean~       Controle aanlevering
    PaCd                  string5        Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
    MePp                  string20       Methode projectvoortgang (verwijzing naar: Tabelwaarde,Methode projectvoortgang => AfasKnCodeTableValue)
    MePr                  string20       Projectvoortgang per (verwijzing naar: Tabelwaarde,Voortgang per => AfasKnCodeTableValue)
    MePe                  string20       Tussentijds resultaat per (verwijzing naar: Tabelwaarde,Voortgang per => AfasKnCodeTableValue)
    SpIr                  decimal26.10~  Beginstand tussentijds result.
    CtDw                  string20       Controle verwerking op (verwijzing naar: Tabelwaarde,Dagen van de week => AfasKnCodeTableValue)
    Freq                  int            Facturatie frequentie (verwijzing naar: Periodetabel => AfasKnPeriodTable)
    Fday                  int            Extra dagen facturatie frequentie
    CoNu                  string100      Bouwnummer
    CoTy                  string15       Bouwtype (verwijzing naar: Bouwtype per project => AfasPtConstructionType)
    RpOL                  string32       Rapport optiekeuzelijst (verwijzing naar: Definitie => AfasKnMetaDefinition)
    JOuM                  boolean        Projectleider is leidinggevende van teamleden
    InPr                  boolean        Factuurtermijn factureren via factuurvoorstel
    StTm                  time           Begintijd
    EnTm                  time           Eindtijd
    ViAg                  string20       Afspraakwijze (verwijzing naar: Tabelwaarde,Afspraakwijze => AfasKnCodeTableValue)
    ViWo                  string20       Opdracht soort (verwijzing naar: Tabelwaarde,Opdracht soort => AfasKnCodeTableValue)
    ViOr                  string20       Opdracht typering (verwijzing naar: Tabelwaarde,Opdracht typering => AfasKnCodeTableValue)
    NoCt                  boolean~       Uitsluiten van verzamelfactuur
    NoIc                  boolean        Uitsluiten intercompany
    PPQu                  boolean~       Prijzen v. definitieve voorcalc/onderh via project
    IEsp                  boolean        EJU-facturatie splitsen op kostenplaats
    PlCn                  boolean        Plaatsingsbevestiging aanmaken
    AsCn                  boolean        Opdrachtbevestiging aanmaken
    SaFA                  decimal26.10   Totale aanneemsom (overeengekomen)
    Bankaccount           string40       Banknummer afwijkend
    FileName              string255      Filename
    FileStream            blob           File as byte-array
    CdI1                  int            Contact1 (verwijzing naar: Contact => AfasKnContactData)
    SignatureFileId1      string32       Handtekening1 bestand
    SignatureFileName1    string255      Handtekening1 naam bestand
    SignatureFileStream1  blob           Handtekening1 afbeelding
    CdI2                  int            Contact2 (verwijzing naar: Contact => AfasKnContactData)
    SignatureFileId2      string32       Handtekening2 bestand
    SignatureFileName2    string255      Handtekening2 naam bestand
    SignatureFileStream2  blob           Handtekening2 afbeelding
    CdIp                  int            Contact plaatsing (verwijzing naar: Contact => AfasKnContactData)
    CdIs                  int            Contact ondertekening (verwijzing naar: Contact => AfasKnContactData)
    CdId                  int            Contact declaratie (verwijzing naar: Contact => AfasKnContactData)
    OINr                  string40       Afwijkend OIN
    PtPrpDaBe             date           Begindatum cao inlener
    PtPrpTyEj             string         Soort eindejaarsuitkering
    PtPrpPaDa             int            Uitbetaaldag
    PtPrpPaMo             int            Uitbetaalmaand
    PtPrpEnDa             int            Peildag indienst
    PtPrpEnMo             int            Peilmaand indienst
    PtPrpNoPe             int            Aantal periodes bij verkooprelatie
    PtPrpPeUn             string10       Periode eenheid
    PtPrpTeRm             string         Voorwaarden
    PtPrpViTa             string4        Afwijkende CBS cao-code
    PtPrpViTp             string2        Soort periodieke verhoging
    PtPrpDmon             int            Dag van de maand
    PtPrpPMon             int            Maand
    PtPrpPerW             int            Periode (week)
    PtPrpP4Wk             int            Periode (4 weken)
    PtPrpMonP             int            Periode (maand)
    PtPrpMon              int            Kalenderdagen
    PtPrpPFrA             int            Periodieke verhoging vanaf leeftijd
    PtPrpViEx             string2        Extra voorwaarde periodiek
    PtPrpReDa             int            Peildag
    PtPrpRMon             int            Peilmaand
    PtPrpAmPe             int            Aantal perioden
    PtPrpVaUn             string2        Periode eenheid
    PtPrpVaWe             string2        Werkervaring o.b.v
    PtPrpWeAg             int            Werkervaring opbouwen vanaf leeftijd
    PtPrpVaIp             string2        Telling onderbrekingsperiode
    PtPrpMoCo             int            Kalenderdagen opnieuw tellen als onderbr.per.
    PtPrpVaIe             string2        Onderbrekingsperiode eenheid
    PtPrpAcHi             boolean        Beoordeling inlener benodigd
    PtPrpVaCo             string2        Uitvoeren periodieke verhoging
    PtPrpMeMo             string         Opmerking
    """,  # noqa: E501
    shape("KnBasicAddressAdr", ADDRESS),
    shape(
        "PtProjectStage",
        """
        PrId  string15       Project (verwijzing naar: Project => AfasPtProject)
        PrSt  string15*      Projectfase
        Ds    string100      Omschrijving
        DaSt  date           Begindatum
        DtGp  date           Datum gereed planning
        DtGw  date           Werkelijke datum gereed
        InTx  string40       Factuurtekst (verwijzing naar: Item => AfasFbBasicItems)
        ChOu  boolean        Gereed
        Inst  int            Factuurtermijn (verwijzing naar: Factuurtermijn => AfasFbInstalment)
        AdWo  boolean~       Meerwerk (niet gebruiken)
        ERdy  boolean~       Gereed voor uitwisseling
        MePp  string20       Methode projectvoortgang (verwijzing naar: Tabelwaarde,Methode projectvoortgang => AfasKnCodeTableValue)
        SpIr  decimal26.10~  Beginstand tussentijds result.
        PsCh  string20       Doorbelasten (verwijzing naar: Tabelwaarde,Doorbelasten projectfase => AfasKnCodeTableValue)  0:Conform project   1:Nacalculatie doorbelasten   2:Nacalculatie niet doorbelasten
        PsMn  string15       Hoofdfase (verwijzing naar: Projectfase => AfasPtProjectStage)
        """,  # noqa: E501
    ),
    shape(
        "PtTailSpend",
        """
        Code  string16    Code
        Pc    decimal6.2  Percentage
        """,
    ),
)

PROJECTS = (
    Definition(
        "PtProject",
        "Project",
        _PROJECT,
        keys=("PrId",),
        results=("PrId",),
        result_name="PtProject",
        sub_objects=("KnBasicAddressAdr", "PtProjectStage", "PtTailSpend"),
    ),
)
"""The connectors of projects."""
