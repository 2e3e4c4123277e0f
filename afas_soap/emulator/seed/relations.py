"""Debtors, creditors, organisations and persons, their contacts and addresses, and countries.

Party 0 is the first debtor, party 1 the second, and so on; the creditors are parties of their own. A debtor with an odd
rest by seven is a person, the others are organisations.
"""

from __future__ import annotations

from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.table import Cells, Table, columns

DEBTORS = 180
CREDITORS = 60
CONTACTS = 150
# Contact persons and creditors are parties too, far behind every debtor that anybody grows.
_CONTACT_PARTY = 2_000_000
_CREDITOR_PARTY = 4_000_000
_FIRST_BCCO = 1_000_001
_PAYMENT_CONDITIONS = ("14", "30", "08", "14", "60")
_COUNTRIES = (
    ("NL", "Nederland"), ("B", "België"), ("D", "Duitsland"), ("F", "Frankrijk"), ("GB", "Groot-Brittannië"),
    ("L", "Luxemburg"), ("E", "Spanje"), ("I", "Italië"), ("A", "Oostenrijk"), ("CH", "Zwitserland"),
    ("DK", "Denemarken"), ("S", "Zweden"), ("N", "Noorwegen"), ("FIN", "Finland"), ("PL", "Polen"),
    ("CZ", "Tsjechië"), ("P", "Portugal"), ("IRL", "Ierland"), ("GR", "Griekenland"), ("USA", "Verenigde Staten"),
    ("CW", "Curaçao"), ("SME", "Suriname"), ("TR", "Turkije"), ("XX", None),
)  # fmt: skip


def debtor_id(number: int) -> str:
    """The number of a debtor: 10001 and on (profit-wire 9.1)."""
    return str(10001 + number)


def creditor_id(number: int) -> str:
    """The number of a creditor: 50001 and on (profit-wire 9.1)."""
    return str(50001 + number)


def debtor_of(number: int) -> str:
    """Some debtor that is there however few rows are asked for."""
    return debtor_id(number * 7 % DEBTORS)


def creditor_of(number: int) -> str:
    """Some creditor that is there however few rows are asked for."""
    return creditor_id(number * 7 % CREDITORS)


def bcco(party: int) -> str:
    """The number of an organisation or person, seven digits (profit-wire 9.1)."""
    return str(_FIRST_BCCO + party)


def is_person(party: int) -> bool:
    """Persons buy as well."""
    return party % 7 == 5 if party < _CONTACT_PARTY else party < _CREDITOR_PARTY


def party_name(party: int) -> str:
    """The name of an organisation or person."""
    return words.person_name(party) if is_person(party) else words.firm_name(party)


def _country(party: int) -> str | None:
    """The country line stands on the label of foreign parties only."""
    return ("België", "Duitsland")[party % 2] if party % 11 == 10 else None


def _mail(party: int) -> str | None:
    return None if party % 9 == 4 else f"info@{words.mail_name(party)}"


def _chamber_of_commerce(party: int) -> str | None:
    return None if is_person(party) else words.chamber_of_commerce(party)


def _vat_number(party: int) -> str | None:
    return None if is_person(party) else words.vat_number(party)


def _debtor(number: int) -> Cells:
    name, place = party_name(number), words.address(number)
    return (
        debtor_id(number),
        name,
        bcco(number),
        words.search_name(name),
        place.line1,
        place.line3,
        _country(number),
        words.telephone(number) if number % 6 != 2 else None,
        _mail(number),
        words.iban(1000 + number) if number % 5 != 3 else None,
        _vat_number(number),
        _chamber_of_commerce(number),
        "1300",
        _PAYMENT_CONDITIONS[number % 5],
        "1",
        number % 17 == 16,
        f"{(1 + number % 40) * 2500}.00" if number % 4 != 1 else None,
        "EUR",
        number % 3 == 0,
        words.moment(number),
        words.moment(number + 1) if number % 8 != 7 else None,
    )


