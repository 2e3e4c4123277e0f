"""Updates over both hosts, by requests and answers written out: POST, PUT, DELETE and Execute (profit-wire 3 and 4)."""

from __future__ import annotations

import contextlib
import html
import json
import re
import sqlite3
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.getconnectors import database
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.emulator.store import Store
from afas_soap.profit.questions.query import Query

BASE = "/ProfitRestServices/connectors"
UPDATE = "/ProfitServices/AppConnectorUpdate.asmx"
AUTHORIZED = {"Authorization": DEMO_TOKEN.header()}
NOTE = '{"KnSubject":{"Element":{"Fields":{"StId":4,"Ds":"Offerte"}}}}'
NOTE_XML = '<KnSubject><Element><Fields Action="insert"><StId>4</StId><Ds>Offerte</Ds></Fields></Element></KnSubject>'
NOT_SUPPORTED = "General message: Deze UpdateConnector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
    '<ExecuteResponse xmlns="urn:Afas.Profit.Services"><ExecuteResult>'
)
TAIL = "</ExecuteResult></ExecuteResponse></soap:Body></soap:Envelope>"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as opened:
        yield opened


@pytest.fixture
def http(store: Store) -> Iterator[Client]:
    with contextlib.closing(Emulator(store)) as app:
        yield Client(app)


def call(http: Client, method: str, path: str, body: str | bytes = "", **headers: str) -> TestResponse:
    return http.open(BASE + path, method=method, data=body, headers={**AUTHORIZED, **headers})


def execute(http: Client, connector: str, data: str, version: str = "1", **headers: str) -> TestResponse:
    envelope = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<Execute xmlns="urn:Afas.Profit.Services"><connectorType>{connector}</connectorType>'
        f"<connectorVersion>{version}</connectorVersion><dataXml>{escape(data)}</dataXml></Execute></s:Body></s:Envelope>"
    )
    action = {"SOAPAction": '"urn:Afas.Profit.Services/Execute"', **AUTHORIZED, **headers}
    return http.post(UPDATE, data=envelope.encode(), content_type="text/xml; charset=utf-8", headers=action)


def refusal(answer: TestResponse) -> tuple[str, int]:
    """Message and number of a refusal on either host."""
    assert answer.status_code == 500
    if answer.content_type.startswith("application/json"):
        body = json.loads(answer.data)
        assert set(body) == {"externalMessage", "errorNumber", "profitLogReference"}
        return body["externalMessage"], body["errorNumber"]
    found = re.search(
        r"<faultcode>soap:Server</faultcode><faultstring>(.*?)</faultstring>.*<ErrorNumber>(.*?)<", answer.text
    )
    assert found is not None, answer.text
    return html.unescape(found[1]), int(found[2])


def is_bare(answer: TestResponse, status: int) -> bool:
    assert (answer.status_code, answer.data) == (status, b""), answer.text
    return answer.headers["Content-Length"] == "0"


def subjects(store: Store) -> list[dict[str, Any]]:
    return list(store.rows("Profit_Subjects", Query(skip=120)))


# --- REST -------------------------------------------------------------------------------------------------------------


def test_an_insert_is_201_with_its_key(http: Client, store: Store) -> None:
    answer = call(http, "POST", "/KnSubject", NOTE)
    assert (answer.status_code, answer.content_type) == (201, "application/json; charset=utf-8")
    assert answer.text == '{"results":{"KnSubject":{"SbId":"25121"}}}'
    assert [(row["SubjectId"], row["Subject"], row["TypeId"]) for row in subjects(store)] == [(25121, "Offerte", 4)]


def test_several_records_are_told_as_an_array_and_are_all_or_nothing(http: Client, store: Store) -> None:
    two = '{"KnSubject":{"Element":[{"Fields":{"StId":4,"Ds":"a"}},{"Fields":{"StId":4,"Ds":"b"}}]}}'
    assert call(http, "POST", "/KnSubject", two).text == '{"results":{"KnSubject":[{"SbId":"25121"},{"SbId":"25122"}]}}'
    wrong = two.replace('"StId":4,"Ds":"b"', '"StId":4')
    assert "(Ds)" in refusal(call(http, "POST", "/KnSubject", wrong))[0]
    assert len(subjects(store)) == 2


