"""Packed bodies: unpacked in pieces, and one that was cut off is no end. Judged by what ``gzip`` packs."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.wire.http.answer import unpacked

PLAIN = bytes(range(256)) * 40
PACKED = gzip.compress(PLAIN)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    yield from (data[start : start + size] for start in range(0, len(data), size))


def all_of(data: bytes, size: int = 100, largest: int = 1000) -> bytes:
    pieces = list(unpacked(chunks(data, size), largest))
    assert all(len(piece) > 0 for piece in pieces)
    return b"".join(pieces)


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("largest", [1, 300, 1_000_000])
def test_unpacked_in_pieces(size: int, largest: int) -> None:
    """Whatever it came in, and however little room there is."""
    assert all_of(PACKED, size, largest) == PLAIN
    assert all(len(piece) <= max(largest, 258) for piece in unpacked(chunks(PACKED, size), largest))


def test_nothing_is_nothing() -> None:
    """A body of no bytes is complete, whatever its header says; one of an empty text as well."""
    assert all_of(b"") == b""
    assert all_of(gzip.compress(b"")) == b""


@pytest.mark.parametrize("size", [1, 50, 100_000])
def test_one_behind_the_other(size: int) -> None:
    """As RFC 1952 has it (2.2)."""
    assert all_of(PACKED + gzip.compress(b"x") + PACKED, size) == PLAIN + b"x" + PLAIN


@pytest.mark.parametrize("size", [1, 100_000])
@pytest.mark.parametrize("behind", [b"\0" * 20, b"\r\n", b"garbage"])
def test_something_else_behind_a_whole_one(behind: bytes, size: int) -> None:
    """Passed over, and read to its end."""
    pieces = chunks(PACKED + behind, size)
    assert b"".join(unpacked(pieces, 1000)) == PLAIN
    assert list(pieces) == []


@pytest.mark.parametrize("data", [b'{"rows":[]}', b"\x1f\x8b\xff" + b"x" * 20, PACKED[:-5] + b"\0" * 5])
def test_what_is_no_gzip(data: bytes) -> None:
    """From the beginning, further on, and by its checksum."""
    with pytest.raises(urllib3.exceptions.DecodeError):
        all_of(data)


@given(st.binary(max_size=2000), st.integers(1, 3000), st.integers(1, 50))
def test_whatever_was_cut_off_is_told(plain: bytes, cut: int, size: int) -> None:
    """At any byte, behind all that could be unpacked."""
    packed = gzip.compress(plain)
    given: list[bytes] = []
    with pytest.raises(urllib3.exceptions.ProtocolError):
        given.extend(unpacked(chunks(packed[: min(cut, len(packed) - 1)], size), 1000))
    assert plain.startswith(b"".join(given))


def test_cut_off_in_the_second() -> None:
    """The first is whole, and is not all."""
    with pytest.raises(urllib3.exceptions.ProtocolError):
        all_of(PACKED + PACKED[:-1])
