"""``afas sb post``, ``put``, ``delete`` and ``blob`` against an SB on a port: what is told, kept, and sent once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli import main
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server
from afas_soap.emulator.sb.seed import samples

ADMINISTRATION = "701b747b-eea2-5ed1-8518-973e5c670252"
LEDGER = samples.LEDGER_ACCOUNTS[ADMINISTRATION, "8000"]
NOWHERE = "11111111-2222-4333-8444-555555555555"
OTHER = next(each for each, number in samples.LEDGER_ACCOUNTS if number == "8000" and each != ADMINISTRATION)
LOOKUP = ("--lookup", "sb:debtorinvoicebalance:InvoiceNumber=InvoiceNumber")


class Ran:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def run_(*arguments: object) -> Ran:
        capfd.readouterr()
        code = main(["sb", *map(str, arguments)])
        return Ran(code, *capfd.readouterr())

    return run_


@pytest.fixture
def served(sb_serving: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Server]:
    """An SB that the variables of the process name."""

    def served_(**fields: Any) -> Server:
        server = sb_serving(**fields)
        monkeypatch.setenv("AFAS_API", "sb")
        monkeypatch.setenv("AFAS_ENVIRONMENT", server.sb_url("enyoi"))
        monkeypatch.setenv("AFAS_AUTH", "app-token")
        monkeypatch.setenv("AFAS_APP_TOKEN", "demo-sb-app-token")
        monkeypatch.setenv("AFAS_SCOPE", "enyoi")
        return server

    return served_


@pytest.fixture
def server(served: Callable[..., Server]) -> Server:
    return served()


def entry(number: object, **changes: object) -> dict[str, object]:
    line = {"LedgerAccountId": LEDGER, "AmountExcludingVat": 40.55, "VatType": "High", "AmountVat": 8.52}
    line = {**line, **{name: changes.pop(name) for name in list(changes) if name in line}}
    return {
        "AdministrationId": ADMINISTRATION,
        "InvoiceDate": "2026-01-22",
        "InvoiceNumber": str(number),
        "RelationType": "organisation",
        "RelationId": samples.ORGANISATIONS[0],
        "InvoiceLine": [line],
        **changes,
    }


def kept(path: Path, *bodies: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(body) + "\n" for body in bodies), "utf-8")
    return path


def rows(server: Server, connector: str, **where: object) -> list[dict[str, object]]:
    return list(server.emulator.sb.environments["enyoi"].tables.find(connector, where))


def invoices(server: Server, *numbers: object) -> list[int]:
    return [len(rows(server, "debtorinvoicebalance", InvoiceNumber=str(number))) for number in numbers]


# --- one call ---


def test_a_record_is_made_and_shows(server: Server, run: Run, tmp_path: Path) -> None:
    ran = run("post", "salesjournalentry", kept(tmp_path / "entry.json", entry("V-1")))
    assert ran.code == 0
    assert ran.told["result"] == "Succeeded"
    assert list(ran.told["data"]) == ["SalesJournalEntryId"]
    assert invoices(server, "V-1") == [1]


def test_a_dry_run_sends_nothing_and_shows_no_secret(server: Server, run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path / "entry.json", entry("V-1"))
    ran = run("post", "salesjournalentry", file, "--dry-run", "--identifier", NOWHERE.upper())
    assert ran.code == 0
    assert f"POST {server.sb_url('enyoi')}/api/salesjournalentry\n" in ran.out
    assert f"Tracking-Identifier: {NOWHERE}\n" in ran.out
    assert '"AmountExcludingVat":40.55,"VatType":"high"' in ran.out
    assert "demo-sb-app-token" not in ran.out
    assert invoices(server, "V-1") == [0]


def test_a_name_that_stands_twice_is_sent_neither_alone_nor_in_a_batch(
    server: Server, run: Run, tmp_path: Path
) -> None:
    """Which of the two is meant, nobody knows; JSON's reader would keep the last."""
    text = json.dumps(entry("V-1")).replace('"AmountVat": 8.52', '"AmountVat": 8.52, "AmountVat": 999')
    single, many = tmp_path / "entry.json", tmp_path / "entries.jsonl"
    for file in (single, many):
        file.write_text(f"{text}\n", "utf-8")
    for arguments in ((single,), (many, "--journal", tmp_path / "j")):
        ran = run("post", "salesjournalentry", *arguments)
        assert ran.code == 1
        assert "InvoiceLine[1]/AmountVat: this name stands here twice: leave one of them out." in ran.err
    assert invoices(server, "V-1") == [0]


