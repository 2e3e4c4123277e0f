"""Test data, deterministic: invented Dutch people, firms and addresses, made from numbers, the same for each.

Nobody real can be among them: telephone numbers begin with a 0 behind the area code, bank accounts are at a bank that
does not exist, and mail addresses end in ``.example``.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

SURNAMES = (
    "de Vries", "Jansen", "van Dijk", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot",
    "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits",
    "de Graaf", "van der Meer", "Kok", "Jacobs", "van der Heijden", "Vermeulen", "van den Berg", "Schouten",
    "Willems", "Hoekstra", "Koster", "Prins", "Blom", "Huisman", "Peeters", "de Jong", "Kuipers", "Veenstra",
    "Kramer", "van den Brink", "Müller", "Citroën", "D'Haene",
)  # fmt: skip
FIRST_NAMES = (
    "Anne", "Bas", "Carla", "Daan", "Eva", "Floor", "Gijs", "Hanneke", "Iris", "Jeroen", "Karin", "Lars", "Maartje",
    "Niels", "Olga", "Pieter", "Quirijn", "Roos", "Sander", "Tess", "Uschi", "Vera", "Wouter", "Xandra", "Yvonne",
    "Zoë", "René",
)  # fmt: skip
TRADES = (
    "Bakkerij", "Installatiebedrijf", "Bouwbedrijf", "Drukkerij", "Garage", "Kwekerij", "Schildersbedrijf",
    "Transportbedrijf", "Timmerfabriek", "Groothandel", "Apotheek", "Adviesbureau", "Administratiekantoor", "Café",
    "Fietsenmakerij", "Hoveniersbedrijf",
)  # fmt: skip
FORMS = ("B.V.", "V.O.F.", "& Zonen", "N.V.", "Holding B.V.", "")
STREETS = (
    "Dorpsstraat", "Kerkstraat", "Molenweg", "Stationsweg", "Haarlemseweg", "Lindelaan", "Nijverheidsweg",
    "Prins Bernhardlaan", "Hoofdstraat", "Singel", "Burgemeester van Houtplein", "'t Zand", "Beukenlaan",
)  # fmt: skip
CITIES = (
    ("Leusden", "033"), ("Ede", "0318"), ("Amersfoort", "033"), ("Haarlem", "023"), ("'s-Hertogenbosch", "073"),
    ("Groningen", "050"), ("Enschede", "053"), ("Súdwest-Fryslân", "0515"), ("Den Haag", "070"), ("Utrecht", "030"),
    ("Zwolle", "038"), ("Eindhoven", "040"), ("Maastricht", "043"), ("Middelburg", "0118"), ("Breda", "076"),
)  # fmt: skip
EMPLOYEES = ("ALLARDJ", "FloorA", "C39860", "1000994", "BAKKERE", "SmitP", "1001007", "VeenstraR", "000001005")
_BORN = datetime.date(1950, 1, 1)
_FIRST_DAY = datetime.date(2019, 1, 1)
_STARTED = datetime.datetime(2019, 1, 1, 8, 0)


@dataclass(frozen=True, slots=True)
class Address:
    """A place in the Netherlands; ``addition`` is empty for most."""

    street: str
    number: int
    addition: str
    zip_code: str
    city: str

    @property
    def line1(self) -> str:
        """Street, house number and addition."""
        return f"{self.street} {self.number}{' ' if self.addition else ''}{self.addition}"

    @property
    def line3(self) -> str:
        """Postal code and city, two blanks between, as Dutch post wants it."""
        return f"{self.zip_code}  {self.city}"


def surname(number: int) -> str:
    """A surname, prefix in front."""
    return SURNAMES[number * 7 % len(SURNAMES)]


def first_name(number: int) -> str:
    """A first name."""
    return FIRST_NAMES[number * 5 % len(FIRST_NAMES)]


def person_name(number: int) -> str:
    """First name and surname."""
    return f"{first_name(number)} {surname(number)}"


def firm_name(number: int) -> str:
    """The name of an organisation."""
    trade, form = TRADES[number * 3 % len(TRADES)], FORMS[number * 5 % len(FORMS)]
    return f"{trade} {capitalised(surname(number))} {form}".rstrip()


def capitalised(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def search_name(text: str) -> str:
    """The ten letters by which people look a name up."""
    return text.replace(" ", "").upper()[:10]


def mail_name(number: int) -> str:
    """A surname as the name of a mail host: ASCII letters only."""
    plain = surname(number).lower().replace("ü", "u").replace("ë", "e").replace("'", "")
    return f"{plain.replace(' ', '')}{number}.example"


def address(number: int) -> Address:
    """An address; one in eight has an addition to its number."""
    return Address(
        STREETS[number * 4 % len(STREETS)],
        1 + number * 17 % 389,
        ("A", "bis", "2-hoog")[number % 3] if number % 8 == 3 else "",
        f"{1000 + number * 13 % 8990} {'ABCDEGHJKLMNPRTVWXZ'[number % 19]}{'BDGKLNPRTVXZ'[number % 12]}",
        CITIES[number * 2 % len(CITIES)][0],
    )


def telephone(number: int) -> str:
    """A telephone number in the city of the address with the same number."""
    area = CITIES[number * 2 % len(CITIES)][1]
    return f"{area}-0{number % 10 ** (9 - len(area)):0{9 - len(area)}d}"


def mobile(number: int) -> str:
    """A mobile number."""
    return f"06-0{number % 10**7:07d}"


def iban(number: int) -> str:
    """A bank account with the right check digits, at a bank that does not exist."""
    # EMUL and NL as digits, by ISO 13616: E=14 M=22 U=30 L=21, N=23 L=21.
    account = number % 10**10
    check = 98 - (14223021 * 10**16 + account * 10**6 + 232100) % 97
    return f"NL{check:02d}EMUL{account:010d}"


def chamber_of_commerce(number: int) -> str:
    """A number of the chamber of commerce: it begins with 0, which only text keeps."""
    return f"0{(number + 173) * 31 % 10**7:07d}"


def vat_number(number: int) -> str:
    """A VAT number."""
    return f"NL{(number + 173) * 41 % 10**9:09d}B01"


def day(number: int, *, step: int = 5, days: int = 0) -> str:
    """A date as AFAS keeps it, at midnight; ``days`` after the date of the same number."""
    return f"{(_FIRST_DAY + datetime.timedelta(days=number * step % 2557 + days)).isoformat()}T00:00:00"


def moment(number: int) -> str:
    """A date and time in office hours."""
    seconds = number * 86400 * 3 % (2557 * 86400) + number * 1237 % 36000
    return (_STARTED + datetime.timedelta(seconds=seconds)).isoformat()


def birthday(number: int) -> str:
    """A date of birth between 1950 and 2004."""
    return f"{(_BORN + datetime.timedelta(days=number * 811 % 20000)).isoformat()}T00:00:00"
