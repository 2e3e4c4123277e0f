"""What an UpdateConnector takes: what holds a file, what is mandatory, and what metainfo tells beside an XSD."""

from __future__ import annotations

import pytest

from afas_soap.profit.schemas.updateschema import FieldRule, Shape, UpdateSchema


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (FieldRule("FileStream"), True),
        (FieldRule("FileStream3"), True),
        (FieldRule("SignatureFileStream1"), True),
        (FieldRule("FiDa"), True),
        (FieldRule("Any", "base64Binary"), True),
        (FieldRule("FileStream", max_length=255), False),
        (FieldRule("FileStreams"), False),
        (FieldRule("FileName"), False),
        (FieldRule("SbTx"), False),
    ],
)
def test_what_holds_a_file(rule: FieldRule, holds: bool) -> None:
    """By its code, where it has no type of its own: AFAS declares most as texts without a limit, as memos are."""
    assert rule.holds_file is holds


def _schema(shape: Shape) -> UpdateSchema:
    return UpdateSchema("KnThing", shape, "<xsd/>")


LINE = Shape("Line", {"A": FieldRule("A"), "B": FieldRule("B")}, {"K": FieldRule("K")})
OWN = _schema(
    Shape(
        "Thing", {"A": FieldRule("A", max_length=9)}, {"K": FieldRule("K"), "N": FieldRule("N", "long")}, {"Line": LINE}
    )
)
TOLD_LINE = Shape("Line", {"A": FieldRule("A", mandatory=True), "K": FieldRule("K", max_length=3, mandatory=False)})
TOLD = _schema(
    Shape(
        "Thing",
        {
            "A": FieldRule("A", max_length=5, mandatory=True),
            "K": FieldRule("K", max_length=16, mandatory=True),
            "N": FieldRule("N", "long", max_length=10, mandatory=False),
        },
        {"K": FieldRule("K", max_length=16)},
        {"Line": TOLD_LINE, "Other": LINE},
    )
)


def test_what_metainfo_tells_beside_an_xsd() -> None:
    """Which fields are mandatory, keys among them, at every level, and how long a key may be; nothing else, and nothing
    of what the XSD does not have."""
    whole = OWN.told_by(TOLD)
    assert (OWN.tells_mandatory, TOLD.tells_mandatory, whole.tells_mandatory) == (False, True, True)
    assert (whole.connector, whole.text, whole.root.name) == ("KnThing", OWN.text, "Thing")
    assert whole.root.fields == {"A": FieldRule("A", max_length=9, mandatory=True)}
    assert whole.root.keys == {
        "K": FieldRule("K", max_length=16, mandatory=True),
        "N": FieldRule("N", "long", mandatory=False),
    }
    line = whole.root.objects["Line"]
    assert line.fields == {"A": FieldRule("A", mandatory=True), "B": FieldRule("B")}
    assert line.keys == {"K": FieldRule("K", max_length=3, mandatory=False)}
    assert list(whole.root.objects) == ["Line"]
    assert list(whole.root.mandatory) == ["K", "A"]
    assert list(line.mandatory) == ["A"]


def test_a_sub_object_that_metainfo_does_not_have() -> None:
    bare = _schema(Shape("Thing", {"A": FieldRule("A", mandatory=False)}))
    assert OWN.told_by(bare).root.objects == {"Line": LINE}


def test_mandatory_may_be_told_of_a_row_alone() -> None:
    assert _schema(Shape("Thing", objects={"Line": TOLD_LINE})).tells_mandatory
    assert not _schema(Shape("Thing", objects={"Line": LINE})).tells_mandatory
