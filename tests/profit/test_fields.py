"""Columns: both protocols' type names in one table, lookups, nearest names, and dates by name."""

import pickle

import pytest

from afas_soap.profit.fields import FREE_TEXT, METAINFO_KINDS, PICTURE, REMARK, XSD_KINDS, Field, Fields, Kind

DEBTOR = Fields(
    "Profit_Debtor",
    (
        Field("DebtorId"),
        Field("DebtorName"),
        Field("Createdate", Kind.DATETIME, "dateTime"),
        Field("Blocked", Kind.BOOL, "boolean"),
    ),
    "Debiteuren",
)


def test_metainfo_has_six_names() -> None:
    """profit-wire 3.4 lists them; a date-time is also "date", and a blob a text without a limit (15.4)."""
    assert METAINFO_KINDS == {
        "string": Kind.TEXT,
        "int": Kind.INT,
        "decimal": Kind.DECIMAL,
        "boolean": Kind.BOOL,
        "date": Kind.DATETIME,
        "blob": Kind.TEXT,
    }


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("xs:string", Kind.TEXT),
        ("xs:decimal", Kind.DECIMAL),
        ("xs:double", Kind.DECIMAL),
        ("xs:int", Kind.INT),
        ("xs:long", Kind.INT),
        ("xs:unsignedByte", Kind.INT),
        ("xs:boolean", Kind.BOOL),
        ("xs:dateTime", Kind.DATETIME),
        ("xsd:date", Kind.DATETIME),
        ("base64Binary", Kind.BYTES),
        ("xs:time", Kind.TEXT),
    ],
)
def test_xsd_names(declared: str, kind: Kind) -> None:
    """Any prefix or none; ``declared`` keeps the wire's own name without it."""
    field = Field.from_xsd("C", declared)
    assert (field.kind, field.declared, field.known) == (kind, declared.rpartition(":")[2], True)


def test_unknown_xsd_name_is_text() -> None:
    """Read as text, and marked."""
    field = Field.from_xsd("C", "afas:money")
    assert (field.kind, field.declared, field.known) == (Kind.TEXT, "money", False)


@pytest.mark.parametrize(
    ("kind", "xsd", "metainfo"),
    [
        (Kind.TEXT, "string", "string"),
        (Kind.INT, "long", "int"),
        (Kind.DECIMAL, "decimal", "decimal"),
        (Kind.BOOL, "boolean", "boolean"),
        (Kind.DATETIME, "dateTime", "date"),
        (Kind.DATE, "date", "date"),
        (Kind.BYTES, "base64Binary", "blob"),
    ],
)
def test_names_we_write(kind: Kind, xsd: str, metainfo: str) -> None:
    """Every kind has a name on both protocols, and all but DATE are read back as they were written."""
    field = Field("C", kind)
    assert (field.xsd_type, field.metainfo_type) == (xsd, metainfo)
    expected = Kind.DATETIME if kind is Kind.DATE else kind
    assert XSD_KINDS[xsd] is expected
    assert Field.from_metainfo("C", metainfo, PICTURE if kind is Kind.BYTES else FREE_TEXT).kind is expected


@pytest.mark.parametrize(
    ("control", "kind"), [(0, Kind.TEXT), (FREE_TEXT, Kind.TEXT), (REMARK, Kind.TEXT), (PICTURE, Kind.BYTES)]
)
def test_a_blob_is_a_file_only_where_its_control_says_so(control: int, kind: Kind) -> None:
    """Metainfo's name for it stays what it was, and the XSD's follows the kind."""
    field = Field.from_metainfo("C", "blob", control)
    assert (field.kind, field.declared, field.known, field.control_type) == (kind, "blob", True, control)
    assert field.metainfo_type == "blob"
    assert field.xsd_type == ("base64Binary" if kind is Kind.BYTES else "string")
    assert Field.from_metainfo("C", "string", PICTURE).kind is Kind.TEXT


def test_with_files() -> None:
    """Only texts become files; other columns, unknown names and the original stay as they are."""
    known = DEBTOR.with_files(["DebtorName", "Blocked", "City"])
    assert [field.kind for field in known] == [Kind.TEXT, Kind.BYTES, Kind.DATETIME, Kind.BOOL]
    assert DEBTOR["DebtorName"].kind is Kind.TEXT
    assert DEBTOR.with_files([]) is DEBTOR


