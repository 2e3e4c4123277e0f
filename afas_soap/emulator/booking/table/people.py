"""Organisations, persons and what belongs to them: objects that several connectors have, written once."""

from __future__ import annotations

from afas_soap.emulator.booking.table.notation import shape
from afas_soap.profit.schemas.updateschema import Shape

ADDRESS = """
    CoId       string3*   Land (verwijzing naar: Land => AfasKnCountry)
    PbAd       boolean~   Postbusadres
    StAd       string255  Toev. voor straat
    Ad         string60   Straat
    HmNr       int        Huisnummer
    HmAd       string30   Toev. aan huisnr.
    ZpCd       string15   Postcode
    Rs         string50   Woonplaats (verwijzing naar: Woonplaats => AfasKnResidence)
    AdAd       string255  Adres toevoeging
    """
"""The fields of an address that does not change with a date."""

_DATED = """
    BeginDate  date~      Ingangsdatum adreswijziging (wordt genegeerd bij eerste datum)
    ResZip     boolean~   Zoek woonplaats bij postcode
    """
ADDRESSES = tuple(
    shape(name, ADDRESS.rstrip() + _DATED)
    # The visiting address and the postal one; the second is ignored where PadAdr is true (profit-wire 4.4).
    for name in ("KnBasicAddressAdr", "KnBasicAddressPad")
)
BANK_ACCOUNT = shape(
    "KnBankAccount",
    """
    CoId  string3*  Land van de bank (verwijzing naar: Land => AfasKnCountry)
    IbCk  boolean~  IBAN-controle
    Iban  string40  IBAN-nummer
    BaAc  string40  Bankrekening
    BkTp  int       Type bank (verwijzing naar: Koppeltabel landen banken => AfasKnCountryBankType)
    BkIc  string15  Bank (verwijzing naar: Land banktype banken => AfasKnCountryBankTypeBank)
    AcGa  boolean   G-rekening
    AcCk  boolean   Cheque
    DiNm  string80  Afwijkende naam
    DiPl  string35  Afwijkende woonplaats
    Bic   string11  BIC-code
    BaNm  string35  Naam bank
    BaFi  string35  Filiaal van de bank
    BaAd  string35  Adres van de bank
    BaPl  string35  Vestigingsplaats bank
    CalM  string20  Code doorberekening (verwijzing naar: Tabelwaarde,Code doorberekening => AfasKnCodeTableValue)  1:Alle kosten ten laste van de begunstigde   2:Alle kosten ten laste van de opdrachtgever   3:Gedeelde kosten
    """,  # noqa: E501
)
PORTAL_ROLE = shape("KnContactAutRole", "AutRoleDs  string80*  Autorisatierol")

_MEDIUM = "ViMd  string20  Voorkeursmedium (verwijzing naar: Tabelwaarde,Medium voor correspondentie => AfasKnCodeTableValue)  EMA:E-mail   FAX:Fax   PRS:Persoonlijk   PST:Post   TEL:Telefoon"  # noqa: E501
_SOCIAL = """
    SocN  string255  Sociale netwerken
    Face  string255  Facebook
    Link  string255  LinkedIn
    Twtr  string255  Twitter
    """
