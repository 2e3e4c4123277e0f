"""A question to AFAS SB out of a command's options."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.shared.question import filters

# Options that are called as the arguments are.
_SAME = ("version", "read_keys", "undocumented")
_OF_PAGES = ("skip", "take", "page_size")
_OF_CHANGES = ("cursor", "since", "full")


def rows_question(options: dict[str, Any]) -> dict[str, Any]:
    """Take the question out of ``options`` and give it as the arguments of ``SBClient.rows``."""
    order_by = options.pop("order_by")
    return {
        **_taken(options, _OF_PAGES),
        "where": filters(options.pop("where")) or None,
        "order_by": [order_by] if order_by else None,
    }


def changes_question(options: dict[str, Any]) -> dict[str, Any]:
    """The same of ``SBClient.changes``."""
    return _taken(options, _OF_CHANGES)


def _taken(options: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {**{name: options.pop(name) for name in (*_SAME, *names)}, "query": _query(options.pop("query"))}


def _query(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [term.partition("=") for term in given]
    if not all(sign and name for name, sign, _ in pairs):
        raise click.UsageError("--query is NAME=VALUE, such as BusinessActivityVersion=1")
    return {name: value for name, _, value in pairs}
