"""The commands beside ``get``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from afas_soap import compare
from afas_soap.compare import Side
from afas_soap.wire.profit.shipped import shipped

Run = Callable[..., Any]


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_connectors_are_listed_whatever_the_protocol(run: Run, protocol: str) -> None:
    ran = run("connectors", "--protocol", protocol)
    assert ran.code == 0
    assert "GetConnectors:" in ran.out
    assert "UpdateConnectors:" in ran.out
    listed = json.loads(run("connectors", "--protocol", protocol, "--format", "json").out)
    assert {"id": "Profit_Debtor", "description": "Debtors"} in listed["get_connectors"]


def test_describe_shows_no_column_that_is_empty_throughout(run: Run, tmp_path: Path) -> None:
    """SOAP tells neither labels nor lengths nor decimals; and REST has no decimals of a connector without amounts."""
    assert run("describe", "Profit_Debtor", "--protocol", "soap").lines[0].split() == ["column", "type", "declared"]
    over_rest = run("describe", "Profit_Debtor", "--protocol", "rest").lines[0].split()
    assert over_rest == ["column", "type", "declared", "label", "length", "decimals"]
    over_rest = run("describe", "Profit_Journals", "--protocol", "rest").lines[0].split()
    assert "decimals" not in over_rest
    assert "length" in over_rest


def test_describe_shows_columns_and_types(run: Run) -> None:
    ran = run("describe", "Profit_Debtor", "--protocol", "rest")
    assert ran.code == 0
    line = next(line for line in ran.lines if line.startswith("CreditLimit"))
    assert line.split()[1:3] == ["decimal", "decimal"]
    described = json.loads(run("describe", "Profit_Debtor", "--format", "json").out)
    assert [column["column"] for column in described["columns"]][:2] == ["DebtorId", "DebtorName"]


def test_version_is_the_same_over_both_protocols(run: Run) -> None:
    assert run("version", "--protocol", "soap").out == run("version", "--protocol", "rest").out != ""


def test_settings_show_values_and_sources_and_no_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "0123456789ABCDEF" * 4
    monkeypatch.setenv("AFAS_TOKEN", secret)
    monkeypatch.setenv("AFAS_ENVIRONMENT", "12345-test")
    ran = run("settings", "--protocol", "rest")
    assert ran.code == 0
    assert secret[:12] not in ran.out + ran.err
    rows = {line.split()[0]: line for line in ran.lines}
    assert "12345-test" in rows["environment"]
    assert "AFAS_ENVIRONMENT" in rows["environment"]
    assert "argument" in rows["protocol"]
    assert "https://12345.resttest.afas.online/profitrestservices" in rows["rest_url"]
    shown = json.loads(run("settings", "--format", "json").out)
    assert {"name", "value", "source"} == set(shown[0])


def test_settings_show_no_sign_that_a_terminal_obeys(run: Run) -> None:
    """A path may hold any, and bytes that are no text."""
    ran = run("settings", "--emulator", "--trace", "a\x1b[31m\nb\udcff")
    assert (ran.code, ran.err) == (0, "")
    shown = next(line for line in ran.lines if line.startswith("trace "))
    assert shown.split() == ["trace", r"a\x1b[31m\nb\udcff", "argument"]


def test_settings_that_contradict_are_a_usage_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFAS_EMBEDDED", "never")
    ran = run("settings")
    assert (ran.code, ran.out) == (2, "")


def test_the_shipped_wsdl_is_listed_and_equals_the_live_one(run: Run) -> None:
    ran = run("wsdl", "list")
    assert ran.code == 0
    assert "AppConnectorGet" in ran.out
    checked = run("wsdl", "check")
    assert checked.code == 0
    assert checked.lines == [f"{document.name}: no difference" for document in shipped()]
    one = run("wsdl", "check", "appconnectorget")
    assert one.lines == ["AppConnectorGet: no difference"]


def test_the_demo_ends_well_and_writes_its_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "demo.xml"
    ran = run("demo", "-o", target)
    assert ran.code == 0
    assert "Both protocols agree, field by field and byte by byte." in ran.out
    booked = [line.partition(": ")[2] for line in ran.out.splitlines() if line.startswith("Booked an order over ")]
    assert [line.partition(", ")[2] for line in booked] == ["total 261.72."] * 2
    assert len({line.partition(", ")[0] for line in booked}) == 2
    assert ElementTree.parse(target).getroot().tag == "AfasGetConnector"
    payslips = [(tmp_path / f"demo-payslip-{protocol}.pdf").read_bytes() for protocol in ("soap", "rest")]
    assert payslips[0] == payslips[1]
    assert payslips[0].startswith(b"%PDF-")
    assert ran.lines[-1] == ("Booked a sales entry of 121.31 in SB: 121.31 is outstanding, and 0 when it is deleted.")


def test_the_demo_writes_xml_into_no_file_that_is_called_otherwise(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "-o", tmp_path / "demo.csv")
    assert (ran.code, ran.out) == (2, "")
    assert "demo.csv: the demo writes XML: choose a name that ends in .xml" in ran.err


@pytest.mark.no_cover
def test_the_demo_ignores_what_is_configured(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real environment in the variables is not asked: nobody wants a demonstration on their books."""
    monkeypatch.setenv("AFAS_ENVIRONMENT", "12345")
    monkeypatch.setenv("AFAS_TOKEN", "0" * 64)
    assert run("demo", "-o", tmp_path / "demo.xml").code == 0