# The last of the ways to match, but for one that only what stands below a relation has (profit-wire 4.4).
_ALWAYS_NEW = "Altijd nieuw toevoegen"
_OF_PARENT = "   9:Gebruik bovenliggende entiteit"
# BcId and BcCo carry a star in AFAS' files, and AFAS' own examples leave them out: Profit hands them out.
_PERSON = f"""
    PadAdr       boolean~   Postadres is adres
    AutoNum      boolean~   Autonummering
    MatchPer     string1*   Persoon vergelijken op  0:Zoek op BcCo (Persoons-ID)   1:Burgerservicenummer   2:Naam + voorvoegsel + initialen + geslacht   3:Naam + voorvoegsel + initialen + geslacht + e-mail werk   4:Naam + voorvoegsel + initialen + geslacht + mobiel werk   5:Naam + voorvoegsel + initialen + geslacht + telefoon werk   6:Naam + voorvoegsel + initialen + geslacht + geboortedatum   7:Altijd nieuw toevoegen
    BcId         int~       Organisatie/persoon (intern)
    BcCo         string15~  Nummer
    SeNm         string10   Zoeknaam
    CaNm         string80   Roepnaam
    FiNm         string50   Voornaam
    In           string15   Voorletters
    Is           string15   Voorvoegsel
    LaNm         string80   Achternaam
    SpNm         boolean~   Geboortenaam apart vastleggen
    IsBi         string15   Voorv. geb.naam
    NmBi         string80   Geboortenaam
    IsPa         string15   Voorvoegsel partner
    NmPa         string80   Geb.naam partner
    ViUs         string20   Naamgebruik (verwijzing naar: Tabelwaarde,Naamgebruik (geboortenaam etc.) => AfasKnCodeTableValue)  0:Geboortenaam   1:Geb. naam partner + Geboortenaam   2:Geboortenaam partner   3:Geboortenaam + Geb. naam partner
    ViGe         string20   Geslacht (verwijzing naar: Tabelwaarde,Geslacht => AfasKnCodeTableValue)  M:Man   O:Onbekend   V:Vrouw   X:Overig
    DaBi         date       Geboortedatum
    PsNa         string20   Nationaliteit (verwijzing naar: Tabelwaarde,Nationaliteit (NEN1888) => AfasKnCodeTableValue)
    CoBi         string3    Geboorteland (verwijzing naar: Land => AfasKnCountry)
    RsBi         string50   Geboorteplaats (verwijzing naar: Woonplaats => AfasKnResidence)
    SoSe         string25   BSN
    ViCs         string20   Burgerlijke staat (verwijzing naar: Tabelwaarde,Burgerlijke staat => AfasKnCodeTableValue)  DZ:Duurzaam gescheiden   GH:Gehuwd   GP:Geregistreerd partnerschap   GS:Gescheiden   OG:Ongehuwd   OV:Overig   WE:Weduwe/Weduwnaar
    DaMa         date       Huwelijksdatum
    DaDi         date       Datum scheiding
    DaDe         date       Overlijdensdatum
    TtId         string3    Titel/aanhef (verwijzing naar: Titel => AfasKnTitle)
    TtEx         string3    Tweede titel (verwijzing naar: Titel => AfasKnTitle)
    LeHe         string255  Briefaanhef
    TeNr         string255  Telefoonnr. werk
    TeN2         string255  Telefoonnr. privé
    FaNr         string255  Fax werk
    MbNr         string255  Mobiel werk
    MbN2         string255  Mobiel privé
    EmAd         string255  E-mail werk
    EmA2         string255  E-mail privé
    HoPa         string255  Website
    Corr         boolean~   Correspondentie
    {_MEDIUM}
    Re           string     Opmerking
    CrIb         string9    CRIB-nummer
    CoLw         string2    Land wetgeving (verwijzing naar: Land => AfasKnCountry)
    {_SOCIAL}
    FileName     string255  Naam bestand
    FileStream   blob       Afbeelding
    AddToPortal  boolean~   Persoon toegang geven tot afgeschermde deel van de portal(s)
    EmailPortal  string255  E-mail toegang
    """  # noqa: E501
PERSON_STATE = """
    StId  string20  Status (verwijzing naar: Tabelwaarde,Status verkooprelatie => AfasKnCodeTableValue)
    LgId  string3   Taal (verwijzing naar: Talen => AfasKnLanguage)
    """
"""What a person has but for the contacts of a purchase relation."""

PERSON_BUSINESS = """
    Sdla  string10  Persoonsnummer
    CcNr  string30  KvK-nummer
    CcDa  date      Datum KvK
    BrNr  string30  Vestigingsnummer
    FiNr  string9   Fiscaal nummer
    EmAm  string20  Aantal medewerkers (verwijzing naar: Tabelwaarde,Aantal medewerkers => AfasKnCodeTableValue)
    SBIc  string10  SBI-code (verwijzing naar: SBI-code => AfasKnSBIcodes)
    """
"""What a person has who is no contact."""

FILE_ID = """
    FileId  string32  Bestand id
    """
"""What organisations and persons have that stand at the root."""

