"""Imports sent, followed and told, on the emulator: what the journal says when, and that nothing goes twice."""

from __future__ import annotations

import hashlib
import itertools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from afas_soap import ProfitClient
from afas_soap.emulator.http import soap
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.imports.jobs import Behaviour
from afas_soap.errors import (
    AccessDenied,
    AnswerError,
    Fate,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
    Uncertain,
)
from afas_soap.imports.journal import State
from afas_soap.imports.keptlog import KeptLog
from afas_soap.imports.running import Importer, Waiting, _pauses
from afas_soap.profit.imports.commandline import Command
from afas_soap.wire.profit.imports import SoapImports

NAME = "Import dossier nieuw"


class Clock:
    """A time in which waiting takes none."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class House:
    """An emulator on a port, a client of it, and an importer with a journal of its own."""

    def __init__(self, folder: Path, emulator: Emulator, client: ProfitClient, clock: Clock) -> None:
        self.journal = folder / "journal"
        self.emulator = emulator
        self.client = client
        self.clock = clock
        self.file = folder / "ImportDossier.csv"
        self.file.write_bytes(b"a;b\r\n1;2\r\n")
        self.importer = Importer(
            client._calls, self.journal, check=client.check_writable, waiting=Waiting(clock, clock.sleep)
        )

    @property
    def states(self) -> list[str]:
        return [str(run.state) for run in self.importer.runs()]


Open = Callable[..., Any]


@pytest.fixture
def house(tmp_path: Path) -> Open:
    @contextmanager
    def opened(*faults: str, setup: dict[str, Any] | None = None, **options: Any) -> Iterator[House]:
        clock = Clock()
        given = {"imports": Behaviour(), **(setup or {})}
        emulator = Emulator(faults=parse_faults(faults), setup=Setup(clock=clock, auth="classic", **given))
        with (
            serve(emulator) as server,
            ProfitClient.connect(
                **{
                    "soap_url": server.soap_url,
                    "rest_url": server.rest_url,
                    "token": DEMO_TOKEN,
                    "retry_total": 0.0,
                    **options,
                }
            ) as client,
        ):
            yield House(tmp_path, emulator, client, clock)

    return opened


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_an_import_and_a_definition_from_end_to_end(house: Open, tmp_path: Path, version: str) -> None:
    definition = tmp_path / "My_Debtors.gcn"
    definition.write_text(
        '{"emulator": "GetConnector", "name": "My_Debtors", "source": "Profit_Debtor", "columns": ["DebtorId"]}'
    )
    picture = tmp_path / "foto.jpg"
    picture.write_bytes(b"\xff\xd8")
    with house(setup={"imports": Behaviour(seconds=7)}, soap_version=version) as opened:
        importer = opened.importer
        result = importer.run(NAME, opened.file, with_=[picture], administration=1)
        assert result.succeeded
        assert result.command_id == importer.runs()[0].command_id
        assert "uitgevoerd" in result.log
        assert opened.emulator.imports.executed[0].options == {
            "O": "O12345AA",
            "N": NAME,
            "F": "ImportDossier.csv",
            "A": "1",
        }
        assert opened.clock.pauses == [1.0, 1.5, 2.25, 3.375], "growing"
        assert importer.run_definition(definition).succeeded
        assert next(iter(opened.client.rows("My_Debtors", take=1))) == {"DebtorId": "10001"}
        assert opened.states == ["done", "done"]


def test_what_was_imported_before_is_told_and_never_repeated(house: Open) -> None:
    with house() as opened:
        assert opened.importer.run(NAME, opened.file).succeeded
        again = opened.importer.run(NAME, opened.file)
        assert again.already_imported
        assert not again.succeeded
        assert len(opened.emulator.imports.executed) == 2
        last = opened.importer.runs()[-1]
        assert (last.state, last.exit_code, last.number) == (State.DONE, 1, -2147192493)


def test_a_log_is_read_again_without_a_call(house: Open) -> None:
    with house() as opened:
        result = opened.importer.run(NAME, opened.file)
        opened.client.close()
        assert opened.importer.log(result.command_id.lower()) == result


def test_pending_is_no_success(house: Open) -> None:
    with house(setup={"imports": Behaviour(seconds=100)}) as opened:
        command_id = opened.importer.start(NAME, opened.file)
        assert opened.importer.log(command_id, wait=False) is None
        assert opened.states == ["open"]
        assert not list(opened.journal.glob("*.part"))


def test_pauses_grow_to_a_minute() -> None:
    pauses = list(itertools.islice(_pauses(), 30))
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1.0, 60.0)


def test_it_ends_after_a_day(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    # A day of minutes takes a while, even without waiting.
    monkeypatch.setattr("afas_soap.imports.running._LONGEST_PAUSE", 3600.0)
    with house(setup={"imports": Behaviour(seconds=1e9)}) as opened:
        began = opened.clock.now
        with pytest.raises(Uncertain, match=r"did not come in 24 hours\."):
            opened.importer.run(NAME, opened.file)
        assert opened.clock.now - began <= 86_400
        assert opened.states == ["lost"]


def test_the_same_again_is_refused_while_its_outcome_is_not_known(house: Open) -> None:
    with house(setup={"imports": Behaviour(seconds=100, checks=False)}) as opened:
        command_id = opened.importer.start(NAME, opened.file, administration=1)
        with pytest.raises(Uncertain, match=f"'afas import log {command_id}' tells"):
            opened.importer.start(NAME, opened.file, administration=1)
        assert len(opened.emulator.imports.executed) == 1
        # Another administration, definition or content is another import; another name of the file is not.
        opened.importer.start(NAME, opened.file, administration=2)
        opened.importer.start("Another", opened.file)
        renamed = opened.file.with_name("b.csv")
        renamed.write_bytes(opened.file.read_bytes())
        with pytest.raises(Uncertain):
            opened.importer.start(NAME, renamed, administration=1)
        renamed.write_bytes(b"other")
        opened.importer.start(NAME, renamed)
        opened.importer.start(NAME, opened.file, again=True)
        assert len(opened.emulator.imports.executed) == 5
        opened.clock.now += 200
        assert all(opened.importer.awaited(run.command_id).succeeded for run in opened.importer.runs())
        opened.importer.start(NAME, opened.file)


def test_the_same_by_another_address_or_spelt_otherwise_is_refused(house: Open) -> None:
    with house(setup={"imports": Behaviour(seconds=100, checks=False)}) as opened:
        opened.importer.start(NAME, opened.file, administration=1)
        settings = opened.client.settings
        assert settings is not None
        for host, administration, name in (
            ("localhost", "1", NAME),
            ("127.0.0.1", " 01", NAME),
            ("localhost", None, f" {NAME.upper()} "),
        ):
            urls = {key: getattr(settings, key).replace("127.0.0.1", host) for key in ("soap_url", "rest_url")}
            with (
                ProfitClient.connect(**urls, token=DEMO_TOKEN) as client,
                pytest.raises(Uncertain, match="was sent for"),
            ):
                client.importer(opened.journal).start(name, opened.file, administration=administration)
        assert len(opened.emulator.imports.executed) == 1


def test_what_counts_is_what_went_into_the_archive(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with house(setup={"imports": Behaviour(seconds=100, checks=False)}) as opened:
        before, data = opened.importer._whole, opened.file.read_bytes()

        def meanwhile(command: Command) -> Command:
            with opened.file.open("ab") as file:
                file.write(b"3;4\r\n")
            return before(command)

        monkeypatch.setattr(opened.importer, "_whole", meanwhile)
        opened.importer.start(NAME, opened.file)
        assert opened.importer.runs()[0].subject.hash == hashlib.sha256(data).hexdigest()
        opened.file.write_bytes(data)
        with pytest.raises(Uncertain):
            opened.importer.start(NAME, opened.file)
        assert len(opened.emulator.imports.executed) == 1


# --- breaks ---


def test_a_break_before_the_answer_to_execute_is_uncertain(house: Open) -> None:
    with house("reset,path=cmdconnector,done=yes") as opened:
        with pytest.raises(Uncertain) as caught:
            opened.importer.run(NAME, opened.file)
        assert "The import was sent" in caught.value.message
        assert opened.states == ["uncertain"]
        with pytest.raises(Uncertain, match="look in Profit"):
            opened.importer.run(NAME, opened.file)
        assert len(opened.emulator.imports.executed) == 1
        assert opened.importer.run(NAME, opened.file, again=True).already_imported


def test_a_page_behind_a_wrong_address_says_what_to_do(house: Open) -> None:
    with house("html,path=cmdconnector") as opened:
        with pytest.raises(Uncertain, match=r"If it did not arrive, as behind a wrong address, .* with again=True"):
            opened.importer.run(NAME, opened.file)
        assert opened.states == ["uncertain"]
        assert opened.importer.run(NAME, opened.file, again=True).succeeded


def test_a_refusal_is_known_to_be_one(house: Open) -> None:
    with house(setup={"allowed": ["Profit_Debtor"]}) as opened:
        with pytest.raises(ProfitError):
            opened.importer.run(NAME, opened.file)
        assert opened.states == ["refused"]
        with pytest.raises(ProfitError):
            opened.importer.run(NAME, opened.file)


def test_what_was_not_sent_may_be_sent_again(house: Open) -> None:
    with house("503:retry=1,path=cmdconnector") as opened:
        with pytest.raises(ProfitError):
            opened.importer.run(NAME, opened.file)
        assert opened.states == ["not sent"]
        assert opened.importer.run(NAME, opened.file).succeeded


def test_profit_that_is_away_while_it_is_polled_is_waited_for(house: Open, caplog: pytest.LogCaptureFixture) -> None:
    with house("503:retry=1,path=cmdconnector,call=2") as opened:
        assert opened.importer.run(NAME, opened.file).succeeded
        assert "afas_soap.imports" in [record.name for record in caplog.records]


def test_a_log_that_is_cut_is_told_as_lost(house: Open) -> None:
    with house("cut:700,path=cmdconnector,call=2") as opened:
        with pytest.raises(Uncertain, match="is lost, for Profit gives it once"):
            opened.importer.run(NAME, opened.file)
        (run,) = opened.importer.runs()
        assert run.state is State.LOST
        cut = opened.journal / f"{run.command_id}.cut"
        before = cut.read_bytes()
        for _ in range(2):
            with pytest.raises(Uncertain, match=f"asked for once more, .* no longer. What .* is kept as {cut}"):
                opened.importer.log(run.command_id)
        assert cut.read_bytes() == before
        with pytest.raises(Uncertain):
            opened.importer.run(NAME, opened.file)
        assert len(opened.emulator.imports.executed) == 1


def test_a_break_before_the_answer_with_a_log_may_be_asked_again(house: Open) -> None:
    with house("reset,path=cmdconnector,call=2") as opened:
        with pytest.raises(Uncertain, match="may have been in it: ask again"):
            opened.importer.run(NAME, opened.file)
        (run,) = opened.importer.runs()
        assert run.state is State.OPEN
        assert opened.importer.awaited(run.command_id).succeeded


def test_a_log_that_cannot_be_read_is_kept(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with house() as opened:
        monkeypatch.setattr(opened.emulator.imports, "take_log", lambda command_id: b"no archive")
        with pytest.raises(AnswerError, match="is no ZIP archive"):
            opened.importer.run(NAME, opened.file)
        (run,) = opened.importer.runs()
        assert run.state is State.UNREADABLE
        kept = opened.journal / f"{run.command_id}.xml"
        with pytest.raises(Uncertain):
            opened.importer.run(NAME, opened.file)
        opened.client.close()
        with pytest.raises(AnswerError, match=f"It is kept as {kept}. Whether .* look in Profit") as caught:
            opened.importer.log(run.command_id)
        assert caught.value.outcome is Fate.UNCERTAIN
        assert opened.states == ["unreadable"]


@pytest.mark.parametrize("change", [lambda text: text[:-3], lambda text: f"{text[:40]}*{text[40:]}"])
def test_a_log_in_base64_that_cannot_be_read_is_kept(
    house: Open, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]
) -> None:
    with house() as opened:
        whole = soap._OPERATIONS["ConnectorAppCmd", "GetState"]
        monkeypatch.setitem(
            soap._OPERATIONS,
            ("ConnectorAppCmd", "GetState"),
            lambda connector, parameters: iter([change("".join(whole(connector, parameters)))]),
        )
        with pytest.raises(AnswerError, match=r"It is kept as .*\.xml"):
            opened.importer.run(NAME, opened.file)
        (run,) = opened.importer.runs()
        assert run.state is State.UNREADABLE
        before = (opened.journal / f"{run.command_id}.xml").read_bytes()
        for _ in range(2):
            with pytest.raises(AnswerError):
                opened.importer.log(run.command_id)
        assert (opened.journal / f"{run.command_id}.xml").read_bytes() == before


def test_the_raw_log_is_on_the_disk_before_it_is_read(
    house: Open, monkeypatch: pytest.MonkeyPatch, on_disk: list[tuple[str, object]]
) -> None:
    with house() as opened:
        read: list[int] = []
        before = KeptLog.result

        def watched(self: KeptLog) -> object:
            read.append(len(on_disk))
            return before(self)

        monkeypatch.setattr(KeptLog, "result", watched)
        command_id = opened.importer.start(NAME, opened.file)
        del on_disk[:], read[:]
        opened.importer.log(command_id)
        sizes = [size for what, size in on_disk[: read[-1]] if what == "flushed"]
        assert sizes == [(opened.journal / f"{command_id}.xml").stat().st_size]


def test_a_journal_that_cannot_be_written_behind_execute_tells_the_id(
    house: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house() as opened:
        before = opened.importer._journal.write

        def full(run: str, what: str, **details: object) -> None:
            if what == "begun":
                raise SettingsError("no space left on device")
            before(run, what, **details)

        monkeypatch.setattr(opened.importer._journal, "write", full)
        with pytest.raises(Uncertain, match=r"its command id is [0-9A-F]{32}; it could not be written down: no space"):
            opened.importer.run(NAME, opened.file)
        assert opened.states == ["uncertain"]


class Signal(BaseException):
    """As a signal is raised: no ``Exception``."""


def _signal(*_: object, **__: object) -> str:
    raise Signal


@pytest.mark.parametrize(
    ("method", "said", "state"),
    [
        (
            "execute",
            "whether Profit took it is not known, and the journal has it as uncertain. Look in Profit",
            "uncertain",
        ),
        ("import_log", "it may be lost, and what came of it is kept. 'afas import log", "open"),
    ],
)
def test_a_signal_while_profit_is_asked_says_what_is_not_known(
    house: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str, said: str, state: str
) -> None:
    monkeypatch.setattr(SoapImports, method, _signal)
    with house() as opened:
        with pytest.raises(Signal):
            opened.importer.run(NAME, opened.file)
        assert said in caplog.text
        assert opened.states == [state]


def test_a_signal_before_the_id_is_written_down_tells_it(
    house: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with house() as opened:
        monkeypatch.setattr(opened.importer._journal, "write", _signal)
        with pytest.raises(Signal):
            opened.importer.run(NAME, opened.file)
        assert re.search("its command id is [0-9A-F]{32}: ask for its log by that id", caplog.text)
        assert opened.states == ["uncertain"]


# --- refused before any call ---


def test_names_are_looked_at_before_anybody_is_asked(house: Open, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    twin, meta = other / "importdossier.CSV", other / "@#$MetaInfo.xml"
    twin.write_text("x")
    meta.write_text("x")
    with house() as opened:
        for name, options, said in (
            ('a "b"', {}, "quotation mark"),
            ("a\nb", {}, "line break"),
            (NAME, {"with_": [twin]}, "two files are called"),
            (NAME, {"with_": [meta]}, "rename the file"),
            (NAME, {"with_": [tmp_path / "none"]}, "cannot be read"),
            (NAME, {"administration": ""}, "administration: it is empty"),
            (NAME, {"environment_id": ""}, "environment_id: it is empty"),
        ):
            with pytest.raises(QueryError, match=said):
                opened.importer.start(name, opened.file, **options)
        assert not opened.importer.runs()
        assert not opened.emulator.imports.executed


def test_an_archive_over_75_mb_warns(
    house: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("afas_soap.imports.running.CALL_BYTES", 100)
    with house() as opened:
        opened.importer.run(NAME, opened.file)
        assert "this one may be refused" in caplog.text


def test_a_disk_that_is_full_leaves_nothing_in_the_journal(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(target: BinaryIO, files: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("afas_soap.imports.running.write_archive", full)
    with house() as opened:
        with pytest.raises(SettingsError, match="No space left on device"):
            opened.importer.run(NAME, opened.file)
        assert not opened.importer.runs()


def test_the_id_of_the_environment_is_asked_for_or_given(house: Open) -> None:
    with house(rest_url=None) as opened:
        with pytest.raises(QueryError, match=r"give it \(environment_id, --environment-id\)"):
            opened.importer.run(NAME, opened.file)
        assert opened.importer.run(NAME, opened.file, environment_id="O12345AA").succeeded


def test_rest_has_none(house: Open) -> None:
    with house(protocol="rest") as opened, pytest.raises(NotOffered) as caught:
        opened.client.importer(opened.journal).run(NAME, opened.file)
    assert caught.value.offered_by == "soap"


def test_the_embedded_profit_is_not_written_to_by_accident(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x")
    with ProfitClient.connect() as client, pytest.raises(SettingsError, match="by accident"):
        client.run_import(NAME, file)


def test_one_at_a_time_waits_for_a_log(house: Open) -> None:
    with house(setup={"imports": Behaviour(seconds=100)}) as opened:
        command_id = opened.importer.start(NAME, opened.file)
        kept = KeptLog(opened.journal, command_id)
        kept.lock()
        with pytest.raises(SettingsError, match=f"Another process waits for the log of import {command_id}"):
            opened.importer.log(command_id)
        kept.unlock()
        assert opened.importer.awaited(command_id).succeeded


def test_two_at_once_send_one(house: Open) -> None:
    with house(setup={"write_delay": 0.2}) as opened:
        ends: list[str] = []

        def start() -> None:
            try:
                ends.append(opened.importer.start(NAME, opened.file))
            except Uncertain:
                ends.append("")

        threads = [threading.Thread(target=start) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(bool, ends)) == [False, False, True]
        assert len(opened.emulator.imports.executed) == 1


def test_an_id_from_elsewhere_is_written_down_and_asked_for(house: Open, tmp_path: Path) -> None:
    with house() as opened:
        command_id = opened.importer.start(NAME, opened.file)
        elsewhere = Importer(opened.client._calls, tmp_path / "elsewhere")
        assert elsewhere.awaited(command_id).succeeded
        assert [run.command_id for run in elsewhere.runs()] == [command_id]


def test_an_id_that_gave_nothing_is_not_written_down(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afas_soap.imports.running._LONGEST_PAUSE", 3600.0)
    with house() as opened:
        assert opened.importer.log("F" * 32, wait=False) is None
        with pytest.raises(Uncertain, match="did not come in 24 hours"):
            opened.importer.log("F" * 32)
        assert not opened.importer.runs()


@pytest.mark.parametrize("command_id", ["", "../../x", "0" * 31, "Z" * 32])
def test_what_is_no_id_names_no_file(house: Open, command_id: str) -> None:
    with house() as opened, pytest.raises(QueryError, match="command_id"):
        opened.importer.log(command_id)
    assert not opened.journal.exists()


def test_a_program_may_hand_in_imports_of_its_own(tmp_path: Path) -> None:
    class Own:
        sent: list[bytes]

        def execute(self, command: Command, archive: BinaryIO) -> str:
            archive.seek(0)
            self.sent = [archive.read()]
            return "0" * 32

        def import_log(self, command_id: str, kept: object) -> bytes:
            raise AccessDenied("no")

    file = tmp_path / "a.csv"
    file.write_text("x")
    own = Own()
    client = ProfitClient(own)
    importer = client.importer(tmp_path / "journal")
    command_id = importer.start(NAME, file, environment_id="O12345AA")
    assert own.sent[0].startswith(b"PK")
    with pytest.raises(AccessDenied):
        importer.log(command_id)
    assert [run.state for run in importer.runs()] == [State.OPEN]


def test_the_client_has_it_in_short(house: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with house() as opened:
        result = opened.client.run_import(NAME, opened.file)
        assert opened.client.import_log(result.command_id) == result
        assert not opened.client.import_definition(opened.file).succeeded
        assert [run.state for run in opened.client.imports()] == [State.DONE, State.DONE]
    assert (tmp_path / "data" / "afas-soap" / "imports" / "imports.jsonl").exists()
