"""The emulator on a TLS port: its throw-away authority, the versions it speaks, and client certificates (mTLS)."""

from __future__ import annotations

import contextlib
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.http.tls import ThrowAwayAuthority, Tls, write_files
from afas_soap.errors import SettingsError

HEADERS = {"Authorization": DEMO_TOKEN.header()}


@pytest.fixture(scope="module")
def authority() -> ThrowAwayAuthority:
    return ThrowAwayAuthority()


@pytest.fixture
def files(tmp_path: Path, authority: ThrowAwayAuthority) -> Path:
    """A folder with what a client needs."""
    write_files(tmp_path / "new" / "tls", authority)
    return tmp_path / "new" / "tls"


@pytest.fixture
def server(emulator: Emulator, authority: ThrowAwayAuthority) -> Iterator[Server]:
    with serve(emulator, tls=Tls(authority)) as server:
        yield server


@pytest.fixture
def strict(emulator: Emulator, authority: ThrowAwayAuthority) -> Iterator[Server]:
    """One that demands a client certificate."""
    with serve(emulator, tls=Tls(authority, demands_certificate=True)) as server:
        yield server


def ask(server: Server, files: Path, **more: Any) -> requests.Response:
    url = f"{server.rest_url}/connectors/Products"
    return requests.get(url, headers=HEADERS, verify=str(files / "ca.pem"), timeout=10, **more)


def test_https_is_proven_by_the_ca_alone(server: Server, files: Path) -> None:
    assert server.url == f"https://127.0.0.1:{server.port}"
    assert len(ask(server, files).json()["rows"]) == 2
    by_name = server.rest_url.replace("127.0.0.1", "localhost")
    assert requests.get(by_name, verify=str(files / "ca.pem"), timeout=10).status_code == 401
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.url, timeout=10)


def test_a_token_request_over_tls(server: Server, files: Path) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "demo-service",
        "client_secret": "everybody-may-know-this-0000",
    }
    answer = requests.post(f"{server.rest_url}/oauth/token", data=form, verify=str(files / "ca.pem"), timeout=10)
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    asked = requests.get(f"{server.rest_url}/profitversion", headers=bearer, verify=str(files / "ca.pem"), timeout=10)
    assert asked.status_code == 200


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("version", "good"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
def test_versions_of_tls(server: Server, files: Path, version: ssl.TLSVersion, good: bool) -> None:
    context = ssl.create_default_context(cafile=str(files / "ca.pem"))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    if not good:
        with plain, pytest.raises(ssl.SSLError):
            context.wrap_socket(plain, server_hostname="localhost")
        return
    with plain, context.wrap_socket(plain, server_hostname="localhost") as wrapped:
        assert wrapped.version() == version.name.replace("v1_", "v1.")


def test_mtls_takes_only_who_shows_a_certificate_of_its_authority(
    strict: Server, files: Path, tmp_path: Path, authority: ThrowAwayAuthority
) -> None:
    good = (str(files / "client.pem"), str(files / "client-key.pem"))
    assert ask(strict, files, cert=good).status_code == 200
    write_files(tmp_path / "other", ThrowAwayAuthority())
    ended = authority.for_client(days=-1)
    (tmp_path / "ended.pem").write_text(ended.certificate + ended.key)
    other = (str(tmp_path / "other" / "client.pem"), str(tmp_path / "other" / "client-key.pem"))
    for cert in (None, other, str(tmp_path / "ended.pem")):
        with pytest.raises(requests.exceptions.ConnectionError):
            ask(strict, files, cert=cert)
    assert ask(strict, files, cert=good).status_code == 200


def test_a_certificate_is_in_addition_to_a_token(strict: Server, files: Path) -> None:
    shown: Any = {
        "cert": (str(files / "client.pem"), str(files / "client-key.pem")),
        "verify": str(files / "ca.pem"),
        "timeout": 10,
    }
    assert requests.get(f"{strict.rest_url}/profitversion", **shown).status_code == 401
    form = {"grant_type": "client_credentials", "client_id": "demo-service"}
    assert requests.post(f"{strict.rest_url}/oauth/token", data=form, **shown).json() == {"error": "invalid_client"}


@pytest.mark.parametrize("path", ["ProfitRestServices/oauth/token", "ProfitServices/appconnectorget.asmx"])
def test_mtls_guards_every_address(strict: Server, files: Path, path: str) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(f"{strict.url}/{path}", verify=str(files / "ca.pem"), timeout=10)


def test_a_server_s_certificate_is_no_client_s(
    strict: Server, files: Path, tmp_path: Path, authority: ThrowAwayAuthority
) -> None:
    pem = authority.for_server(["localhost"])
    (tmp_path / "server.pem").write_text(pem.certificate + pem.key)
    with pytest.raises(requests.exceptions.ConnectionError):
        ask(strict, files, cert=str(tmp_path / "server.pem"))


def test_no_other_authority_proves_a_client(authority: ThrowAwayAuthority) -> None:
    """Those that the system trusts among them."""
    for demanded, trusted in ((True, [authority.pem]), (False, [])):
        context = Tls(authority, demands_certificate=demanded).adapter("127.0.0.1").context
        found = [ssl.DER_cert_to_PEM_cert(one) for one in context.get_ca_certs(binary_form=True)]
        assert found == trusted


def test_plain_http_on_the_port_does_not_end_it(server: Server, files: Path) -> None:
    with contextlib.suppress(requests.exceptions.ConnectionError):
        assert requests.get(server.url.replace("https", "http"), timeout=10).status_code == 400
    assert ask(server, files).status_code == 200


@pytest.mark.parametrize("fault", ["reset", "reset:10", "cut:10"])
def test_connections_break_here_as_well(emulator: Emulator, server: Server, files: Path, fault: str) -> None:
    emulator.faults.add(parse_fault(fault))
    with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask(server, files)
    assert ask(server, files).status_code == 200


def test_the_files(files: Path, authority: ThrowAwayAuthority) -> None:
    names = sorted(path.name for path in files.iterdir())
    assert names == ["ca.pem", "client-key.pem", "client.pem"]
    for path in files.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "PRIVATE" not in (files / "ca.pem").read_text() + (files / "client.pem").read_text()
    assert "PRIVATE" not in repr(authority.for_client())


def test_a_next_run_replaces_its_own_files_and_no_others(files: Path) -> None:
    before = (files / "ca.pem").read_text()
    write_files(files, ThrowAwayAuthority())
    assert (files / "ca.pem").read_text() != before
    (files / "client.pem").write_text("mine")
    with pytest.raises(SettingsError, match=r"client\.pem: the emulator did not make this file"):
        write_files(files, ThrowAwayAuthority())
    assert (files / "client.pem").read_text() == "mine"


def test_what_an_end_half_way_left_behind_is_not_written_into(tmp_path: Path, authority: ThrowAwayAuthority) -> None:
    """Everybody might read it, or it might lead elsewhere."""
    (tmp_path / ".client-key.pem.new").touch(mode=0o644)
    (tmp_path / ".ca.pem.new").symlink_to(tmp_path / "mine")
    (tmp_path / "mine").write_text("mine")
    write_files(tmp_path, authority)
    assert stat.S_IMODE((tmp_path / "client-key.pem").stat().st_mode) == 0o600
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "ca.pem").is_symlink()


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        write_files(tmp_path / "file" / "folder", ThrowAwayAuthority())
