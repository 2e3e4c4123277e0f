"""The mailbox in a file: one mail behind another, for its owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from afas_soap.emulator.mailbox import FileMailbox
from afas_soap.emulator.onetimepasswords import Mail
from afas_soap.errors import SettingsError


def test_mails(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    mailbox = FileMailbox(path)
    assert path.read_text() == ""
    mailbox(Mail("12345.jansen", "One-time password for Emulator", "It is 12345678."))
    mailbox(Mail("a\nBcc: b", "c\r\n\r\nd", "e"))
    assert path.read_text() == (
        "To: 12345.jansen\nSubject: One-time password for Emulator\n\nIt is 12345678.\n\n"
        "To: a Bcc: b\nSubject: c    d\n\ne\n\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_others_do_not_read_it(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text("before\n")
    path.chmod(0o644)
    FileMailbox(path)
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (0o600, "before\n")


def test_one_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot write"):
        FileMailbox(tmp_path / "none" / "mail.txt")
