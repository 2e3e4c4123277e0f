"""The tenant list of an Admin Center (getscopes): which customer environments a sign-in may enter.

AFAS' OpenAPI file posts an identity token below ``/admin``; the guide gets it beside that, with a bearer token
(small-business.md 1). The first is asked, and the other one only where that is not there (404, 405).
"""

from __future__ import annotations

from afas_soap.errors import NotFound
from afas_soap.sb.access.scopes import Scope, scopes_in
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.oauth.sbtokens import forms_of

_NAME = "scopes"
_PATH = "authentication/getscopes"
_VERBS = ("POST", "GET")


def scopes(transport: Transport) -> tuple[Scope, ...]:
    """The customer environments, asked of the Admin Center that the link's ``rest_url`` is. Raises what
    ``Transport.ask`` raises, and ``AnswerError`` for another answer."""
    urls = forms_of(transport.link.rest_url, _PATH)
    missing: NotFound | None = None
    for verb, url in zip(_VERBS, urls, strict=False):
        request = Request(Accepts.JSON, verb.lower(), _NAME, url, {"Accept": "application/json"}, verb=verb)
        try:
            return _asked(transport, request)
        except NotFound as problem:
            missing = problem
    assert missing is not None, "there is an address, and it gave no list"
    raise missing


def _asked(transport: Transport, request: Request) -> tuple[Scope, ...]:
    with transport.ask(request) as answer:
        body = answer.whole(transport.link.max_document)
    return scopes_in(body)
