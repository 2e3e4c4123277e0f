"""Every row of AFAS' table "Which combinations exist", with and without mTLS, over SOAP and REST: ``afas get`` and
``afas insert`` on a TLS port, configured as a user would. And what shares a profile renews once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

from afas_soap.signin.store import TokenStore

GET = ("get", "Profit_Debtor", "--take", "2", "--order-by", "DebtorId", "--format", "jsonl")
SERVICES = ("service, secret", "service, key")
PERSONS = ("person, secret", "person, key", "public")


def reads_and_writes(run, folder: Path, protocol: str) -> None:
    got = run(*GET, "--protocol", protocol)
    assert (got.code, got.err) == (0, "")
    rows = [json.loads(line)["DebtorId"] for line in got.out.splitlines()]
    assert len(rows) == 2
    assert rows == sorted(rows)
    (folder / "subject.json").write_text('{"KnSubject":{"Element":{"Fields":{"StId":4,"Ds":"Offerte"}}}}')
    inserted = run("insert", "KnSubject", folder / "subject.json", "--protocol", protocol)
    assert (inserted.code, inserted.err) == (0, "")
    assert json.loads(inserted.out)["keys"][0]["SbId"]


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("mtls", [False, True], ids=["tls", "mtls"])
@pytest.mark.parametrize("row", SERVICES)
def test_a_service(site_of, run, tmp_path, monkeypatch, row: str, mtls: bool, protocol: str) -> None:
    """By variables alone. Without a profile nothing is kept, so that each command asks for a token."""
    site = site_of(mtls=mtls)
    for name, value in site.variables(row).items():
        monkeypatch.setenv(name, value)
    reads_and_writes(run, tmp_path, protocol)
    assert site.granted == {"client_credentials": 2}


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("mtls", [False, True], ids=["tls", "mtls"])
@pytest.mark.parametrize("row", PERSONS)
def test_a_person(site_of, run, tmp_path, monkeypatch, row: str, mtls: bool, protocol: str) -> None:
    """By a profile, after ``afas auth login`` with a browser; the token is kept, and is the only one that is got."""
    site = site_of(mtls=mtls)
    site.profile(row)
    monkeypatch.setenv("AFAS_PROFILE", "demo")
    monkeypatch.setattr(webbrowser, "open", site.browser())
    login = run("auth", "login")
    assert (login.code, login.out) == (0, "")
    assert "signed in" in login.err
    reads_and_writes(run, tmp_path, protocol)
    assert site.granted == {"authorization_code": 1}


@pytest.mark.parametrize(
    ("row", "protocol", "nonce"),
    [
        ("service, secret", "soap", "401"),
        ("service, key", "rest", "401"),
        ("person, secret", "rest", "400"),
        ("person, key", "soap", "off"),
        ("public", "soap", "400"),
        ("public", "rest", "401"),
    ],
)
def test_with_dpop(site_of, run, tmp_path, monkeypatch, row: str, protocol: str, nonce: str) -> None:
    """Optional where there is another proof, over every way a connector may ask for a nonce; one token for both."""
    site = site_of(mtls=True, nonce=nonce)
    site.profile(row, dpop=True)
    monkeypatch.setenv("AFAS_PROFILE", "demo")
    monkeypatch.setattr(webbrowser, "open", site.browser())
    if row in PERSONS:
        assert run("auth", "login").code == 0
    reads_and_writes(run, tmp_path, protocol)
    assert sum(site.granted.values()) == 1
    kept = TokenStore("demo").read()
    assert kept is not None
    assert kept.kind == "DPoP"


@pytest.mark.parametrize("way", ["basic", "base", "typ", "RS256", "PS256"])
def test_other_ways_to_prove_a_client(site_of, run, tmp_path, monkeypatch, way: str) -> None:
    """Basic, and assertions of every form that AFAS takes."""
    row, more = {
        "basic": ("service, secret", {"client_secret_basic": True}),
        "base": ("service, key", {"assertion_audience": "base-url"}),
        "typ": ("service, key", {"assertion_type": "client-authentication+jwt"}),
        "RS256": ("service, key", {"client_id": "service-rsa"}),
        "PS256": ("service, key", {"client_id": "service-rsa", "assertion_algorithm": "PS256"}),
    }[way]
    site = site_of()
    site.profile(row, **more)
    monkeypatch.setenv("AFAS_PROFILE", "demo")
    reads_and_writes(run, tmp_path, "rest")


def afas(*arguments: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "afas_soap", *map(str, arguments)], capture_output=True, text=True, timeout=60, **more
    )


def test_as_real_processes(site_of, tmp_path, monkeypatch) -> None:
    """Login in a terminal with the address pasted back, then a read, a write and the end, each a process of its own."""
    site = site_of(mtls=True)
    site.profile("public")
    monkeypatch.setenv("AFAS_PROFILE", "demo")
    with subprocess.Popen(
        [sys.executable, "-m", "afas_soap", "auth", "login", "--no-browser"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as login:
        assert login.stdout is not None
        ended_at = site.browser(follow=False)(login.stdout.readline().strip())
        _, err = login.communicate(f"{ended_at}\n", timeout=60)
    assert login.returncode == 0, err
    got = afas(*GET)
    assert (got.returncode, got.stderr, len(got.stdout.splitlines())) == (0, "", 2)
    (tmp_path / "subject.json").write_text('{"KnSubject":{"Element":{"Fields":{"StId":4,"Ds":"Offerte"}}}}')
    inserted = afas("insert", "KnSubject", tmp_path / "subject.json")
    assert (inserted.returncode, inserted.stderr) == (0, "")
    assert site.granted == {"authorization_code": 1}
    assert afas("auth", "logout").returncode == 0
    assert TokenStore("demo").read() is None
    assert afas(*GET).returncode == 3


SHARE = """
import sys, threading
from afas_soap import ProfitClient
with ProfitClient.connect(profile="demo") as profit:
    print("ready", flush=True)
    for line in sys.stdin:
        told = []
        many = [
            threading.Thread(target=lambda: told.append(len(list(profit.rows("Profit_Debtor", take=2)))))
            for _ in range(20)
        ]
        for one in many: one.start()
        for one in many: one.join()
        print(told == [2] * 20, flush=True)
"""


@pytest.mark.parametrize(
    ("row", "protocol", "renewal"),
    [("public", "rest", "refresh_token"), ("service, key", "soap", "client_credentials")],
)
def test_twenty_threads_in_four_processes_renew_once(site_of, run, warm, monkeypatch, row, protocol, renewal) -> None:
    """They share one profile. However a token ends - AFAS withdraws it, or its hour is over - it is renewed once."""
    site = site_of()
    site.profile(row, protocol=protocol, retry_total=20.0)
    monkeypatch.setenv("AFAS_PROFILE", "demo")
    monkeypatch.setattr(webbrowser, "open", site.browser())
    assert run("auth", "login").code == 0 if row in PERSONS else run(*GET).code == 0
    before = site.granted.get(renewal, 0)
    processes = [
        subprocess.Popen([*warm, "-c", SHARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(4)
    ]

    def all_ask() -> None:
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "True\n"

    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    all_ask()
    assert site.granted.get(renewal, 0) == before
    ends = (site.emulator.authorization.tokens.withdraw, lambda: site.clock.turn(3700.0))
    for expiry, end in enumerate(ends, 1):
        end()
        all_ask()
        assert site.granted[renewal] == before + expiry
    for process in processes:
        assert process.communicate(timeout=60)[0] == ""
        assert process.returncode == 0
    assert sum(site.granted.values()) == before + 2 + (row in PERSONS)
