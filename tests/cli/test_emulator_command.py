"""``afas emulator``: UpdateConnectors out of OpenAPI files, a state that outlives the run, who may come in, TLS."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from afas_soap.emulator.http.app import DEMO_TOKEN
from afas_soap.emulator.onetimepasswords import DEMO_API_KEY, DEMO_ENVIRONMENT_KEY

PROPERTIES = {"Nr": {"type": "integer", "description": "Nummer"}, "Ds": {"type": "string", "maxLength": 5}}
FIELDS = {"type": "object", "properties": {"Fields": {"type": "object", "properties": PROPERTIES}}}
SPEC = {
    "openapi": "3.0.0",
    "paths": {
        "/connectors/KnDing": {
            "post": {
                "summary": "Ding",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/KnDing_POST"}}}
                },
                "responses": {},
            }
        }
    },
    "components": {
        "schemas": {
            "KnDing_POST": {
                "type": "object",
                "properties": {"KnDing": {"type": "object", "properties": {"Element": FIELDS}}},
            }
        }
    },
}


@pytest.fixture
def while_served(run: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run the command and, while it serves, one call with the address of REST; then it is stopped."""

    def served(call: Callable[[str], object], *arguments: object) -> Any:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}/ProfitRestServices/connectors"
        monkeypatch.setattr("afas_soap.cli.serve.emulator.until_stopped", lambda: call(address))
        return run("emulator", "--port", str(port), *arguments)

    return served


def post(address: str, connector: str, fields: dict[str, object]) -> tuple[int, str]:
    headers = {"Authorization": DEMO_TOKEN.header()}
    body = {connector: {"Element": {"Fields": fields}}}
    answer = requests.post(f"{address}/{connector}", json=body, headers=headers, timeout=20)
    return answer.status_code, answer.text


def test_one_time_passwords_go_to_the_mailbox(while_served: Callable[..., Any], tmp_path: Path) -> None:
    """The keys are told, for everybody may know them, and the password is not."""
    keys = {"userId": "12345.x", "apiKey": DEMO_API_KEY, "apiToken": DEMO_ENVIRONMENT_KEY}

    def call(address: str) -> None:
        asked = requests.post(f"{address.rpartition('/')[0]}/otprequest", json=keys, timeout=20)
        assert asked.status_code == 200

    ran = while_served(call, "--mailbox", tmp_path / "mail.txt")
    assert ran.code == 0
    told = f"one-time passwords go to {tmp_path / 'mail.txt'}, for API key {DEMO_API_KEY} and environment key "
    assert f"{told}{DEMO_ENVIRONMENT_KEY}" in ran.err
    found = re.search(r"password is ([0-9]{8})\.", (tmp_path / "mail.txt").read_text())
    assert found is not None
    assert found[1] not in ran.err + ran.out
    none = while_served(call, "--mailbox", tmp_path / "none" / "mail.txt")
    assert (none.code, "cannot write" in none.err) == (2, True)


def test_connectors_of_a_spec_are_added(while_served: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(SPEC), "utf-8")
    answers: list[tuple[int, str]] = []

    def call(address: str) -> None:
        answers.append(post(address, "KnDing", {"Ds": "goed"}))
        answers.append(post(address, "KnDing", {"Ds": "te lang"}))
        answers.append(post(address, "KnSubject", {"StId": 4, "Ds": "x"}))

    assert while_served(call, "--spec", tmp_path, "--delay", "0.01").code == 0
    assert [status for status, _ in answers] == [201, 500, 201]
    assert "is too long" in answers[1][1]


def test_a_state_outlives_the_run(while_served: Callable[..., Any], tmp_path: Path) -> None:
    answers: list[tuple[int, str]] = []
    for _ in range(2):
        ran = while_served(
            lambda address: answers.append(post(address, "KnSubject", {"StId": 4, "Ds": "x"})),
            "--state",
            tmp_path / "profit.state",
        )
        assert ran.code == 0
    assert [json.loads(text)["results"]["KnSubject"]["SbId"] for _, text in answers] == ["25121", "25122"]


