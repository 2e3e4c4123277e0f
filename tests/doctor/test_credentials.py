"""What a credential tells by itself; the clock is a parameter."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.doctor.certificates import client_certificate, from_der
from afas_soap.doctor.credentials import classic_days, credential, integration_id
from afas_soap.doctor.finding import Finding, Grade
from afas_soap.emulator.http.tls import ThrowAwayAuthority
from afas_soap.errors import SettingsError, SignInError
from afas_soap.settings import resolve

DATA = "FEDCBA9876543210" * 4
TODAY = datetime.date(2026, 3, 31)
OAUTH = {"auth": "client-credentials", "client_id": "id", "environment": "12345-test"}


@pytest.mark.parametrize(
    ("today", "grade", "days"),
    [
        ("2026-03-31", Grade.NOTE, ("396 days left", "518 days left")),
        ("2026-11-01", Grade.NOTE, ("181 days left", "303 days left")),
        ("2026-11-02", Grade.WARNING, ("180 days left", "302 days left")),
        ("2027-04-30", Grade.WARNING, ("1 day left", "123 days left")),
        ("2027-05-01", Grade.WARNING, ("0 days left", "122 days left")),
        ("2027-05-02", Grade.WARNING, ("1 day ago", "121 days left", "short life")),
        ("2027-08-31", Grade.WARNING, ("122 days ago", "0 days left")),
        ("2027-09-01", Grade.WARNING, ("No classic token works", "1 day ago")),
    ],
)
def test_a_classic_token_is_told_its_days(today: str, grade: Grade, days: tuple[str, ...]) -> None:
    found = classic_days(datetime.date.fromisoformat(today))
    assert found.weight is grade
    assert all(text in found.message for text in days), found.message
    assert "OAuth" in found.remedy


def test_the_form_of_a_token_is_told_and_not_the_token() -> None:
    found = list(credential(resolve({"token": DATA, "environment": "12345"}, {}), TODAY))
    assert [one.weight for one in found] == [Grade.OK, Grade.NOTE]
    assert "64 hex digits" in found[0].message
    assert DATA not in repr(found)


def test_oauth_has_no_last_day() -> None:
    found = list(credential(resolve({**OAUTH, "client_secret": "very-secret-indeed"}, {}), TODAY))
    assert [one.weight for one in found] == [Grade.OK]
    assert "client-credentials" in found[0].message
    assert "very-secret" not in repr(found)


def test_a_keyring_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SettingsError("client_secret_keyring: the keyring is locked: unlock it.")

    monkeypatch.setattr("afas_soap.settings.settings.from_keyring", refuse)
    found = list(credential(resolve({**OAUTH, "client_secret_keyring": "afas/me"}, {}), TODAY))
    assert [one.weight for one in found] == [Grade.ERROR]
    assert "locked" in found[0].message


def test_the_integration_id_is_told_when_there_is_none() -> None:
    without = resolve({"token": DATA, "environment": "12345"}, {})
    assert integration_id(without).weight is Grade.NOTE
    assert "12345_123456" in integration_id(without).remedy
    with_one = resolve({"token": DATA, "environment": "12345", "integration_id": "12345_123456"}, {})
    assert integration_id(with_one).weight is Grade.OK


@pytest.fixture
def certified(authority: ThrowAwayAuthority, tmp_path: Path) -> Callable[..., Finding]:
    """What is found of a client certificate that lasts some days, seen some days from now."""

    def find(days: float, later: float = 0) -> Finding:
        path = tmp_path / "client.pem"
        path.write_text(authority.for_client("us", days=days).certificate)
        return client_certificate(path, datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=later))

    return find


def test_a_client_certificate_is_told_its_end(certified: Callable[..., Finding]) -> None:
    assert certified(100).weight is Grade.OK
    assert "CN=us, signed by CN=afas emulator" in certified(100).message
    assert certified(29.5).weight is Grade.WARNING
    assert "29 days left" in certified(29.5).message
    assert certified(30.5).weight is Grade.OK


def test_a_client_certificate_that_has_ended_is_an_error(certified: Callable[..., Finding]) -> None:
    found = certified(100, later=101)
    assert found.weight is Grade.ERROR
    assert "ended on" in found.message
    assert isinstance(found.error, SignInError)
    assert "client_cert_file" in found.remedy


def test_a_client_certificate_of_tomorrow_is_an_error(certified: Callable[..., Finding]) -> None:
    found = certified(100, later=-10)
    assert found.weight is Grade.ERROR
    assert "not valid before" in found.message


def test_no_client_certificate_is_nothing_to_check(tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    assert client_certificate(None, now).weight is Grade.SKIPPED
    (tmp_path / "no.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    found = client_certificate(tmp_path / "no.pem", now)
    assert (found.weight, type(found.error)) == (Grade.ERROR, SettingsError)
    assert client_certificate(tmp_path / "gone.pem", now).weight is Grade.ERROR


def test_a_servers_certificate_that_cannot_be_read_is_none() -> None:
    assert from_der(b"no certificate") is None