def test_fields_are_a_sequence_with_names() -> None:
    """Iteration, length, membership, lookup and names, in column order."""
    assert [field.name for field in DEBTOR] == ["DebtorId", "DebtorName", "Createdate", "Blocked"]
    assert DEBTOR.names == ("DebtorId", "DebtorName", "Createdate", "Blocked")
    assert len(DEBTOR) == 4
    assert "DebtorName" in DEBTOR
    assert "debtorname" not in DEBTOR
    assert DEBTOR["Blocked"].kind is Kind.BOOL
    with pytest.raises(KeyError, match=r"City: Profit_Debtor has no such column'$"):
        DEBTOR["City"]
    with pytest.raises(KeyError, match="debtorname: Profit_Debtor has no such column; the nearest: DebtorName"):
        DEBTOR["debtorname"]


def test_fields_by_their_places() -> None:
    """As in a tuple: from either end, in slices, and no further than there are."""
    assert DEBTOR[0].name == "DebtorId"
    assert DEBTOR[-1].name == "Blocked"
    assert DEBTOR[1:3] == DEBTOR.columns[1:3]
    assert [field.name for field in DEBTOR[::-2]] == ["Blocked", "DebtorName"]
    assert DEBTOR[9:] == ()
    with pytest.raises(IndexError):
        DEBTOR[4]
    with pytest.raises(TypeError):
        DEBTOR[None]


def test_a_column_is_in_its_fields() -> None:
    """By its name, or itself: a loop gives columns, and what it gives is in there."""
    assert all(field in DEBTOR for field in DEBTOR)
    assert Field("DebtorId", Kind.INT) not in DEBTOR


def test_unknown_and_nearest() -> None:
    """Names that are no column, in the order given; the nearest ones whatever their case, three at most."""
    assert DEBTOR.unknown(["DebtorId", "City", "debtorid"]) == ["City", "debtorid"]
    assert DEBTOR.nearest("debtorname")[0] == "DebtorName"
    assert DEBTOR.nearest("DebtrId")[0] == "DebtorId"
    assert DEBTOR.nearest("Zzz") == []
    many = Fields("X", tuple(Field(f"Column{number}") for number in range(9)))
    assert len(many.nearest("column")) == 3


def test_with_dates() -> None:
    """Only date-times become dates; other columns, unknown names and the original stay as they are."""
    dated = DEBTOR.with_dates(["Createdate", "DebtorId", "City"])
    assert [field.kind for field in dated] == [Kind.TEXT, Kind.TEXT, Kind.DATE, Kind.BOOL]
    assert (dated.connector, dated.description) == ("Profit_Debtor", "Debiteuren")
    assert dated["Createdate"].declared == "dateTime"
    assert DEBTOR["Createdate"].kind is Kind.DATETIME


def test_equal_and_picklable() -> None:
    """Equal by value, also after its lookups were used and after a pickle."""
    twin = Fields("Profit_Debtor", tuple(DEBTOR), "Debiteuren")
    assert "DebtorId" in twin
    assert twin == DEBTOR
    assert pickle.loads(pickle.dumps(DEBTOR)) == DEBTOR


def test_an_unknown_type_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """It is read as text, on both protocols; the log names the type once, however many columns and answers have it."""
    with caplog.at_level("WARNING", logger="afas_soap.profit"):
        columns = [Field.from_xsd("A", "xs:gYear"), Field.from_xsd("B", "xs:gYear"), Field.from_metainfo("C", "guid")]
        Field.from_metainfo("D", "guid")
        Field.from_metainfo("E", "blob")
    assert [(field.kind, field.declared, field.known) for field in columns] == [
        (Kind.TEXT, "gYear", False),
        (Kind.TEXT, "gYear", False),
        (Kind.TEXT, "guid", False),
    ]
    assert [record.getMessage() for record in caplog.records] == [
        "the type 'gYear' is not known: columns that have it are read as text",
        "the type 'guid' is not known: columns that have it are read as text",
    ]
