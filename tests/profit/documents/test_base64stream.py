"""Base64 that comes in pieces: every byte of it, in whatever pieces, or an error that says where."""

import ast
import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import afas_soap
from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.documents.base64stream import Base64Decoder

PLAIN = bytes(range(256)) * 3 + b"end"


def decoded(text: bytes, size: int = 10**6) -> bytes:
    decoder = Base64Decoder()
    parts = [decoder.feed(text[at : at + size]) for at in range(0, len(text), size)]
    decoder.finish()
    return b"".join(parts)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 64, 10**6])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 6, 7, 300, len(PLAIN)])
def test_every_byte_in_whatever_pieces(length: int, size: int) -> None:
    assert decoded(base64.b64encode(PLAIN[:length]), size) == PLAIN[:length]


@pytest.mark.parametrize("size", [1, 3, 7, 10**6])
def test_white_space_is_taken_wherever_it_stands(size: int) -> None:
    lines = base64.encodebytes(PLAIN).replace(b"\n", b"\r\n")
    assert decoded(b" \t\r\n" + lines + b"\r\n ", size) == PLAIN
    assert decoded(b"A A\rA\nA\tQ Q\n=\r\n= \n", size) == b"\0\0\0A"


@pytest.mark.parametrize("size", [1, 3, 7, 10**6])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"AAAA*AAA", "sign 5 is none of base64's"),
        (b"AAAA\r\nA-AA", "sign 6 is none of base64's"),
        (b"AAAAAA_A", "sign 7 is none of base64's"),
        (b"AAAAAAA\xe9", "sign 8 is none of base64's"),
        (b"AAAAA\x00", "sign 6 is none of base64's"),
        (b"AAAA!", "sign 5 is none of base64's"),
        (b"A!==", "sign 2 is none of base64's"),
        (b"AAAAAA==AAAA", "sign 9 stands behind the = that ends it"),
        (b"AAA=AAAA", "sign 5 stands behind the = that ends it"),
        (b"AAA=A", "sign 5 stands behind the = that ends it"),
        (b"AAA==", "sign 5 stands behind the = that ends it"),
        (b"AAAAAA=A", "sign 7 is a = before the end"),
        (b"AA=AAAAA", "sign 3 is a = before the end"),
        (b"A===", "sign 2 is a = before the end"),
        (b"====", "sign 1 is a = before the end"),
        # The strict mode of 3.11 takes these.
        (b"AAAA=", "sign 5 is a = before the end"),
        (b"AAAA==", "sign 5 is a = before the end"),
        (b"AAAA====", "sign 5 is a = before the end"),
        (b"AAAAA=", "sign 6 is a = before the end"),
        (b"AAAAAB==", "sign 6 leaves bits over"),
        (b"AAAAAAB=", "sign 7 leaves bits over"),
    ],
)
def test_what_is_no_base64_is_told_with_its_place(text: bytes, said: str, size: int) -> None:
    with pytest.raises(AnswerError, match=f"^the base64 of the document cannot be read: {re.escape(said)}") as caught:
        decoded(text, size)
    assert not isinstance(caught.value, CutOff)


@pytest.mark.parametrize("size", [1, 3, 7, 10**6])
@pytest.mark.parametrize("text", [b"data:application/pdf;base64,JVBERi0=", b"Data:,AAAA", b" data:x"])
def test_a_data_url_is_named(text: bytes, size: int) -> None:
    with pytest.raises(AnswerError, match=r'it begins with "data:", as the address of an embedded file \(a data URL\)'):
        decoded(text, size)
    # A colon there behind something else is a wrong sign, and this word is base64 as well.
    with pytest.raises(AnswerError, match="sign 5 is none"):
        decoded(b"date:", size)
    assert decoded(b"data", size) == base64.b64decode(b"data", validate=True)


@pytest.mark.parametrize("size", [1, 3, 7, 10**6])
def test_cut_at_every_sign_is_never_the_end(size: int) -> None:
    text = base64.b64encode(PLAIN[:49])
    for end in range(1, len(text)):
        if end % 4:
            with pytest.raises(CutOff, match=f"ends within a group, behind {end} signs: its end is missing"):
                decoded(text[:end], size)
        else:
            # A whole group too few is seen by what stands around it.
            assert decoded(text[:end], size) == PLAIN[: end // 4 * 3]


def _decoders(tree: ast.AST) -> Iterator[str]:
    """Each call that decodes base64 and takes what is none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            strict = {"b64decode": "validate", "a2b_base64": "strict_mode"}.get(name)
            given = {
                one.arg for one in node.keywords if isinstance(one.value, ast.Constant) and one.value.value is True
            }
            if name in ("decodebytes", "urlsafe_b64decode", "standard_b64decode") or (strict and strict not in given):
                yield ast.unparse(node)


def test_nobody_decodes_base64_that_may_be_none() -> None:
    """Unless it is told to be strict, ``b64decode`` drops wrong signs and ends at the first ``=``, both without a word:
    a document would be shorter, and look whole."""
    for call in ("base64.b64decode(x)", "binascii.a2b_base64(x, strict_mode=False)", "urlsafe_b64decode(x)"):
        assert list(_decoders(ast.parse(call))) == [call]
    found = {
        f"{path.relative_to(Path(afas_soap.__file__).parent).as_posix()}: {call}"
        for path in sorted(Path(afas_soap.__file__).parent.rglob("*.py"))
        for call in _decoders(ast.parse(path.read_text(encoding="utf-8")))
    }
    # The emulator looks whose a JWT claims to be; PyJWT then judges it. And it reads what it signed itself.
    assert {each.partition(":")[0] for each in found} == {"emulator/oauth/jose.py", "emulator/sb/blobs/readkeys.py"}
