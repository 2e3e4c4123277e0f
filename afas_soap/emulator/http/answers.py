"""HTTP responses as they leave: headers, chunks, gzip. Sources: profit-wire 3.6, OpenAPI responses."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator

from werkzeug import Response

JSON = "application/json; charset=utf-8"
# What every answer without a body has, whatever was asked.
BARE = "application/xml; charset=utf-8"
HTML = "text/html; charset=utf-8"

REST_HEADERS = (
    ("Cache-Control", "no-store, no-cache"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-AFAS-Proxy-Stats", "init(0ms), before response(0ms), complete(1ms)"),
    ("X-AFAS-Proxy-Version", "4.3.0.0"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "deny"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "Content-Type, Accept, Authorization, OnlineSessionId, Accept-Language"),
    ("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS"),
    ("Access-Control-Max-Age", "1728000"),
)
# Not recorded: what ASP.NET says for an .asmx (inferred).
SOAP_HEADERS = (("Cache-Control", "private, max-age=0"),)

# A small first block, so that the first row leaves early; then larger ones, so that little is spent between them.
_FIRST_BLOCK = 4096
_BLOCK = 65536


def blocks(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in fewer, larger pieces; never more than one block and one piece is held."""
    held: list[str] = []
    size, limit = 0, _FIRST_BLOCK
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= limit:
            yield "".join(held)
            held.clear()
            size, limit = 0, _BLOCK
    if held:
        yield "".join(held)


def started(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """``chunks`` with its first one made already, so that a refusal comes before the status line has left."""
    return _from(next(chunks, b""), chunks)


def _from(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def rest_answer(body: bytes | Iterator[bytes], *, status: int = 200, content_type: str = JSON) -> Response:
    """An answer of the REST host."""
    return _response(body, status, content_type, REST_HEADERS)


def soap_answer(body: bytes | Iterator[bytes], content_type: str, *, status: int = 200) -> Response:
    """An answer of the SOAP host."""
    return _response(body, status, content_type, SOAP_HEADERS)


def _response(
    body: bytes | Iterator[bytes], status: int, content_type: str, headers: Iterable[tuple[str, str]]
) -> Response:
    answer = Response(body, status=status, headers=list(headers), content_type=content_type)
    if isinstance(body, bytes):
        answer.content_length = len(body)
    return answer


def bare(status: int) -> Response:
    """A REST refusal that is all status (profit-wire 3.6: 400, 401, 403, 404, 413)."""
    return rest_answer(b"", status=status, content_type=BARE)


def json_bytes(document: object, dialect: str) -> bytes:
    """A small JSON document: on one line from Profit 7, pretty-printed before (profit-wire 2.5)."""
    if dialect == "profit6":
        return json.dumps(document, ensure_ascii=False, indent=2).encode()
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def without_body(answer: Response) -> Response:
    """The same answer without its body."""
    answer.response = []
    answer.content_length = 0
    return answer


def page(status: int, title: str) -> Response:
    """An HTML page of the web server in front of Profit."""
    body = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
        f"\r\n<html><head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body></html>\r\n"
    )
    return soap_answer(body.encode(), HTML, status=status)


def not_found_page() -> Response:
    """What IIS says of a path that is not there."""
    return page(404, "IIS 404.0 - Not Found")


def gzipped(answer: Response) -> None:
    """Pack the body, streaming it as it was; every block can be unpacked as soon as it has arrived."""
    answer.response = _packed(answer.iter_encoded())
    answer.headers.remove("Content-Length")
    answer.headers["Content-Encoding"] = "gzip"


def _packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=1, wbits=31)
    for chunk in chunks:
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