# Nm has a star as well; an example of AFAS' leaves it out where MatchOga finds the organisation.
_ORGANISATION = f"""
    PadAdr    boolean~    Postadres is adres
    AutoNum   boolean~    Autonummering
    MatchOga  string1*    Organisatie vergelijken op  0:Zoek op BcCo   1:KvK-nummer   2:Fiscaal nummer   3:Naam   4:Adres   5:Postadres   6:Altijd nieuw toevoegen
    BcId      int~        Organisatie/persoon (intern)
    BcCo      string15~   Nummer
    SeNm      string10    Zoeknaam
    Nm        string255~  Naam
    ViLe      string20    Rechtsvorm (verwijzing naar: Tabelwaarde,Rechtsvorm => AfasKnCodeTableValue)
    ViLb      string20    Branche (verwijzing naar: Tabelwaarde,Branche => AfasKnCodeTableValue)
    CcNr      string30    KvK-nummer
    CcDa      date        Datum KvK
    NmRg      string80    Naam (statutair)
    RsRg      string50    Vestiging (statutair)
    LeHe      string255   Briefaanhef
    OuId      string10    Organisatorische eenheid (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    TeNr      string255   Telefoonnr. werk
    FaNr      string255   Fax werk
    MbNr      string255   Mobiel werk
    EmAd      string255   E-mail werk
    HoPa      string255   Website
    Corr      boolean     Correspondentie
    {_MEDIUM}
    Re        string      Opmerking
    FiNr      string9     Fiscaal nummer
    {_SOCIAL}
    """  # noqa: E501
ORGANISATION_STATE = """
    TtId        string3    Titel/aanhef (verwijzing naar: Titel => AfasKnTitle)
    StId        string20   Status (verwijzing naar: Tabelwaarde,Status verkooprelatie => AfasKnCodeTableValue)
    LgId        string3    Taal (verwijzing naar: Talen => AfasKnLanguage)
    BcPa        string15   Onderdeel van organisatie (verwijzing naar: Organisatie/persoon => AfasKnBasicContact)
    FileName    string255  Naam bestand
    FileStream  blob       Afbeelding
    """
"""What an organisation has but for a purchase relation's."""

ORGANISATION_BUSINESS = """
    BrNr  string30  Vestigingsnummer
    EmAm  string20  Aantal medewerkers (verwijzing naar: Tabelwaarde,Aantal medewerkers => AfasKnCodeTableValue)
    XpRe  string40  Externe sleutel
    SBIc  string10  SBI-code (verwijzing naar: SBI-code => AfasKnSBIcodes)
    """
"""What an organisation has that stands at the root."""

CRIB = """
    CrIb  string9  CRIB-nummer
    """
"""What an organisation has but for a sales relation's."""

CONTACT_DETAILS = f"""
    ViFu  string20   Functie (verwijzing naar: Tabelwaarde,Functie contact => AfasKnCodeTableValue)
    FuDs  string50   Functie op visitekaart
    Corr  boolean    Correspondentie
    {_MEDIUM}
    TeNr  string255  Telefoonnr. werk
    FaNr  string255  Fax werk
    MbNr  string255  Mobiel werk
    EmAd  string255  E-mail werk
    HoPa  string255  Website
    Re    string     Toelichting
    Bl    boolean    Geblokkeerd
    AtLn  string255  T.a.v. regel
    LeHe  string255  Briefaanhef
    {_SOCIAL}
    """
"""What a contact has, on its own or below an organisation or person."""

_CONTACT = """
    PadAdr  boolean~   Postadres is adres
    ViKc    string3    Soort Contact  AFD:Afdeling bij organisatie   AFL:Afleveradres{of_person}
    ExAd    string255  Afdeling
    """


def person(*objects: Shape, more: str = "", of_relation: bool = False) -> Shape:
    """KnPerson with these objects below it, and fields that not every one has; ``of_relation`` where it stands below a
    relation, whose it is."""
    return shape("KnPerson", _matched(_PERSON, of_relation=of_relation) + more, *objects)


def organisation(*objects: Shape, more: str = "", of_relation: bool = False) -> Shape:
    """KnOrganisation with these objects below it; ``more`` and ``of_relation`` as for ``person``."""
    return shape("KnOrganisation", _matched(_ORGANISATION, of_relation=of_relation) + more, *objects)


def contact(*objects: Shape) -> Shape:
    """KnContact below an organisation or person, with its addresses and, where it has one, its person below it."""
    of_person = "   PRS:Persoon bij organisatie (alleen mogelijk i.c.m. KnPerson tak)" if objects else ""
    return shape("KnContact", _CONTACT.format(of_person=of_person).rstrip() + CONTACT_DETAILS, *ADDRESSES, *objects)


def _matched(text: str, *, of_relation: bool) -> str:
    return text.replace(_ALWAYS_NEW, f"{_ALWAYS_NEW}{_OF_PARENT}") if of_relation else text