# --- convert ------------------------------------------------------------------------------------------------------

SAVED = (
    "<AfasGetConnector><Items><Code>a1</Code><Price>1.50</Price></Items><Items><Price>2</Price><New>x</New></Items>"
    "</AfasGetConnector>"
)


def test_without_a_schema_columns_are_those_that_occur_and_stderr_says_so(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "saved.xml"
    saved.write_text(SAVED)
    ran = run("convert", saved, "--format", "csv")
    assert ran.code == 0
    assert ran.lines == ["Code,Price,New", "a1,1.50,", ",2,x"]
    assert "no schema" in ran.err


def test_types_come_from_saved_metainfo(run: Run, tmp_path: Path) -> None:
    saved, fields = tmp_path / "saved.xml", tmp_path / "metainfo.json"
    saved.write_text(SAVED)
    columns = [
        {"id": name, "dataType": kind} for name, kind in (("Code", "string"), ("Price", "decimal"), ("New", "string"))
    ]
    fields.write_text(json.dumps({"name": "Items", "description": "", "fields": columns}))
    ran = run("convert", saved, "--fields", fields, "--format", "jsonl")
    assert ran.lines == ['{"Code":"a1","Price":1.5,"New":null}', '{"Code":null,"Price":2.0,"New":"x"}']


def test_standard_input_is_read(warm: list[str]) -> None:
    done = subprocess.run(
        [*warm, "-m", "afas_soap", "convert", "--format", "jsonl"],
        input=SAVED.encode(),
        capture_output=True,
        check=True,
    )
    assert done.stdout == b'{"Code":"a1","Price":"1.50","New":null}\n{"Code":null,"Price":"2","New":"x"}\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [(SAVED[:50], 7), ("", 7), ("<html></html>", 7), ("[1]", 7), ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', 7)],
)
def test_what_is_no_saved_answer_leaves_no_file(run: Run, tmp_path: Path, text: str, code: int) -> None:
    saved, target = tmp_path / "saved", tmp_path / "out.csv"
    saved.write_text(text)
    ran = run("convert", saved, "--format", "csv", "-o", target)
    assert ran.code == code
    assert ran.err.splitlines()[-1].startswith("afas: ")
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("convert", tmp_path / "nowhere.xml")
    assert ran.code == 2
    assert "nowhere.xml" in ran.err


def test_every_recorded_answer_with_rows_is_converted_with_the_values_that_stand_in_it(run: Run, afas: Path) -> None:
    """The values are taken out of the recordings by ElementTree, which is no part of this package."""
    converted = 0
    for file in sorted((afas / "soap").glob("*.xml")):
        text = "".join(ElementTree.parse(file).getroot().itertext())
        if not text.strip().startswith(("<AfasGetConnector", "<AfasDataConnector")):
            continue
        rows = [
            {child.tag: child.text for child in row}
            for row in ElementTree.fromstring(text)
            if not row.tag.endswith("}schema")
        ]
        ran = run("convert", file, "--format", "jsonl", "--raw")
        assert ran.code == 0, ran.err
        read = [{k: v for k, v in json.loads(line).items() if v is not None} for line in ran.lines]
        assert read == rows
        converted += bool(rows)
    assert converted >= 4


