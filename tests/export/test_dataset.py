"""The XML that we write with its schema is one that a .NET DataSet takes, with its types: mono is the judge."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from afas_soap.cli import main

PROGRAM = """
using System; using System.Data;
class Program {
  static void Main(string[] arguments) {
    var set = new DataSet();
    Console.WriteLine(set.ReadXml(arguments[0]));
    foreach (DataTable table in set.Tables) {
      Console.WriteLine(table.TableName + " " + table.Rows.Count);
      foreach (DataColumn column in table.Columns) Console.WriteLine(column.ColumnName + ": " + column.DataType.Name);
    }
  }
}
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that reads a DataSet and says what it holds."""
    if not (shutil.which("mono") and shutil.which("mcs")):
        pytest.skip("mono is not here (mono-runtime, mono-mcs and libmono-system-data4.0-cil on Debian)")
    folder = tmp_path_factory.mktemp("mono")
    (folder / "program.cs").write_text(PROGRAM)
    subprocess.run(["mcs", "-r:System.Data.dll", "program.cs"], cwd=folder, check=True, capture_output=True)
    return folder / "program.exe"


def read(reader: Path, file: Path) -> list[str]:
    # The other languages' DataSets print numbers their own way; types and counts are the same everywhere.
    done = subprocess.run(
        ["mono", str(reader), str(file)], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )
    return done.stdout.splitlines()


def test_a_dataset_takes_the_debtors_with_their_types(reader: Path, tmp_path: Path) -> None:
    rows, xml = tmp_path / "rows.jsonl", tmp_path / "debtors.xml"
    question = ["get", "Profit_Debtor", "--order-by", "DebtorId", "-o"]
    assert main([*question, str(rows), "--format", "jsonl"]) == 0
    assert main([*question, str(xml), "--format", "xml", "--schema"]) == 0
    mode, table, *columns = read(reader, xml)
    assert mode == "ReadSchema"
    assert table == f"Profit_Debtor {len(rows.read_text().splitlines())}"
    assert {"DebtorId: String", "CreditLimit: Decimal", "Blocked: Boolean", "CreateDate: DateTime"} <= set(columns)
    assert len(columns) == 21


def test_a_dataset_takes_every_type_and_names_that_are_no_xml_names(reader: Path, tmp_path: Path) -> None:
    xml = tmp_path / "types.xml"
    assert main(["get", "Emulator_Types", "--take", "5", "--format", "xml", "--schema", "-o", str(xml)]) == 0
    columns = {line.rpartition(": ")[2] for line in read(reader, xml)[2:]}
    assert columns == {"String", "Int64", "Decimal", "Boolean", "DateTime", "Byte[]"}


def test_a_dataset_takes_old_dates_with_their_offset(reader: Path, tmp_path: Path) -> None:
    xml = tmp_path / "aware.xml"
    old = ["--where", "Moment < 1901-01-01T00:00:00", "--order-by", "Id", "--aware"]
    assert main(["get", "Emulator_Types", *old, "--format", "xml", "--schema", "-o", str(xml)]) == 0
    assert "1900-01-01T00:00:00+00:00" in xml.read_text()
    _mode, table, *columns = read(reader, xml)
    assert table == "Emulator_Types 4"
    assert "Moment: DateTime" in columns


def test_a_dataset_takes_no_rows_at_all(reader: Path, tmp_path: Path) -> None:
    xml = tmp_path / "none.xml"
    nobody = ["--where", "DebtorId = nobody", "--order-by", "DebtorId"]
    assert main(["get", "Profit_Debtor", *nobody, "--format", "xml", "--schema", "-o", str(xml)]) == 0
    assert read(reader, xml)[1] == "Profit_Debtor 0"
