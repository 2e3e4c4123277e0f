"""Scopes of the Admin Center: the customer environments of a domain, as its answer lists them (small-business.md 1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from afas_soap.errors import AnswerError


@dataclass(frozen=True, slots=True)
class Scope:
    """One customer environment: ``path`` stands in its address. ``description`` is "" where it has none."""

    name: str
    path: str
    description: str = ""


def scopes_in(body: bytes) -> tuple[Scope, ...]:
    """The scopes in an answer. Raises ``AnswerError`` for what is no such list."""
    try:
        return tuple(_scopes(json.loads(body)))
    except (LookupError, TypeError, ValueError, RecursionError):
        failure = AnswerError("The Admin Center's list of customer environments is not one of Name and Path.")
    # No name is to stand for what was answered where this is raised.
    body = b""
    raise failure


def _scopes(found: object) -> Iterator[Scope]:
    if not isinstance(found, list):
        raise TypeError
    for one in found:
        # Names without their case: the guides spell members in more than one way.
        members = {str(name).lower(): value for name, value in one.items()} if isinstance(one, dict) else {}
        yield Scope(_text(members["name"]), _text(members["path"]), _text(members.get("description") or ""))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