# --- compare ------------------------------------------------------------------------------------------------------


def test_compare_finds_both_protocols_equal(run: Run) -> None:
    ran = run("compare", "Profit_Debtor", "Profit_Article", "--key", "")
    assert ran.code == 0
    assert ran.lines[-1] == "2 compared, 0 with differences"


def test_compare_a_saved_file_that_differs(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "old.xml"
    assert (
        run("get", "Profit_Administrations", "--order-by", "AdminId", "--format", "xml", "--schema", "-o", saved).code
        == 0
    )
    text = saved.read_text(encoding="utf-8")
    name = ElementTree.fromstring(text).findtext(".//AdminNm")
    saved.write_text(text.replace(f">{name}<", ">Anders<", 1), encoding="utf-8")
    ran = run("compare", "Profit_Administrations", "--left", f"file:{saved}", "--right", "rest")
    assert ran.code == 1
    assert '"Anders" (str)' in ran.out
    report = json.loads(run("compare", "Profit_Administrations", "--left", f"file:{saved}", "--format", "json").out)[0]
    assert (report["equal"], report["found"], report["differences"][0]["kind"]) == (False, 1, "field")
    junit = ElementTree.fromstring(
        run("compare", "Profit_Administrations", "--left", f"file:{saved}", "--format", "junit").out
    )
    assert junit.find("testsuite").get("failures") == "1"


def test_compare_two_profiles(run: Run, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AFAS_SOAP_URL", "AFAS_REST_URL", "AFAS_TOKEN"):
        monkeypatch.delenv(name)
    ran = run("compare", "Profit_Administrations", "--left", "profile:emulator", "--right", "profile:emulator")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    "arguments",
    [[], ["Profit_Debtor", "--all"], ["Profit_Debtor", "--left", "nowhere"], ["Profit_Debtor", "--key", "Nope"]],
)
def test_compare_refuses_what_it_cannot_compare(run: Run, arguments: list[str]) -> None:
    ran = run("compare", *arguments)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_every_connector_is_tried_and_the_one_that_fails_is_an_error(run: Run, protocol: str, position: int) -> None:
    """Over either protocol, wherever it stands: its error is in the report, and the others are compared."""
    names = ["Profit_Article", "Profit_Administrations"]
    names.insert(position, "Profit_Nothing")
    sides = ["--left", protocol, "--right", "rest" if protocol == "soap" else "soap"]
    ran = run("compare", *names, *sides, "--format", "junit", "--profile", "emulator")
    (suite,) = ElementTree.fromstring(ran.out)
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("3", "1", "0")
    assert [case.get("name") for case in suite] == names
    assert all(float(case.get("time", "")) >= 0 for case in suite)
    assert [case.find("error") is not None for case in suite] == [name == "Profit_Nothing" for name in names]
    listed = json.loads(run("compare", *names, *sides, "--format", "json", "--profile", "emulator").out)
    assert [("error" in each, each["equal"]) for each in listed] == [
        (name == "Profit_Nothing", name != "Profit_Nothing") for name in names
    ]
    message = listed[position]["error"]["message"]
    assert listed[position]["error"]["exit_code"] == ran.code
    assert ran.code in (3, 4)
    assert ran.err.startswith(f"afas: {message[:20]}")
    assert ran.err.count("\n") == 1


def test_the_exit_code_of_a_comparison_is_that_of_the_first_error_else_of_a_difference(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "old.xml").write_text("<AfasGetConnector><X><A>1</A></X></AfasGetConnector>", encoding="utf-8")
    (tmp_path / "new.xml").write_text("<AfasGetConnector><X><A>2</A></X></AfasGetConnector>", encoding="utf-8")
    sides = ["--left", f"file:{tmp_path / 'old.xml'}", "--right", f"file:{tmp_path / 'new.xml'}"]
    assert run("compare", "X", *sides).code == 1
    ran = run("compare", "X", "Y", *sides)
    assert ran.code == 7
    assert ran.lines[-1] == "1 compared, 1 with differences, 1 could not be compared"
    both = run("compare", "Profit_Debtor", "Nope", "--key", "DebtorId", "--key", "Nope", "--profile", "emulator")
    assert (both.code, both.out, both.err.count("\n")) == (2, "", 2)


def test_what_nobody_foresaw_keeps_no_other_connector(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours in one of them is an error of that one, and its value is not told."""
    whole = compare.compare

    def broken(left: Side, right: Side, **how: Any) -> Any:
        if left.fields.connector == "Profit_Article":
            raise KeyError("a value of somebody")
        return whole(left, right, **how)

    monkeypatch.setattr("afas_soap.cli.read.compare.compare", broken)
    ran = run("compare", "Profit_Article", "Profit_Journals", "--format", "junit", "--profile", "emulator")
    (suite,) = ElementTree.fromstring(ran.out)
    assert (ran.code, suite.get("tests"), suite.get("errors")) == (70, "2", "1")
    assert "somebody" not in ran.out + ran.err
    assert "Traceback" not in ran.err
    assert "Traceback" in run("compare", "Profit_Article", "-v", "--profile", "emulator").err


@pytest.mark.parametrize(
    ("name", "format_", "begins"),
    [
        ("x.xml", [], "<?xml"),
        ("x.JSON", [], "["),
        ("x.txt", [], "Profit_Journals: "),
        ("x.out", ["--format", "junit"], "<?xml"),
        ("x.xml", ["--format", "table"], "Profit_Journals: "),
    ],
)
def test_a_report_goes_into_a_file_whole(run: Run, tmp_path: Path, name: str, format_: list[str], begins: str) -> None:
    asked = ["compare", "Profit_Journals", "Profit_Nothing", "--profile", "emulator", *format_]
    ran = run(*asked, "-o", tmp_path / name)
    assert (ran.code, ran.out) == (4, "")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert text.endswith("\n")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_report_has_a_format_before_anybody_is_asked(run: Run, tmp_path: Path) -> None:
    for name in ("x.csv", "x"):
        ran = run("compare", "Profit_Journals", "-o", tmp_path / name)
        assert (ran.code, ran.out, list(tmp_path.iterdir())) == (2, "", [])
        assert "choose --format table, json or junit" in ran.err
        assert "nothing is configured" not in ran.err
    assert run("compare", "Profit_Journals", "-o", "-", "--profile", "emulator").lines[0].startswith("Profit_Journals:")


# --- emulator -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("interruptible")
def test_the_emulator_prints_its_addresses_serves_and_ends_when_interrupted(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "Shop_Orders.csv").write_text("OrderId,Customer\n1,Jansen\n")
    command = [sys.executable, "-m", "afas_soap", "emulator", "--port", "0", "--data", str(tmp_path / "mine")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    soap, rest = (process.stdout.readline().split() for _ in range(2))
    assert (soap[0], rest[0]) == ("SOAP", "REST")
    variables = {"AFAS_SOAP_URL": soap[1], "AFAS_REST_URL": rest[1], "AFAS_TOKEN": "0" * 64, "PATH": ""}
    got = subprocess.run(
        [sys.executable, "-m", "afas_soap", "get", "Shop_Orders", "--order-by", "OrderId"],
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(got.stdout) == {"OrderId": "1", "Customer": "Jansen"}
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "0" * 64 not in stderr


@pytest.mark.parametrize(
    "arguments", [["--rows", "Profit_Debtor"], ["--rows", "Profit_Debtor=x"], ["--fault", "nonsense"], ["--port", "x"]]
)
def test_the_emulator_refuses_what_it_does_not_understand(run: Run, arguments: list[str]) -> None:
    assert run("emulator", *arguments).code == 2


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent to a process here")
def test_ctrl_c_half_way_ends_with_130_and_leaves_no_file(tmp_path: Path, warm: list[str]) -> None:
    target = tmp_path / "out.jsonl"
    command = [*warm, "-m", "afas_soap", "emulator", "--port", "0", "--fault", "slow:30,call=2"]
    served = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert served.stdout is not None
    try:
        soap = served.stdout.readline().split()[1]
        reading = subprocess.Popen(
            [*warm, "-m", "afas_soap", "get", "Profit_Debtor", "--order-by", "DebtorId", "-o", str(target)],
            env={"AFAS_SOAP_URL": soap, "AFAS_TOKEN": "0" * 64, "PATH": ""},
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(2)
        reading.send_signal(signal.SIGINT)
        _, stderr = reading.communicate(timeout=20)
    finally:
        served.kill()
        served.communicate()
    assert reading.returncode == 130
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []
