"""Organisations, persons, contacts, and the sales and purchase relations that they are (profit-wire 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.emulator.booking.table.people import (
    ADDRESSES,
    BANK_ACCOUNT,
    CONTACT_DETAILS,
    CRIB,
    FILE_ID,
    ORGANISATION_BUSINESS,
    ORGANISATION_STATE,
    PERSON_BUSINESS,
    PERSON_STATE,
    PORTAL_ROLE,
    contact,
    organisation,
    person,
)
from afas_soap.profit.updates.update import Action

_INSERT_UPDATE = frozenset({Action.INSERT, Action.UPDATE})
_BELOW = (BANK_ACCOUNT, *ADDRESSES)
_BELOW_NAMES = ("KnBankAccount", "KnBasicAddressAdr", "KnBasicAddressPad", "KnContact")
# The person of a contact; below a relation it takes no roles of the portal.
_CONTACT_PERSON = person(PORTAL_ROLE, *_BELOW, more=PERSON_STATE)
_TERMS = """
    LgId  string3    Taal (verwijzing naar: Talen => AfasKnLanguage)
    CuId  string3*   Valuta (verwijzing naar: Valuta => AfasKnCurrency)
    VaDu  string3    Btw-plicht (verwijzing naar: Btw-plicht => AfasKnVatDuty)
    """
_DISCOUNTS = """
    PrLi  decimal6.2   % Regelkorting
    PrFc  decimal6.2   Factuurkorting (%)
    ClPc  decimal6.2   Kredietbeperking (%)
    PrPt  decimal6.2   Betalingskorting (%)
    Krli  decimal12.0  Kredietlimiet
    """
_ALIKE = """
    PrVn  string16  Prijzen van
    VaYN  boolean   Afwijkende btw-tariefgroep
    VaIg  string20  Code groepsadministratie (verwijzing naar: Tabelwaarde,Code groepsadministratie => AfasKnCodeTableValue)
    DsGr  string5   Kortingsgroep
    CsTy  string1   CBS-typen (verwijzing naar: CBS-typen => AfasFbCBSType)
    CtP2  int       Extra contactpersoon (verwijzing naar: Contact => AfasKnContactData)
    BcBy  string15  Aangebracht door (verwijzing naar: Organisatie/persoon => AfasKnBasicContact)
    VaA1  string10  VaA1
    VaA2  string10  VaA2
    VaA3  string10  VaA3
    VaA4  string10  VaA4
    VaA5  string10  VaA5
    EnId  string50  Bedrijfs-Id eVerbinding
    """  # noqa: E501
_SALES = f"""
    DbId  string16!    Nummer debiteur
    Iban  string40     Voorkeur Iban nummer
    BaAc  string40     Voorkeur bank-/gironummer
    CoId  string3      Voorkeur bank-/gironummer land code
    IsDb  boolean      Is debiteur
    ToAc  string16     Voorkeur tegenrekening (verwijzing naar: Grootboekrekening => AfasKnAccount)
    VaId  string21     Btw-identificatienummer
    PaCd  string5      Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
    VeId  string16     Vertegenwoordiger (verwijzing naar: Vertegenwoordiger => AfasKnRepresentative)
    {_TERMS.strip()}
    DsId  int          Afwijkende aanmaningsset (verwijzing naar: Aanmaningsset => AfasFiDunningSet)
    EmId  string15     Verantwoordelijke (verwijzing naar: Medewerker => AfasKnEmployee)
    PfId  string16     Profiel (verwijzing naar: Verkooprelatieprofiel => AfasKnSalProfile)
    {_DISCOUNTS.strip()}
    FaTo  string16     Factureren aan (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
    TrPt  string16     Vervoerder (verwijzing naar: Vervoerder => AfasKnTransporter)
    PrLs  string5      Voorkeur prijslijst (verwijzing naar: Prijslijst verkoop => AfasFbPriceListSale)
    VkMa  string15     Voorkeur magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    Bl    boolean      Geblokkeerd voor levering
    BlTl  boolean      Volledig blokkeren, niet meer zichtbaar
    DuYN  boolean      Aanmaning verzenden
    NtPr  boolean      Nettoprijs
    VtIn  boolean      Prijs incl. btw
    InTx  string40     Factuurtekst (verwijzing naar: Item => AfasFbBasicItems)
    PaSp  boolean      Incassospecificatie
    AuPa  boolean      Automatisch incasseren
    PaCo  boolean      Verdichten
    WaOr  boolean      Waarschuwing bij order/offerte
    WaTx  string255    Tekst waarschuwing
    Rm    string       Opmerking
    CtP1  int          Contactpersoon (verwijzing naar: Contact => AfasKnContactData)
    ColA  string16     Verzamelrekening (verwijzing naar: Grootboekrekening => AfasKnAccount)
    CsDa  date         Klant sinds
    DeCo  string20~    Leveringsconditie (verwijzing naar: Tabelwaarde,Leveringvoorwaarde => AfasKnCodeTableValue)  0:Deellevering toestaan   1:Regel volledig uitleveren   2:Order volledig uitleveren   3:Geen backorders leveren
    CtI1  int          Voorkeur contact (verwijzing naar: Contact => AfasKnContactData)
    InPv  string20~    Voorkeur verstrekkingswijze (verwijzing naar: Tabelwaarde,Verstrekkingswijze => AfasKnCodeTableValue)
    BaCo  string30     Barcode
    OrPr  string20     Verwerking order (verwijzing naar: Tabelwaarde,Verwerking order => AfasKnCodeTableValue)
    VaDt  string20     Incassowijze SEPA (verwijzing naar: Tabelwaarde,Incassowijze SEPA => AfasKnCodeTableValue)  B:B2B   S:Standaard
    VaTp  string20     Type verkooprelatie (verwijzing naar: Tabelwaarde,Type verkooprelatie => AfasKnCodeTableValue)
    PrDl  int           Prioriteit levering
    VaLi  boolean       Btw-listing
    LDId  string15      Hoofddeclarant (verwijzing naar: Medewerker => AfasKnEmployee)
    DeId  string15      Declarant (verwijzing naar: Medewerker => AfasKnEmployee)
    VaGu  string20      Status bewaking (verwijzing naar: Tabelwaarde,Status debiteurenbewaking => AfasKnCodeTableValue)
    CITo  boolean       Factuur geheel verdichten
    TxTc  string40      Tekst bij geheel verdichten (verwijzing naar: Item => AfasFbBasicItems)
    StMa  boolean       Strikt maximum
    MaIn  decimal26.10  Maximum factuurbedrag
    StMi  boolean       Strikt minimum
    MiIn  decimal26.10  Minimumfactuurbedrag
    RoOf  string5       Afrondingsmethode (verwijzing naar: Afrondingsmethoden => AfasKnRoundMethod)
    SiPA  boolean       Eenmalige incassomachtiging vereist
    CdDa  int           Voorkeur afleveradres
    SoId  string8       Ordersortering (verwijzing naar: Sortering order => AfasFbSortedOrder)
    VaBc  string20      Type barcode (verwijzing naar: Tabelwaarde,Type barcode => AfasKnCodeTableValue)
    CoDs  string8       Korting-/toeslagschaal
    MnOr  boolean       Opdrachtnummer/referentie verplicht
    EDDn  boolean       Adressering EDI-pakbon conform EDI-factuur
    Pwrd  string255     Wachtwoord
    AtCd  string255     Activeringscode
    AcTp  string255     Accounttype
    AsGr  string5       Assortiment (verwijzing naar: Assortiment => AfasFbAssortment)
    AsYN  boolean       Afwijken assortiment toestaan
    OINr  string40      OIN
    ReCo  boolean       Verwijderingsbijdrage toepassen
    EORI  string17      EORI-nummer
    {_ALIKE}
    """  # noqa: E501
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_CALENDAR = "\n".join(
    f"{code}{number}  {kind}  {label} {day}"
    for code, kind, label in (
        ("DDa", "boolean", "Besteldag"),
        ("DTi", "dateTime", "Bestellen vóór,"),
        ("DDe", "int", "Levertijd in dagen,"),
    )
    for number, day in enumerate(_DAYS, 1)
)
_PURCHASE = f"""
    CrId  string16!    Nummer crediteur
    Iban  string40     Voorkeur Iban nummer
    BaAc  string40     Voorkeur bank-/gironummer
    CoId  string3      Voorkeur bank-/gironummer land code
    IsCr  boolean      Is crediteur
    ToAc  string16     Voorkeur tegenrekening (verwijzing naar: Grootboekrekening => AfasKnAccount)
    VaId  string21     Btw-identificatienummer
    PaCd  string5      Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
    {_TERMS.strip()}
    PfId  string16     Profiel (verwijzing naar: Inkooprelatieprofiel => AfasKnPurProfile)
    {_DISCOUNTS.strip()}
    VkMa  string15     Voorkeur magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    Bl    boolean      Tijdelijk blokkeren
    BlTl  boolean      Volledig blokkeren, niet meer zichtbaar
    PaSp  boolean      Betaalspecificatie
    PayM  string20     Betaalwijze (verwijzing naar: Tabelwaarde,Betaalwijze => AfasKnCodeTableValue)  1:Betalingen in basisvaluta   2:Betalingen per vreemde valuta   3:Buitenlandse betalingen in basisvaluta   4:Buitenlandse betalingen en alle betalingen in vreemde valuta
    AuPa  boolean      Automatisch betalen
    PaCo  boolean      Verdichten
    WaOr  boolean      Waarschuwing bij order/offerte
    WaTx  string255    Tekst waarschuwing
    Rm    string       Opmerking
    CtP1  int          Contactpersoon (verwijzing naar: Contact => AfasKnContactData)
    ColA  string16     Verzamelrekening (verwijzing naar: Grootboekrekening => AfasKnAccount)
    CsDa  date         Leverancier sinds
    IvJu  string15     Beoordelaar (verwijzing naar: Medewerker => AfasKnEmployee)
    InPv  string20     Voorkeur verstrekkingswijze (verwijzing naar: Tabelwaarde,Verstrekkingswijze => AfasKnCodeTableValue)
    VeId  string16     Inkoper (verwijzing naar: Vertegenwoordiger => AfasKnRepresentative)
    OrId  string15     Besteld door
    PrLs  string5      Voorkeur prijslijst (verwijzing naar: Prijslijst verkoop => AfasFbPriceListSale)
    CtI1  int          Voorkeur contact (verwijzing naar: Contact => AfasKnContactData)
    IB47  boolean      Uitbetaalde bedragen aan derden
    SpIV  boolean      Verkoopprijs incl. btw
    CoSu  boolean      Facturering via voorschotnota
    PeDR  decimal6.2   Toeslag/korting (%)
    DbLe  string14     Debiteurnummer bij leverancier
    ViFc  string20     Categorie fiche 281.50
    ViFs  string20     Subcategorie fiche 281.50
    FiCo  string20     Landcode fiche 281.50
    Prof  string80     Beroep
    WiOf  string80     Echtgenote van
    KBOn  string12     KBO-nummer
    VaTp  string20     Type inkooprelatie (verwijzing naar: Tabelwaarde,Type verkooprelatie => AfasKnCodeTableValue)
    DeCa  boolean      Bestel- en leverkalender toepassen
    {_CALENDAR}
    ALiAcNc    string16  ALiAcNc
    PReAxUnId  int       PReAxUnId
    PReAxVbC2  string16  PReAxVbC2
    PReAxVaId  string3   PReAxVaId
    PReAxPcMa  decimal   PReAxPcMa
    PReAxVbC4  string16  PReAxVbC4
    {_ALIKE}
    """  # noqa: E501

RELATIONS = (
    Definition(
        "KnOrganisation",
        "Organisatie",
        organisation(
            *_BELOW, contact(_CONTACT_PERSON), more=ORGANISATION_STATE + ORGANISATION_BUSINESS + CRIB + FILE_ID
        ),
        keys=("BcCo",),
        results=("BcCo", "BcId"),
        result_name="KnOrganisation",
        verbs=_INSERT_UPDATE,
        sub_objects=_BELOW_NAMES,
    ),
    Definition(
        "KnPerson",
        "Persoon",
        person(PORTAL_ROLE, *_BELOW, contact(_CONTACT_PERSON), more=PERSON_STATE + PERSON_BUSINESS + FILE_ID),
        keys=("BcCo",),
        results=("BcCo", "BcId"),
        result_name="KnPerson",
        verbs=_INSERT_UPDATE,
        sub_objects=("KnContactAutRole", *_BELOW_NAMES),
    ),
    Definition(
        "KnContact",
        "Contact",
        shape(
            "KnContact",
            f"""
            BcCoOga      string15~  Code organisatie
            BcCoPer      string15   Code persoon
            PadAdr       boolean~   Postadres is adres
            ExAd         string255  Afdeling
            CdId         int        Contact
            ViKc         string20   Soort contact (verwijzing naar: Tabelwaarde,Soort contact => AfasKnCodeTableValue)  AFD:Afdeling bij organisatie   PRS:Persoon bij organisatie   AFL:Afleveradres   ORG:Organisatie   PER:Persoon
            {CONTACT_DETAILS.strip()}
            AddToPortal  boolean~   Persoon toegang geven tot afgeschermde deel van de portal(s)
            EmailPortal  string255  E-mail toegang
            """,  # noqa: E501
            PORTAL_ROLE,
            *ADDRESSES,
        ),
        # CdId is the key, and none of AFAS' examples names it: they tell a contact by organisation and person.
        verbs=frozenset({Action.UPDATE}),
    ),
    Definition(
        "KnSalesRelationOrg",
        "Verkooprelatie organisatie",
        shape(
            "KnSalesRelationOrg",
            _SALES,
            organisation(
                *_BELOW, contact(person(*_BELOW, more=PERSON_STATE)), more=ORGANISATION_STATE, of_relation=True
            ),
        ),
        keys=("DbId",),
        results=("DbId", "BcCo"),
        result_name="KnSalesRelationOrg",
        verbs=_INSERT_UPDATE,
    ),
    Definition(
        "KnSalesRelationPer",
        "Verkooprelatie persoon",
        shape(
            "KnSalesRelationPer",
            _SALES,
            person(*_BELOW, contact(), more=PERSON_STATE + PERSON_BUSINESS, of_relation=True),
        ),
        keys=("DbId",),
        results=("DbId", "BcCo"),
        result_name="KnSalesRelationPer",
        verbs=_INSERT_UPDATE,
    ),
    Definition(
        "KnPurchaseRelationOrg",
        "Inkooprelatie organisatie",
        shape(
            "KnPurchaseRelationOrg",
            _PURCHASE,
            organisation(*_BELOW, contact(person(*_BELOW)), more=CRIB, of_relation=True),
        ),
        keys=("CrId",),
        results=("BcCo", "CrId"),
        result_name="KnPurchaseRelationOrg",
    ),
)
"""The connectors of organisations and persons."""
