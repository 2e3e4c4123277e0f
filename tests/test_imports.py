"""Who reads over one protocol, or converts a file, does not pay for the libraries of the rest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import Server, serve

READ = """
import sys
from afas_soap import ProfitClient
protocol, address, token = sys.argv[1:]
with ProfitClient.connect(protocol=protocol, token=token, **{protocol + "_url": address}) as profit:
    print(sum(1 for _ in profit.rows("Profit_Debtor", order_by=["DebtorId"], take=7)))
"""
# What only a sign-in by OAuth may load.
OAUTH = {"joserfc", "filelock", "jwt", "cryptography", "attrs"}
ANSWER = b'{"skip":0,"take":2,"rows":[{"Id":1},{"Id":2}]}'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A Profit on a port: the reading process has an environment, and no use for the embedded one."""
    emulator = Emulator()
    with serve(emulator) as running:
        yield running
    emulator.close()


def run(*arguments: str, stdin: bytes = b"") -> tuple[str, set[str]]:
    """What a fresh Python printed, and the top-level packages that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, input=stdin, check=True
    )
    lines = done.stderr.decode().splitlines()
    modules = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    return done.stdout.decode(), {module.partition(".")[0] for module in modules}


def test_reading_over_rest_imports_nothing_of_soap_the_emulator_or_the_terminal(server: Server) -> None:
    printed, loaded = run("-c", READ, "rest", server.rest_url, DEMO_TOKEN.xml())
    assert printed == "7\n"
    assert "requests" in loaded, "the list is the list of what was imported"
    heavy = {"zeep", "xmlschema", "werkzeug", "cheroot", "rich", "click", "sqlite3"}
    assert sorted((heavy | OAUTH) & loaded) == []


def test_reading_over_soap_imports_nothing_of_the_emulator_or_the_terminal(server: Server) -> None:
    printed, loaded = run("-c", READ, "soap", server.soap_url, DEMO_TOKEN.xml())
    assert printed == "7\n"
    assert "zeep" in loaded
    # zeep loads attrs.
    assert sorted(({"xmlschema", "werkzeug", "cheroot", "rich", "click"} | OAUTH - {"attrs"}) & loaded) == []


def test_converting_a_file_imports_nothing_of_the_network() -> None:
    printed, loaded = run("-m", "afas_soap", "convert", "--format", "jsonl", stdin=ANSWER)
    assert printed == '{"Id":1}\n{"Id":2}\n'
    assert "click" in loaded
    heavy = {"zeep", "requests", "urllib3", "werkzeug", "cheroot", "sqlite3", "xmlschema"}
    assert sorted(heavy & loaded) == []
