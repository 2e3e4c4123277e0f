"""The facade of the document calls: arguments looked at before any call, reactions, names, what an error is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AfasError, Busy, CutOff, NotFound, NotOffered, ProfitError, QueryError
from afas_soap.profit.documents.attachmentdata import contents_of
from afas_soap.profit.documents.content import Attachment, Content, Facts, Size
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.query import Filter, Query
from afas_soap.profit.questions.where import F
from afas_soap.profit.rows import TYPED, Reading, Rows

A, B, C = "A" * 32, "B" * 32, "C" * 32
REACTIONS = "Profit_Subject_Reaction_Attachments"
COLUMNS = Fields(REACTIONS, (Field("reaction_id", Kind.INT, "int"), Field("file_id"), Field("file_name")))


class Double:
    """Documents and rows; ``asked`` is what it was asked, ``refused`` what it says to an attachment of a number."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.refused: dict[int, AfasError] = {}
        self.open = 0

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        self.asked.append(("attachments", subject))
        self._refuse(-subject)
        return (Attachment(subject, A, "a.pdf"), Attachment(subject, B, "b.pdf"))

    def attachment(self, subject: int, file_id: str) -> Content:
        self.asked.append(("attachment", subject, file_id))
        self._refuse(subject)
        return self._content(b"%PDF")

    def attachment_data(self, subject: int) -> Iterator[Content]:
        self.asked.append(("attachment_data", subject))
        self._refuse(subject)
        return contents_of(self._events())

    def report(self, report: str, filters: tuple[Filter, ...]) -> Content:
        self.asked.append(("report", report, filters))
        return self._content(b"%PDF")

    def image(self, image: str, size: Size) -> Content:
        self.asked.append(("image", image, size))
        return self._content(b"\x89PNG\r\n\x1a\n", "image/png")

    def file(self, file_id: str, name: str) -> Content:
        self.asked.append(("file", file_id, name))
        return self._content(b"x")

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        self.asked.append(("rows", connector, query))
        records = [{"reaction_id": 12, "file_id": C, "file_name": "c.pdf"}]
        return Rows(COLUMNS, iter(records))

    def _refuse(self, number: int) -> None:
        if number in self.refused:
            raise self.refused[number]

    def _content(self, data: bytes, media_type: str = "application/pdf") -> Content:
        return Content(iter([data]), Facts("", media_type))

    def _events(self):
        self.open += 1
        try:
            yield from ("a.pdf", b"one", None, "a.pdf", b"t", b"wo", None)
            raise CutOff("cut")
        finally:
            self.open -= 1


@pytest.fixture
def double() -> Double:
    return Double()


@pytest.fixture
def client(double: Double) -> ProfitClient:
    return ProfitClient(double)


def test_attachments_and_those_of_reactions(client: ProfitClient, double: Double) -> None:
    own = (Attachment(7, A, "a.pdf"), Attachment(7, B, "b.pdf"))
    assert client.attachments(7) == own
    assert double.asked == [("attachments", 7)]
    assert client.attachments(7, reactions=True) == (*own, Attachment(7, C, "c.pdf", 12))
    (connector, query) = double.asked[-1][1:]
    assert connector == REACTIONS
    assert (query.skip, query.take) == (-1, -1)
    assert [(each.column, each.value) for (each,) in query.filters] == [("subject_id", "7")]


def test_an_attachment_is_asked_for_when_it_is_read(client: ProfitClient, double: Double) -> None:
    document = client.attachment(7, A.lower())
    assert double.asked == []
    assert document.read() == b"%PDF"
    assert double.asked == [("attachment", 7, A.lower())]
    assert (document.name, document.media_type) == ("", "application/pdf")
    assert client.attachment(7, Attachment(7, A, "mine.pdf")).name == "mine.pdf"


@pytest.mark.parametrize(
    "error", [NotFound("not there"), ProfitError("SOAP refuses it in words"), AccessDenied("no right", status=500)]
)
def test_a_file_of_a_reaction_is_looked_for_below_both_numbers(
    client: ProfitClient, double: Double, error: ProfitError
) -> None:
    """The item's first, the reaction's once when that has it not."""
    of_reaction = Attachment(7, C, "c.pdf", 12)
    assert client.attachment(7, of_reaction).read() == b"%PDF"
    double.refused[7] = error
    assert client.attachment(7, of_reaction).read() == b"%PDF"
    assert [each[1] for each in double.asked] == [7, 7, 12]
    double.refused[12] = NotFound("not there either")
    with pytest.raises(NotFound, match="not there either"):
        client.attachment(7, of_reaction).read()
    double.asked.clear()
    with pytest.raises(ProfitError, match=error.message):
        client.attachment(7, A).read()
    assert double.asked == [("attachment", 7, A)]


