"""A mailbox in a file, append-only: the mails that would leave AFAS, one behind another, for the file's owner only."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

from afas_soap import disk
from afas_soap.emulator.onetimepasswords import Mail


class FileMailbox:
    """A ``Mailbox`` that appends to a file. Raises ``SettingsError`` at once when that cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        try:
            self._append(b"")
        except OSError as problem:
            failure = disk.unwritten(path, problem)
        else:
            return
        raise failure

    def __call__(self, mail: Mail) -> None:
        """Append a mail: its head, an empty line, its text, and an empty line. Raises ``OSError``."""
        self._append(f"To: {_line(mail.to)}\nSubject: {_line(mail.subject)}\n\n{mail.text}\n\n".encode())

    def _append(self, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        with self._writing, os.fdopen(os.open(self._path, flags, disk.OWNER_ONLY), "ab") as file:
            if hasattr(os, "fchmod") and stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                # Whoever could read it would read the passwords. Windows keeps its own rules.
                os.fchmod(file.fileno(), disk.OWNER_ONLY)
            file.write(data)


def _line(text: str) -> str:
    """On one line: what was asked for goes no further than its line of the head."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
