"""The TOML file: what it may hold, and what is said when it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.settings.profiles import profiles_path, read_profile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file of a test lies."""
    return tmp_path / "profiles.toml"


def test_the_path() -> None:
    """In the user's configuration folder, under the project's name."""
    assert profiles_path().parts[-2:] == ("afas-soap", "profiles.toml")


def test_a_profile(path: Path, tmp_path: Path) -> None:
    """Values as they stand there; a relative path counts from the folder of the file, an absolute one stays."""
    absolute = tmp_path.resolve() / "elsewhere"
    path.write_bytes(
        b'\xef\xbb\xbf[profiles."my own"]\r\nenvironment = "12345"\r\ntoken_file = "a/token"\r\nretry_total = 5\r\n'
        b"trace = " + repr(str(absolute)).encode().replace(b"\\\\", b"\\") + b"\r\n"
    )
    assert read_profile("my own", path) == {
        "environment": "12345",
        "token_file": tmp_path / "a" / "token",
        "retry_total": 5,
        "trace": absolute,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"there is no profile 'test' in .*known are emulator"),
        ("[profiles.b]\n[profiles.a]\n", r"known are a, b, emulator"),
        ("[profiles.test]\nenviroment = '1'\n", r"'test' in .*'enviroment' is no setting. Did you mean environment\?"),
        ("[profiles.test]\nxyzzy = '1'\n", r"'xyzzy' is no setting\.$"),
        ("[profiles.test]\ntoken = 'geheim'\n", r"'test' in .*holds no token.*token_file"),
        ("[profiles.test]\nembedded = true\n", r"'embedded' is no setting"),
        ("[profiles.test]\nprofile = 'other'\n", r"'profile' is no setting"),
        ("[profiles.test]\ntrace = 5\n", r"trace: must be the path"),
        ("[profiles]\ntest = 5\n", r"'test' in .* must be a table"),
        ("profiles = 5\n", r"profiles must be tables"),
        ("[profile.test]\n", r"'profile' is not known here"),
        ("[profiles.emulator]\n", r"'emulator' is taken"),
        ("[profiles.test]\nx = = 5\n", r"profiles\.toml is no TOML: .*line 2.*Mend it"),
        ("[profiles.test]\nread_timeout = " + "1" * 5000, r"profiles\.toml is no TOML: a number .*Mend it"),
        ("[profiles.test]\ntrace = " + "[" * 5000 + "]" * 5000, r"profiles\.toml is no TOML: .* nesting .*Mend it"),
    ],
)
def test_what_is_wrong(path: Path, text: str, message: str) -> None:
    """Each names the file, the profile and the key, where there is one, and no secret."""
    path.write_text(text)
    with pytest.raises(SettingsError, match=message) as caught:
        read_profile("test", path)
    assert str(path.name) in str(caught.value) or "trace" in message
    assert "geheim" not in str(caught.value)


def test_no_utf8(path: Path) -> None:
    """TOML is UTF-8."""
    path.write_bytes(b"[profiles.t\xe9st]\n")
    with pytest.raises(SettingsError, match="must be UTF-8"):
        read_profile("test", path)


def test_no_file(path: Path) -> None:
    """A profile is named, and there is no file."""
    with pytest.raises(SettingsError, match=r"there is no file .*profiles\.toml"):
        read_profile("test", path)


def test_no_readable_file(path: Path) -> None:
    """A folder in its place."""
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot read"):
        read_profile("test", path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_others_may_not_write_it(path: Path) -> None:
    """Whoever can change the address could have the token sent there."""
    path.write_text("[profiles.test]\n")
    path.chmod(0o646)
    with pytest.raises(SettingsError, match="others can write"):
        read_profile("test", path)