@pytest.mark.parametrize(
    "error", [AccessDenied("no", status=401), AccessDenied("no", status=403), Busy("away"), CutOff("cut")]
)
def test_other_errors_are_no_reason_to_ask_again(client: ProfitClient, double: Double, error: AfasError) -> None:
    double.refused[7] = error
    with pytest.raises(type(error)):
        client.attachment(7, Attachment(7, C, "c.pdf", 12)).read()
    assert len(double.asked) == 1


def test_a_name_costs_a_call_only_where_a_file_needs_it(client: ProfitClient, double: Double, tmp_path: Path) -> None:
    assert client.attachment(7, B).save(tmp_path).name == "b.pdf"
    assert client.attachment(7, Attachment(7, C, "", 12)).save(tmp_path).name == "c.pdf"
    assert [each[0] for each in double.asked] == ["attachment", "attachments", "attachment", "attachments", "rows"]
    double.asked.clear()
    assert client.attachment(7, Attachment(7, B, "mine.pdf")).save(tmp_path).name == "mine.pdf"
    client.attachment(7, B).save(tmp_path / "x.pdf")
    assert [each[0] for each in double.asked] == ["attachment", "attachment"]


def test_what_came_whole_is_not_given_up_for_a_name(client: ProfitClient, double: Double, tmp_path: Path) -> None:
    assert client.attachment(7, "D" * 32).save(tmp_path).name == f"{'D' * 32}.pdf"
    double.refused[-7] = AccessDenied("no list for you")
    assert client.attachment(7, B).save(tmp_path).name == f"{B}.pdf"


def test_reports_pictures_and_files(client: ProfitClient, double: Double, tmp_path: Path) -> None:
    assert client.report(A, F.U002 == "X").save(tmp_path).name == f"{A}.pdf"
    assert client.report(A).read() == b"%PDF"
    assert client.image("4", Size.MEDIUM).save(tmp_path).name == "4.png"
    assert client.image("../4").save(tmp_path).name == "_4.png"
    assert client.file(B, "a-b.txt").save(tmp_path).name == "a-b.txt"
    asked, report = double.asked, double.asked[0]
    assert [[(each.column, each.value) for each in conditions] for conditions in report[2]] == [[("U002", "X")]]
    assert asked[1:] == [
        ("report", A, ()),
        ("image", "4", Size.MEDIUM),
        ("image", "../4", Size.ORIGINAL),
        ("file", B, "a-b.txt"),
    ]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        *[
            (ask, "subject: give the number of a dossier item (SubjectId), a whole number above 0.")
            for number in (0, -1, True, "7", 1.0, None)
            for ask in (
                lambda client, number=number: client.attachments(number),
                lambda client, number=number: client.attachment(number, A),
                lambda client, number=number: client.attachment_data(number),
            )
        ],
        *[
            (ask, "its id is 32 hexadecimal digits, as Profit gives it.")
            for identity in ("", "A" * 31, "A" * 33, "G" * 32, f"{A}\n", f"{A[:-1]}/", None, 7)
            for ask in (
                lambda client, identity=identity: client.attachment(7, identity),
                lambda client, identity=identity: client.report(identity),
                lambda client, identity=identity: client.file(identity, "x"),
            )
        ],
        (lambda client: client.image(" "), "image: give the id of a picture"),
        (lambda client: client.image(None), "image: give the id of a picture"),
        (lambda client: client.file(A, "a, b"), "does not take a comma"),
        (lambda client: client.file(A, ""), "give the name of the file"),
    ],
)
def test_what_is_refused_before_any_call(
    client: ProfitClient, double: Double, ask: Callable[[ProfitClient], object], said: str
) -> None:
    with pytest.raises(QueryError, match=re.escape(said)):
        ask(client)
    assert double.asked == []


