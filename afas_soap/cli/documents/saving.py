"""A download to a file, to a folder, or down a pipe: where the bytes of a document go, and what is told of it."""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path

from afas_soap.cli.shared.connection import over
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable
from afas_soap.client import ProfitClient
from afas_soap.documents.document import Document

# With rich, which draws it: for whoever looks on.
_PROGRESS = "afas_soap.cli.shared.progress"
_REST = "rest"


def over_rest(profit: ProfitClient) -> ProfitClient:
    """A client of the same environment over REST, which alone has what is asked; the one given where somebody chose
    another protocol, so that it says what that has not, and where there is no address."""
    settings, opened = profit.settings, profit.opened
    assert settings is not None, "connect made it from settings"
    assert opened is not None, "connect made it from settings"
    if settings.protocol == _REST or "protocol" in settings.sources or not opened.offers(_REST):
        return profit
    return over(profit, _REST)


def save(document: Document, output: Path | None) -> None:
    """Write the document where ``output`` says: a file, a folder, ``-``; None is this folder for whoever looks on, and
    standard output for the next program. A file is there when it is whole; of a pipe the exit code tells it."""
    if output == Path("-") or (output is None and not sys.stdout.isatty()):
        with _progress(document), document:
            _down_the_pipe(document)
        _tell_of_empty(document)
        return
    with _progress(document):
        saved = document.save(Path() if output is None else output)
    if output is None or output.is_dir() or sys.stderr.isatty():
        tell(f"afas: saved as {printable(str(saved))} ({document.received:,} bytes)")
    _tell_of_empty(document)


def _tell_of_empty(document: Document) -> None:
    """A document may be empty, and one that should not be looks the same."""
    if not document.received:
        tell("afas: the document is empty: AFAS gave 0 bytes and no error")


def _down_the_pipe(document: Document) -> None:
    stream = sys.stdout.buffer
    for chunk in document:
        stream.write(chunk)
    stream.flush()


def _progress(document: Document) -> contextlib.AbstractContextManager[object]:
    """Bytes so far on stderr while it is a terminal; nothing otherwise: disabled, rich may still end with a line."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    shown: contextlib.AbstractContextManager[object] = importlib.import_module(_PROGRESS).bytes_so_far(
        lambda: document.received
    )
    return shown
