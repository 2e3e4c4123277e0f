"""AFAS' own escaping of names in the path of the FileConnector: literals after the table in its help."""

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.documents.filename import ESCAPED, escaped_name


@pytest.mark.parametrize(
    ("sign", "escape"),
    [
        *(("/", "_2F"), ("#", "_23"), ("&", "_26"), (":", "_3A"), ("?", "_3F"), ("*", "_2A"), ("<", "_3C")),
        *((">", "_3E"), ("%", "_25"), ("+", "_2B"), ("~", "_7E"), ("-", "_2D"), ("@", "_40"), ("!", "_21")),
        *(("$", "_24"), ("_", "_5F"), ("'", "_27")),
    ],
)
def test_the_seventeen_signs(sign: str, escape: str) -> None:
    assert sign in ESCAPED
    assert escaped_name(f"a{sign}b.pdf") == f"a{escape}b.pdf"


def test_they_are_seventeen() -> None:
    assert len(set(ESCAPED)) == len(ESCAPED) == 17


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("Report2026.pdf", "Report2026.pdf"),
        ("2026-Q1_concept (1).pdf", "2026_2DQ1_5Fconcept%20%281%29.pdf"),
        ("Zoë 日本.pdf", "Zo%C3%AB%20%E6%97%A5%E6%9C%AC.pdf"),
        # Exactly the stored one: blanks at either end stay, and so does what is escaped already.
        (" x ", "%20x%20"),
        ("a_2Fb%20c", "a_5F2Fb_2520c"),
        ("..", ".."),
        ('a\\b=c;d"e|f^g`h{i}[j]', "a%5Cb%3Dc%3Bd%22e%7Cf%5Eg%60h%7Bi%7D%5Bj%5D"),
    ],
)
def test_everything_else_is_percent_encoded(name: str, escaped: str) -> None:
    assert escaped_name(name) == escaped


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "name: give the name of the file, exactly as a GetConnector gives it"),
        (None, "name: give the name of the file"),
        ("a, b.pdf", r"does not take a comma in a name, encoded or not: .* by its dossier item .* \(attachment\)"),
        ("a\ud800", "half of a surrogate pair, which is no character"),
    ],
)
def test_what_is_refused_before_any_call(name: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        escaped_name(name)
