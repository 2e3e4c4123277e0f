"""``afas check``: an update against its connector's schema."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.exits import DIFFERENCES, FINE, reported
from afas_soap.cli.shared.payloads import line
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.write.updates import checking_from, named, read_update
from afas_soap.connections import load_check
from afas_soap.errors import Problem, UpdateError, Weight
from afas_soap.profit.updates.update import Action, Update
from afas_soap.writing.checking import Checking


def run(connector: str, file: str, action: str, format_: str, **options: Any) -> int:
    """The problems of an update, checked against its connector's schema; gives the exit code."""
    checking = checking_from(options, named(connector)[0])
    try:
        update = read_update(connector, file, Action(action))
        problems = _problems(update, checking, options)
    except UpdateError as error:
        # What cannot even be read has problems as well: they are reported like the others.
        if not error.problems:
            raise
        problems = error.problems
    code = DIFFERENCES if any(problem.weight is Weight.ERROR for problem in problems) else FINE
    return reported(_json(problems) if format_ == "json" else _text(problems), code)


def _problems(update: Update, checking: Checking, options: dict[str, Any]) -> tuple[Problem, ...]:
    if checking.schema is None:
        with connect(options) as profit:
            return profit.check(update, checking)
    # By a schema of one's own nobody is asked: nothing need be configured, and nothing is said of what is.
    log_to_stderr(verbose=options["verbose"])
    return load_check()(update, checking.schema, strict=checking.strict)


def _text(problems: tuple[Problem, ...]) -> str:
    if not problems:
        return "no problems found"
    return "\n".join(printable(f"{problem.weight}: {line(problem)}") for problem in problems)


def _json(problems: tuple[Problem, ...]) -> str:
    shown = [{**dataclasses.asdict(problem), "codes": dict(problem.codes)} for problem in problems]
    text = json.dumps(shown, ensure_ascii=False, indent=2)
    # Half a surrogate pair may stand in a name, and UTF-8 has none: JSON's own escape looks like Python's.
    return text.encode("utf-8", "backslashreplace").decode()