def test_an_update_is_201_and_changes_what_it_names(http: Client, store: Store) -> None:
    body = '{"KnSubject":{"Element":{"@SbId":25001,"Fields":{"Ds":"anders"}}}}'
    before = next(store.rows("Profit_Subjects", Query()))
    assert call(http, "PUT", "/KnSubject", body).text == '{"results":{"KnSubject":{"SbId":"25001"}}}'
    assert next(store.rows("Profit_Subjects", Query())) == {**before, "Subject": "anders"}


def test_fields_in_a_list_and_a_delete_inside_a_post_are_read_whatever_the_body_is_called(http: Client) -> None:
    """As one client sends hours for years (profit-wire 15.9); others call their JSON text/plain (15.11)."""

    def post(fields: str) -> TestResponse:
        body = f'{{"PtRealization":{{"Element":{{"Fields":[{{{fields}}}]}}}}}}'
        return http.post(f"{BASE}/PtRealization", data=body, headers=AUTHORIZED, content_type="text/plain")

    answer = post('"DaTi":"2026-03-02","VaIt":"1","ItCd":"300","Qu":"4","EmId":"ALLARDJ"')
    number = json.loads(answer.data)["results"]["PtRealization"]["Id"]
    assert is_bare(post(f'"@Action":"delete","Id":"{number}"'), 201)
    assert "does not exist" in refusal(post(f'"@Action":"delete","Id":"{number}"'))[0]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_without_keys_to_tell_it_is_201_and_called_json_without_a_body(http: Client, method: str) -> None:
    """Clients that look at the content type before anything else work with Profit (profit-wire 15.6)."""
    body = '{"KnUser":{"Element":{"@UsId":"12345.JANSEN","Fields":{"MtCd":"1","Nm":"Jansen"}}}}'
    call(http, "POST", "/KnUser", body.replace("JANSEN", "JANSEN" if method == "PUT" else "ANDERS"))
    answer = call(http, method, "/KnUser", body)
    assert is_bare(answer, 201)
    assert answer.content_type == "application/json; charset=utf-8"


def test_a_delete_is_200_and_xml_without_a_body(http: Client) -> None:
    answer = call(http, "DELETE", "/KnSubject/KnSubject/@SbId/25001", "")
    assert is_bare(answer, 200)
    assert answer.content_type == "application/xml; charset=utf-8"


def test_a_sub_object_is_inserted_below_its_record(http: Client) -> None:
    body = (
        '{"KnSubject":{"Element":{"@SbId":"25001","Objects":[{"KnSubjectAttachment":{"Element":{"Fields":'
        '{"FileName":"a.txt","FileStream":"aGFsbG8="}}}}]}}}'
    )
    answer = call(http, "POST", "/KnSubject/KnSubjectAttachment", body)
    assert (answer.status_code, answer.text) == (201, '{"results":{"KnSubject":{"SbId":"25001"}}}')
    missing = body.replace("25001", "99999")
    assert "does not exist" in refusal(call(http, "POST", "/KnSubject/KnSubjectAttachment", missing))[0]


@pytest.mark.parametrize("sub_object", ["KnSubjectAttachment", "KnSubjectLink"])
def test_a_sub_object_is_changed_below_its_record(http: Client, sub_object: str) -> None:
    """In no file of AFAS', and used in production, also for objects that have no POST of their own (profit-wire
    15.8)."""
    fields = {"KnSubjectAttachment": '"FileName":"a.txt","FileStream":"aGFsbG8="', "KnSubjectLink": '"ToBC":true'}
    body = (
        f'{{"KnSubject":{{"Element":{{"@SbId":"25001","Objects":[{{"{sub_object}":{{"Element":{{"Fields":'
        f"{{{fields[sub_object]}}}}}}}}}]}}}}}}"
    )
    answer = call(http, "PUT", f"/KnSubject/{sub_object}", body)
    assert (answer.status_code, answer.text) == (201, '{"results":{"KnSubject":{"SbId":"25001"}}}')
    missing = body.replace("25001", "99999")
    assert "does not exist" in refusal(call(http, "PUT", f"/KnSubject/{sub_object}", missing))[0]


