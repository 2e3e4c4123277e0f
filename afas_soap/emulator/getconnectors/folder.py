"""Your own files as GetConnectors: every ``NAME.csv`` and ``NAME.json`` in a folder is the connector NAME.

CSV has a header, UTF-8, and commas, semicolons or tabs between its values; all of its columns are text. JSON is a list
of objects, or an object whose ``rows`` is one; its columns have the types that JSON has, and a text that is exactly a
date-time with Z is one. A file ``NAME.fields.json`` in the form of metainfo beside it gives the types and the order of
the columns instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from afas_soap.emulator.getconnectors.csvfile import read_csv
from afas_soap.emulator.getconnectors.files import Loaded, unreadable
from afas_soap.emulator.getconnectors.jsonfile import read_json
from afas_soap.emulator.getconnectors.tables import LISTING
from afas_soap.errors import AnswerError, SettingsError
from afas_soap.profit.connectors.metainfo import fields_from_metainfo
from afas_soap.profit.fields import Fields

SIDECAR = ".fields.json"

_READERS = {".csv": read_csv, ".json": read_json}
# A connector's name stands in addresses and is the name of an element.
_NAME = re.compile(r"[^\W\d][\w.-]*")


def load(folder: Path) -> Iterator[Loaded]:
    """A connector per file, in the order of their names.

    Raises ``SettingsError`` naming the file, and the line or row where there is one; a fault in a row is found when the
    rows are read.
    """
    if not folder.is_dir():
        raise SettingsError(f"data: {folder} is no folder.")
    seen: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _READERS or path.name.lower().endswith(SIDECAR) or not path.is_file():
            continue
        name = path.stem
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"data: {path.name} gives no name for a connector: begin with a letter, and go on with letters, "
                "digits, underscores, points and hyphens."
            )
        # The case of a connector's id does not matter.
        folded = name.casefold()
        if folded == LISTING.casefold():
            raise SettingsError(f"data: {path.name} would replace the connector that lists the others: rename it.")
        if folded in seen:
            raise SettingsError(f"data: {seen[folded].name} and {path.name} are both the connector {name}: keep one.")
        seen[folded] = path
        yield _READERS[path.suffix.lower()](path, name, _declared(path, name))


def _declared(path: Path, connector: str) -> Fields | None:
    sidecar = path.with_name(connector + SIDECAR)
    if not sidecar.is_file():
        return None
    try:
        fields = fields_from_metainfo(sidecar.read_bytes(), connector)
    except OSError as error:
        raise unreadable(sidecar, error) from None
    except AnswerError as error:
        raise SettingsError(f"data: {sidecar.name} holds no metainfo of a GetConnector: {error.message}.") from None
    if not fields.columns:
        raise SettingsError(f"data: {sidecar.name} names no column.")
    return fields
