"""Short lists of SB: bare and wrapped, names without their case, and what is no list."""

from __future__ import annotations

import pytest

from afas_soap.errors import AnswerError
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from afas_soap.smallbusiness.lists import whole_list

ADMINISTRATIONS = shipped().operation("administrations", Verb.GET)


class Answered:
    """Calls that are answered with one body."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.transport = self
        self.link = self
        self.max_document = 2**20

    def ask(self, operation: object) -> Answered:
        assert operation is ADMINISTRATIONS
        return self

    def __enter__(self) -> Answered:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to let go of."""

    def whole(self, most: int) -> bytes:
        assert most == self.max_document
        return self.body


WRAPPED = b'{"TrackingToken":"2","Result":[{"ID":"a","description":null}]}'


@pytest.mark.parametrize("body", [b'[{"Id":"a","Description":null}]', WRAPPED])
def test_both_forms(body: bytes) -> None:
    assert whole_list(Answered(body), ADMINISTRATIONS) == ({"id": "a", "description": None},)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"null", b'{"Result":1}', b"[" * 100_000, b'[{"Id":"geheim-x"'])
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(AnswerError, match="SB's list of administrations is no list of records") as caught:
        whole_list(Answered(body), ADMINISTRATIONS)  # type: ignore[arg-type]
    assert "geheim" not in str(caught.value)
