"""Processes that share a profile: one renewal per expiry, and one that is killed half-way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from afas_soap.errors import SignInError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt
from afas_soap.signin.store import TokenStore

ASK = """
import sys, dataclasses, threading, time
from pathlib import Path
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.store import TokenStore
from afas_soap.wire.http.link import Link
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.http.transport import Transport
url, folder, redirect, ahead, threads = sys.argv[1:]
credential = AuthorizationCode("public", redirect, None, dpop=True)
link = Link("", url, "x", retry_total=0.0)
told = []
def ask():
    session = SignedIn(credential, link, TokenStore("demo", Path(folder)), now=lambda: time.time() + float(ahead))
    with Transport(dataclasses.replace(link, authorizer=session), PROFIT) as way:
        told.append(RestConnectors(way).version())
many = [threading.Thread(target=ask) for _ in range(int(threads))]
print("ready", flush=True)
sys.stdin.readline()
for one in many: one.start()
for one in many: one.join()
print(len(told), *sorted(set(told)))
"""


def asking(python, judge, folder: Path, redirect: str, ahead: float, threads: int) -> subprocess.Popen[str]:
    arguments = [judge.rest_url, str(folder), redirect, str(ahead), str(threads)]
    process = subprocess.Popen(
        [*python, "-c", ASK, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.fixture
def folder(judge, link_to, public, tmp_path: Path) -> Path:
    """A store in which a person has signed in."""
    session = SignedIn(public, link_to(judge), TokenStore("demo", tmp_path))
    attempt = Attempt(session)
    code, state = judge.code(attempt.url)
    attempt.finish(Secret(f"code={code}&state={state}"))
    session.close()
    return tmp_path


def test_twenty_threads_in_each_of_four_processes_renew_once(judge, folder: Path, public, warm) -> None:
    """Every thread with a client of its own, so that only the file is between them."""
    for expiry in (1, 2):
        judge.fast = expiry * 3600.0
        processes = [asking(warm, judge, folder, public.redirect_uri, expiry * 3600.0, 20) for _ in range(4)]
        for process in processes:
            go(process)
        assert [process.communicate(timeout=120)[0] for process in processes] == ["20 7.1\n"] * 4
        assert [asked.form["grant_type"] for asked in judge.grants] == ["authorization_code"] + [
            "refresh_token"
        ] * expiry
        assert len(judge.token_calls) == expiry + 1, "nobody tried with a token that was used"
    assert [path.name for path in folder.iterdir() if path.suffix not in (".json", ".lock")] == []


def test_a_kill_between_the_answer_and_the_rename_loses_the_chain(judge, link_to, folder: Path, public) -> None:
    """The next call says so and asks to sign in again; after that all is well."""
    judged, killed = threading.Event(), threading.Event()

    def hold(asked) -> None:
        if asked.path.endswith("/oauth/token"):
            judged.set()
            killed.wait(60)

    judge.hold, judge.fast = hold, 3600.0
    process = asking([sys.executable], judge, folder, public.redirect_uri, 3600.0, 1)
    go(process)
    assert judged.wait(60)
    process.kill()
    process.communicate()
    killed.set()
    store = TokenStore("demo", folder)
    assert store.read().renewing is True
    session = SignedIn(public, link_to(judge), store, now=lambda: time.time() + 3600)
    with pytest.raises(SignInError, match=r"stopped half-way.*the chain is lost.*afas auth login"):
        session.headers("GET", judge.rest_url)
    attempt = Attempt(session)
    code, state = judge.code(attempt.url)
    attempt.finish(Secret(f"code={code}&state={state}"))
    assert store.read().renewing is False
    session.close()
