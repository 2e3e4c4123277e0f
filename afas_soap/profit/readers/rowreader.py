"""The general reader (a push parser, SAX) of an ``AfasGetConnector`` document: all that XML allows, piece by piece.

Rows and columns are known by their local names. Empty, absent and ``xsi:nil`` are None. Attributes without a namespace
on a row or column are refused, because nothing known to us sends them and what they say would be lost; those with one
(``xsi:``, ``xml:``, ``msdata:``, ``diffgr:``) say something about the element and are passed over. What a .NET
``DataSet`` made of such a document is read as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from lxml import etree

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit import xmlsafe
from afas_soap.profit.encoding import Lead
from afas_soap.profit.fields import Fields
from afas_soap.profit.names import column_name, xml_name
from afas_soap.profit.readers import dataset
from afas_soap.profit.readers.inline import ROOT, XSD, declared_dataset, fields_from_element, moment_columns
from afas_soap.profit.rows import Reading, Record, Value
from afas_soap.profit.values import text_reader

WHITE = " \t\r\n"
"""What XML counts as white space; ``str.strip()`` alone knows more."""

# The DataConnector answers with rows of the same shape under its own name (recorded in DataConnector-ExecuteResponse).
_ROOTS = dataset.ROOTS | {ROOT, "AfasDataConnector"}
_SCHEMA = f"{XSD}}}schema"
_NIL = "http://www.w3.org/2001/XMLSchema-instance}nil"
_MAX_SCHEMA = 16 * 2**20
# Seven lie between a schema and its columns. What is far deeper costs lxml the square of its depth.
_MAX_DEPTH = 100


class RowReader:
    """Feed it a document; finished records stand in ``done`` until they are taken.

    ``fields`` is known as soon as ``ready`` is true, and stays None for a document without a schema when none was
    given. ``rows`` counts what was read, by whom ever: it numbers the rows in messages. ``moments`` are the columns in
    which an offset names the moment.
    """

    def __init__(
        self, *, connector: str | None, fields: Fields | None, reading: Reading, encoding: str | None = None
    ) -> None:
        self.reading = reading
        self.fields: Fields | None = None
        self.row_tag: str | None = None
        self.ready = False
        self.rows = 0
        self.done: list[Record] = []
        self.encoding = "utf-8"
        self.moments: frozenset[str] = frozenset()
        self._given = fields
        self.connector = connector
        self._columns: dict[str, str] = {}
        self._readers: list[tuple[str, Callable[[str], Value] | None]] = []
        self._lead = Lead()
        self._depth = 0
        self._wrapping = dataset.Wrapping()
        self._aside = 0
        self._other_root: str | None = None
        self._builder: etree.TreeBuilder | None = None
        self._row: dict[str, str] = {}
        self._column: str | None = None
        self._nil = False
        self._pieces: list[str] = []
        self._spilled: list[str] = []
        self._spilled_size = 0
        self._fed = 0
        self._ended_at: int | None = None
        self._parser = parser = expat.ParserCreate(encoding, xmlsafe.SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        if fields is not None:
            self._know(fields)

    # -- feeding ------------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Read on. Raises ``AnswerError``; the records before the trouble stand in ``done``."""
        data = self._lead.behind(data)
        self._fed += len(data)
        try:
            self._parser.Parse(data, False)
        except expat.ExpatError as error:
            raise self._not_well_formed(error, data) from None
        except (LookupError, ValueError):
            raise AnswerError("the document declares an encoding that is not known here") from None
        if self._column is not None:
            self._spill()
        elif self._aside:
            self._pieces.clear()
        elif self._builder is not None:
            self._pieces.clear()
            if self._fed > _MAX_SCHEMA:
                raise AnswerError(f"the schema in the answer is over {_MAX_SCHEMA:,} bytes")
        elif self._pieces:
            self._only_white()
        if self._fed > xmlsafe.MAX_MARKUP and xmlsafe.pending(self._parser, self._fed) > xmlsafe.MAX_MARKUP:
            raise AnswerError(f"a tag or comment of more than {xmlsafe.MAX_MARKUP:,} bytes{self._behind()}")

    def finish(self) -> None:
        """There is no more. Raises ``CutOff`` when the document is not at its end."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise CutOff(f"the answer ends before its end{self._behind()}") from None
        self.ready = True

    def take(self) -> list[Record]:
        """The records since the last time."""
        done, self.done = self.done, []
        return done

    def between_rows(self, length: int) -> bool:
        """Whether the last ``length`` bytes fed are the end tag of a row or of the schema, and nothing is pending."""
        return self._ended_at is not None and xmlsafe.distance(self._ended_at, self._fed) == length

    # -- what the document holds --------------------------------------------------------------------------------------

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    def _doctype(self, *_: object) -> None:
        raise AnswerError(xmlsafe.NO_DTD.replace("XML", "answer"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._builder is not None:
            if self._depth > _MAX_DEPTH:
                raise AnswerError(f"the schema in the answer is nested more than {_MAX_DEPTH} deep")
            self._builder.start(_clark(tag), {_clark(name): value for name, value in attributes.items()})
        elif self._depth == 3:
            self._start_column(tag, attributes)
        elif self._depth == 2:
            self._start_child(tag, attributes)
        elif self._depth == 1:
            self._start_root(tag)
        else:
            raise AnswerError(f"row {self.rows + 1}, column {self._column}: holds elements where a value is expected")

    def _end(self, tag: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._builder is not None:
            self._builder.end(_clark(tag))
            self._pieces.clear()
            if depth == 2:
                self._end_schema()
        elif depth == 3:
            self._end_column()
        elif depth == 2:
            self._end_row()
        else:
            self._end_around()

    def _end_around(self) -> None:
        """The root ends, or what stands round the rows inside it."""
        self._only_white()
        if self._wrapping.ends():
            self._depth = 1
            return
        self._refuse_other_root()
        self.ready = True

    def _start_around(self) -> None:
        """What stands round the rows begins, or beside them: that is passed over."""
        self._depth = 1
        if self._wrapping.aside:
            self._aside = 1
            self._parser.StartElementHandler = self._start_aside
            self._parser.EndElementHandler = self._end_aside

    def _start_aside(self, *_: object) -> None:
        self._aside += 1

    def _end_aside(self, _tag: str) -> None:
        self._aside -= 1
        self._pieces.clear()
        if not self._aside:
            self._wrapping.ends()
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end

    def _start_root(self, tag: str) -> None:
        self._wrapping.root(tag)
        if _local(tag) not in _ROOTS:
            self._other_root = _local(tag)

    def _refuse_other_root(self) -> None:
        if self._other_root is not None:
            raise AnswerError(f"this is no {ROOT} document: its root has another name")

    def _start_child(self, tag: str, attributes: dict[str, str]) -> None:
        self._only_white()
        if self._wrapping.begins(tag):
            self._start_around()
            return
        if tag == _SCHEMA:
            if self.ready:
                raise AnswerError(f"a schema in the middle of the rows{self._behind()}")
            self._builder = etree.TreeBuilder()
            self._builder.start(_clark(tag), {})
            return
        self._refuse_other_root()
        self.ready = True
        name = _local(tag)
        if self.row_tag is None:
            self._know_row(name)
        if name != self.row_tag and column_name(name) != column_name(self.row_tag or ""):
            raise AnswerError(f"row {self.rows + 1} is not the connector's: it has another name")
        _no_attributes(attributes, f"row {self.rows + 1}")

    def _end_schema(self) -> None:
        assert self._builder is not None
        schema = self._builder.close()
        self._builder = None
        if declared_dataset(schema) == self._other_root:
            self._other_root = None
        self._refuse_other_root()
        declared = fields_from_element(schema)
        self.moments = moment_columns(schema)
        self._know_row(xml_name(declared.connector))
        self._know(self._given or declared)
        self.ready = True
        self._ended_at = self._parser.CurrentByteIndex

    def _know_row(self, name: str) -> None:
        """Rows are named by the schema, else by the first row; case aside that is the connector asked for."""
        expected = self.connector or (self._given.connector if self._given else None)
        if expected is not None and column_name(name).lower() != expected.lower():
            raise AnswerError(f"these rows are not those of connector {expected}: they have another name")
        self.row_tag = name

    def _know(self, fields: Fields) -> None:
        fields = self.reading.columns(fields)
        self.fields = fields
        self._columns = {xml_name(name): name for name in fields.names}
        self._readers = [
            (field.name, text_reader(field, self.reading, moments=field.name in self.moments)) for field in fields
        ]

    def _start_column(self, tag: str, attributes: dict[str, str]) -> None:
        if self._pieces:
            self._only_white()
        column = self._columns.get(tag) or self._find_column(tag)
        if column in self._row:
            raise AnswerError(f"row {self.rows + 1}: column {column} stands in it twice")
        self._column = column
        self._nil = False
        if attributes:
            _no_attributes(attributes, f"row {self.rows + 1}, column {column}")
            self._nil = attributes.get(_NIL) in ("true", "1")

    def _find_column(self, tag: str) -> str:
        name = column_name(_local(tag))
        if self.fields is not None and name not in self.fields:
            raise AnswerError(f"row {self.rows + 1}: column {name} is not in the schema")
        if self.fields is None:
            self._columns[tag] = name
        return name

    def _end_column(self) -> None:
        if self._spilled:
            self._spill()
            text = "".join(self._spilled)
            self._spilled.clear()
            self._spilled_size = 0
        else:
            text = "".join(self._pieces)
            self._pieces.clear()
        column, self._column = self._column, None
        assert column is not None
        if self._nil and text:
            raise AnswerError(f"row {self.rows + 1}, column {column}: is marked as nil and holds a value")
        limit = self.reading.max_value
        if len(text) > limit // 4 and len(text.encode()) > limit:
            raise self._too_large(column)
        self._row[column] = text

    def _end_row(self) -> None:
        self._only_white()
        row, self._row = self._row, {}
        self.done.append(self._record(row) if self.fields is not None else {k: v or None for k, v in row.items()})
        self.rows += 1
        self._ended_at = self._parser.CurrentByteIndex

    def _record(self, row: dict[str, str]) -> Record:
        record: Record = {}
        for column, read in self._readers:
            text = row.get(column)
            if not text:
                record[column] = None
            elif read is None:
                record[column] = text
            else:
                try:
                    record[column] = read(text)
                except ValueError as error:
                    problem = self._misfit(column, text, error)
                    break
        else:
            return record
        raise problem

    # -- texts --------------------------------------------------------------------------------------------------------

    def _spill(self) -> None:
        """Put the pieces of a value together, so that a long one costs its length and is refused in time."""
        piece = "".join(self._pieces)
        self._pieces.clear()
        self._spilled.append(piece)
        self._spilled_size += len(piece)
        if self._spilled_size > self.reading.max_value:
            raise self._too_large(self._column)

    def _only_white(self) -> None:
        if self._pieces:
            stray = "".join(self._pieces).strip(WHITE)
            self._pieces.clear()
            if stray:
                raise AnswerError(f"text outside any column{self._behind()}")

    # -- errors -------------------------------------------------------------------------------------------------------

    def _behind(self) -> str:
        return f" (after row {self.rows})"

    def _not_well_formed(self, error: expat.ExpatError, data: bytes) -> AnswerError:
        # No line and column: the fast path's rows are not counted in them.
        reason = f"{expat.ErrorString(error.code)}{self._behind()}"
        advice = xmlsafe.advice(error, self._parser, data, self._fed, rows=True)
        return AnswerError(f"the answer is no well-formed XML: {reason}{advice}")

    def _too_large(self, column: str | None) -> AnswerError:
        return AnswerError(
            f"row {self.rows + 1}, column {column}: a value of more than max_value ({self.reading.max_value:,} bytes)"
        )

    def _misfit(self, column: str, text: str, error: ValueError) -> AnswerError:
        # The readers' phrases name the kind and never the value.
        return AnswerError(f"row {self.rows + 1}, column {column}: a text of {len(text):,} characters {error}")


def _local(tag: str) -> str:
    return tag.rpartition(xmlsafe.SEPARATOR)[2]


def _clark(tag: str) -> str:
    """expat's ``uri}name`` as lxml's ``{uri}name``."""
    return "{" + tag if xmlsafe.SEPARATOR in tag else tag


def _no_attributes(attributes: Mapping[str, str], where: str) -> None:
    if any(xmlsafe.SEPARATOR not in name for name in attributes):
        raise AnswerError(f"{where}: has attributes, which no answer of a GetConnector has")
