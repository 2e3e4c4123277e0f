"""The list of customer environments at an Admin Center: which address is asked, and which only then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from afas_soap.errors import AccessDenied, NotFound
from afas_soap.sb.access.scopes import Scope
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.oauth.sbscopes import scopes
from afas_soap.wire.sb.judge import SB

Fixed = Any
LIST = '[{"Name":"Atlas Interior B.V.","Description":"Bouw","Path":"atlas"}]'
FOUND = (Scope("Atlas Interior B.V.", "atlas", "Bouw"),)


@pytest.fixture
def admin(link_to: Callable[..., Link], fixed: Fixed) -> Iterator[Transport]:
    link = link_to(fixed, token=None, soap_url="", rest_url=f"http://127.0.0.1:{fixed.port}/admin", retry_total=0.0)
    with Transport(link, SB) as transport:
        yield transport


def asked(fixed: Fixed) -> list[str]:
    """The first line of each request."""
    return [request.partition(b" HTTP")[0].decode() for request in fixed.requests]


def test_the_form_of_the_openapi_file_first(admin: Transport, fixed: Fixed) -> None:
    fixed.json(LIST)
    assert scopes(admin) == FOUND
    assert asked(fixed) == ["POST /admin/authentication/getscopes"]


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed"])
def test_then_that_of_the_guide(admin: Transport, fixed: Fixed, status: str) -> None:
    fixed.json("", status)
    fixed.json(LIST)
    assert scopes(admin) == FOUND
    assert asked(fixed) == ["POST /admin/authentication/getscopes", "GET /authentication/getscopes"]


def test_neither_is_there(admin: Transport, fixed: Fixed) -> None:
    fixed.json("", "405 Method Not Allowed")
    fixed.json("", "404 Not Found")
    with pytest.raises(NotFound, match="404"):
        scopes(admin)


def test_a_no_is_a_no(admin: Transport, fixed: Fixed) -> None:
    """The other form is not tried."""
    fixed.json('{"StatusCode":401,"Message":"Er is geen ingelogde gebruiker."}', "401 Unauthorized")
    with pytest.raises(AccessDenied, match="geen ingelogde gebruiker"):
        scopes(admin)
    assert len(fixed.requests) == 1