def test_all_of_an_item_in_one_call(client: ProfitClient, double: Double) -> None:
    documents = client.attachment_data(7)
    assert double.asked == []
    first, second = next(documents), next(documents)
    assert double.asked == [("attachment_data", 7)]
    assert (first.name, second.name) == ("a.pdf", "a.pdf")
    assert second.read() == b"two"
    with pytest.raises(QueryError, match="was passed over when the next one was asked for") as caught:
        first.read()
    assert caught.value.operation == "attachment_data"
    with pytest.raises(CutOff) as caught:
        next(documents)
    assert caught.value.operation == "attachment_data"
    assert double.open == 0
    early = client.attachment_data(7)
    kept = next(early)
    early.close()
    assert double.open == 0
    with pytest.raises(QueryError, match="broke off, or was closed"):
        kept.read()


def test_an_iterator_of_a_program_s_own_need_not_be_closed() -> None:
    class Own:
        def attachment_data(self, subject: int) -> Iterator[Content]:
            return iter([Content(iter([b"x"]), Facts(str(subject)))])

    assert [(each.name, each.read()) for each in ProfitClient(Own()).attachment_data(7)] == [("7", b"x")]


@pytest.mark.parametrize("name", ["attachments", "attachment", "attachment_data", "report", "image", "file"])
def test_connectors_of_a_program_s_own_need_one_of_them_only(name: str) -> None:
    """And what they have not is ``NotOffered``, before anything is asked."""
    double = Double()
    own = type("Own", (), {name: lambda _self, *arguments: getattr(double, name)(*arguments)})()
    client = ProfitClient(own)
    asks = {
        "attachments": lambda: client.attachments(7),
        "attachment": lambda: client.attachment(7, A).read(),
        "attachment_data": lambda: [next(documents).read() for documents in [client.attachment_data(7)]],
        "report": lambda: client.report(A).read(),
        "image": lambda: client.image("4").read(),
        "file": lambda: client.file(A, "x").read(),
    }
    for each, ask in asks.items():
        if each == name:
            assert ask()
        else:
            with pytest.raises(NotOffered, match=rf"\(Own\) have no {each}\(\), which this call needs"):
                ask()
    with pytest.raises(NotOffered):
        list(client.rows("Profit_Debtor", take=1))
    assert len(double.asked) == 1


def test_errors_say_what_they_are_about(client: ProfitClient, double: Double) -> None:
    double.refused[7] = NotFound("not there")
    with pytest.raises(NotFound) as caught:
        client.attachment(7, A).read()
    assert (caught.value.operation, caught.value.fate) == ("attachment", None)


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_over_both_protocols(protocol: str, tmp_path: Path) -> None:
    """The same names and bytes from the embedded Profit, those of reactions as well."""
    with ProfitClient.connect(embedded=True, protocol=protocol) as profit:
        found = profit.attachments(25_006, reactions=True)
        assert [(each.reaction is None, each.name) for each in found][:2] == [
            (True, "Bijlage.pdf"),
            (True, "BIJLAGE.PDF"),
        ]
        assert [each.name for each in found if each.reaction] == ["scan.pdf", "scan.pdf", "Schermafbeelding: 1?.png"]
        saved = [profit.attachment(each.subject, each).save(tmp_path).name for each in found]
        nameless = profit.attachment(25_006, found[0].file_id).save(tmp_path)
    assert saved[2:] == [
        *("Notulen 3_4 januari.txt", "_.._x.txt", "_CON.txt", "scan.pdf", "scan (2).pdf", "Schermafbeelding_ 1_.png"),
    ]
    assert nameless.name in ("Bijlage (2).pdf", "Bijlage.pdf", "Bijlage (3).pdf")
    assert nameless.read_bytes() == (tmp_path / saved[0]).read_bytes()


def test_reactions_whose_connector_is_not_on_the_app_connector(client: ProfitClient, double: Double) -> None:
    """It is named: nobody asked for it by its name."""

    def refuse(*_arguments: object) -> Rows:
        raise AccessDenied("General message: Deze connector wordt niet ondersteund.")

    double.rows = refuse
    with pytest.raises(AccessDenied) as caught:
        client.attachments(7, reactions=True)
    assert caught.value.connector == REACTIONS
    assert REACTIONS in str(caught.value)
