"""The judge of outcomes, for batches: ``afas insert --journal --lookup`` behind gateways that answer the first attempt
of each record with a form of its own. Run again until it is through, every record is booked once, and the journal has
said nothing of any that was not true.
"""

from __future__ import annotations

import collections
import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli import main

FAMILIES = ("iis", "proxies", "clouds", "managers", "walls", "caches", "thin", "receipts", "broken")
UNTRUE = {"through": ("refused", "notsent", "notfound"), "swallow": ("done", "found")}
"""What a journal may not say of a first attempt, by what the gateway did with it."""
SAID = {"NOT_SENT": "notsent", "REFUSED": "refused", "UNCERTAIN": "uncertain", "done": "done"}

LOOKUP = ("--lookup", "Profit_Subjects:Subject=Ds", "--settle", "0")
SOME = ("503 of http.sys with a time", "401 of IIS", "thread aborted, in Dutch", "Web API does not find it")
"""A few of IIS, one of each kind that was once taken for more than it says."""

_NUMBER = re.compile(rb"no (\d+) of")


@pytest.fixture(params=["rest", "soap"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["through", "swallow"])
def gateway(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def behind(site: Any, protocol: str, gateway: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """That gateway, and variables that lead through it."""
    for name, value in variables(site, protocol, gateway).items():
        monkeypatch.setenv(name, value)
    return site.gateways[gateway]


def variables(site: Any, protocol: str, gateway: str) -> dict[str, str]:
    addresses = {f"AFAS_{name.upper()}": address for name, address in site.gateways[gateway].addresses.items()}
    return {**addresses, "AFAS_TOKEN": site.token, "AFAS_PROTOCOL": protocol}


class Journal:
    """The journal of a batch, read as a person reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def first(self) -> Mapping[int, list[str]]:
        """By the number of the record what was said of its first attempt, and what a lookup of that found."""
        said: dict[int, list[str]] = collections.defaultdict(list)
        attempts: collections.Counter[int] = collections.Counter()
        for line in map(json.loads, self.path.read_text("utf-8").splitlines()[1:]):
            number, what = line["position"], line["what"]
            attempts[number] += what == "sending"
            if attempts[number] == 1 and what != "sending":
                said[number].append(what)
        return said


class Batch:
    """Inserts of which a gateway answers each first attempt with a form, and one more that it has no form for."""

    def __init__(self, site: Any, behind: Any, folder: Path, forms: list[Any]) -> None:
        self.site, self.forms = site, forms
        self.path = folder / "records.jsonl"
        self.journal = Journal(folder / "journal")
        self.subjects = [f"no {number} of {folder.name}" for number in range(len(forms) + 1)]
        lines = [json.dumps(_payload(StId=4, Ds=subject)) for subject in self.subjects]
        self.path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        waiting = dict(enumerate(forms))
        behind.writes.clear()
        behind.instead = lambda write: waiting.pop(_number(write), None)

    def run(self, *options: str) -> int:
        """The exit code of one run."""
        return main(
            ["insert", "KnSubject", str(self.path), "--journal", str(self.journal.path), "--no-check", *options]
        )

    def run_through(self, *options: str) -> int:
        """How many runs it takes until one ends well: never more than there are forms, and two."""
        for number in range(len(self.forms) + 2):
            if self.run(*options) == 0:
                return number + 1
        raise AssertionError("it never ends")

    def untrue(self, gateway: str) -> list[str]:
        """What the journal says against the truth."""
        first = self.journal.first
        said = [(form.name, word) for number, form in enumerate(self.forms) for word in first[number]]
        return [f"{name}: {word}" for name, word in said if word in UNTRUE[gateway]]

    def miscounted(self) -> list[str]:
        """Which records are not booked once."""
        counts = [self.site.subjects(subject) for subject in self.subjects]
        return [f"record {number} is booked {count} times" for number, count in enumerate(counts) if count != 1]


def _payload(number: int | None = None, **fields: object) -> dict[str, object]:
    """A record as AFAS spells it, which needs no schema: asked for and read anew in each run, that takes most of it."""
    key = {} if number is None else {"@SbId": number}
    return {"KnSubject": {"Element": {**key, "Fields": fields}}}


def _number(write: Any) -> int:
    found = _NUMBER.search(write.body)
    assert found is not None, "every record of a batch has its number"
    return int(found[1])


def on(protocol: str, forms: Iterable[Any]) -> list[Any]:
    return [form for form in forms if form.on(protocol) is not None]


def assert_none(wrong: list[str]) -> None:
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("family", FAMILIES)
def test_every_record_is_booked_once(forms, site, behind, tmp_path, protocol: str, gateway: str, family: str) -> None:
    """Several calls at once, so that one run meets several forms; and what was refused is sent again."""
    batch = Batch(site, behind, tmp_path, on(protocol, forms.foreign()[family]))
    batch.run_through(*LOOKUP, "--retry-refused", "--parallel", "5")
    assert_none([*batch.untrue(gateway), *batch.miscounted()])
    sent = len(behind.writes)
    assert batch.run(*LOOKUP, "--retry-refused") == 0
    assert len(behind.writes) == sent


def test_one_after_the_other(forms, site, behind, tmp_path, protocol: str, gateway: str) -> None:
    """One call at a time: whatever leaves doubt ends its run, and the next one looks it up."""
    chosen = on(protocol, forms.foreign()["walls"])
    batch = Batch(site, behind, tmp_path, chosen)
    assert batch.run_through(*LOOKUP) == len(chosen) + 1
    assert_none([*batch.untrue(gateway), *batch.miscounted()])
    found = "found" if gateway == "through" else "notfound"
    assert {tuple(batch.journal.first[number]) for number in range(len(chosen))} == {("uncertain", found)}


def test_afas_own_answers_end_as_they_should(forms, site, behind, tmp_path, protocol: str, gateway: str) -> None:
    """The journal says what the answer says; in the end all is booked once, also what was refused at first."""
    every = on(protocol, (*forms.own(), *forms.words()))
    chosen = [form for form in every if form.booked in (gateway == "through", None)]
    batch = Batch(site, behind, tmp_path, chosen)
    batch.run_through(*LOOKUP, "--retry-refused", "--parallel", "5")
    said = [(form, batch.journal.first[number][0]) for number, form in enumerate(chosen)]
    wrong = [f"{form.name}: {word} in place of {SAID[form.fate]}" for form, word in said if word != SAID[form.fate]]
    assert_none([*wrong, *batch.miscounted()])


@pytest.mark.parametrize("name", SOME)
def test_without_a_lookup_nothing_more_is_sent(forms, site, behind, tmp_path, name: str) -> None:
    """Whoever asks again, and whatever is to be sent again."""
    batch = Batch(site, behind, tmp_path, [form for form in forms.foreign()["iis"] if form.name == name])
    assert [batch.run(), batch.run("--retry-refused")] == [8, 8]
    assert (len(behind.writes), batch.journal.first) == (1, {0: ["uncertain"]})


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("action", ["update", "delete"])
def test_a_change_and_a_delete_are_not_sent_again(forms, site, behind, tmp_path, name: str, action: str) -> None:
    """There is no lookup for them: a person has to look."""
    (form,) = (form for form in forms.foreign()["iis"] if form.name == name)
    fields = {"Ds": "Later"} if action == "update" else {}
    (tmp_path / "records.jsonl").write_text(json.dumps(_payload(1, **fields)) + "\n", encoding="utf-8")
    journal = Journal(tmp_path / "journal")
    command = [action, "KnSubject", str(tmp_path / "records.jsonl"), "--journal", str(journal.path), "--no-check"]
    command += ["--yes"] if action == "delete" else []
    # What it is answered with must be about a record that is there, which a delete that went through takes away.
    behind.answers_once(form)
    assert [main(command), main([*command, "--retry-refused"])] == [8, 8]
    assert (len(behind.writes), journal.first) == (1, {0: ["uncertain"]})


def test_a_process_ends_with_its_code(forms, site, tmp_path, warm, protocol: str, gateway: str) -> None:
    """What a scheduler sees: 8, one line that says so, and no receipt."""
    subject = f"one of {tmp_path.name}"
    (tmp_path / "record.json").write_text(json.dumps({"StId": 4, "Ds": subject}), encoding="utf-8")
    name = "503, a time and no body" if gateway == "through" else "503 of Apache"
    site.gateways[gateway].answers_once(next(form for form in forms.foreign()["proxies"] if form.name == name))
    ran = subprocess.run(
        [*warm, "-m", "afas_soap", "insert", "KnSubject", "record.json"],
        cwd=tmp_path,
        env={**os.environ, **variables(site, protocol, gateway)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (8, "", 1)
    assert site.subjects(subject) == (gateway == "through")
