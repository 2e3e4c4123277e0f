"""PEM files: a private key, or a certificate, and what to do when a file holds something else.

Only what stands round the base64 is looked at, so no library for it is loaded here. Whether a key is large enough, and
fits its certificate, is said where it is used.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.limits import RSA_BITS
from afas_soap.profit.access.secret import Secret
from afas_soap.settings.kinds import path as read_path
from afas_soap.settings.secretfile import decoded, read_data, shown

# A key takes 2 kB and so does each certificate of a chain.
_LARGEST = 64 * 1024
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")
# RSA and EC are what AFAS takes (authentication.md); PRIVATE KEY is PKCS 8, whichever of the two is in it.
_KEYS = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")
_ENCRYPTED = "ENCRYPTED PRIVATE KEY"
_CERTIFICATE = "CERTIFICATE"
_KEY_OUT = "-out key.pem"
# How a DER file begins whose first value is the number 3: PKCS 12, which Windows calls .pfx.
_PFX = re.compile(rb"\x30(?:[\x00-\x7f\x80]|\x81.|\x82..|\x83...|\x84....)\x02\x01\x03", re.DOTALL)
_PFX_ENDINGS = (".pfx", ".p12")
# label: what stands there in place of a private key
_INSTEAD = {
    _CERTIFICATE: "a certificate, and the private key that belongs to it goes here",
    "PUBLIC KEY": "a public key, and the private key that belongs to it goes here",
    "RSA PUBLIC KEY": "a public key, and the private key that belongs to it goes here",
    "CERTIFICATE REQUEST": "a certificate request, and the private key that it was made with goes here",
    "DSA PRIVATE KEY": f"a DSA key, and AFAS takes RSA ({RSA_BITS} bits or more) and EC on P-256",
}


def read_private_key(setting: str, path: Path) -> Secret:
    """The one private key in a PEM file, which may hold its certificate, too; its block alone, with its two lines.

    Raises ``SettingsError`` naming ``setting`` and the command that helps: for a .pfx, an encrypted key, OpenSSH's own
    form, and for a file without a key, or with two.
    """
    text = _text(setting, path, "-nocerts -nodes -out key.pem")
    _refuse_unusable(setting, path, text)
    found = [match for match in _BLOCK.finditer(text) if match[1] in _KEYS]
    if len(found) > 1:
        raise SettingsError(f"{setting}: {path} holds {len(found)} private keys: leave the one that is meant.")
    if not found:
        raise SettingsError(f"{setting}: {path} holds {_instead(_BEGIN.findall(text))}.")
    if not _is_base64(found[0][2]):
        raise SettingsError(f"{setting}: the private key in {path} is damaged: copy the file again.")
    return Secret(found[0][0] + "\n", "private key")


def check_certificate(setting: str, path: Path) -> None:
    """Raise ``SettingsError`` when a file holds no PEM certificate; it is no secret, so anybody may read it."""
    try:
        data = path.read_bytes()[: _LARGEST + 1]
    except OSError as error:
        raise SettingsError(
            f"{setting}: cannot read {shown(path)}: {error.strerror or type(error).__name__}."
        ) from None
    text = _decoded(setting, path, data, "-nokeys -out certificate.pem")
    if any(match[1] == _CERTIFICATE and _is_base64(match[2]) for match in _BLOCK.finditer(text)):
        return
    labels = _BEGIN.findall(text)
    if any(label in (*_KEYS, _ENCRYPTED) for label in labels):
        raise SettingsError(f"{setting}: {path} holds a private key, and the certificate that belongs to it goes here.")
    raise SettingsError(f"{setting}: {path} holds no PEM certificate (-----BEGIN CERTIFICATE-----).")


def certificate_path(name: str, given: object) -> Path:
    """A reader: the path of a file that holds a PEM certificate."""
    path = read_path(name, given)
    check_certificate(name, path)
    return path


def certificate_key(name: str, given: object) -> Path:
    """A reader: the path of a file that holds one private key. The path alone, for TLS reads the file itself; now is
    when somebody may be told what is wrong with it."""
    path = read_path(name, given)
    read_private_key(name, path)
    return path


def _text(setting: str, path: Path, options: str) -> str:
    data = read_data(setting, path, largest=_LARGEST, what="key")
    return _decoded(setting, path, data, options)


def _decoded(setting: str, path: Path, data: bytes, options: str) -> str:
    """The text of a PEM file; for what is none, the command that makes one, with these options for a .pfx."""
    quoted = shlex.quote(str(path))
    if _PFX.match(data) or (path.suffix.lower() in _PFX_ENDINGS and b"-----BEGIN " not in data):
        raise SettingsError(
            f"{setting}: {path} is a PKCS 12 file (.pfx), and PEM is needed: "
            f"{_made(f'openssl pkcs12 -in {quoted} {options}')}"
        )
    if data.startswith(b"\x30") and b"-----BEGIN " not in data:
        kind = "pkey" if _KEY_OUT in options else "x509"
        out = options[options.index("-out") :]
        raise SettingsError(
            f"{setting}: {path} is DER, and PEM is needed: {_made(f'openssl {kind} -inform DER -in {quoted} {out}')}"
        )
    return decoded(setting, path, data)


def _refuse_unusable(setting: str, path: Path, text: str) -> None:
    quoted = shlex.quote(str(path))
    labels = _BEGIN.findall(text)
    if _ENCRYPTED in labels or "Proc-Type: 4,ENCRYPTED" in text:
        raise SettingsError(
            f"{setting}: the private key in {path} is encrypted, and nobody is there to type its password: "
            f"{_made(f'openssl pkey -in {quoted} {_KEY_OUT}')}"
        )
    if "OPENSSH PRIVATE KEY" in labels:
        raise SettingsError(
            f"{setting}: the private key in {path} has OpenSSH's own form, and PEM is needed: change a copy of it with "
            "ssh-keygen -p -m PEM -f COPY."
        )


def _made(command: str) -> str:
    """A command that writes a key, for its owner only."""
    return f"(umask 077; {command}) makes it." if _KEY_OUT in command else f"{command} makes it."


def _instead(labels: list[str]) -> str:
    for label in labels:
        if label in _KEYS:
            return "a private key that is cut off: copy the file again"
    sentences: Mapping[str, str] = _INSTEAD
    return next((sentences[label] for label in labels if label in sentences), "no PEM private key")


def _is_base64(body: str) -> bool:
    """Whether a block's body is base64 of something."""
    try:
        return bool(base64.b64decode("".join(body.split()), validate=True))
    except (binascii.Error, ValueError):
        return False
