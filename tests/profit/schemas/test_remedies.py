"""What is said of a name that a schema does not have."""

from afas_soap.profit.schemas.remedies import codes_in_words, unknown_field, unknown_key, unknown_object
from afas_soap.profit.schemas.updateschema import FieldRule, Shape

LINK = Shape("KnSubjectLink", {"BcId": FieldRule("BcId")})
SUBJECT = Shape(
    "KnSubject",
    {"Ds": FieldRule("Ds", label="Onderwerp"), "StId": FieldRule("StId"), "PrId": FieldRule("PrId", label="Project")},
    {"SbId": FieldRule("SbId"), "CdId": FieldRule("CdId")},
    {"KnSubjectLink": LINK, "KnSubjectAttachment": Shape("KnSubjectAttachment")},
)


def test_a_field() -> None:
    """The nearest by code and by label, in any case; where else the name belongs."""
    assert unknown_field("ds", SUBJECT) == "KnSubject has no field ds: the nearest field is Ds (Onderwerp)."
    assert unknown_field("onderwerpen", SUBJECT) == (
        "KnSubject has no field onderwerpen: the nearest field is Ds (Onderwerp)."
    )
    assert unknown_field("StI", SUBJECT) == "KnSubject has no field StI: the nearest field is StId."
    assert unknown_field("PrSt", SUBJECT) == "KnSubject has no field PrSt: leave it out."
    assert (
        unknown_field("PrsId", SUBJECT) == "KnSubject has no field PrsId: the nearest fields are PrId (Project), StId."
    )
    assert unknown_field("Zzzz", SUBJECT) == "KnSubject has no field Zzzz: leave it out."
    assert "it belongs in Objects" in unknown_field("KnSubjectLink", SUBJECT)
    assert "custom fields differ per environment" in unknown_field("U" + "0f" * 16, SUBJECT)


def test_a_key() -> None:
    """Which keys there are, or that it is a field."""
    assert unknown_key("Id", SUBJECT) == "KnSubject has no key @Id: its keys are @SbId, @CdId."
    assert unknown_key("Ds", SUBJECT) == "Ds is a field of KnSubject and no key: write it without @, in Fields."
    assert unknown_key("Id", LINK) == "KnSubjectLink has no keys: leave @Id out."


def test_a_sub_object() -> None:
    """The nearest, or that there are none."""
    assert unknown_object("knsubjectlinks", SUBJECT).endswith("KnSubjectLink, KnSubjectAttachment.")
    assert unknown_object("Zzzz", SUBJECT) == "KnSubject has no sub-object Zzzz: leave it out."
    assert unknown_object("Ds", SUBJECT) == "Ds is a field of KnSubject and no sub-object: it belongs in Fields."
    assert unknown_object("KnLink", LINK) == "KnSubjectLink has no sub-objects: leave KnLink out."


def test_codes() -> None:
    """The first twelve with their texts, and how many more there are."""
    assert codes_in_words((("H", "Hoog"), ("N", ""), ("L", "L"))) == "H (Hoog), N, L"
    assert codes_in_words((str(number), "") for number in range(15)).endswith("10, 11 and 3 more")
