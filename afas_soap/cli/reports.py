"""A comparison as text, JSON or JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from afas_soap.cli.terminal import printable
from afas_soap.compare import Difference, FieldDifference, MissingRow, OrderDifference, Report, TypeDifference
from afas_soap.profit.rows import Value
from afas_soap.profit.values import spell


def as_text(reports: Sequence[Report]) -> str:
    """One line per connector, a line below it for each difference, and the total at the end."""
    return "".join(map(one_as_text, reports)) + total(reports)


def one_as_text(report: Report) -> str:
    """The lines of one connector."""
    lines = [f"{report.connector}: {_summary(report)}"]
    lines += [f"  note: {note}" for note in report.notes]
    lines += [f"  {_type_sentence(difference, report)}" for difference in report.types]
    lines += [f"  {_sentence(difference, report)}" for difference in report.differences]
    if report.found > len(report.differences):
        lines.append(f"  and {report.found - len(report.differences):,} more")
    return "".join(f"{printable(line)}\n" for line in lines)


def total(reports: Sequence[Report]) -> str:
    """The last line: how many were compared."""
    differing = sum(not report.equal for report in reports)
    return f"{len(reports)} compared, {differing} with differences\n"


def as_json(reports: Sequence[Report]) -> str:
    """An array with an object per connector."""
    return json.dumps([_report(report) for report in reports], ensure_ascii=False, indent=2) + "\n"


def as_junit(reports: Sequence[Report]) -> str:
    """One test suite per connector, with a test case for its columns and one for its rows."""
    suites = "".join(_suite(report) for report in reports)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}</testsuites>\n'


REPORTS: Mapping[str, Callable[[Sequence[Report]], str]] = {"table": as_text, "json": as_json, "junit": as_junit}


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


def _report(report: Report) -> dict[str, object]:
    return {
        "connector": report.connector,
        "left": report.left,
        "right": report.right,
        "equal": report.equal,
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


def _suite(report: Report) -> str:
    name = quoteattr(report.connector)
    columns = [_type_sentence(difference, report) for difference in report.types]
    rows = [_sentence(difference, report) for difference in report.differences]
    failures = bool(columns) + bool(report.found)
    cases = _case(name, "columns", columns, len(columns)) + _case(name, "rows", rows, report.found)
    return f'<testsuite name={name} tests="2" failures="{failures}">\n{cases}</testsuite>\n'


def _case(suite: str, name: str, sentences: list[str], found: int) -> str:
    if not found:
        return f'<testcase classname={suite} name="{name}"/>\n'
    text = escape("\n".join(printable(sentence) for sentence in sentences))
    failure = f'<failure message="{found} differences">{text}</failure>'
    return f'<testcase classname={suite} name="{name}">{failure}</testcase>\n'
