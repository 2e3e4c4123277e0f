"""Files of a token or a client secret: their permissions, and what may stand in them."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import secretfile
from afas_soap.settings.secretfile import read_client_secret, read_token

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
    assert (Path("/run/secrets"), Path("/var/run/secrets")) == secretfile.SECRET_FOLDERS
    path.chmod(0o666)
    monkeypatch.setattr(secretfile, "SECRET_FOLDERS", (path.parent.resolve(),))
    assert read_token(path) == AfasToken(DATA)
    assert not caplog.records


@needs_bits
def test_a_way_around_does_not_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where the file really lies counts, not how its path begins."""
    path.chmod(0o666)
    secrets = path.parent / "secrets"
    secrets.mkdir()
    monkeypatch.setattr(secretfile, "SECRET_FOLDERS", (secrets.resolve(),))
    with pytest.raises(SettingsError, match="others can write"):
        read_token(secrets / ".." / "token")


def test_where_there_are_no_bits(path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A check that cannot be made is skipped and said."""
    caplog.set_level(logging.INFO, "afas_soap.settings")
    monkeypatch.setattr(secretfile, "_HAS_BITS", False)
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


@pytest.mark.parametrize("name", [f"{DATA}", f"a/{DATA}", f"/{DATA}", f"x{DATA[:20]}"])
def test_a_secret_in_place_of_its_file_is_not_repeated(name: str) -> None:
    """Somebody may have taken the file for the thing itself."""
    for read in (read_token, read_client_secret):
        with pytest.raises(SettingsError, match=r"cannot read the file that it names .*not repeated") as caught:
            read(Path(name))
        assert DATA[:12] not in str(caught.value)


def test_a_folder_that_is_not_there_is_not_repeated(path: Path) -> None:
    """It may be the first part of a secret that has a slash in it."""
    with pytest.raises(SettingsError, match=r"cannot read a file secret\.txt, for its folder is not there: ") as caught:
        read_client_secret(path.parent / "geheim" / "secret.txt")
    assert "geheim" not in str(caught.value)


def test_a_folder_that_cannot_be_looked_for(tmp_path: Path) -> None:
    """No system takes such a name."""
    with pytest.raises(SettingsError, match="cannot read a file secret"):
        read_client_secret(tmp_path / ("x" * 5000) / "secret")


class TestClientSecrets:
    """The same file, another content."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_one_line(self, path: Path, encoding: str) -> None:
        """Without the blanks and the line end behind it."""
        path.write_bytes(" ge heim~1\r\n".encode(encoding))
        assert read_client_secret(path).reveal() == "ge heim~1"

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "client secret in one line .*read from"),
            (b"geheim\ngeheim\n", "client secret in one line .*read from"),
            (b"-----BEGIN PRIVATE KEY-----\n", "PEM and no client secret; .* private_key_file"),
            (b"\x80geheim", "holds no text"),
            (b"g" * 20_000, "larger than any client secret"),
        ],
    )
    def test_other_content(self, path: Path, content: bytes, message: str) -> None:
        """The path is named, the content is not."""
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=f"^client_secret_file: .*{message}") as caught:
            read_client_secret(path)
        assert "geheim" not in str(caught.value).replace(str(path), "")

    @needs_bits
    def test_who_else_may_touch_it(self, path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """As a token's file."""
        path.chmod(0o604)
        assert read_client_secret(path).reveal() == DATA
        assert "client_secret_file: others can read" in caplog.text
        assert DATA not in caplog.text
        path.chmod(0o606)
        with pytest.raises(SettingsError, match="client_secret_file: others can write"):
            read_client_secret(path)

    def test_standard_input_is_for_the_command_line(self) -> None:
        """A program has no business reading it on its own account."""
        with pytest.raises(SettingsError, match="standard input"):
            read_client_secret(Path("-"))
