"""When a client's certificate is good."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SignInError
from afas_soap.wire.http.validity import Validity, validity

KEY = ec.generate_private_key(ec.SECP256R1())
SECOND = datetime.timedelta(seconds=1)
# From where a certificate may begin, over the year from which on the time is spelt in another way.
TIMES = st.datetimes(datetime.datetime(1951, 1, 1), datetime.datetime(9999, 12, 30), timezones=st.just(datetime.UTC))


def pem(begin: datetime.datetime, end: datetime.datetime, name: str = "a client", *, names: int = 1) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(KEY.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(end)
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.DNSName(f"host-{number}.example") for number in range(names)]), critical=False
    )
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


@given(TIMES, TIMES, st.sampled_from([1, 40]))
def test_both_times_are_found(tmp_path_factory, one: datetime.datetime, other: datetime.datetime, names: int) -> None:
    begin, end = (time.replace(microsecond=0) for time in sorted((one, other)))
    path = tmp_path_factory.mktemp("x") / "c.pem"
    path.write_bytes(pem(begin, end, "x" * names, names=names))
    assert validity(path) == Validity(path, begin, end)


def test_the_first_of_a_chain_counts(tmp_path: Path) -> None:
    """Also behind a key, and with text in front, as OpenSSL writes it."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    path = tmp_path / "c.pem"
    first, second = (pem(now, now + days * 86400 * SECOND) for days in (1, 2))
    path.write_bytes(
        b"subject=CN = a client\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + first + second
    )
    found = validity(path)
    assert found is not None
    assert found.end == now + 86400 * SECOND


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate",
        *(
            b"-----BEGIN CERTIFICATE-----" + body + b"-----END CERTIFICATE-----"
            for body in (b"", b"!", b"MA==", b"MAA=")
        ),
        # Lengths that lead beyond the end.
        b"-----BEGIN CERTIFICATE-----MIT/////-----END CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----MP8=-----END CERTIFICATE-----",
    ],
)
def test_what_cannot_be_read_is_left_to_openssl(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.pem").write_bytes(content)
    assert validity(tmp_path / "c.pem") is None
    assert validity(tmp_path / "absent") is None


def test_between_its_times_it_is_good() -> None:
    begin = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    found = Validity(Path("c.pem"), begin, begin + SECOND)
    found.check(begin)
    found.check(begin + SECOND)
    with pytest.raises(
        SignInError, match=r"'c\.pem' is not good before 2026-01-02 at 03:04 UTC: wait until then, or set"
    ):
        found.check(begin - SECOND)
    with pytest.raises(SignInError, match=r"'c\.pem' ran out on 2026-01-02 at 03:04 UTC: have a new one issued"):
        found.check(begin + 2 * SECOND)
