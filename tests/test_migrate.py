"""Two credentials compared, over connectors of one's own; and a profile switched in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from afas_soap.errors import AccessDenied, Busy, NotFound, ProfitError, SettingsError
from afas_soap.migrate import check_classic, check_copy, compare_access, switch, with_oauth
from afas_soap.profit.connectors.capabilities import Catalogue, Entry
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.settings.profiles import stored_profile

GIVEN = {"auth": "client-credentials", "client_id": "id", "client_secret_keyring": "s/u"}


@dataclass
class Side:
    """What one credential finds; an error in place of columns is raised."""

    columns: dict[str, tuple[Field, ...] | ProfitError] = field(default_factory=dict)
    update: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    environment: str = "T12345AB"

    def catalogue(self) -> Catalogue:
        get, update, custom = (
            tuple(Entry(name, "") for name in names) for names in (self.columns, self.update, self.custom)
        )
        return Catalogue(get, update, custom, self.environment)

    def fields(self, connector: str) -> Fields:
        found = self.columns[connector]
        if isinstance(found, ProfitError):
            raise found
        return Fields(connector, found)


A, B = Field("A"), Field("B", Kind.INT, "int")


def differences(old: Side, new: Side) -> list[tuple[str, str]]:
    return [(found.where, found.message) for found in compare_access(old, new).differences]


def test_the_same() -> None:
    """Labels depend on who asks; what is refused to both is refused to both."""
    old = Side({"X": (A, B), "Y": AccessDenied("nee")}, ("U",), ("C",))
    new = Side({"Y": AccessDenied("no"), "X": (Field("A", label="anders"), B)}, ("U",), ("C",))
    compared = compare_access(old, new)
    assert (compared.get_connectors, compared.differences) == (2, ())


def test_catalogues_that_differ() -> None:
    old, new = Side({"X": (A,)}, ("U",), ("C",), "T12345AB"), Side({"Z": (A,)}, ("V",), ("D",), "O12345AA")
    assert differences(old, new) == [
        ("environment", "the old one is of T12345AB, the new one of O12345AA"),
        ("X", "this GetConnector is not open to the new credentials"),
        ("Z", "this GetConnector is open to the new credentials only"),
        ("U", "this UpdateConnector is not open to the new credentials"),
        ("V", "this UpdateConnector is open to the new credentials only"),
        ("C", "this custom connector is not open to the new credentials"),
        ("D", "this custom connector is open to the new credentials only"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ((A, B), (A,), "column B is not there with the new credentials"),
        ((A,), (A, B), "column B is there with the new credentials only"),
        ((A, B), (B, A), "its columns come in another order"),
        (
            (A,),
            (Field("A", length=5),),
            "column A is string (length 0, decimals 0), and string (length 5, decimals 0) with the new credentials",
        ),
        ((A,), AccessDenied("nee"), "its columns are not told to the new credentials: nee"),
        (NotFound("nee"), (A,), "its columns are told to the new credentials only"),
    ],
)
def test_columns_that_differ(
    old: tuple[Field, ...] | ProfitError, new: tuple[Field, ...] | ProfitError, message: str
) -> None:
    assert differences(Side({"X": old}), Side({"X": new})) == [("X", message)]


def test_profit_that_is_away_is_no_difference() -> None:
    with pytest.raises(Busy):
        differences(Side({"X": (A,)}), Side({"X": Busy("straks")}))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "profiles.toml"
    found.write_text(
        "# ours\n[profiles.books]\n# the old one\n"
        'environment = "12345"\ntoken_file = "t.xml"\ntoken_in_body = true\nlanguage = "nl-nl"\n\n'
        '[profiles.oauth]\nauth = "public"\n'
    )
    found.chmod(0o600)
    return found


def test_a_profile_is_switched_and_kept(path: Path) -> None:
    """What was said of the token goes, everything else stays, comments too; the copy is what was there."""
    before = stored_profile("books", path)
    switch(path, "books", "books-classic", GIVEN)
    assert stored_profile("books", path) == {"environment": "12345", "language": "nl-nl", **GIVEN}
    assert stored_profile("books-classic", path) == before
    assert path.read_text().startswith("# ours\n[profiles.books]\n# the old one\n")
    assert stored_profile("oauth", path) == {"auth": "public"}


def test_what_is_not_switched(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="signs in with OAuth already"):
        check_classic("oauth", path)
    with pytest.raises(SettingsError, match="the embedded Profit"):
        check_classic("emulator", path)
    with pytest.raises(SettingsError, match="no profile 'elsewhere'"):
        switch(path, "elsewhere", "copy", GIVEN)
    with pytest.raises(SettingsError, match="another name"):
        check_copy("oauth", path)
    with pytest.raises(SettingsError, match="visible text"):
        check_copy(" x", path)
    with pytest.raises(SettingsError):
        switch(path, "books", "oauth", GIVEN)
    assert path.read_bytes() == before


def test_an_explicit_auth_is_replaced() -> None:
    assert with_oauth({"auth": "token", "token_file": "t"}, {"auth": "public"}) == {"auth": "public"}
