"""``afas demo``: the main job, on the embedded Profit."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from afas_soap.cli.serve import demosb
from afas_soap.cli.shared.connection import over
from afas_soap.cli.shared.exits import DIFFERENCES, FINE
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.client import ProfitClient
from afas_soap.compare import Report, Side, compare
from afas_soap.export.formats import lines
from afas_soap.export.target import write_file
from afas_soap.profit.questions.where import F
from afas_soap.profit.rows import Value
from afas_soap.profit.values import spell

CONNECTOR = "Profit_Debtor"
SORT = ["DebtorId"]
FIRST = 5
# A dossier item with a payslip.
PAYSLIP = 25001
LINE = {"VaIt": 2, "ItCd": "1006", "BiUn": "STK", "QuUn": 2, "Upri": "261.72"}
ORDER = {"DbId": "10001", "RfCs": "DEMO", "FbSalesLines": [LINE, {**LINE, "QuUn": -1}]}


def run(output: Path) -> int:
    """The main job, on the embedded Profit; gives the exit code."""
    log_to_stderr(verbose=False)
    if output.suffix.lower() != ".xml":
        raise click.UsageError(f"{output.name}: the demo writes XML: choose a name that ends in .xml")
    with ProfitClient.connect(embedded=True, protocol="soap") as soap:
        # The same Profit over its other protocol: what one books the other finds, and no number is handed out twice.
        rest = over(soap, "rest")
        click.echo(f"An embedded Profit, version {soap.version()}, with invented data.\n")
        names = _list(soap)
        _print_first(soap)
        reports = [_compared(soap, rest, name) for name in names]
        totals = [_booked(soap, "SOAP", read=rest), _booked(rest, "REST", read=soap)]
        files = [_saved(soap, output), _saved(rest, output)]
        _write(soap, output)
    equal = all(report.equal for report in reports) and totals[0] == totals[1] and files[0] == files[1]
    click.echo("\nBoth protocols agree, field by field and byte by byte." if equal else "\nThe protocols differ.")
    seen = demosb.show()
    if not seen:
        click.echo("\nWhat was booked in SB was not what was seen.")
    return FINE if equal and seen else DIFFERENCES


def _list(profit: ProfitClient) -> list[str]:
    entries = profit.connectors().get_connectors
    click.echo(f"{len(entries)} GetConnectors:")
    for entry in entries:
        click.echo(f"  {entry.id}  ({entry.description})")
    return [entry.id for entry in entries]


def _print_first(profit: ProfitClient) -> None:
    click.echo(f"\nThe first {FIRST} rows of {CONNECTOR} over SOAP:")
    with profit.rows(CONNECTOR, order_by=SORT, take=FIRST) as rows:
        for row in rows:
            click.echo("  " + "  ".join(spell(row[name]) for name in ("DebtorId", "DebtorName", "CreditLimit")))
    click.echo("\nEvery connector over SOAP and over REST:")


def _compared(soap: ProfitClient, rest: ProfitClient, connector: str) -> Report:
    def side(name: str, profit: ProfitClient) -> Side:
        fields = profit.fields(connector)
        sort = [fields.names[0]]
        return Side(name, fields, lambda: profit.rows(connector, order_by=sort))

    report = compare(side("soap", soap), side("rest", rest))
    found = "equal" if report.equal else f"{len(report.types)} columns and {report.found} places differ"
    click.echo(f"  {connector}: {report.rows[0]} and {report.rows[1]} rows, {found}")
    return report


def _booked(profit: ProfitClient, protocol: str, *, read: ProfitClient) -> Value:
    """Book an order, and give the total that it has when it is read back over the other protocol."""
    number = profit.insert("FbSales", ORDER)["OrNu"]
    with read.rows("Profit_Salesorders", where=F.OrderNumber == number, take=1) as rows:
        total = next(rows)["TotalAmount"]
    click.echo(f"\nBooked an order over {protocol}: number {number}, total {spell(total)}.")
    return total


def _saved(profit: ProfitClient, output: Path) -> bytes:
    """Save a payslip beside the output, and give its content as it is on the disk."""
    payslip = profit.attachments(PAYSLIP)[0]
    path = profit.attachment(PAYSLIP, payslip).save(output.with_name(f"{output.stem}-payslip-{profit.protocol}.pdf"))
    content = path.read_bytes()
    click.echo(f"\nSaved {payslip.name} over {profit.protocol.upper()}: {len(content)} bytes in {path.name}.")
    return content


def _write(profit: ProfitClient, output: Path) -> None:
    with profit.rows(CONNECTOR, order_by=SORT) as rows:
        counted = itertools.count()
        passing = (record for record, _ in zip(rows, counted, strict=False))
        write_file(output, lines("xml", passing, profit.fields(CONNECTOR), schema=True))
    click.echo(f"\nWrote {next(counted)} debtors with their schema to {output}.")