def test_two_emulators_do_not_share_a_state(while_served: Callable[..., Any], tmp_path: Path, warm: list[str]) -> None:
    """The second one says so and ends; the first goes on, and a next one may come when it has ended."""
    second = [*warm, "-m", "afas_soap", "emulator", "--port", "0", "--state", str(tmp_path / "profit.state")]
    answers: list[Any] = []

    def call(address: str) -> None:
        answers.append(subprocess.run(second, capture_output=True, text=True, timeout=60))
        answers.append(post(address, "KnSubject", {"StId": 4, "Ds": "x"}))

    assert while_served(call, "--state", tmp_path / "profit.state").code == 0
    assert (answers[0].returncode, answers[0].stdout) == (2, "")
    assert "another emulator keeps its state there: end it, or name another file" in answers[0].stderr
    assert "Traceback" not in answers[0].stderr
    assert answers[1][0] == 201
    assert while_served(lambda _address: None, "--state", tmp_path / "profit.state").code == 0


def test_a_full_disk_is_told_once_to_who_runs_the_emulator(tmp_path: Path) -> None:
    """No file of the process may grow beyond 200 kB. Each call gets Profit's "unexpected error"."""
    resource = pytest.importorskip("resource", reason="no limits on file sizes here")
    command = [sys.executable, "-m", "afas_soap", "emulator", "--port", "0", "--state", str(tmp_path / "profit.state")]
    limit = 200_000
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    ) as process:
        assert process.stdout is not None
        addresses = dict(process.stdout.readline().split() for _ in range(2))
        address = f"{addresses['REST']}/connectors"
        answers = [post(address, "KnSubject", {"StId": 4, "Ds": "x", "SbTx": "y" * 60_000}) for _ in range(12)]
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert answers[0][0] == 201
    assert answers[-1][0] == 500
    assert "An unexpected error has occurred." in answers[-1][1]
    assert said.count("cannot keep what it booked") == 1
    assert "profit.state" in said


