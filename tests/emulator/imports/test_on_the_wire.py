"""cmdconnector as AFAS' own envelopes ask it, over SOAP 1.1 and 1.2, and what it does with them."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.imports.jobs import Behaviour
from afas_soap.profit.imports.archive import write_archive
from afas_soap.profit.imports.logarchive import read_log
from afas_soap.profit.imports.result import ImportResult
from afas_soap.profit.questions.query import Query

CMD = "/ProfitServices/cmdconnector.asmx"
IMPORT = '/O"O12345AA" IMPORT /N"Import dossier nieuw" /F"a.csv"'
DEFINITION = '/O"O12345AA" DEFINITIEIMPORT /F"a.csv"'


class Clock:
    """A time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Iterator[Emulator]:
    emulator = Emulator(setup=Setup(clock=clock, imports=Behaviour(seconds=60)))
    yield emulator
    emulator.close()


def otherwise_packed() -> str:
    """An archive of LZMA, damaged."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("a.csv", b"a;b\r\n")
    data = target.getvalue()
    return base64.b64encode(data[:44] + b"\xff" * 6 + data[50:]).decode()


def archive(data: bytes = b"a;b\r\n", name: str = "a.csv") -> str:
    target = io.BytesIO()
    write_archive(target, [(name, io.BytesIO(data))])
    return base64.b64encode(target.getvalue()).decode()


def asked12(emulator: Emulator, operation: str, **parameters: str) -> TestResponse:
    """As AFAS shows Execute of an IMPORT: SOAP 1.2, the prefix s."""
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parameters.items())
    return Client(emulator).post(
        CMD,
        data=(
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            f'<{operation} xmlns="urn:Afas.Profit.Services"><token>nit</token>{inner}</{operation}>'
            "</s:Body></s:Envelope>"
        ),
        content_type=f'application/soap+xml; charset=utf-8; action="urn:Afas.Profit.Services/{operation}"',
        headers={"Authorization": DEMO_TOKEN.header()},
    )


def asked11(emulator: Emulator, operation: str, **parameters: str) -> TestResponse:
    """As AFAS shows Execute of a DEFINITIEIMPORT: SOAP 1.1, no prefix, and an action without quotes."""
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parameters.items())
    return Client(emulator).post(
        CMD,
        data=(
            '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
            f'<{operation} xmlns="urn:Afas.Profit.Services"><token>nit</token>{inner}</{operation}>'
            "</Body></Envelope>"
        ),
        content_type="text/xml",
        headers={"Authorization": DEMO_TOKEN.header(), "SOAPAction": f"urn:Afas.Profit.Services/{operation}"},
    )


def begun(answer: TestResponse) -> str:
    found = re.search("<ExecuteResult>([0-9A-F]{32})</ExecuteResult>", answer.text)
    assert found is not None, answer.text
    return found[1]


def state(answer: TestResponse) -> bytes:
    found = re.search("<GetStateResult>(.*)</GetStateResult>", answer.text)
    assert found is not None, answer.text
    return base64.b64decode(found[1])


def result(emulator: Emulator, clock: Clock, line: str, packed: str) -> ImportResult:
    command_id = begun(asked12(emulator, "Execute", commandLine=line, attachementArchive=packed))
    clock.now += 61
    return read_log(io.BytesIO(state(asked12(emulator, "GetState", commandId=command_id))))


@pytest.mark.parametrize("asked", [asked11, asked12])
def test_a_job_takes_a_while_and_its_log_comes_once(emulator: Emulator, clock: Clock, asked) -> None:
    command_id = begun(asked(emulator, "Execute", commandLine=IMPORT, attachementArchive=archive()))
    pending = asked(emulator, "GetState", commandId=command_id)
    assert "<GetStateResult></GetStateResult>" in pending.text
    clock.now += 61
    log = state(asked(emulator, "GetState", commandId=command_id))
    assert read_log(io.BytesIO(log)).succeeded
    with zipfile.ZipFile(io.BytesIO(log)) as packed:
        assert [entry.orig_filename for entry in packed.infolist()] == ["@#$GeneralLogfile", "@#$Return.xml"]
    assert state(asked(emulator, "GetState", commandId=command_id)) == b"", "it was given"


def test_what_is_not_known_or_too_old_is_nothing(emulator: Emulator, clock: Clock) -> None:
    assert state(asked12(emulator, "GetState", commandId="0" * 32)) == b""
    command_id = begun(asked12(emulator, "Execute", commandLine=IMPORT, attachementArchive=archive()))
    clock.now += 86_401
    assert state(asked12(emulator, "GetState", commandId=command_id)) == b""


def test_a_file_twice_is_refused_by_the_job(emulator: Emulator, clock: Clock) -> None:
    assert result(emulator, clock, IMPORT, archive()).succeeded
    assert result(emulator, clock, IMPORT, archive()).already_imported
    assert result(emulator, clock, IMPORT, archive(b"other")).succeeded
    assert result(emulator, clock, IMPORT.replace("nieuw", "oud"), archive()).succeeded


def test_the_look_at_files_can_be_switched_off(clock: Clock) -> None:
    emulator = Emulator(setup=Setup(clock=clock, imports=Behaviour(checks=False)))
    assert [result(emulator, clock, IMPORT, archive()).succeeded for _ in range(2)] == [True, True]
    assert len(emulator.imports.executed) == 2
    emulator.close()


def test_jobs_that_fail(clock: Clock) -> None:
    emulator = Emulator(setup=Setup(clock=clock, imports=Behaviour(definitions=["import DOSSIER nieuw"])))
    assert result(emulator, clock, IMPORT, archive()).succeeded
    for line, packed, said in (
        (IMPORT.replace("nieuw", "oud"), archive(), "'Import dossier oud' does not exist"),
        (IMPORT, archive(b"  "), "is empty"),
        (IMPORT, archive(name="b.csv"), "does not hold the file 'a.csv'"),
        (DEFINITION, archive(b"\x00GCN"), "no definition in the emulator's own form"),
        (DEFINITION, archive(b'{"emulator":"GetConnector","name":"A","source":"None","columns":["a"]}'), "not exist"),
        (
            DEFINITION,
            archive(b'{"emulator":"GetConnector","name":"A","source":"Profit_Debtor","columns":["a"]}'),
            "'a'",
        ),
    ):
        failed = result(emulator, clock, line, packed)
        assert not failed.succeeded
        assert said in failed.message
        assert failed.number == -2147220469
    emulator.close()


def test_a_definition_becomes_a_get_connector(emulator: Emulator, clock: Clock) -> None:
    text = (
        b'{"emulator": "GetConnector", "name": "My_Debtors", "source": "profit_debtor", '
        b'"columns": ["DebtorName", "DebtorId"]}'
    )
    assert result(emulator, clock, DEFINITION, archive(text)).succeeded
    with emulator.store.rows("My_Debtors", Query(take=1)) as rows:
        assert list(rows) == [{"DebtorName": "Bakkerij De Vries B.V.", "DebtorId": "10001"}]
    assert "My_Debtors" in [entry.id for entry in emulator.store.catalogue().get_connectors]


@pytest.mark.parametrize(
    ("line", "packed", "said"),
    [
        ('/O"O99999ZZ" IMPORT /N"a" /F"a.csv"', archive(), "The command line could not be read."),
        ('/O"O12345AA" IMPORTXML /F"a.csv"', archive(), "The command line could not be read."),
        ('/O"O12345AA" IMPORT /N"a"', archive(), "The command line could not be read."),
        (IMPORT, "!!!", "The archive of the command could not be read."),
        (IMPORT, "AAAA", "The archive of the command could not be read."),
        (IMPORT, otherwise_packed(), "The archive of the command could not be read."),
    ],
)
def test_what_is_no_command_is_a_fault(emulator: Emulator, line: str, packed: str, said: str) -> None:
    answer = asked11(emulator, "Execute", commandLine=line, attachementArchive=packed)
    assert answer.status_code == 500
    assert said in answer.text
    assert not emulator.imports.executed


def test_metadata_that_cannot_be_read_names_no_file(emulator: Emulator, clock: Clock) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("a.csv", "x")
        packed.writestr("@#$MetaInfo.xml", "<open")
    text = base64.b64encode(target.getvalue()).decode()
    assert "does not hold the file" in result(emulator, clock, IMPORT, text).message


def test_the_app_connector_must_have_it() -> None:
    emulator = Emulator(setup=Setup(allowed=["Profit_Debtor"]))
    refused = asked11(emulator, "Execute", commandLine=IMPORT, attachementArchive=archive())
    assert refused.status_code == 500
    assert "niet geautoriseerd" in refused.text
    emulator.close()
    emulator = Emulator(setup=Setup(allowed=["AFAS Remote Cmd"]))
    assert begun(asked11(emulator, "Execute", commandLine=IMPORT, attachementArchive=archive()))
    emulator.close()


@pytest.mark.parametrize(
    ("asmx", "size", "status"),
    [("appconnectorget", 76, 413), ("cmdconnector", 76, 400), ("cmdconnector", 300, 413)],
)
def test_it_may_be_larger_than_any_other_call(emulator: Emulator, asmx: str, size: int, status: int) -> None:
    """One that is taken breaks off here, for nothing follows its head."""
    answer = Client(emulator).post(
        CMD.replace("cmdconnector", asmx),
        headers={"Authorization": DEMO_TOKEN.header()},
        content_type="text/xml",
        environ_overrides={"CONTENT_LENGTH": str(size * 2**20)},
    )
    assert answer.status_code == status
