"""A question out of a command's options: filters, sort, skip and take, and how values are read."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.options.question import OR
from afas_soap.profit.questions.query import Filter
from afas_soap.profit.questions.where import parse_terms

# Options that are called as the arguments are.
_SAME = ("skip", "take", "page_size", "key", "everything", "aware", "replace_controls")


def filters(where: tuple[str, ...]) -> tuple[Filter, ...]:
    """The filters of the ``--where`` and ``--or`` options."""
    groups: list[list[str]] = [[]]
    for term in where:
        if term == OR:
            groups.append([])
        else:
            groups[-1].append(term)
    if len(groups) > 1 and not all(groups):
        raise click.UsageError("--or stands between two --where options")
    return parse_terms(groups) if where else ()


def rows_arguments(options: dict[str, Any]) -> dict[str, Any]:
    """Take the question out of ``options`` and give it as the arguments of ``ProfitClient.rows``."""
    taken = {name: options.pop(name) for name in _SAME}
    return {
        **taken,
        "where": filters(options.pop("where")) or None,
        "order_by": list(options.pop("order_by")) or None,
        "typed": not options.pop("raw"),
        "dates": options.pop("dates"),
        "files": options.pop("files"),
    }
