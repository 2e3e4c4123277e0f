"""``afas sb blob get`` and ``blob put``: a document down, by the key of its row, and one up, to be attached."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.documents.saving import save
from afas_soap.cli.shared.connection import connect_sb
from afas_soap.cli.shared.exits import FINE, reported
from afas_soap.cli.shared.streams import why
from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.blobs import Blob, checked_id

# A read key is a signed token, far below this.
_LONGEST = 16 * 1024


def get(identity: str, connector: str | None, read_key_file: Path | None, output: Path | None, **options: Any) -> None:
    """A document, downloaded."""
    if connector is None and read_key_file is None:
        raise click.UsageError("say of which connector's rows it is (--of), or give its read key (--read-key-file)")
    checked_id(identity)
    key = None if read_key_file is None else _read_key(read_key_file)
    with connect_sb(options) as sb:
        if key is None:
            assert connector is not None, "one of them is there"
            save(sb.document(identity, of=connector), output)
        else:
            save(sb.documents.opened(Blob(checked_id(identity), key), of=connector), output)


def put(file: Path, name: str | None, media_type: str | None, **options: Any) -> int:
    """A document, uploaded; gives the exit code."""
    with connect_sb(options) as sb:
        return reported(json.dumps({"id": sb.upload(file, name=name, media_type=media_type)}), FINE)


def _read_key(path: Path) -> Secret:
    try:
        data = sys.stdin.buffer.read(_LONGEST) if path == Path("-") else path.read_bytes()[:_LONGEST]
    except OSError as problem:
        raise SettingsError(f"read_key_file: cannot read {path}: {why(problem)}.") from None
    text = data.decode("utf-8-sig", errors="replace").strip()
    if not text or not text.isascii() or len(text.split()) != 1:
        raise SettingsError("read_key_file: it holds one read key, as the ReadKey in the Blob of a row, and no more.")
    return Secret(text)
