"""Token files: their permissions, and what may stand in them."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.profit.token import AfasToken
from afas_soap.settings import tokenfile
from afas_soap.settings.tokenfile import read_token

DATA = "0123456789abcdef" * 4
needs_bits = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A token file that only its owner reads."""
    file = tmp_path / "token"
    file.write_text(DATA)
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(path: Path, encoding: str, caplog: pytest.LogCaptureFixture) -> None:
    """UTF-8 with or without a mark, and what PowerShell's ``>`` writes."""
    path.write_bytes(f"{DATA}\r\n".encode(encoding))
    assert read_token(path) == AfasToken(DATA)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@needs_bits
def test_others_can_read_it(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A warning with the remedy, and without the token."""
    path.chmod(0o644)
    assert read_token(path) == AfasToken(DATA)
    assert [(record.name, record.levelname) for record in caplog.records] == [("afas_soap.settings", "WARNING")]
    assert "chmod 600" in caplog.text
    assert "0123" not in caplog.text


@needs_bits
def test_others_can_write_it(path: Path) -> None:
    """Refused: somebody else may have put another token there."""
    path.chmod(0o602)
    with pytest.raises(SettingsError, match="others can write"):
        read_token(path)


@needs_bits
def test_no_check_where_containers_keep_secrets(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Docker's secrets are readable for everybody: nothing the reader could do about it."""
    assert (Path("/run/secrets"), Path("/var/run/secrets")) == tokenfile.SECRET_FOLDERS
    path.chmod(0o666)
    monkeypatch.setattr(tokenfile, "SECRET_FOLDERS", (path.parent.resolve(),))
    assert read_token(path) == AfasToken(DATA)
    assert not caplog.records


@needs_bits
def test_a_way_around_does_not_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where the file really lies counts, not how its path begins."""
    path.chmod(0o666)
    secrets = path.parent / "secrets"
    secrets.mkdir()
    monkeypatch.setattr(tokenfile, "SECRET_FOLDERS", (secrets.resolve(),))
    with pytest.raises(SettingsError, match="others can write"):
        read_token(secrets / ".." / "token")


def test_where_there_are_no_bits(path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A check that cannot be made is skipped and said."""
    caplog.set_level(logging.INFO, "afas_soap.settings")
    monkeypatch.setattr(tokenfile, "_HAS_BITS", False)
    assert read_token(path) == AfasToken(DATA)
    assert "is not checked on this system" in caplog.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """``--token-file <(secret-tool ...)``: a pipe has no lasting content that others could read."""
    read, write = os.pipe()
    with os.fdopen(write, "w") as writer:
        writer.write(DATA)
    try:
        if not Path(f"/dev/fd/{read}").exists():
            pytest.skip("no /dev/fd here")
        assert read_token(Path(f"/dev/fd/{read}")) == AfasToken(DATA)
    finally:
        os.close(read)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no AfasToken.*read from"),
        (b"geheim", "no AfasToken.*read from"),
        (b"\xff\xfe\x00", "holds no text"),
        (b"\x80geheim", "holds no text"),
        (b" " * 20_000 + DATA.encode(), "larger than any token"),
    ],
)
def test_other_content(path: Path, content: bytes, message: str) -> None:
    """The path is named, the content is not."""
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=message) as caught:
        read_token(path)
    assert str(path) in str(caught.value)
    assert "geheim" not in str(caught.value).replace(str(path), "")


def test_not_there(path: Path) -> None:
    """The path and the system's reason."""
    with pytest.raises(SettingsError, match=r"token_file: cannot read .*nowhere: "):
        read_token(path.parent / "nowhere")
