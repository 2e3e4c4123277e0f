"""A record as JSON, with duplicate names (RFC 8259 4) seen: a reader of JSON keeps the last, and says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from afas_soap.errors import Problem, UpdateError
from afas_soap.sb.jsonnumbers import loads


def record_in(text: bytes | str) -> object:
    """The JSON value in ``text``, of which no object has a name twice; numbers as ``jsonnumbers.loads`` has them.

    ``ValueError`` for what is no JSON, and ``UpdateError`` with every name that stands somewhere twice: which of the
    two is meant, nobody but its author knows.
    """
    doubled = _Doubled()
    value = loads(text, pairs=doubled.made)
    problems = tuple(doubled.problems(value))
    if problems:
        raise UpdateError.of(*problems)
    return value


class _Doubled:
    """The objects that have a name twice, while they are read from within outwards and nothing tells their place."""

    def __init__(self) -> None:
        # With the object itself, so that no other one takes its id.
        self._found: dict[int, tuple[dict[str, object], tuple[str, ...]]] = {}

    def made(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """The object of these members."""
        made = dict(pairs)
        if len(made) < len(pairs):
            counted = Counter(name for name, _ in pairs)
            self._found[id(made)] = made, tuple(name for name in made if counted[name] > 1)
        return made

    def problems(self, value: object) -> Iterator[Problem]:
        """Their names, each with its place within ``value``."""
        waiting: list[tuple[str, object]] = [("", value)] if self._found else []
        while waiting:
            path, found = waiting.pop()
            if isinstance(found, dict):
                for name in self._found.get(id(found), ({}, ()))[1]:
                    yield Problem(_below(path, name), "twice", "this name stands here twice: leave one of them out.")
                waiting += [(_below(path, name), inner) for name, inner in reversed(list(found.items()))]
            elif isinstance(found, list):
                waiting += [(f"{path}[{at}]", inner) for at, inner in reversed(list(enumerate(found, 1)))]


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