def test_the_element_below_results_is_the_connector_and_not_the_root(http: Client) -> None:
    body = (
        '{"FiEntryPar":{"Element":{"Fields":{"Year":"2023","Peri":"6","UnId":"1","JoCo":"80"},"Objects":[{"FiEntries":'
        '{"Element":[{"Fields":{"VaAs":"1","AcNr":"0100","EnDa":"2023-01-01","BpDa":"2023-01-01","AmDe":"0","AmCr":100}},'
        '{"Fields":{"VaAs":"1","AcNr":"0200","EnDa":"2023-01-01","BpDa":"2023-01-01","AmDe":"100.00"}}]}}]}}}'
    )
    answer = call(http, "POST", "/FiEntries", body)
    assert answer.text == '{"results":{"FiEntries":{"EnNo":"67","UnId":"1","InID":""}}}'


@pytest.mark.parametrize(
    "path",
    [
        "/KnSubject/KnSubject/@SbId/25003",
        "/KnSubject/KnSubject/SbId/25003",
        "/KnSubject/KnSubject/%40SbId/25003/",
    ],
)
def test_a_record_is_removed(http: Client, store: Store, path: str) -> None:
    assert is_bare(call(http, "DELETE", path), 200)
    assert [row["SubjectId"] for row in store.rows("Profit_Subjects", Query(take=3))] == [25001, 25002, 25004]
    assert refusal(call(http, "DELETE", path)) == (
        "(AntaObject) The record of KnSubject does not exist in the database.",
        -2147180996,
    )


def test_a_record_is_removed_by_several_keys(http: Client, store: Store) -> None:
    store.remember("KnCourseMember", {"CrId": "340", "CdId": "80"})
    assert is_bare(call(http, "DELETE", "/KnCourseMember/KnCourseMember/@CrId,@CdId/340,80"), 200)
    store.remember("KnCourseMember", {"CrId": "340", "CdId": "80"})
    assert is_bare(call(http, "DELETE", "/KnCourseMember/KnCourseMember/CdId,@CrId/80,340"), 200)
    assert is_bare(call(http, "DELETE", "/KnCourseMember/KnCourseMember/@CrId,@CdId/340"), 400)


@pytest.mark.parametrize("key", ["a/b", "a,b", "a b", "a%2Fb", "é☕", "a+b"])
def test_a_value_in_the_address_is_decoded_after_the_list_was_taken_apart(http: Client, store: Store, key: str) -> None:
    store.remember("FbItemArticle", {"ItCd": key})
    spelt = "".join(f"%{byte:02X}" for byte in key.encode())
    assert is_bare(call(http, "DELETE", f"/FbItemArticle/FbItemArticle/@ItCd/{spelt}"), 200)


def test_a_row_is_removed_by_the_keys_of_both(http: Client, store: Store) -> None:
    number = json.loads(
        call(
            http,
            "POST",
            "/FbSales",
            '{"FbSales":{"Element":{"Fields":{"DbId":"10001"},"Objects":{"FbSalesLines":{"Element":[{"Fields":{"VaIt":"2",'
            '"ItCd":"1006","BiUn":"STK","QuUn":1,"Upri":2,"GuLi":"{AAAA}"}},{"Fields":{"VaIt":"2","ItCd":"1006",'
            '"BiUn":"STK","QuUn":1,"Upri":3}}]}}}}}',
        ).data
    )["results"]["FbSales"]["OrNu"]
    assert is_bare(call(http, "DELETE", f"/FbSales/FbSales/@OrNu/{number}/FbSalesLines/@GuLi/%7BAAAA%7D"), 200)
    assert [str(row["AmtTotal"]) for row in store.rows("Profit_SalesorderLines", Query(skip=140))] == ["3.00"]