def test_an_older_sb_is_told_another_version_by_its_option(
    served: Callable[..., Server], run: Run, tmp_path: Path
) -> None:
    """Who names none has the newest of the table."""
    served(dialect="6.0")
    file = kept(tmp_path / "entry.json", entry("V-1"))
    ran = run("post", "salesjournalentry", file)
    assert ran.code == 5
    assert "3.0 was asked for; name another (version=, CLI: --version): 2.0." in ran.err
    assert ran.err.count("--version") == 1
    ran = run("post", "salesjournalentry", file, "--version", "2.0")
    assert "--version" not in ran.err


def test_every_problem_has_a_line_and_nothing_is_sent(server: Server, run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path / "entry.json", entry("V-1", InvoiceDate="x", AmountExcludingVat=100.255))
    ran = run("post", "salesjournalentry", file)
    assert ran.code == 1
    assert "afas: error: InvoiceDate: " in ran.err
    assert "afas: error: InvoiceLine[1]/AmountExcludingVat: more than two decimals" in ran.err
    assert invoices(server, "V-1") == [0]


def test_the_same_identifier_is_carried_out_once(server: Server, run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path / "entry.json", entry("V-1"))
    one = run("post", "salesjournalentry", file, "--identifier", NOWHERE)
    other = run("post", "salesjournalentry", file, "--identifier", NOWHERE)
    assert one.told == other.told
    assert invoices(server, "V-1") == [1]


def test_an_answer_that_is_cut_off_is_asked_for_again(server: Server, run: Run, tmp_path: Path) -> None:
    server.emulator.faults.add(parse_fault("cut:20,path=salesjournalentry"))
    assert run("post", "salesjournalentry", kept(tmp_path / "entry.json", entry("V-1"))).code == 0
    assert invoices(server, "V-1") == [1]


def test_without_patience_it_is_uncertain_and_tells_its_identifier(
    served: Callable[..., Server], run: Run, tmp_path: Path
) -> None:
    server = served()
    server.emulator.faults.add(parse_fault("cut:20,path=salesjournalentry"))
    ran = run("post", "salesjournalentry", kept(tmp_path / "entry.json", entry("V-1")), "--retry-total", "0")
    assert ran.code == 8
    assert "Its Tracking-Identifier is " in ran.err


