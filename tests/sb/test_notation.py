"""The notation of the table: what it spells, and what it does not."""

from __future__ import annotations

import pytest

from afas_soap.sb.notation import parse
from afas_soap.sb.operation import Answer, Column, Field, Kind, Operation, Shape, Source, Verb

_BOTH = Source.FILE_6 | Source.FILE_8


def test_a_read_with_its_groups_and_options() -> None:
    text = """
rows 1.1 key=A,B in=8 tracked admin inferred query=Q
    A u, B {x,"",y z}
    6: C d seen: @more
"""
    with pytest.raises(ValueError, match="not of this notation"):
        parse(text.replace("y z", "y;z"), {"more": "D o"})
    [operation] = parse(text.replace("y z", "y"), {"more": "D o"})
    assert operation == Operation(
        "rows",
        Verb.GET,
        "1.1",
        Source.FILE_8,
        columns=(
            Column("A", Kind.UUID, Source.FILE_8),
            Column("B", Kind.TEXT, Source.FILE_8, ("x", "", "y")),
            Column("C", Kind.MOMENT, Source.FILE_6),
            Column("D", Kind.OBJECT, Source.SAMPLE),
        ),
        key=("A", "B"),
        tracked=True,
        query=("Q",),
        admin_only=True,
        inferred=True,
    )


def test_a_write_with_its_answer_members_and_rules() -> None:
    text = """
POST entry 2.0 -> data Id
    Name* >=1 <=255, Amount n, Price number, Count int, Done b, Day date, Mail email, Web uri, Code /^[A-Z]+$/,
    Line* [@line, More [Id* u]], Person (Last*)
    rule: Line some A
        B
    rule: either Name Code
DELETE entry 2.0
    Id* u
"""
    entry, deletion = parse(text, {"line": "A, @b", "b": "B"})
    assert entry.fields == (
        Field("Name", required=True, shortest=1, longest=255),
        Field("Amount", Kind.NUMBER, cents=True),
        Field("Price", Kind.NUMBER),
        Field("Count", Kind.INTEGER),
        Field("Done", Kind.BOOLEAN),
        Field("Day", Kind.DATE),
        Field("Mail", Kind.EMAIL),
        Field("Web", Kind.URI),
        Field("Code", pattern="^[A-Z]+$"),
        Field(
            "Line",
            Kind.OBJECT,
            required=True,
            many=True,
            members=(
                Field("A"),
                Field("B"),
                Field("More", Kind.OBJECT, many=True, members=(Field("Id", Kind.UUID, required=True),)),
            ),
        ),
        Field("Person", Kind.OBJECT, members=(Field("Last", required=True),)),
    )
    assert (entry.sources, entry.answer) == (_BOTH, Answer(Shape.DATA, ("Id",)))
    assert entry.conditions == ("Line some A B", "either Name Code")
    assert (deletion.verb, deletion.answer, deletion.conditions) == (Verb.DELETE, None, ())


@pytest.mark.parametrize(
    ("body", "told"),
    [("A ]", "] where the fields end"), ("A odd", "odd is no kind of A"), ("A; B", "not of this notation")],
)
def test_what_is_not_of_the_notation_is_told(body: str, told: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(f"rows 1.0\n    {body}\n", {})
    assert told in str(caught.value)