def test_lines_of_an_entry_are_removed_as_afas_page_has_it(http: Client, store: Store) -> None:
    test_the_element_below_results_is_the_connector_and_not_the_root(http)
    assert is_bare(call(http, "DELETE", "/FiEntries/FiEntryPar/UnId,JoCo/1,80/FiEntries/@EnNo/67"), 200)
    assert list(store.rows("Profit_Transactions", Query(skip=198))) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/FiEntries"),
        ("DELETE", "/KnOrganisation/KnOrganisation/BcCo/1000001"),
        ("POST", "/KnSubject/KnNothing"),
        ("POST", "/KnSubject/KnSubjectLink"),
        ("POST", "/KnContact"),
        ("PUT", "/KnSubject/KnNothing"),
        ("PUT", "/FiEntries/FiEntries"),
        ("PUT", "/KnSubject/KnSubject"),
        ("DELETE", "/KnSubject"),
        ("DELETE", "/KnSubject/KnSubject/@SbId/25001/KnSubjectLink"),
        ("POST", ""),
        ("PATCH", "/KnSubject"),
        ("OPTIONS", "/KnSubject"),
    ],
)
def test_a_call_that_is_not_there(http: Client, method: str, path: str) -> None:
    assert is_bare(call(http, method, path, NOTE), 404)


def test_other_addresses_take_no_updates(http: Client) -> None:
    assert is_bare(http.post("/ProfitRestServices/metainfo/KnSubject", data=NOTE, headers=AUTHORIZED), 404)
    assert is_bare(http.post(f"{BASE}/KnSubject", data=NOTE), 401)
    assert is_bare(http.post(f"{BASE}/KnSubject", data=NOTE, content_type="text/xml", headers=AUTHORIZED), 500)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"x"', NOTE.encode("utf-16"), NOTE.replace("Offerte", "\xe9").encode("latin-1"),
        b'{"StId":4,"Ds":"a plain record"}', b'{"KnSubject":{"Element":[]}}', b'{"KnSubject":{"Element":{"Fields":7}}}',
        NOTE.replace("Offerte", "\\u0007").encode(), NOTE.replace("4", "NaN").encode(),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read(http: Client, store: Store, body: bytes) -> None:
    answer = call(http, "POST", "/KnSubject", body)
    assert (answer.status_code, answer.text) == (400, '{"message":"Invalid json"}')
    assert subjects(store) == []


def test_a_bom_and_the_ways_to_say_the_action_are_read(http: Client) -> None:
    assert call(http, "POST", "/KnSubject", b"\xef\xbb\xbf" + NOTE.encode()).status_code == 201
    for spelt in ('{"@Action":"insert","StId":4,"Ds":"x"}', '[{"StId":4,"Ds":"x","@action":"INSERT"}]'):
        body = f'{{"KnSubject":{{"Element":[{{"Fields":{spelt},"Objects":""}}]}}}}'
        assert call(http, "PUT", "/KnSubject", body).status_code == 201


# --- SOAP -------------------------------------------------------------------------------------------------------------


def test_a_receipt_in_the_recorded_layout(http: Client) -> None:
    answer = execute(http, "KnSubject", NOTE_XML)
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.text == (
        f'{HEAD}&lt;?xml version="1.0"?&gt;\n'
        f"&lt;results&gt;&lt;KnSubject&gt;&lt;SbId&gt;25121&lt;/SbId&gt;&lt;/KnSubject&gt;&lt;/results&gt;\n{TAIL}"
    )


def test_blanks_in_front_of_the_data_are_passed_over(http: Client) -> None:
    assert "25121" in execute(http, "KnSubject", f'\n <?xml version="1.0"?>{NOTE_XML}\n').text


def test_the_element_below_results_is_the_root(http: Client) -> None:
    line = (
        "<Element><Fields Action='insert'><VaAs>1</VaAs><AcNr>0100</AcNr><EnDa>2023-01-01</EnDa><BpDa>2023-01-01</BpDa>"
    )
    answer = execute(
        http,
        "FiEntries",
        "<?xml version='1.0' encoding='utf-8'?>\n<FiEntryPar><Element><Fields Action='insert'><Year>2023</Year>"
        "<Peri>6</Peri><JoCo>80</JoCo></Fields><Objects><FiEntries>"
        f"{line}<AmDe>1.10</AmDe></Fields></Element>{line}<AmCr>1.10</AmCr></Fields></Element>"
        "</FiEntries></Objects></Element></FiEntryPar>",
    )
    assert html.unescape(answer.text).endswith(
        f"<results><FiEntryPar><EnNo>67</EnNo><UnId>1</UnId><InID></InID></FiEntryPar></results>\n{TAIL}"
    )


