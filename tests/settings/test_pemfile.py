"""PEM files: what is taken, and the command that makes it out of anything else."""

from __future__ import annotations

import datetime
import logging
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from afas_soap.errors import SettingsError
from afas_soap.settings.pemfile import check_certificate, read_private_key

PASSWORD = b"wachtwoord"
KEY = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
PKCS8, OWN = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL
PEM, DER = Encoding.PEM, Encoding.DER
PLAIN = KEY.private_bytes(PEM, PKCS8, NoEncryption())
CIPHER = BestAvailableEncryption(PASSWORD)


def made() -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "client")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 7, start, start + datetime.timedelta(days=9))
    return builder.sign(KEY, hashes.SHA256())


CERTIFICATE = made()
PUBLIC = KEY.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo)
PFX = pkcs12.serialize_key_and_certificates(b"client", KEY, CERTIFICATE, None, CIPHER)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that only its owner reads, in a folder whose name a shell would take apart."""
    folder = tmp_path / "my keys"
    folder.mkdir()
    file = folder / "key.pem"
    file.touch(0o600)
    return file


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        RSA.private_bytes(PEM, PKCS8, NoEncryption()),
        RSA.private_bytes(PEM, OWN, NoEncryption()),
        KEY.private_bytes(PEM, OWN, NoEncryption()),
        CERTIFICATE.public_bytes(PEM) + PLAIN,
        b"\xef\xbb\xbfBag Attributes\r\n    friendlyName: client\r\n" + PLAIN.replace(b"\n", b"\r\n"),
        b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + PLAIN,
    ],
)
def test_a_key_is_taken_alone_out_of_what_stands_round_it(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    secret = read_private_key("private_key_file", path)
    found = load_pem_private_key(secret.reveal().encode(), None)
    assert found.private_numbers() in (KEY.private_numbers(), RSA.private_numbers())
    assert secret.reveal().startswith("-----BEGIN")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (KEY.private_bytes(PEM, PKCS8, CIPHER), r"is encrypted.*openssl pkey -in '.*/my keys/key.pem' -out key.pem\)"),
        (RSA.private_bytes(PEM, OWN, CIPHER), "is encrypted"),
        (KEY.private_bytes(PEM, PrivateFormat.OpenSSH, NoEncryption()), "OpenSSH's own form.*ssh-keygen -p -m PEM"),
        (CERTIFICATE.public_bytes(PEM), "holds a certificate, and the private key that belongs to it goes here"),
        (PUBLIC, "holds a public key, and the private key"),
        (dsa.generate_private_key(1024).private_bytes(PEM, OWN, NoEncryption()), "holds a DSA key, and AFAS takes RSA"),
        (PLAIN + PLAIN, "holds 2 private keys"),
        (PLAIN[:100], "cut off"),
        (PLAIN.replace(b"\nMIG", b"\nM?G"), "is damaged"),
        (b"geheim", "holds no PEM private key"),
        (b"", "holds no PEM private key"),
        (b"\x80geheim", "holds no text"),
        (PFX, r"PKCS 12 file \(\.pfx\).*\(umask 077; openssl pkcs12 -in .* -nocerts -nodes -out key.pem\)"),
        (KEY.private_bytes(DER, PKCS8, NoEncryption()), r"is DER.*openssl pkey -inform DER -in .* -out key.pem\)"),
        (b" " * 70_000 + PLAIN, "larger than any key"),
    ],
)
def test_anything_else_is_named_with_what_to_do(path: Path, content: bytes, message: str) -> None:
    """The path and the remedy, and nothing of what stands there."""
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=f"^private_key_file: .*{message}") as caught:
        read_private_key("private_key_file", path)
    assert "geheim" not in str(caught.value)
    assert not re.search("[A-Za-z0-9+/]{40}", str(caught.value).replace(str(path), ""))


@pytest.mark.parametrize("name", ["key.pfx", "KEY.P12"])
def test_a_pfx_is_known_by_its_name_as_well(tmp_path: Path, name: str) -> None:
    """Windows may have written it in a form that is not looked into."""
    (tmp_path / name).write_bytes(b"something")
    (tmp_path / name).chmod(0o600)
    with pytest.raises(SettingsError, match="openssl pkcs12"):
        read_private_key("private_key_file", tmp_path / name)


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("sh") is None, reason="no openssl here")
@pytest.mark.parametrize(
    "content",
    [PFX, KEY.private_bytes(DER, PKCS8, NoEncryption()), KEY.private_bytes(PEM, PKCS8, CIPHER)],
    ids=["pfx", "der", "encrypted"],
)
def test_the_command_that_is_named_makes_the_key(path: Path, content: bytes, tmp_path: Path) -> None:
    """Readable by its owner only, and taken."""
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read_private_key("private_key_file", path)
    command = str(caught.value)[str(caught.value).index("(umask") : str(caught.value).rindex(")") + 1]
    command = re.sub("openssl (pkcs12|pkey -in)", r"openssl \1 -passin env:P", command).replace(
        "-in -passin env:P", "-passin env:P -in"
    )
    subprocess.run(["sh", "-c", command], cwd=tmp_path, env={**os.environ, "P": PASSWORD.decode()}, check=True)
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    assert load_pem_private_key(read_private_key("x", tmp_path / "key.pem").reveal().encode(), None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_who_else_may_touch_it(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The rules of a token's file."""
    path.write_bytes(PLAIN)
    path.chmod(0o644)
    read_private_key("private_key_file", path)
    assert [(record.levelno, "chmod 600" in record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, True)
    ]
    path.chmod(0o602)
    with pytest.raises(SettingsError, match="private_key_file: others can write"):
        read_private_key("private_key_file", path)


def test_a_certificate(path: Path) -> None:
    """With its chain, or with its key; anybody may read it."""
    for content in (CERTIFICATE.public_bytes(PEM) * 3, PLAIN + CERTIFICATE.public_bytes(PEM)):
        path.write_bytes(content)
        path.chmod(0o644)
        check_certificate("client_cert_file", path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PLAIN, "holds a private key, and the certificate that belongs to it goes here"),
        (KEY.private_bytes(PEM, PKCS8, CIPHER), "holds a private key"),
        (PUBLIC, "holds no PEM certificate"),
        (b"", "holds no PEM certificate"),
        (CERTIFICATE.public_bytes(PEM)[:200], "holds no PEM certificate"),
        (CERTIFICATE.public_bytes(DER), r"is DER.*: openssl x509 -inform DER -in .* -out certificate.pem makes it"),
        (PFX, r"\.pfx.*: openssl pkcs12 -in .* -nokeys -out certificate.pem makes it"),
    ],
)
def test_no_certificate(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=f"^client_cert_file: .*{message}"):
        check_certificate("client_cert_file", path)


def test_no_file(path: Path) -> None:
    with pytest.raises(SettingsError, match=r"client_cert_file: cannot read .*nowhere.pem: "):
        check_certificate("client_cert_file", path.with_name("nowhere.pem"))
