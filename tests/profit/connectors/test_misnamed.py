"""A connector that Profit refused: whether there is one of that name, what it is for, and which look like it."""

from __future__ import annotations

import pytest

from afas_soap.errors import AccessDenied, NotFound, ProfitError, QueryError
from afas_soap.profit.connectors.capabilities import Catalogue, Entry
from afas_soap.profit.connectors.documented import DOCUMENTED, ROOTS, Use
from afas_soap.profit.connectors.misnamed import explained, nearest, refuses_connector

NOT_SUPPORTED = "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
HELD = Catalogue(
    (Entry("Profit_Debtor", ""), Entry("Profit_Debtor_Invoices", ""), Entry("Voorraad", "")),
    (Entry("KnSubject", ""), Entry("FbSales", "")),
    (Entry("AppConnectorSubject", ""),),
)


def refusal(kind: type[ProfitError] = AccessDenied, message: str = NOT_SUPPORTED) -> ProfitError:
    return kind(message, number=-2147180996, log_reference="AB" * 16, trace_id="t", status=500)


@pytest.mark.parametrize(
    ("error", "refuses"),
    [
        (refusal(), True),
        (refusal(message="GetConnector not supported for this app or the user is not authorized"), True),
        (refusal(NotFound, "Connector FiEntryPa does not exist"), True),
        (refusal(NotFound, "General message: Connector X does not exist Check the spelling."), True),
        (NotFound("Profit gave no schema for KnNiets: check that it is the id of an UpdateConnector."), True),
        (AccessDenied("Profit refused the token (401).", status=401), True),
        (AccessDenied("Profit refused this machine (403).", status=403), False),
        (NotFound("There is nothing at https://x (404).", status=404), False),
        (refusal(message="Ongeldige gebruikersnaam"), False),
        (refusal(ProfitError, "The entered value for 'Employee' does not exist."), False),
        (QueryError("Connector X does not exist"), False),
    ],
)
def test_which_errors_are_about_the_connector(error: ProfitError, refuses: bool) -> None:
    assert refuses_connector(error) is refuses


@pytest.mark.parametrize("kind", [AccessDenied, NotFound])
@pytest.mark.parametrize(
    ("name", "use", "expected", "words"),
    [
        (
            "KnSubjectt",
            Use.READ,
            NotFound,
            "no GetConnector 'KnSubjectt' .* The nearest: KnSubject (an UpdateConnector)",
        ),
        ("KnSubjectt", Use.WRITE, NotFound, "There is no UpdateConnector 'KnSubjectt' .* The nearest: KnSubject."),
        ("Debtor", Use.READ, NotFound, "The nearest: Profit_Debtor, Profit_Debtor_Invoices."),
        ("voorraad", Use.READ, NotFound, "The nearest: Voorraad."),
        ("Zzz", Use.READ, NotFound, "There is no GetConnector 'Zzz' in the app connector. 'afas connectors' lists"),
        ("KnSubject", Use.READ, NotFound, "KnSubject is an UpdateConnector: it takes updates"),
        ("Voorraad", Use.WRITE, NotFound, "Voorraad is a GetConnector: it gives rows ('afas get Voorraad')"),
        ("HrAbsence", Use.READ, NotFound, "HrAbsence is an UpdateConnector"),
        ("Profit_Creditor", Use.WRITE, NotFound, "Profit_Creditor is a GetConnector"),
        ("Profit_Creditor", Use.READ, AccessDenied, "one of AFAS' own GetConnectors, and the app connector does not"),
        ("FiEntryPar", Use.WRITE, NotFound, "FiEntryPar is the root element of FiEntries"),
        # In no list of this app connector; among those that AFAS documents there is one.
        ("HrAbsense", Use.WRITE, NotFound, "The nearest: HrAbsence"),
    ],
)
def test_the_same_whatever_the_protocol_said(
    kind: type[ProfitError], name: str, use: Use, expected: type[ProfitError], words: str
) -> None:
    error = explained(refusal(kind), name, use, HELD)
    assert type(error) is expected
    for part in words.split(" .* "):
        assert part in error.message
    assert dict(error.facts) == {"number": "-2147180996", "log reference": "AB" * 16, "trace id": "t"}


@pytest.mark.parametrize(
    ("name", "use"), [("Profit_Debtor", Use.READ), ("KnSubject", Use.WRITE), ("AppConnectorSubject", Use.READ)]
)
def test_one_that_is_listed_is_refused_for_another_reason(name: str, use: Use) -> None:
    """Of the user's rights, say, or because the connector for schemas is missing."""
    error = refusal()
    assert explained(error, name, use, HELD) is error


def test_without_a_catalogue_only_what_is_documented_is_known() -> None:
    """Profit's word for it stays: SOAP told no such connector from one that is not in the app connector."""
    for kind in (AccessDenied, NotFound):
        error = explained(refusal(kind), "KnSubjectt", Use.WRITE, None)
        assert type(error) is kind
        assert error.message == f"{NOT_SUPPORTED} The nearest: KnSubject, KnSubjectReaction."
        told = explained(refusal(kind), "KnSubject", Use.READ, None)
        assert type(told) is NotFound
        for unknown in ("Zzzzzz", "Profit_Debtor"):
            same = refusal(kind)
            assert explained(same, unknown, Use.READ, None) is same


def test_the_nearest_names() -> None:
    """What begins with Profit_ is alike in what follows; a part of a name counts, and another use counts less."""
    names = {"Profit_Debtor_Invoices": Use.READ, "Profit_Debtor": Use.READ, "Profit_Creditor": Use.READ}
    known = names | {"KnSubject": Use.WRITE, "Profit_Subjects": Use.READ}
    assert nearest("debtor", Use.READ, known) == ["Profit_Debtor", "Profit_Debtor_Invoices"]
    assert nearest("ProfitDebtor", Use.READ, known)[0] == "Profit_Debtor"
    assert nearest("Debtr", Use.READ, known) == ["Profit_Debtor"]
    assert nearest("invoices", Use.READ, known) == ["Profit_Debtor_Invoices"]
    assert nearest("knsubject", Use.WRITE, known)[0] == "KnSubject"
    assert nearest("Subject", Use.READ, known) == ["Profit_Subjects", "KnSubject"]
    assert nearest("Subject", Use.WRITE, known) == ["KnSubject", "Profit_Subjects"]
    for nothing in ("o", "Profit_Nothing", "Xyzzy", ""):
        assert nearest(nothing, Use.READ, known) == []


def test_what_is_documented() -> None:
    assert DOCUMENTED["Profit_Debtor"] is Use.READ
    assert DOCUMENTED["KnSubject"] is Use.WRITE
    assert set(ROOTS.values()) <= set(DOCUMENTED)
    assert not set(ROOTS) & set(DOCUMENTED)