DEBTOR = Table(
    columns(
        "Profit_Debtor",
        "Debtors",
        """
        DebtorId        string16!    Debtor number
        DebtorName      string255    Debtor name
        BcCo            string15!    Nummer org./pers.
        SearchName      string10     Search name
        AdressLine1     string255    Address line 1 (street - house number)
        AdressLine3     string255    Address line 3 (postcode - city)
        AdressLine4     string255    Address line 4 (country)
        TelNr           string255    Work phone no.
        Email           string255    Work e-mail
        IBAN            string40     IBAN number
        VatNr           string20     VAT identification number
        ChOfCommNr      string30     COC number
        CollectAccount  string16!    Summary account
        PayCon          string5!     Payment condition
        VatDuty         string20!    VAT duty
        Blocked         boolean      Blocked for delivery
        CreditLimit     decimal26.2  Credit limit
        CurrencyId      string3!     Currency
        AutoPayment     boolean      Automatically collect
        CreateDate      date         Created on
        ModifiedDate    date         Changed on
        """,
    ),
    DEBTORS,
    _debtor,
)


def _creditor(number: int) -> Cells:
    party = _CREDITOR_PARTY + number
    name, place = party_name(party), words.address(party)
    return (
        creditor_id(number),
        name,
        bcco(party),
        words.search_name(name),
        place.line1,
        place.line3,
        _country(party),
        words.telephone(party),
        _mail(party),
        words.iban(1000 + party),
        words.vat_number(party) if number % 5 != 2 else None,
        words.chamber_of_commerce(party),
        _PAYMENT_CONDITIONS[number % 5],
        f"{(1 + number % 20) * 5000}.00" if number % 3 != 1 else None,
        number % 13 == 12,
        "1",
        number % 2 == 0,
        number % 29 == 28,
        words.moment(number + 3),
        words.moment(number + 5) if number % 6 != 4 else None,
    )


CREDITOR = Table(
    columns(
        "Profit_Creditor",
        "Creditors",
        """
        CreditorId        string16!    Creditor number
        CreditorName      string255    Creditor name
        BcCo              string15!    Org nr.
        SearchName        string10     Search name
        Adressline1       string255    Address line 1 (street - house number)
        Adressline3       string255    Address line 3 (postcode - city)
        Adressline4       string255    Address line 4 (country)
        TelNr             string255    Work phone no.
        Email             string255    Work e-mail
        IBAN              string40     IBAN number
        Btw-nummer        string20     VAT identification number
        ChOfCommNr        string30     COC number
        PaymentCondition  string5!     Betalingsvoorwaarde
        CreditLimit       decimal26.2  Credit limit
        TempBlocked       boolean      Block temporarily
        VatDuty           string20!    VAT duty
        AutoPayment       boolean      Automatic payment
        Blocked           boolean      Block completely, no longer visible
        CreateDate        date         Created on
        ModifiedDate      date         Changed on
        """,
    ),
    CREDITORS,
    _creditor,
)


def _party(number: int) -> int:
    """All debtors of the seed, its creditors, its contact persons, then the debtors that a grown connector has more."""
    if number < DEBTORS:
        return number
    number -= DEBTORS
    if number < CREDITORS:
        return _CREDITOR_PARTY + number
    number -= CREDITORS
    return _CONTACT_PARTY + number if number < CONTACTS else DEBTORS + number - CONTACTS


def _organisation_or_person(number: int) -> Cells:
    party = _party(number)
    person = is_person(party)
    name, place = party_name(party), words.address(party)
    return (
        bcco(party),
        "Persoon" if person else "Organisatie",
        words.search_name(name),
        name,
        place.line1,
        place.line3,
        _country(party),
        words.telephone(party),
        _mail(party),
        None if person else f"https://www.{words.mail_name(party)}",
        "Belt liever dan mailt.\r\nNiet op woensdag." if party % 10 == 3 else None,
        None if person else words.chamber_of_commerce(party),
        words.birthday(party) if person else None,
        # 9999 begins the numbers that are kept free for tests.
        f"9999{party % 10**5:05d}" if person else None,
    )