def test_without_keys_to_tell_the_result_is_empty(http: Client) -> None:
    data = '<KnUser><Element UsId="J"><Fields Action="insert"><MtCd>1</MtCd><Nm>J</Nm></Fields></Element></KnUser>'
    assert execute(http, "KnUser", data).text == f"{HEAD}{TAIL}"


def test_update_nil_and_delete_over_soap(http: Client, store: Store) -> None:
    data = (
        '<KnSubject xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Element SbId="25001">'
        '<Fields Action="update"><Ds>anders</Ds><SbTx xsi:nil="true"/></Fields></Element>'
        '<Element SbId="25002"><Fields Action="delete"/></Element></KnSubject>'
    )
    assert "25001" in execute(http, "KnSubject", data).text
    rows = list(store.rows("Profit_Subjects", Query(take=2)))
    assert (rows[0]["SubjectId"], rows[0]["Subject"], rows[0]["Comment"]) == (25001, "anders", None)
    assert rows[1]["SubjectId"] == 25003


def test_an_unknown_connector_in_each_protocol_s_own_words(http: Client) -> None:
    assert refusal(execute(http, "FiEntryPar", NOTE_XML)) == ("Connector FiEntryPar does not exist", -2147180996)
    assert refusal(call(http, "POST", "/FiEntryPar", NOTE)) == (NOT_SUPPORTED, -2147180996)


@pytest.mark.parametrize("data", ["", "KnSubject", "<KnSubject>", "<!DOCTYPE a><KnSubject/>", "<KnSubject/>", "<a:b/>"])
def test_data_that_cannot_be_read(http: Client, data: str) -> None:
    assert refusal(execute(http, "KnSubject", data)) == (
        "General message: The XML of the update could not be read.",
        -2147180996,
    )


def test_a_version_that_is_no_number(http: Client) -> None:
    answer = execute(http, "KnSubject", NOTE_XML, version="een")
    assert "<faultcode>soap:Client</faultcode>" in answer.text
    assert execute(http, "KnSubject", NOTE_XML, version="2").status_code == 200


def test_the_wsdl_tells_the_operation(http: Client) -> None:
    text = http.get(f"{UPDATE}?WSDL").text
    for name in (
        "connectorType",
        "connectorVersion",
        "dataXml",
        "ConnectorAppUpdateSoap12",
        "urn:Afas.Profit.Services/Execute",
    ):
        assert f'"{name}"' in text
    assert 'location="http://localhost/ProfitServices/AppConnectorUpdate.asmx"' in text


# --- both alike -------------------------------------------------------------------------------------------------------

_TOO_LONG = "x" * 256
_REFUSALS = [
    # Connector, JSON in Element, the same as XML, message, number
    ("KnSubject", '"Fields":{"StId":4}', "<StId>4</StId>",
     "(AntaObject) There is no value entered in mandatory field 'Onderwerp' (Ds)", -2147180996),
    ("KnSubject", '"Fields":{"StId":4,"Ds":"a","Xx":1}', "<StId>4</StId><Ds>a</Ds><Xx>1</Xx>",
     "Connector field 'Xx' not found", -2147180996),
    ("KnSubject", '"Fields":{"StId":4,"Ds":"a","ViPr":"Q"}', "<StId>4</StId><Ds>a</Ds><ViPr>Q</ViPr>",
     "The entered value for 'Prioriteit' does not exist.", -2147220469),
    ("KnSubject", '"Fields":{"StId":false,"Ds":"a"}', "<StId>false</StId><Ds>a</Ds>", "Type mismatch", -2147180996),
    ("KnSubject", f'"Fields":{{"StId":4,"Ds":"{_TOO_LONG}"}}', f"<StId>4</StId><Ds>{_TOO_LONG}</Ds>",
     "(AntaObject) The value entered in field 'Onderwerp' (Ds) is too long.", -2147180996),
    ("PtRealization", '"Fields":{"DaTi":"2024-01-01","VaIt":"1","ItCd":"300","EmId":"X"}',
     "<DaTi>2024-01-01</DaTi><VaIt>1</VaIt><ItCd>300</ItCd><EmId>X</EmId>",
     "The entered value for 'Medewerker' does not exist.", -2147220469),
    ("FbItemArticle", '"Fields":{"ItCd":"1006","Grp":"A","BiUn":"STK"}',
     "<ItCd>1006</ItCd><Grp>A</Grp><BiUn>STK</BiUn>",
     "(AntaObject) The record already exists in the database. FieldId=ItCd", -2147180996),
]  # fmt: skip


