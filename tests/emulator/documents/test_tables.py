"""The GetConnectors of documents: Dossierexport as AFAS' customers have it, and ids that lead somewhere."""

from __future__ import annotations

from afas_soap.emulator.documents.tables import TABLES
from afas_soap.emulator.store import Store
from afas_soap.profit.documents.content import Size
from afas_soap.profit.questions.query import Query


def test_the_export_has_folders_in_front_of_the_item_and_the_rest_behind() -> None:
    (table,) = [table for table in TABLES if table.name == "Dossierexport"]
    assert table.fields.names == ("Type", "Eenheid", "DossieritemId", "Relatie", "Instuurdatum", "Status")
    folders = {row[:2] for row in table.rows()}
    assert {unit for _, unit in folders} >= {None, "EZW", "Ezw", "A/S Noord", "Zuid\\West", "aux", "Directie.", ".."}


def test_every_listed_file_and_picture_can_be_asked_for() -> None:
    with Store() as store:
        for row in store.rows("Profit_Subject_Attachments", Query()):
            if row["file_name"] != "verdwenen.pdf":
                store.attachment(int(row["subject_id"]), str(row["file_id"])).close()
        for row in store.rows("Emulator_Files", Query()):
            if row["FileName"] != "weg.pdf":
                store.file(str(row["FileId"]), str(row["FileName"])).close()
        for row in store.rows("Emulator_Images", Query()):
            if row["ImageId"] is not None:
                store.image(str(row["ImageId"]), Size.THUMBNAIL).close()
