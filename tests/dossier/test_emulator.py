"""An export from the emulator over either protocol, with the GetConnector of attachments and without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from afas_soap.client import ProfitClient
from afas_soap.dossier import exporting
from afas_soap.dossier.exporting import CONNECTOR, Export
from afas_soap.dossier.manifest import Header, Manifest
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.documents.attachmentlist import LISTING, REACTIONS
from afas_soap.profit.questions.query import Condition, Operator

ALL = (CONNECTOR, LISTING, REACTIONS, "AppConnectorSubject", "GetXMLSchema")
NOTES = ((Condition("Type", Operator.EQUALS, "Notitie"),),)


def exported(store: Store, to: Path, protocol: str, *without: str, reactions: bool = False) -> dict[str, bytes]:
    """The documents of an export, by path, each of which is what the store has."""
    setup = Setup(allowed=[name for name in ALL if name not in without])
    with (
        serve(Emulator(store, setup=setup)) as server,
        ProfitClient.connect(
            soap_url=server.soap_url, rest_url=server.rest_url, token=DEMO_TOKEN.xml(), protocol=protocol
        ) as profit,
    ):
        export = Export(to, where=NOTES, reactions=reactions)
        summary = exporting.run(export, profit)
        assert (summary.missing, summary.failed, summary.left) == ((), (), 0)
        layout = exporting.inventory(profit, export.wanted, 1, export.progress).layout
        found = {}
        with Manifest(to, Header(profit.environment, CONNECTOR, layout)) as manifest:
            for entry in manifest.whole():
                path = to.joinpath(*entry.path)
                attachment = entry.attachment
                with store.attachment(attachment.subject, attachment.file_id) as content:
                    assert path.read_bytes() == b"".join(content)
                found["/".join(entry.path)] = path.read_bytes()
        assert len(found) == summary.files
        return found


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as store:
        yield store


def test_the_same_files_under_the_same_names_over_both_protocols(store: Store, tmp_path: Path) -> None:
    over = [exported(store, tmp_path / protocol, protocol, reactions=True) for protocol in ("soap", "rest")]
    assert over[0] == over[1]
    assert len(over[0]) > 48


def test_without_the_getconnector_of_attachments_soap_has_a_list_of_its_own(store: Store, tmp_path: Path) -> None:
    with_it, without = exported(store, tmp_path / "a", "soap"), exported(store, tmp_path / "b", "soap", LISTING)
    assert sorted(with_it) == sorted(without)


def test_without_it_rest_says_what_is_missing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ProfitError, match=LISTING):
        exported(store, tmp_path / "out", "rest", LISTING)
    assert not list(tmp_path.iterdir())