@pytest.mark.parametrize(("connector", "element", "fields", "message", "number"), _REFUSALS)
@pytest.mark.parametrize("language", ["nl-nl", "en-us"])
def test_both_protocols_refuse_alike(
    http: Client, connector: str, element: str, fields: str, message: str, number: int, language: str
) -> None:
    headers = {"Accept-Language": language}
    body = f'{{"{connector}":{{"Element":{{{element}}}}}}}'
    data = f'<{connector}><Element><Fields Action="insert">{fields}</Fields></Element></{connector}>'
    assert refusal(call(http, "POST", f"/{connector}", body, **headers)) == (message, number)
    assert refusal(execute(http, connector, data, **headers)) == (message, number)


def test_another_root_is_refused_alike(http: Client) -> None:
    expected = ("Connector KnSubjects does not exist", -2147180996)
    assert refusal(call(http, "POST", "/KnSubject", NOTE.replace("KnSubject", "KnSubjects"))) == expected
    assert refusal(execute(http, "KnSubject", NOTE_XML.replace("KnSubject", "KnSubjects"))) == expected
    assert refusal(call(http, "DELETE", "/KnSubject/KnSubjects/SbId/25001")) == expected


def test_what_only_the_emulator_says_comes_in_two_languages(http: Client) -> None:
    body = '{"KnOrganisation":{"Element":{"Fields":{"MatchOga":"4","Nm":"x"}}}}'
    said = {
        language: refusal(call(http, "POST", "/KnOrganisation", body, **{"Accept-Language": language}))[0]
        for language in ("nl-nl", "en-us")
    }
    assert said == {
        "nl-nl": "De emulator bootst deze waarde van MatchOga niet na: alleen 0, 1, 3, 6.",
        "en-us": "The emulator does not imitate this value of MatchOga: only 0, 1, 3, 6.",
    }


def test_what_came_over_one_protocol_is_read_and_changed_over_the_other(http: Client) -> None:
    execute(http, "KnSubject", NOTE_XML)
    read = http.get(f"{BASE}/ProfitSubjects?filterfieldids=SbId&filtervalues=25121", headers=AUTHORIZED)
    assert json.loads(read.data)["rows"][0]["Ds"] == "Offerte"
    body = '{"KnSubject":{"Element":{"@SbId":"25121","Fields":{"Ds":"Vraag & antwoord"}}}}'
    assert call(http, "PUT", "/KnSubject", body).status_code == 201
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<GetData xmlns="urn:Afas.Profit.Services">'
        "<connectorId>ProfitSubjects</connectorId><skip>120</skip><take>9</take></GetData></s:Body></s:Envelope>"
    )
    answer = http.post(
        "/ProfitServices/AppConnectorGet.asmx", data=envelope, content_type="text/xml", headers=AUTHORIZED
    )
    assert "<Ds>Vraag &amp; antwoord</Ds>" in html.unescape(answer.text)


# --- app connector, set-up, faults ------------------------------------------------------------------------------------


def test_the_case_of_an_id_does_not_matter(http: Client) -> None:
    """What is answered has the connector's own spelling; the root element stays as it is declared."""
    answer = call(http, "POST", "/knsubject", NOTE)
    assert (answer.status_code, answer.text) == (201, '{"results":{"KnSubject":{"SbId":"25121"}}}')
    assert "25122" in execute(http, "KNSUBJECT", NOTE_XML).text
    assert call(http, "DELETE", "/knSubject/KnSubject/@SbId/25121", "").status_code == 200
    assert "does not exist" in refusal(call(http, "POST", "/KnSubject", NOTE.replace("KnSubject", "knSubject")))[0]