ORGANISATION_OR_PERSON = Table(
    columns(
        "Profit_OrgPer",
        "Organisations/Persons (excl. authorisation)",
        """
        BcCo         string15!  Number
        Type         string20!  Soort basic contact
        SearchName   string10   Search name
        Name         string255  Name
        AdressLine1  string255  Address line 1 (street - house number)
        AdressLine3  string255  Address line 3 (postcode - city)
        AdressLine4  string255  Address line 4 (country)
        TelWork      string255  Work phone no.
        MailWork     string255  Work e-mail
        Homepage     string255  Website
        Note         blob       Remark
        ChOfCommNr   string30   COC number
        DateBirth    date       Date of birth
        BSN          string25   'BSN'
        """,
    ),
    DEBTORS + CREDITORS + CONTACTS,
    _organisation_or_person,
)


def _contact(number: int) -> Cells:
    # A contact is a person at an organisation: persons among the debtors have none.
    party = number % (DEBTORS - 1)
    party += is_person(party)
    person, place = _CONTACT_PARTY + number, words.address(party)
    department = number % 12 == 7
    return (
        "AFD" if department else "PRS",
        501 + number,
        words.firm_name(party),
        bcco(party),
        None if department else bcco(person),
        "Administratie" if department else None,
        number % 21 == 20,
        place.line1,
        place.line3,
        _country(party),
        words.telephone(party),
        words.mobile(number) if number % 3 else None,
        f"{words.mail_name(person).partition('.')[0]}@{words.mail_name(party)}",
        "Vraagt om facturen per post & e-mail" if number % 14 == 2 else None,
        None if department else ("100", "200", "300")[number % 3],
        None if department else ("Directeur", "Administratief medewerker", "Hoofd salarisadministratie")[number % 3],
        None if department else party_name(person),
        None if department else "MVOX"[number % 4],
        words.telephone(number + 90) if number % 5 == 1 else None,
        words.mobile(number + 90) if number % 5 == 2 else None,
        f"prive{number}@post.example" if number % 4 == 3 else None,
        words.moment(number + 2),
        words.moment(number + 9) if number % 7 else None,
    )


CONTACT = Table(
    columns(
        "Profit_Contacts",
        "Contacts",
        """
        Type          string3!   Soort contact code
        ContactId     int!       Contactid
        Name          string255  Name
        OrgNumber     string15!  orgnummer
        PerNumber     string15!  persnummer
        Department    string255  Department
        Blocked       boolean    Blocked
        AddressLine1  string255  Address line 1 (street - house number)
        AddressLine3  string255  Address line 3 (postcode - city)
        AddressLine4  string255  Address line 4 (country)
        TelWork       string255  Work phone no.
        MobWork       string255  Work mobile no.
        MailWork      string255  Work e-mail
        Note          blob       Comment
        Function      string20!  Functie
        FunctionCard  string50   Job on business card
        FullName      string255  Usual name prefix last name
        Gender        string20!  Geslacht code
        TelPrivate    string255  Personal phone no.
        MobPrivate    string255  Private mobile no.
        MailPrivate   string255  Personal e-mail
        CreateDate    date       Created on
        ModifiedDate  date       Changed on
        """,
    ),
    CONTACTS,
    _contact,
)


def _country_row(number: int) -> Cells:
    if number < len(_COUNTRIES):
        return _COUNTRIES[number]
    return f"{number:05X}", f"Verzonnen land {number}"


COUNTRY = Table(
    columns(
        "ProfitCountries",
        "Countries",
        """
        CoId  string5!  Country code
        Co    string80  Country
        """,
    ),
    len(_COUNTRIES),
    _country_row,
)

TABLES = (DEBTOR, CREDITOR, ORGANISATION_OR_PERSON, CONTACT, COUNTRY)
