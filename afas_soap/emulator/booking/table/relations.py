"""Organisations, persons, contacts, and the sales and purchase relations that they are (profit-wire 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.emulator.booking.table.people import (
    ADDRESSES,
    BANK_ACCOUNT,
    CONTACT_DETAILS,
    PORTAL_ROLE,
    contact,
    organisation,
    person,
)
from afas_soap.profit.update import Action

_INSERT_UPDATE = frozenset({Action.INSERT, Action.UPDATE})
_BELOW = (BANK_ACCOUNT, *ADDRESSES)
_BELOW_NAMES = ("KnBankAccount", "KnBasicAddressAdr", "KnBasicAddressPad", "KnContact")
# The person of a contact; below a relation it takes no roles of the portal.
_CONTACT_PERSON = person(PORTAL_ROLE, *_BELOW)
_RELATION_ORGANISATION = organisation(*_BELOW, contact(person(*_BELOW)), of_relation=True)
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
    """  # noqa: E501
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
    EnId  string50     Bedrijfs-Id eVerbinding
    """  # noqa: E501

RELATIONS = (
    Definition(
        "KnOrganisation",
        "Organisatie",
        organisation(*_BELOW, contact(_CONTACT_PERSON)),
        keys=("BcCo",),
        results=("BcCo", "BcId"),
        result_name="KnOrganisation",
        verbs=_INSERT_UPDATE,
        sub_objects=_BELOW_NAMES,
    ),
    Definition(
        "KnPerson",
        "Persoon",
        person(PORTAL_ROLE, *_BELOW, contact(_CONTACT_PERSON)),
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
        shape("KnSalesRelationOrg", _SALES, _RELATION_ORGANISATION),
        keys=("DbId",),
        results=("DbId", "BcCo"),
        result_name="KnSalesRelationOrg",
        verbs=_INSERT_UPDATE,
    ),
    Definition(
        "KnSalesRelationPer",
        "Verkooprelatie persoon",
        shape("KnSalesRelationPer", _SALES, person(*_BELOW, contact(), of_relation=True)),
        keys=("DbId",),
        results=("DbId", "BcCo"),
        result_name="KnSalesRelationPer",
        verbs=_INSERT_UPDATE,
    ),
    Definition(
        "KnPurchaseRelationOrg",
        "Inkooprelatie organisatie",
        shape("KnPurchaseRelationOrg", _PURCHASE, _RELATION_ORGANISATION),
        keys=("CrId",),
        results=("BcCo", "CrId"),
        result_name="KnPurchaseRelationOrg",
    ),
)
"""The connectors of organisations and persons."""