@pytest.mark.parametrize(
    ("file", "told"),
    [("[]", "one call takes one record"), ("{", "holds no JSON"), ('{"a":1}\n{"a":2}', "takes --journal")],
)
def test_a_file_that_holds_no_record(server: Server, run: Run, tmp_path: Path, file: str, told: str) -> None:
    (tmp_path / "entry.json").write_text(file)
    ran = run("post", "salesjournalentry", tmp_path / "entry.json")
    assert (ran.code, told in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("post", "salesjournalentry", "e.jsonl"), "give --journal FILE"),
        (("post", "salesjournalentry", "e.json", "--accept"), "--accept is for a batch"),
        (("post", "salesjournalentry", "-", "--journal", "j"), "cannot come from standard input"),
        (("post", "salesjournalentry", "e.jsonl", "--journal", "j", "--dry-run"), "--journal is for many"),
        (("post", "salesjournalentry", "e.json", "--identifier", "x"), "identifier: it is a UUID"),
        (("delete", "salesjournalentry"), "name what to delete"),
        (("delete", "salesjournalentry", "e.json", "--id", NOWHERE), "name what to delete"),
        (("delete", "salesjournalentry", "--id", NOWHERE, "--administration", NOWHERE), "confirm it with --yes"),
        (("post", "nothing", "e.json"), "has no connector"),
        (("put", "salesinvoice", "e.json"), "has no PUT"),
        (("blob", "get", NOWHERE), "--of"),
        (("post", "salesjournalentry", "e.jsonl", "--journal", "j", "--lookup", "x"), "it is spelt sb:"),
        (("post", "salesjournalentry", "e.jsonl", "--journal", "j", "--repeat-within", "nan"), "a number of seconds"),
        (("post", "salesjournalentry", "e.jsonl", "--journal", "j", "--lookup", "sb:vatrate:Nr=Nr"), "no column Nr"),
    ],
)
def test_what_contradicts_itself(
    server: Server, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("e.json", "e.jsonl"):
        kept(tmp_path / name, entry("1"))
    ran = run(*arguments)
    assert ran.code == 2
    assert told in ran.err
    assert rows(server, "debtorinvoicebalance", InvoiceNumber="1") == []


# --- what SB keeps although it failed ---


def test_an_entry_left_in_error_is_deleted_by_the_words_of_the_message(
    server: Server, run: Run, tmp_path: Path
) -> None:
    file = kept(tmp_path / "entry.json", entry("V-1", LedgerAccountId=NOWHERE))
    ran = run("post", "salesjournalentry", file)
    assert ran.code == 9
    words = ran.err.partition("delete it: afas sb ")[2].partition(".")[0].split()
    assert words[:3] == ["delete", "salesjournalentry", "--administration"]
    assert run("post", "salesjournalentry", kept(file, entry("V-1"))).code == 5, "its number is taken"
    ran = run(*words, "--yes")
    assert (ran.code, ran.told["data"]) == (0, {"SalesJournalEntryId": words[-1]})
    assert run("post", "salesjournalentry", file).code == 0


@pytest.mark.parametrize("dialect", ["6.0", "8.0"])
def test_of_a_batch_it_is_told_and_not_sent_again(
    served: Callable[..., Server], run: Run, tmp_path: Path, dialect: str
) -> None:
    server = served(dialect=dialect)
    version = ("--version", "2.0") if dialect == "6.0" else ()
    file = kept(tmp_path / "e.jsonl", entry(1), entry(2, LedgerAccountId=NOWHERE), entry(3))
    batch = ("post", "salesjournalentry", file, "--journal", tmp_path / "j", *version)
    ran = run(*batch)
    assert (ran.code, ran.told["done"], ran.told["stored"], ran.told["left"]) == (9, 2, [2], 0)
    assert "afas: line 2 stored: " in ran.err
    again = run(*batch, "--retry-refused")
    assert (again.code, again.told["done"], again.told["stored_before"]) == (9, 0, [2])
    assert invoices(server, 1, 2, 3) == [1, 0, 1]
    kept(file, entry(1), entry(2), entry(3))
    refused = run(*batch)
    assert refused.code == 2
    by_hand = refused.err.partition("(afas sb ")[2].partition(" --journal")[0].split()
    words = ran.err.partition("delete it: afas sb ")[2].partition(".")[0].split()
    assert [ADMINISTRATION if word == "ADMINISTRATION" else word for word in by_hand] == words
    assert run(*words, "--yes", "--journal", tmp_path / "j", *(("--version", "2.0") if version else ())).code == 0
    ran = run(*batch)
    assert (ran.code, ran.told["done"], ran.told["done_before"]) == (0, 1, 2)
    assert invoices(server, 1, 2, 3) == [1, 1, 1]


def test_with_accept_a_corrected_line_goes(server: Server, run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path / "e.jsonl", entry(1, LedgerAccountId=NOWHERE))
    batch = ("post", "salesjournalentry", file, "--journal", tmp_path / "j")
    assert run(*batch).code == 9
    kept(file, entry("1a"))
    ran = run(*batch, "--accept")
    assert (ran.code, ran.told["done"]) == (0, 1)


@pytest.mark.parametrize(
    ("journal", "told"),
    [
        (None, "There is no journal"),
        ("hello\n", "is no journal"),
        ('{"what":"journal","format":2,"connector":"financialjournalentry"}\n', "is of another batch"),
        ("", "is no journal"),
    ],
)
def test_a_journal_that_cannot_be_told_is_refused_before_the_delete(
    server: Server, run: Run, tmp_path: Path, journal: str | None, told: str
) -> None:
    made = run("post", "salesjournalentry", kept(tmp_path / "e.json", entry(1))).told["data"]["SalesJournalEntryId"]
    if journal is not None:
        (tmp_path / "j").write_text(journal)
    named = ("delete", "salesjournalentry", "--administration", ADMINISTRATION, "--id", made, "--yes")
    ran = run(*named, "--journal", tmp_path / "j")
    assert (ran.code, told in ran.err) == (2, True)
    assert invoices(server, 1) == [1]


def test_nor_does_it_delete_what_the_journal_does_not_know(server: Server, run: Run, tmp_path: Path) -> None:
    run("post", "salesjournalentry", kept(tmp_path / "e.jsonl", entry(0)), "--journal", tmp_path / "j")
    made = run("post", "salesjournalentry", kept(tmp_path / "e.json", entry(1))).told["data"]["SalesJournalEntryId"]
    named = ("delete", "salesjournalentry", "--administration", ADMINISTRATION, "--id", made, "--yes")
    ran = run(*named, "--journal", tmp_path / "j")
    assert (ran.code, "does not know" in ran.err) == (2, True)
    assert invoices(server, 1) == [1]
    assert run(*named).code == 0


# --- batches ---


def test_a_batch_goes_on_where_it_broke_off(server: Server, run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path / "e.jsonl", *(entry(number) for number in range(5)))
    batch = ("post", "salesjournalentry", file, "--journal", tmp_path / "j", "--parallel", "2")
    server.emulator.faults.add(parse_fault("reset,path=salesjournalentry,call=3,done=yes"))
    ran = run(*batch, "--retry-total", "0")
    assert ran.code == 8
    assert "repeats it under the same identifier" in ran.err
    ran = run(*batch)
    assert (ran.code, ran.told["left"]) == (0, 0)
    assert invoices(server, *range(5)) == [1] * 5


def test_behind_the_window_only_a_lookup_tells(served: Callable[..., Server], run: Run, tmp_path: Path) -> None:
    """And nothing is stored twice by an SB that forgot."""
    server = served(memory_seconds=0.0)
    file = kept(tmp_path / "e.jsonl", entry(1), entry(2))
    batch = ("post", "salesjournalentry", file, "--journal", tmp_path / "j", "--repeat-within", "0")
    server.emulator.faults.add(parse_fault("cut:20,path=salesjournalentry"))
    assert run(*batch).code == 8
    ran = run(*batch)
    assert (ran.code, "--lookup sb:CONNECTOR:COLUMN=FIELD" in ran.err) == (8, True)
    assert invoices(server, 1, 2) == [1, 0]
    ran = run(*batch, *LOOKUP)
    assert (ran.code, ran.told["found"], ran.told["done"]) == (0, 1, 1)
    assert invoices(server, 1, 2) == [1, 1]


@pytest.mark.parametrize("memory", [0.0, 900.0])
def test_a_delete_whose_answer_broke_off_was_carried_out_all_the_same(
    served: Callable[..., Server], run: Run, tmp_path: Path, memory: float
) -> None:
    server = served(memory_seconds=memory)
    made = run("post", "salesjournalentry", kept(tmp_path / "e.json", entry(1))).told["data"]["SalesJournalEntryId"]
    server.emulator.faults.add(parse_fault("cut:20,path=salesjournalentry"))
    ran = run("delete", "salesjournalentry", "--administration", ADMINISTRATION, "--id", made, "--yes")
    assert (ran.code, "does not exist" in ran.err) == ((8, True) if not memory else (0, False))
    assert invoices(server, 1) == [0]


def test_under_the_identifier_of_a_call_that_sb_forgot_it_is_uncertain(
    served: Callable[..., Server], run: Run, tmp_path: Path
) -> None:
    served(memory_seconds=0.0)
    again = ("post", "salesjournalentry", kept(tmp_path / "entry.json", entry("V-1")), "--identifier", NOWHERE)
    assert run(*again).code == 0
    ran = run(*again)
    assert (ran.code, "already exists" in ran.err) == (8, True)


def test_an_entry_in_error_is_in_no_list_and_its_record_stays_uncertain(
    served: Callable[..., Server], run: Run, tmp_path: Path
) -> None:
    """Its answer broke off, and the lookup cannot see it."""
    server = served(memory_seconds=0.0)
    file = kept(tmp_path / "e.jsonl", entry(1, LedgerAccountId=NOWHERE))
    options = ("--retry-total", "0", "--repeat-within", "0", "--settle", "0", *LOOKUP)
    batch = ("post", "salesjournalentry", file, "--journal", tmp_path / "j", *options)
    server.emulator.faults.add(parse_fault("cut:20,path=salesjournalentry"))
    assert run(*batch).code == 8
    (tmp_path / "j").write_text(_long_ago((tmp_path / "j").read_text()))
    ran = run(*batch)
    assert (ran.code, "an entry in error is in no list" in ran.err) == (8, True)
    assert (tmp_path / "j").read_text().count("notfound") == 1


@pytest.mark.parametrize("lost", [True, False])
def test_a_record_is_looked_for_in_its_own_administration(
    served: Callable[..., Server], run: Run, tmp_path: Path, lost: bool
) -> None:
    """Another one may have an invoice of that number."""
    server = served(memory_seconds=0.0)
    assert run("post", "salesjournalentry", kept(tmp_path / "e.json", entry(1))).code == 0
    file = kept(tmp_path / "e.jsonl", elsewhere(0), elsewhere(1))
    options = ("--retry-total", "0", "--repeat-within", "0", "--settle", "0", *LOOKUP)
    batch = ("post", "salesjournalentry", file, "--journal", tmp_path / "j", *options)
    server.emulator.faults.add(parse_fault(f"reset,path=salesjournalentry,call=2,done={'no' if lost else 'yes'}"))
    assert run(*batch).code == 8
    (tmp_path / "j").write_text(_long_ago((tmp_path / "j").read_text()))
    ran = run(*batch)
    assert (ran.code, ran.told["found"], ran.told["done"]) == (0, int(not lost), int(lost))
    assert invoices(server, 0, 1) == [1, 2]


def elsewhere(number: object) -> dict[str, object]:
    """An entry of another administration."""
    return entry(number, AdministrationId=OTHER, LedgerAccountId=samples.LEDGER_ACCOUNTS[OTHER, "8000"])


def _long_ago(journal: str) -> str:
    """What was sent has had the time to arrive."""
    return re.sub(r'"time":"\d{4}', '"time":"2020', journal)


def test_a_batch_of_deletes(server: Server, run: Run, tmp_path: Path) -> None:
    run("post", "salesjournalentry", kept(tmp_path / "e.jsonl", *map(entry, "ab")), "--journal", tmp_path / "j")
    lines = [json.loads(line) for line in (tmp_path / "j").read_text().splitlines()]
    ids = [line["keys"][0]["SalesJournalEntryId"] for line in lines if line["what"] == "done"]
    file = kept(tmp_path / "d.jsonl", *({"AdministrationId": ADMINISTRATION, "Id": made} for made in ids))
    assert run("delete", "salesjournalentry", file, "--journal", tmp_path / "d", "--yes").told["done"] == 2
    assert invoices(server, "a", "b") == [0, 0]


# --- documents ---


def test_a_document_up_and_the_one_of_a_row_down(server: Server, run: Run, tmp_path: Path) -> None:
    (tmp_path / "invoice.pdf").write_bytes(b"%PDF-1.7 of a test")
    ran = run("blob", "put", tmp_path / "invoice.pdf")
    assert ran.code == 0
    body = entry("V-1", Attachments=[{"AttachmentId": ran.told["id"]}])
    assert run("post", "salesjournalentry", kept(tmp_path / "entry.json", body)).code == 0
    row = next(row for row in rows(server, "salesinvoices") if row["Blob"])
    blob = row["Blob"]
    identity = (blob[0] if isinstance(blob, list) else blob)["Id"]  # type: ignore[index]
    ran = run("blob", "get", identity, "--of", "salesinvoices", "-o", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert (tmp_path / "out").read_bytes()


def test_a_document_that_no_row_names(server: Server, run: Run, tmp_path: Path) -> None:
    assert run("blob", "get", NOWHERE, "--of", "salesinvoices", "-o", tmp_path / "out").code == 4
    (tmp_path / "key").write_text("eyJ.none.none\n")
    ran = run("blob", "get", NOWHERE, "--read-key-file", tmp_path / "key", "-o", tmp_path / "out")
    assert ran.code in (3, 4, 5)
    assert "eyJ.none" not in ran.err
    (tmp_path / "key").write_text("two words")
    assert run("blob", "get", NOWHERE, "--read-key-file", tmp_path / "key").code == 2
    assert not (tmp_path / "out").exists()
