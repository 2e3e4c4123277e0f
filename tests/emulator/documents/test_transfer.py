"""Base64 of content in pieces: the same as of the whole, whatever the chunks, and let go of in time."""

from __future__ import annotations

import base64

import pytest

from afas_soap.emulator.documents.transfer import base64_text
from afas_soap.profit.documents.content import Content, Facts


@pytest.mark.parametrize("size", [1, 2, 3, 4, 1000, 49_152, 49_153, 200_000])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 49_152, 150_001])
def test_chunks_of_every_size(size: int, length: int) -> None:
    whole = bytes(number * 7 % 256 for number in range(length))
    closed: list[bool] = []
    chunks = (whole[at : at + size] for at in range(0, length, size))
    pieces = list(base64_text(Content(chunks, Facts(), lambda: closed.append(True))))
    assert "".join(pieces) == base64.b64encode(whole).decode()
    assert all(pieces)
    assert max(map(len, pieces), default=0) <= 65_536
    assert closed == [True]


def test_what_is_left_half_way_is_closed() -> None:
    closed: list[bool] = []
    pieces = base64_text(Content(iter([b"x" * 9] * 9), Facts(), lambda: closed.append(True)))
    assert next(pieces) == "eHh4eHh4eHh4"
    pieces.close()
    assert closed == [True]