def test_the_case_of_an_id_does_not_matter_to_the_app_connector(store: Store) -> None:
    http = Client(Emulator(store, setup=Setup(allowed={"knuser", "profit_DEBTOR"}, blocked={"PROFIT_debtor"})))
    assert refusal(call(http, "POST", "/knSubject", NOTE)) == (NOT_SUPPORTED, -2147180996)
    body = '{"KnUser":{"Element":{"@UsId":"12345.JANSEN","Fields":{"MtCd":"1","Nm":"Jansen"}}}}'
    assert call(http, "POST", "/KNUSER", body).status_code == 201
    assert "is blocked" in refusal(call(http, "GET", "/Profit_Debtor", ""))[0]


def test_a_connector_outside_the_app_connector(store: Store) -> None:
    http = Client(Emulator(store, setup=Setup(allowed={"KnUser"})))
    assert refusal(call(http, "POST", "/KnSubject", NOTE)) == (NOT_SUPPORTED, -2147180996)
    assert refusal(execute(http, "KnSubject", NOTE_XML)) == (NOT_SUPPORTED, -2147180996)
    assert subjects(store) == []


def test_what_cannot_be_written_is_an_unexpected_error_and_told_to_who_runs_the_emulator(
    http: Client, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store._records[0]._connection.execute("PRAGMA max_page_count = 1")
    long = NOTE.replace('"Offerte"', f'"Offerte","SbTx":"{"x" * 10_000}"')
    long_xml = NOTE_XML.replace("</Ds>", f"</Ds><SbTx>{'x' * 10_000}</SbTx>")
    for answer in (call(http, "POST", "/KnSubject", long), execute(http, "KnSubject", long_xml)):
        assert refusal(answer) == ("An unexpected error has occurred.", -2147180999)
    assert len(caplog.records) == 2
    for record in caplog.records:
        assert (record.name, record.levelname) == ("afas_soap.emulator", "WARNING")
        assert "cannot keep what it booked: database or disk is full. Nothing of that call is kept" in record.message
        assert str(store._records[0]._path) in record.message


def test_what_cannot_be_laid_down_is_told_to_who_runs_the_emulator(
    http: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(database, "_built", full)
    assert refusal(call(http, "GET", "/Profit_Debtor", "")) == ("An unexpected error has occurred.", -2147180999)
    assert "cannot lay down Profit_Debtor in its temporary folder: database or disk is full" in caplog.text


@pytest.mark.parametrize(
    ("fault", "status", "booked"),
    [
        ("503", 503, 0), ("500", 500, 0), ("html:502", 502, 0), ("timeout", 500, 1), ("slow:0", 201, 1),
        ("503:done=yes", 503, 1), ("500:done=yes", 500, 1), ("html:status=200,done=yes", 200, 1),
        ("timeout:done=no", 500, 0),
    ],
)  # fmt: skip
def test_faults_before_and_after_the_work(store: Store, fault: str, status: int, booked: int) -> None:
    http = Client(Emulator(store, faults=parse_faults([fault])))
    assert call(http, "POST", "/KnSubject", NOTE).status_code == status
    assert len(subjects(store)) == booked
    assert call(http, "POST", "/KnSubject", NOTE).status_code == 201


@pytest.mark.parametrize(("fault", "booked"), [("reset", 0), ("reset:done=yes", 1), ("reset:5", 1), ("cut:5", 1)])
def test_connections_that_break_before_and_after_the_work(store: Store, fault: str, booked: int) -> None:
    http = Client(Emulator(store, faults=parse_faults([fault])))
    with pytest.raises(ConnectionError):
        call(http, "POST", "/KnSubject", NOTE).get_data()
    assert len(subjects(store)) == booked


def test_profit_s_own_time_out_on_both_hosts(store: Store) -> None:
    http = Client(Emulator(store, faults=parse_faults(["timeout,times=2"])))
    assert refusal(call(http, "POST", "/KnSubject", NOTE)) == ("Command timeout expired.", -2147180999)
    assert refusal(execute(http, "KnSubject", NOTE_XML)) == ("Command timeout expired.", -2147180999)
    assert len(subjects(store)) == 2
