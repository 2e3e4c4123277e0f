"""A comparison as text, JSON or JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from afas_soap.cli.shared.terminal import printable
from afas_soap.compare import Difference, FieldDifference, MissingRow, OrderDifference, Report, TypeDifference
from afas_soap.profit.rows import Value
from afas_soap.profit.values import spell


@dataclass(frozen=True, slots=True)
class Failure:
    """What kept a connector from being compared: the error's class, its exit code and its line."""

    kind: str
    code: int
    line: str


@dataclass(frozen=True, slots=True)
class Case:
    """One connector, and how long it took: ``report``, or the ``failure`` in its place."""

    connector: str
    seconds: float
    report: Report | None = None
    failure: Failure | None = None

    @property
    def equal(self) -> bool:
        """It was compared, and nothing differs."""
        return self.report is not None and self.report.equal


def as_text(cases: Sequence[Case]) -> str:
    """One line per connector that was compared, a line below it for each difference, and the total at the end."""
    return "".join(map(one_as_text, cases)) + total(cases)


def one_as_text(case: Case) -> str:
    """The lines of one connector; none where it was not compared, for standard error says so."""
    if case.report is None:
        return ""
    lines = [f"{case.connector}: {_summary(case.report)}", *(f"  {line}" for line in _found(case.report))]
    return "".join(f"{printable(line)}\n" for line in lines)


def total(cases: Sequence[Case]) -> str:
    """The last line: how many were compared, and how many could not be; none where none was."""
    reports = [case.report for case in cases if case.report is not None]
    if cases and not reports:
        return ""
    failed = len(cases) - len(reports)
    behind = f", {failed} could not be compared" if failed else ""
    return f"{len(reports)} compared, {sum(not report.equal for report in reports)} with differences{behind}\n"


def as_json(cases: Sequence[Case]) -> str:
    """An array with an object per connector; one that was not compared has ``error`` in place of what was found."""
    return json.dumps([_object(case) for case in cases], ensure_ascii=False, indent=2) + "\n"


def as_junit(cases: Sequence[Case]) -> str:
    """One test suite with a test case per connector."""
    failures = sum(case.report is not None and not case.equal for case in cases)
    errors = sum(case.failure is not None for case in cases)
    seconds = sum(case.seconds for case in cases)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" time="{seconds:.3f}"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n<testsuite name="{_SUITE}" {counts}>\n'
        f"{''.join(map(_case, cases))}</testsuite>\n</testsuites>\n"
    )


_SUITE = "afas compare"

REPORTS: Mapping[str, Callable[[Sequence[Case]], str]] = {"table": as_text, "json": as_json, "junit": as_junit}


def _found(report: Report) -> Iterator[str]:
    """A line for each note and each difference that is shown, and one for all that are not."""
    yield from (f"note: {note}" for note in report.notes)
    yield from (_type_sentence(difference, report) for difference in report.types)
    yield from (_sentence(difference, report) for difference in report.differences)
    if report.found > len(report.differences):
        yield f"and {report.found - len(report.differences):,} more"


def _summary(report: Report) -> str:
    same = "equal" if report.equal else f"{len(report.types)} columns and {report.found:,} places differ"
    return f"{report.rows[0]:,} rows on {report.left}, {report.rows[1]:,} on {report.right}: {same}"


def _shown(value: Value) -> str:
    """The value with its type, so that ``1`` and ``"1"`` look different."""
    if value is None:
        return "empty"
    return (
        f"{json.dumps(spell(value), ensure_ascii=False) if isinstance(value, str) else spell(value)} ({_type(value)})"
    )


def _type(value: Value) -> str:
    return type(value).__name__.lower()


def _key(key: tuple[Value, ...], report: Report) -> str:
    pairs = zip(report.key, key, strict=True)
    return ", ".join(f"{name}={'' if value is None else spell(value)}" for name, value in pairs)


def _type_sentence(difference: TypeDifference, report: Report) -> str:
    if difference.left is None or difference.right is None:
        there, absent = (report.right, report.left) if difference.left is None else (report.left, report.right)
        return f"column {difference.column}: on {there} only, not on {absent}"
    return f"column {difference.column}: {difference.left} on {report.left}, {difference.right} on {report.right}"


def _sentence(difference: Difference, report: Report) -> str:
    key = _key(difference.key, report)
    match difference:
        case MissingRow():
            return f"row {key}: missing on {difference.on}"
        case FieldDifference():
            sides = f"{_shown(difference.left)} on {report.left}, {_shown(difference.right)} on {report.right}"
            return f"row {key}: {difference.column} is {sides}"
        case OrderDifference():
            return (
                f"row {key}: row {difference.left_row} on {report.left}, row {difference.right_row} on {report.right}"
            )


def _object(case: Case) -> dict[str, object]:
    about = {"connector": case.connector, "equal": case.equal, "seconds": round(case.seconds, 3)}
    if case.failure is not None:
        error = {"kind": case.failure.kind, "exit_code": case.failure.code, "message": case.failure.line}
        return {**about, "error": error}
    return {**about, **(_report(case.report) if case.report is not None else {})}


def _report(report: Report) -> dict[str, object]:
    return {
        "left": report.left,
        "right": report.right,
        "key": list(report.key),
        "whole_row": report.whole_row,
        "notes": report.notes,
        "rows": {"left": report.rows[0], "right": report.rows[1]},
        "types": [{"column": d.column, "left": d.left, "right": d.right} for d in report.types],
        "found": report.found,
        "differences": [_difference(difference) for difference in report.differences],
    }


def _difference(difference: Difference) -> dict[str, object]:
    key = [_value(value) for value in difference.key]
    match difference:
        case MissingRow():
            return {"kind": "missing", "key": key, "on": difference.on, "row": difference.row}
        case FieldDifference():
            sides = {"left": _value(difference.left), "right": _value(difference.right)}
            return {"kind": "field", "key": key, "column": difference.column, **sides}
        case OrderDifference():
            rows = {"left_row": difference.left_row, "right_row": difference.right_row}
            return {"kind": "order", "key": key, **rows}


def _value(value: Value) -> dict[str, str] | None:
    return None if value is None else {"type": _type(value), "value": spell(value)}


def _case(case: Case) -> str:
    name = quoteattr(printable(case.connector))
    inside = _inside(case)
    return f'<testcase classname="{_SUITE}" name={name} time="{case.seconds:.3f}">\n{inside}\n</testcase>\n'


def _inside(case: Case) -> str:
    if case.failure is not None:
        kind, message = quoteattr(case.failure.kind), quoteattr(printable(case.failure.line))
        return f"<error type={kind} message={message}/>"
    assert case.report is not None, "compared, or failed"
    text = escape("\n".join(map(printable, _found(case.report))))
    summary = printable(_summary(case.report))
    if case.equal:
        return f"<system-out>{escape(summary)}{f'{chr(10)}{text}' if text else ''}</system-out>"
    return f'<failure type="difference" message={quoteattr(summary)}>{text}</failure>'
