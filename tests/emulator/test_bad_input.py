"""Whatever arrives, the emulator answers, and in the form of the protocol that was asked."""

from __future__ import annotations

import contextlib
import json
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.errors import SettingsError

HEADERS = {"Authorization": DEMO_TOKEN.header()}
ENVELOPE = (
    b'<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<GetDataWithOptions xmlns="urn:Afas.Profit.Services"><connectorId>Profit_Administrations</connectorId>'
    b"<filtersXml>"
    b'&lt;Filters&gt;&lt;Filter&gt;&lt;Field FieldId="AdminNm" OperatorType="6"&gt;a&lt;/Field&gt;&lt;/Filter&gt;'
    b"&lt;/Filters&gt;</filtersXml><take>2</take><options>&lt;options&gt;&lt;Index&gt;"
    b'&lt;Field FieldId="AdminId" OperatorType="0"/&gt;&lt;/Index&gt;&lt;/options&gt;</options>'
    b"</GetDataWithOptions></s:Body></s:Envelope>"
)


@pytest.fixture(scope="module")
def seed() -> Iterator[Client]:
    """The seed data, without a socket."""
    emulator = Emulator()
    yield Client(emulator)
    emulator.close()


def soap(seed: Client, body: bytes) -> str:
    """The local name of what stands in the body of the answer."""
    answer = seed.post("/ProfitServices/appconnectorget.asmx", data=body, content_type="text/xml", headers=HEADERS)
    name = ET.fromstring(answer.data)[0][0].tag.rpartition("}")[2]
    assert (answer.status_code == 500) is (name == "Fault")
    return name


def test_a_request_cut_off_at_any_byte_is_a_fault(seed: Client) -> None:
    assert soap(seed, ENVELOPE) == "GetDataWithOptionsResponse"
    for length in range(len(ENVELOPE)):
        assert soap(seed, ENVELOPE[:length]) == "Fault"


def test_a_request_with_any_bit_flipped_is_answered(seed: Client) -> None:
    for position in range(0, len(ENVELOPE) * 8, 3):
        flipped = bytearray(ENVELOPE)
        flipped[position // 8] ^= 1 << position % 8
        soap(seed, bytes(flipped))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_fault(seed: Client, body: bytes) -> None:
    assert soap(seed, body) == "Fault"


_PARAMETERS = ("skip", "take", "orderbyfieldids", "filterfieldids", "filtervalues", "operatortypes", "filterjson")
_VALUES = st.one_of(
    st.text(max_size=12),
    st.integers(-3, 10**12).map(str),
    st.sampled_from(
        ["AdminId", "-AdminNm", "['AdminId']", "AdminId,AdminNm", "1,2", "1;2", "8", "15", '{"Filters":{}}']
    ),
)


@given(st.dictionaries(st.sampled_from(_PARAMETERS), _VALUES, max_size=5))
def test_any_question_is_answered_over_rest(seed: Client, parameters: dict[str, str]) -> None:
    query = urllib.parse.urlencode(parameters, errors="replace")
    answer = seed.get(f"/ProfitRestServices/connectors/Profit_Administrations?{query}", headers=HEADERS)
    assert answer.status_code in (200, 400, 500)
    if answer.status_code != 400:
        expected = {"skip", "take", "rows"} if answer.status_code == 200 else {"externalMessage", "errorNumber"}
        assert expected <= set(json.loads(answer.data))
    answer.close()


@given(st.text(max_size=40))
def test_any_path_is_answered(seed: Client, path: str) -> None:
    quoted = urllib.parse.quote(path, errors="replace")
    for host in ("ProfitServices", "ProfitRestServices"):
        answer = seed.get(f"/{host}/{quoted}", headers=HEADERS)
        answer.close()
        assert answer.status_code in (200, 400, 404, 500)


@given(st.text(max_size=60))
def test_any_authorization_is_a_verdict(seed: Client, text: str) -> None:
    header = "AfasToken " + urllib.parse.quote(text, safe=" <>/=+", errors="replace")
    answer = seed.get("/ProfitRestServices/profitversion", headers={"Authorization": header})
    assert answer.status_code in (401, 500)


@given(st.text(alphabet="503htmlcureswa:,=-. é", max_size=20))
def test_any_fault_text_is_a_fault_or_a_settings_error(text: str) -> None:
    with contextlib.suppress(SettingsError):
        assert parse_fault(text).kind in ("503", "500", "html", "slow", "cut", "reset")
