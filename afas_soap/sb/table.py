"""The resource table (a catalogue): every operation of SB, found by connector, verb and version.

Which version a call takes unless one is named: the newest that AFAS' current file has, or the newest there is for what
that file has no more (small-business.md 0 and 4).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from afas_soap.errors import QueryError
from afas_soap.profit.suggestions import nearest
from afas_soap.sb import notation, reads, writes
from afas_soap.sb.operation import Operation, Verb, version_key


class Table:
    """Operations by connector, verb and version. ``shipped()`` is the one that we have; an OpenAPI file makes another
    (``sb.openapi``)."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = tuple(operations)
        self._found: dict[tuple[str, Verb], list[Operation]] = {}
        for operation in sorted(operations, key=lambda one: version_key(one.version)):
            self._found.setdefault((operation.connector.lower(), operation.verb), []).append(operation)

    @property
    def connectors(self) -> tuple[str, ...]:
        """The names of all connectors, in order."""
        return tuple(sorted({operation.connector for operation in self.operations}))

    def verbs(self, connector: str) -> tuple[Verb, ...]:
        """What one may do with a connector; () for one that is not known."""
        return tuple(verb for verb in Verb if (connector.lower(), verb) in self._found)

    def versions(self, connector: str, verb: Verb) -> tuple[str, ...]:
        """The versions of one verb, the oldest first."""
        return tuple(operation.version for operation in self._found.get((connector.lower(), verb), ()))

    def operation(self, connector: str, verb: Verb, version: str | None = None) -> Operation:
        """That operation, the newest version unless one is named. The name's case does not count.

        ``1`` is ``1.0``, and the newest that begins with 1 where there is no such (both inferred).
        ``QueryError`` names the nearest connector, the verbs or the versions that there are.
        """
        found = self._found.get((connector.lower(), verb))
        if found is None:
            raise self._unknown(connector, verb)
        if version is None:
            return found[-1]
        wanted = version_key(version)
        same = [operation for operation in found if version_key(operation.version) == wanted]
        # AFAS' file of 6.0.0 asks for version 1 of a body of 1.1.
        of_same = [operation for operation in found if version_key(operation.version)[0] == wanted[0]]
        if same or (of_same and "." not in version):
            return (same or of_same)[-1]
        there = ", ".join(operation.version for operation in found)
        raise QueryError(f"{verb} {connector} has no version {version} here; there is {there}.")

    def _unknown(self, connector: str, verb: Verb) -> QueryError:
        verbs = self.verbs(connector)
        if verbs:
            return QueryError(f"{connector} has no {verb} in SB; it has {', '.join(verbs)}.")
        meant = nearest(connector, self.connectors)
        hint = f" Did you mean {meant}?" if meant else " 'afas sb resources' lists them."
        return QueryError(f"SB has no connector {connector!r}.{hint}")


@functools.cache
def shipped() -> Table:
    """The table of this version: 6.0.0 and 8.0."""
    return Table((*notation.parse(reads.READS, reads.SETS), *notation.parse(writes.WRITES, writes.SETS)))
