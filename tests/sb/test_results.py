"""Results: SB's two shapes as one value, and what is no success as its error."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from afas_soap.errors import AnswerError, CutOff, Fate, SBError
from afas_soap.sb.errorbody import failure, is_own
from afas_soap.sb.results import Outcome, Result, result_from_json, result_of

GUID = "7c3d0d6e-38ee-4b4a-8c7f-0a7a3f0f7f11"
OTHER = "9a1b1c1d-0000-4000-8000-0123456789ab"


def test_instances() -> None:
    body = (
        f'{{"result":"Succeeded","instances":[{{"Code":"Organisatie","Id":"{GUID}","Relationummer":"000019"}},'
        f'{{"Code":"Adres","Id":"{OTHER}"}},{{"Id":"x"}},7],"errors":[]}}'
    )
    result = result_from_json(body.encode())
    assert result.outcome is Outcome.SUCCEEDED
    assert (result["organisatie"], result["Adres"]) == (GUID, OTHER)
    assert result.keys() == ("Organisatie", "Adres")
    assert result.ids == (("Organisatie", GUID), ("Adres", OTHER))
    assert result.instances[0]["Relationummer"] == "000019"
    assert result.trace_id is None


def test_data() -> None:
    """The case of a name does not count: AFAS' DELETE of a sales invoice answers salesinvoiceId."""
    body = (
        f'{{"result":"Succeeded","traceId":"{OTHER}","data":{{"salesinvoiceId":"{GUID}","Total":40.55}},"errors":[]}}'
    )
    result = result_from_json(body.encode())
    assert result["SalesInvoiceId"] == GUID
    assert result["total"] == Decimal("40.55")
    assert "SALESINVOICEID" in result
    assert "Adres" not in result
    assert 7 not in result
    assert result.ids == (("salesinvoiceId", GUID),)
    assert result.trace_id == OTHER


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(KeyError, match="Nr: SB told A"):
        Result(Outcome.SUCCEEDED, data={"A": 1})["Nr"]
    with pytest.raises(KeyError, match="SB told nothing"):
        Result(Outcome.SUCCEEDED)["Nr"]


def test_values_do_not_show() -> None:
    assert "Jansen" not in repr(Result(Outcome.SUCCEEDED, ({"Code": "Jansen"},), {"Name": "Jansen"}))


@pytest.mark.parametrize("body", ["", " ", '{"result":"Succ', '{"result"', "{"])
def test_json_that_ends_too_early_is_cut_off(body: str) -> None:
    with pytest.raises(CutOff):
        result_from_json(body.encode())


@pytest.mark.parametrize(
    "body", ["[]", '"Succeeded"', "<html>", "{}", '{"result":null}', '{"result":true}', "[" * 9**5]
)
def test_what_says_nothing_of_the_write(body: str) -> None:
    with pytest.raises(AnswerError) as caught:
        result_from_json(body.encode())
    assert not isinstance(caught.value, CutOff)


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        ('{"result":"Failed","instances":[],"errors":["FeatureToggle not enabled"]}', Fate.REFUSED),
        ('{"result":"Failed"}', Fate.REFUSED),
        ('{"result":"PartiallySucceeded","errors":[]}', Fate.STORED),
        (f'{{"result":"Failed","instances":[{{"Code":"Adres","Id":"{GUID}"}}]}}', Fate.STORED),
        (
            '{"result":"Failed","errors":["Entity is made with one or more errors. Please correct this error in '
            f'application or delete SalesJournalEntry with id: {GUID.upper()}"]}}',
            Fate.STORED,
        ),
        ('{"result":"Failed","errors":["Entity is made with one or more errors in the lines."]}', Fate.STORED),
        (f'{{"result":"Failed","data":{{"SalesJournalEntryId":"{GUID}"}}}}', Fate.STORED),
        ('{"result":null,"errors":"Entity is made with one or more errors."}', Fate.STORED),
        ('{"result":"Failed","errors":["Command timeout expired."]}', Fate.UNCERTAIN),
        ('{"result":"Pending"}', Fate.UNCERTAIN),
        ('{"result":"succeeded"}', Fate.UNCERTAIN),
    ],
)
def test_what_became_of_a_write_that_did_not_succeed(body: str, fate: Fate) -> None:
    """Neither the status nor the word says it: Failed can leave an entry behind (small-business.md 0)."""
    with pytest.raises(SBError) as caught:
        result_from_json(body.encode())
    assert caught.value.outcome is fate
    assert pickle.loads(pickle.dumps(caught.value)).outcome is fate


def test_an_error_as_the_value_that_it_was() -> None:
    told = f"Entity is made with one or more errors. Please correct or delete SalesJournalEntry with id: {GUID}"
    found: dict[str, object] = {
        "result": "Failed",
        "traceId": "t",
        "instances": [{"Code": "A", "Id": OTHER}],
        "errors": [told],
    }
    result = result_of(failure(found, 400))
    assert result is not None
    assert result.outcome is Outcome.FAILED
    assert (result.created_in_error, result.errors, result.trace_id) == ((GUID,), (told,), "t")
    assert result["A"] == OTHER
    assert result_of(SBError("Invalid JSON request")) is None
    assert result_of(failure({"result": "Pending"}, 200)) is None


@pytest.mark.parametrize(
    ("body", "own"),
    [
        (b'{"result":"Failed"}', True),
        (b'{"StatusCode":400,"Message":"Invalid JSON request","ExceptionCode":"DS3100"}', True),
        (b'{"Message":"x","AdditionalInfo":{}}', True),
        (b'{"Message":"An error has occurred."}', False),
        (b'{"message":"Forbidden","StatusCode":403}', False),
        (b"[]", False),
        (b"<html>", False),
        (b"", False),
    ],
)
def test_whether_an_error_body_is_sbs_own(body: bytes, own: bool) -> None:
    """Gateways and frameworks answer with a message alone."""
    assert is_own(body) is own
