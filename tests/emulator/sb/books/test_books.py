"""Each write of the table has its writer, and a refused schema stores nothing."""

from __future__ import annotations

from afas_soap.emulator.sb.books.writers import WRITERS
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from tests.emulator.sb.books.conftest import Environment, made


def test_every_write_of_the_table_has_a_writer() -> None:
    written = {(one.connector, one.verb) for one in shipped().operations if one.verb is not Verb.GET}
    assert set(WRITERS) == written


def test_a_schema_refusal_as_in_the_sample_of_afas(environment: Environment) -> None:
    before = environment.everything()
    outcome = environment.post("address", {"StreetName": "Kade", "CityName": "Ede"})
    assert outcome.status == 400
    trace = outcome.content.pop("TraceId")
    assert isinstance(trace, str)
    assert len(trace) == 32
    assert outcome.content == {
        "StatusCode": 400,
        "Message": (
            "Invalid JSON request Required properties are missing from object: CountryCode. "
            "Path '', line 1, position 1."
        ),
        "ExceptionCode": "DS3100",
        "AdditionalInfo": {
            "ExceptionType": "DeserializationException",
            "DefinitionName": "address.UpdateConnectorHandler",
            "PropertyNames": "",
        },
    }
    assert environment.everything() == before


def test_two_fresh_environments_answer_the_same(environment: Environment) -> None:
    other, body = made(), {"Name": "Kwekerij"}
    first, second = (environment.post("organisation", body).content for _ in range(2))
    assert first != second
    assert [other.post("organisation", body).content for _ in range(2)] == [first, second]
    other.tables.close()
