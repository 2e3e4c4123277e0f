"""The commands that write to AFAS SB: their arguments, options and help."""

from __future__ import annotations

from pathlib import Path

import click

from afas_soap.cli.group import Group
from afas_soap.cli.options.target import Target
from afas_soap.cli.options.update import sb_sending_options
from afas_soap.cli.options.whom import sb_options
from afas_soap.cli.shared.lazy import done_by


@click.command("post")
@click.argument("connector")
@click.argument("file", type=click.Path(allow_dash=True))
@sb_sending_options
@sb_options
@done_by("afas_soap.cli.sb.sending", "post")
def post() -> None:
    """Make the record in FILE (- is standard input), a JSON object of fields, by a POST to CONNECTOR.

    It is checked first, and every problem told. What SB made is printed as JSON. The exit code is 9 where SB refused it
    and kept something of it all the same, an entry in error or a part: delete or correct that before you send again.

    With --journal FILE is JSON Lines, a record a line and a call a record. Each is sent under an identifier of its own,
    so that it is carried out once, however often the run breaks off.

    \b
    afas sb post salesjournalentry entry.json --dry-run
    afas sb post organisation customers.jsonl --journal customers.journal --lookup sb:organisations:CocNumber=CocNumber
    """


@click.command("put")
@click.argument("connector")
@click.argument("file", type=click.Path(allow_dash=True))
@sb_sending_options
@sb_options
@done_by("afas_soap.cli.sb.sending", "put")
def put() -> None:
    """Change a record by a PUT to CONNECTOR: the JSON in FILE (- is standard input) names it and holds its fields.

    \b
    afas sb put organisation change.json
    """


@click.command("delete")
@click.argument("connector")
@click.argument("file", type=click.Path(allow_dash=True), required=False)
@click.option("--administration", metavar="ID", help="The administration, with --id in place of FILE.")
@click.option("--id", "identity", metavar="ID", help="What to delete; in place of FILE.")
@click.option("-y", "--yes", is_flag=True, help="Delete without asking.")
@sb_sending_options
@sb_options
@done_by("afas_soap.cli.sb.sending", "delete")
def delete() -> None:
    """Delete an entry of CONNECTOR for good: by --administration and --id, or by the JSON in FILE. It asks first.

    Of an entry that SB left behind in error, a refusal tells these words. With --id, --journal names the journal of the
    batch that left it behind, which is told that it is gone: a corrected line of that batch goes then.

    \b
    afas sb delete salesjournalentry --administration ID --id ID --journal entries.journal
    """


@click.group("blob", cls=Group)
def blob() -> None:
    """Documents of AFAS SB: download one of a row, upload one to attach."""


@blob.command("get")
@click.argument("identity", metavar="ID")
@click.option(
    "--read-key-file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="File with its read key, as the row's Blob tells it, or - for standard input; it runs out after a day.",
)
@click.option(
    "--of", "connector", metavar="CONNECTOR", help="Read the key from the row of this connector that has the document."
)
@click.option("-o", "--output", type=Target(), metavar="FILE|FOLDER", help="Where to; a folder names it.")
@sb_options
@done_by("afas_soap.cli.sb.blobs", "get")
def get() -> None:
    """Download the document ID: with its read key, or by the row that names it (--of).

    \b
    afas sb blob get ID --of salesinvoices -o invoices/
    """


@blob.command("put")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", metavar="NAME", help="Its name in SB, when it is not that of the file.")
@click.option("--type", "media_type", metavar="TYPE", help="Its media type, when its name does not tell.")
@sb_options
@done_by("afas_soap.cli.sb.blobs", "put")
def put_blob() -> None:
    """Upload the document FILE, and print its id, which goes into Attachments of a write as AttachmentId.

    \b
    afas sb blob put invoice.pdf
    """
