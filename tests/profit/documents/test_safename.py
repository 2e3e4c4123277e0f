"""Names out of Profit as names of files: what each file system takes, and nobody is deceived by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.documents.safename import UNNAMED, numbered_name, parted, safe_name, with_extension


@pytest.mark.parametrize(
    "name",
    [
        *(
            "invoice.pdf",
            "Loonstrook (Profit)",
            "Überweisung März.docx",
            "a-b_c~d!@$'+&#.tar.gz",
            "2026 12",
            "日本.png",
        ),
        # Joiners are part of a word, or of one sign.
        *(
            "نمی\u200cخواهم.pdf",
            "\U0001f469\u200d\U0001f4bb.png",
            "x" * 251 + ".pdf",
            "COM.pdf",
            "CONTRACT.pdf",
            "COM10",
        ),
    ],
)
def test_a_name_that_is_safe_stays(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        # Ways to elsewhere.
        ("../../etc/passwd", "_.._etc_passwd"),
        ("/etc/passwd", "_etc_passwd"),
        ("C:\\Windows\\x.dll", "C__Windows_x.dll"),
        ("a/b\\c.pdf", "a_b_c.pdf"),
        ("..", UNNAMED),
        (".", UNNAMED),
        # Another stream of a file on NTFS, and what Windows takes in no name.
        ("x.pdf:hidden", "x.pdf_hidden"),
        ('a<b>c"d|e?f*g', "a_b_c_d_e_f_g"),
        # Hidden.
        (".htaccess", "htaccess"),
        (" . .profile", "profile"),
        # What Windows drops.
        ("x.pdf. . ", "x.pdf"),
        ("   ", UNNAMED),
        ("", UNNAMED),
        # Controls, ends of lines, marks that turn the direction, halves of pairs.
        ("a\x00b\x1b[2Jc\x7fd\x85e\r\n.pdf", "a_b_[2Jc_d_e__.pdf"),
        ("a\u2028b\u2029c", "a_b_c"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("a\u2066b\u2069c\u200ed\u200fe\u061cf\ufeffg", "a_b_c_d_e_f_g"),
        ("a\ud800b", "a_b"),
        # A blank that does not break is a blank; one letter is not spelt in two ways.
        ("a\xa0b\u3000c", "a b c"),
        ("u\u0308.pdf", "\xfc.pdf"),
        # Devices.
        ("NUL", "_NUL"),
        ("nul.txt", "_nul.txt"),
        ("Con.tar.gz", "_Con.tar.gz"),
        ("aux .pdf", "_aux .pdf"),
        ("COM1.pdf", "_COM1.pdf"),
        ("LPT\xb2", "_LPT\xb2"),
        ("conin$", "_conin$"),
        # Of which nobody knows before it is cut.
        ("CON" + " " * 260 + "x", "_CON"),
        ("nul" + " " * 260 + "x.pdf", "_nul.pdf"),
        ("COM1" + " ." * 150 + "x.tar", "_COM1.tar"),
        ("LPT\xb2" + " " * 251 + "\u00e9", "_LPT\xb2"),
    ],
)
def test_a_name_that_is_not_is_made_so(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_between_characters_and_keeps_its_extension() -> None:
    long = safe_name("é" * 200 + ".pdf")
    assert long == "é" * 125 + ".pdf"
    assert len(long.encode()) == 254
    assert safe_name("x" * 300) == "x" * 255
    assert safe_name("x" * 300 + ".pdf", 64) == "x" * 60 + ".pdf"
    # What is cut off must not leave a blank or a dot at the end.
    assert safe_name("x" * 254 + " " + "y" * 9) == "x" * 254
    # A long one behind a dot, or one with a blank, is no extension.
    assert safe_name("x" * 10 + "." + "y" * 300) == ("x" * 10 + "." + "y" * 300)[:255]


def test_numbers_stand_in_front_of_the_extension() -> None:
    assert [numbered_name("x.pdf", number) for number in (1, 2, 10)] == ["x.pdf", "x (2).pdf", "x (10).pdf"]
    assert numbered_name("x", 2) == "x (2)"
    longest = numbered_name("é" * 125 + ".pdf", 12)
    assert longest == "é" * 123 + " (12).pdf"
    assert len(longest.encode()) == 255
    assert numbered_name("x" * 61 + ".pdf", 2, 64) == "x" * 56 + " (2).pdf"


def test_a_further_extension() -> None:
    assert with_extension("2026.12", ".pdf") == "2026.12.pdf"
    assert with_extension("x" * 255, ".pdf") == "x" * 251 + ".pdf"
    assert with_extension("x" * 60 + " y", ".pdf", 64) == "x" * 60 + ".pdf"
    assert with_extension("x", "") == "x"
    assert with_extension("NUL" + " " * 60 + "x", ".pdf", 64) == "_NUL.pdf"
    assert numbered_name("CON" + " " * 60 + "x", 2, 64) == "CON (2)"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("x.pdf", ("x", ".pdf")),
        ("x.tar.gz", ("x.tar", ".gz")),
        ("x", ("x", "")),
        (".x", (".x", "")),
        ("x.", ("x.", "")),
        ("x.7z", ("x", ".7z")),
        ("2026.12", ("2026.12", "")),
        ("a.._x", ("a.._x", "")),
        ("Letter of J. Jansen", ("Letter of J. Jansen", "")),
        ("x." + "y" * 32, ("x." + "y" * 32, "")),
    ],
)
def test_what_an_extension_is(name: str, parts: tuple[str, str]) -> None:
    assert parted(name) == parts


@given(
    st.text()
    | st.builds("{}{}{}".format, st.sampled_from(["NUL", "com1", "CONIN$"]), st.text(" ._", max_size=300), st.text()),
    st.integers(1, 1000),
    st.integers(64, 255),
)
def test_whatever_the_name_is(text: str, number: int, limit: int) -> None:
    name = safe_name(text, limit)
    assert safe_name(name, limit) == name
    numbered = numbered_name(name, number, limit)
    for each in (name, numbered):
        assert 0 < len(each.encode()) <= limit
        assert each[0] not in ". "
        assert each[-1] not in ". "
        assert not set(each) & set('/\\<>:"|?*\x00')
        assert safe_name(each, limit) == each
