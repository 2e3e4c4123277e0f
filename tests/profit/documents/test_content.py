"""Content as it arrives: chunks once, what is known so far, and its source let go of."""

from collections.abc import Iterator

import pytest

from afas_soap.profit.documents.content import Content, Facts, Size


def test_chunks_come_once_and_facts_grow() -> None:
    facts = Facts()

    def chunks() -> Iterator[bytes]:
        yield b"a"
        facts.media_type = "text/plain"
        yield b"b"

    content = Content(chunks(), facts)
    assert iter(content) is content
    assert next(content) == b"a"
    assert content.facts == Facts()
    assert list(content) == [b"b"]
    assert list(content) == []
    assert content.facts == Facts("", "text/plain", None)
    content.close()


def test_its_source_is_let_go_of() -> None:
    closed = []
    with Content(iter([b"a"]), Facts(), lambda: closed.append(1)) as content:
        assert closed == []
    content.close()
    assert closed == [1, 1], "who is closed twice takes it"
    with pytest.raises(KeyError), Content(iter([]), Facts(), lambda: closed.append(2)):
        raise KeyError
    assert closed == [1, 1, 2]


def test_sizes_of_a_picture() -> None:
    assert [(size.name, int(size)) for size in Size] == [("ORIGINAL", 0), ("THUMBNAIL", 1), ("MEDIUM", 2)]