def test_what_is_grown_is_announced_when_it_takes_a_while(
    while_served: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afas_soap.cli.serve.emulator._MANY_ROWS", 300)
    said = while_served(lambda _address: None, "--rows", "Profit_Debtor=300", "--rows", "Profit_Article=299").err
    assert "afas: laying down 300 rows of Profit_Debtor\n" in said
    assert "rows of Profit_Article" not in said


@pytest.mark.parametrize("host", ["", "x" * 300, "a..b"])
def test_a_host_that_is_none(run: Any, host: str) -> None:
    ran = run("emulator", "--port", "0", "--host", host)
    assert ran.code == 2
    assert "--host" in ran.err


def test_a_host_is_taken_as_it_goes_over_the_wire(while_served: Callable[..., Any], tmp_path: Path) -> None:
    """A name in other letters; certificates have no place for them."""
    ran = while_served(lambda _address: None, "--host", "\uff4cocalhost", "--tls", tmp_path / "tls")
    assert ran.code == 0
    assert all("https://localhost:" in line for line in ran.lines)


FORM = {
    "grant_type": "client_credentials",
    "client_id": "demo-service",
    "client_secret": "everybody-may-know-this-0000",
}
CLIENTS = """
[[client]]
id = "mine"
kind = "service"
secrets = ["of-my-own-0000"]
"""


def token(address: str, form: dict[str, str], **more: Any) -> requests.Response:
    return requests.post(address.replace("/connectors", "/oauth/token"), data=form, timeout=20, **more)


def test_demo_clients_are_named_and_their_secrets_are_not(while_served: Callable[..., Any]) -> None:
    answers: list[int] = []
    ran = while_served(lambda address: answers.append(token(address, FORM).status_code))
    assert (ran.code, answers) == (0, [200])
    assert "OAuth clients: demo-service, demo-service-key, demo-person, demo-person-key, demo-public\n" in ran.err
    assert "everybody" not in ran.out + ran.err
    assert [line.split()[0] for line in ran.out.splitlines()] == ["SOAP", "REST", "SB", "SB", "SB"]


def test_clients_of_your_own(while_served: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "clients.toml").write_text(CLIENTS)
    mine = {**FORM, "client_id": "mine", "client_secret": "of-my-own-0000"}
    answers: list[int] = []

    def call(address: str) -> None:
        answers.extend(token(address, form).status_code for form in (FORM, mine))

    ran = while_served(call, "--clients", tmp_path / "clients.toml")
    assert (ran.code, answers) == (0, [400, 200])
    assert "OAuth clients: mine\n" in ran.err


def test_a_token_of_your_own_shuts_the_demo_clients_out(while_served: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1" * 64)
    (tmp_path / "token").chmod(0o600)
    answers: list[int] = []
    ran = while_served(
        lambda address: answers.append(token(address, FORM).status_code), "--token-file", tmp_path / "token"
    )
    assert (ran.code, answers) == (0, [400])
    assert "OAuth" not in ran.err
    assert [line.split()[0] for line in ran.lines] == ["SOAP", "REST"]


@pytest.mark.parametrize(
    ("options", "asked", "classic"),
    [(("--auth", "classic"), 400, 200), (("--auth", "oauth"), 200, 401), (("--dialect", "profit6"), 404, 200)],
)
def test_who_may_come_in(while_served: Callable[..., Any], options: tuple[str, ...], asked: int, classic: int) -> None:
    answers: list[int] = []

    def call(address: str) -> None:
        answers.append(token(address, FORM).status_code)
        rows = requests.get(f"{address}/Profit_Debtor", headers={"Authorization": DEMO_TOKEN.header()}, timeout=20)
        answers.append(rows.status_code)

    ran = while_served(call, *options)
    assert (ran.code, answers) == (0, [asked, classic])
    assert ("OAuth clients:" in ran.err) is (asked == 200)


def test_tls_and_a_client_certificate(while_served: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    answers: list[object] = []

    def call(address: str) -> None:
        address = address.replace("http://", "https://")
        trusted = {"verify": str(folder / "ca.pem")}
        with pytest.raises(requests.exceptions.ConnectionError):
            token(address, FORM, **trusted)
        shown = (str(folder / "client.pem"), str(folder / "client-key.pem"))
        answers.append(token(address, FORM, cert=shown, **trusted).status_code)

    ran = while_served(call, "--tls", folder, "--mtls")
    assert (ran.code, answers) == (0, [200])
    assert all("https://127.0.0.1:" in line for line in ran.lines)
    names = ["ca.pem", "client-key.pem", "client.pem", "demo-key.pem"]
    assert sorted(path.name for path in folder.iterdir()) == names
    key = load_pem_private_key((folder / "demo-key.pem").read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--token-file", "token"), "add --clients FILE"),
        (("--dialect", "profit6"), "choose another --dialect"),
    ],
)
def test_an_emulator_that_nobody_could_enter(run: Any, tmp_path: Path, options: tuple[str, str], says: str) -> None:
    (tmp_path / "token").write_text("1" * 64)
    (tmp_path / "token").chmod(0o600)
    named = [tmp_path / "token" if option == "token" else option for option in options]
    ran = run("emulator", "--port", "0", "--auth", "oauth", *named)
    assert ran.code == 2
    assert says in ran.err


def test_mtls_without_tls(run: Any) -> None:
    ran = run("emulator", "--mtls")
    assert ran.code == 2
    assert "--mtls needs --tls FOLDER" in ran.err


@pytest.mark.parametrize(
    ("option", "content", "says"),
    [
        ("--state", "rekening;bedrag\n" * 100, "name another file"),
        ("--delay", None, "is not a valid float"),
        ("--clients", "rekening;bedrag\n", "is no TOML"),
        ("--auth", None, "'classic', 'hybrid', 'oauth'"),
        ("--nonce", None, "'off', '400', '401'"),
        ("--tls", None, "is a file"),
    ],
)
def test_what_cannot_be(run: Any, tmp_path: Path, option: str, content: str | None, says: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(content or "")
    ran = run("emulator", "--port", "0", option, path)
    assert ran.code == 2
    assert says in ran.err
    assert path.read_text() == (content or "")


APP_TOKEN = {"apptoken": "demo-sb-app-token", "scope": "enyoi"}


def sb(address: str, asked: dict[str, str] = APP_TOKEN) -> tuple[int, Any]:
    """Sign in to SB by app token and, where that succeeds, read its organisations."""
    base = address.replace("ProfitRestServices/connectors", "enyoi")
    answer = requests.post(f"{base}/authentication/getaccesstoken", json=asked, timeout=20)
    if answer.status_code != 200:
        return answer.status_code, None
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return 200, requests.get(f"{base}/api/organisations", headers=headers, timeout=20).json()


def test_sb_is_served_beside_profit(while_served: Callable[..., Any]) -> None:
    answers: list[Any] = []
    ran = while_served(lambda address: answers.append(sb(address)))
    assert ran.code == 0
    assert answers[0][1]["Result"]
    assert "OAuth clients of SB: demo-sb\n" in ran.err
    assert "demo-sb-secret" not in ran.out + ran.err
    assert "demo-sb-app-token" not in ran.out + ran.err
    assert ran.lines[2].startswith("SB http://127.0.0.1:")
    assert ran.lines[2].endswith("/enyoi")


def test_sb_in_its_older_dialect_with_features_off(while_served: Callable[..., Any]) -> None:
    answers: list[Any] = []

    def call(address: str) -> None:
        base = address.replace("ProfitRestServices/connectors", "enyoi")
        answer = requests.post(f"{base}/authentication/getaccesstoken", json=APP_TOKEN, timeout=20).json()
        answers.append(answer["expires_in"])
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        toggles = requests.get(f"{base}/api/featuretoggles", headers=headers, timeout=20).json()
        answers.append({row["Projects"] for row in toggles})

    options = (
        "--sb-dialect",
        "6.0",
        "--sb-off",
        "projects",
        "--sb-memory",
        "5",
        "--sb-repeat",
        "60",
        "--sb-chunk-header",
        "Content-Range",
    )
    assert while_served(call, *options).code == 0
    assert answers == ["600", {False}]


def test_a_feature_that_there_is_not(run: Any) -> None:
    ran = run("emulator", "--port", "0", "--sb-off", "nothing")
    assert ran.code == 2
    assert "--sb-off nothing: there is no such feature; there are SalesInvoices, " in ran.err


def test_sb_with_an_app_token_of_your_own(while_served: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "app-token").write_text("of-my-own-0000-0000")
    (tmp_path / "app-token").chmod(0o600)
    answers: list[Any] = []

    def call(address: str) -> None:
        answers.append(sb(address)[0])
        answers.append(sb(address, {**APP_TOKEN, "apptoken": "of-my-own-0000-0000"})[0])

    ran = while_served(call, "--sb-app-token-file", tmp_path / "app-token")
    assert (ran.code, answers) == (0, [401, 200])
    assert "clients of SB" not in ran.err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--sb-memory", "nan", "not a number of seconds"),
        ("--sb-repeat", "nan", "not a number of seconds"),
        ("--delay", "nan", "not a number of seconds"),
        ("--sb-chunk-header", "a b", "must be the name of an HTTP header"),
        ("--sb-chunk-header", "A\r\nB: c", "must be the name of an HTTP header"),
        ("--sb-chunk-header", "Authorization", "a header that each call has already"),
    ],
)
def test_what_the_emulator_cannot_go_by_is_refused(run: Any, option: str, value: str, told: str) -> None:
    """And none is started that is set up otherwise than it says."""
    ran = run("emulator", "--port", "0", option, value)
    assert ran.code == 2
    assert told in ran.err
