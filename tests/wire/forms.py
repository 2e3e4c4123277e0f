"""What may stand in place of Profit's answer to a write, byte for byte.

``foreign`` gives what says nothing of the write: whoever sends it knows only that something went wrong, or was
there. ``words`` are sentences of time-outs, aborts and deadlocks, which count as little when Profit passes them on,
beside those that look alike and are Profit's no. ``own`` gives AFAS' answers, each with what it says (profit-wire 2.6,
3.6, 4.2, 7 and 13). Loaded by the tests that need it.
"""

from __future__ import annotations

import functools
import gzip
import html
import json
import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVICES = "urn:Afas.Profit.Services"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
REFERENCE = "B8213AF1C3C54E579686406A8DE71C6C"
HTML, JSON, XML = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/xml; charset=utf-8"
BARE = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class Form:
    """One answer: its bytes on each protocol, None where it is not tried. Behind them the connection ends, in a
    ``reset`` when it says so, unless it ``stays`` open."""

    name: str
    rest: bytes | None
    soap: bytes | None
    reset: bool = False
    stays: bool = False

    def on(self, protocol: str) -> bytes | None:
        return self.rest if protocol == "rest" else self.soap


@dataclass(frozen=True)
class Own(Form):
    """One of AFAS' own: ``fate`` is what becomes of the write, ``code`` the exit code where a page names it, ``booked``
    whether Profit booked it when it answers so (None: perhaps)."""

    fate: str = ""
    code: int | None = None
    booked: bool | None = False


def answer(status: str, body: bytes | str = b"", media: str = HTML, headers: Mapping[str, str] | None = None) -> bytes:
    """An answer with its length; without a content type when ``media`` is empty."""
    data = body.encode() if isinstance(body, str) else body
    named = {**(headers or {}), **({"Content-Type": media} if media else {}), "Content-Length": str(len(data))}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + data


def page(title: str, text: str = "") -> str:
    """A page of the kind that everybody has."""
    return (
        f"<!DOCTYPE html>\r\n<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n<p>{text}</p>\r\n</body>\r\n</html>\r\n"
    )


def envelope(body: str) -> str:
    """As ASP.NET writes it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    )


def fault(text: str, detail: str = "<detail />", code: str = "soap:Server") -> str:
    return envelope(
        f"<soap:Fault><faultcode>{code}</faultcode><faultstring>{html.escape(text)}</faultstring>{detail}</soap:Fault>"
    )


def executed(inside: str) -> str:
    """The envelope of an update's answer, with what stands inside its response."""
    return envelope(f'<ExecuteResponse xmlns="{SERVICES}">{inside}</ExecuteResponse>')


def result(text: str) -> str:
    """The same with a text as its result."""
    return executed(f"<ExecuteResult>{html.escape(text, quote=False)}</ExecuteResult>")


# --- what is not Profit's ---

_SPELT = {
    "page": (HTML, lambda entry: page(entry["page"], entry.get("text", ""))),
    "json": (JSON, lambda entry: entry["json"]),
    "fault": (
        XML,
        lambda entry: fault(**{{"fault": "text"}.get(name, name): entry[name] for name in _FAULT & {*entry}}),
    ),
    "envelope": (XML, lambda entry: envelope(entry["envelope"])),
    "executed": (XML, lambda entry: executed(entry["executed"])),
    "result": (XML, lambda entry: result(entry["result"])),
    "body": (HTML, lambda entry: entry["body"]),
}
_FAULT = {"fault", "detail", "code"}


@functools.cache
def foreign() -> dict[str, tuple[Form, ...]]:
    """The forms of ``foreign.toml`` by family; ``broken`` are right answers that break on their way."""
    written = _read("foreign.toml").items()
    read = {family: tuple(_form(name, entry) for name, entry in forms.items()) for family, forms in written}
    return {**read, "broken": tuple(_broken())}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _form(name: str, entry: Mapping[str, Any]) -> Form:
    kind = next((kind for kind in _SPELT if kind in entry), None)
    media, spelt = ("", "") if kind is None else (_SPELT[kind][0], _SPELT[kind][1](entry))
    raw = answer(entry["status"], spelt, entry.get("media", media), entry.get("headers"))
    if not entry.get("length", True):
        raw = raw.replace(b"Content-Length: 0\r\n", b"")
    only = entry.get("only")
    return Form(name, raw if only != "soap" else None, raw if only != "rest" else None)


RIGHT_JSON = '{"results":{"KnSubject":{"SbId":"999999"}}}'
RIGHT_RESULT = '<?xml version="1.0"?>\n<results><KnSubject><SbId>999999</SbId></KnSubject></results>\n'


def _broken() -> Iterator[Form]:
    rest, soap = _breaks(JSON, RIGHT_JSON.encode()), _breaks(XML, result(RIGHT_RESULT).encode())
    for name, raw in rest.items():
        yield Form(name, raw, soap[name])
    yield Form("a reset", b"", b"", reset=True)
    for name in ("half of it", "half a head", "chunks without their end", "a 401 whose body does not come"):
        yield Form(f"{name}, and a reset", rest[name], soap[name], reset=True)


def _breaks(media: str, data: bytes) -> dict[str, bytes]:
    """What can happen to a right answer on its way."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n".encode()
    chunks = head + b"Transfer-Encoding: chunked\r\n\r\n"
    short = head + b"Content-Length: %d\r\n\r\n" % (len(data) + 30)
    zipped, deflated, half = gzip.compress(data), zlib.compress(data), data[: len(data) // 2]
    return {
        "a chunk of size -5": chunks + b"-5\r\nabcde\r\n0\r\n\r\n",
        "a chunk of size +9": chunks + b"+9\r\n" + data[:-4] + b"\r\n",
        "a chunk of no size": chunks + b"zz\r\nabcde\r\n0\r\n\r\n",
        "a chunk with a blank size": chunks + b"\r\n\r\n",
        "a chunk cut short": chunks + _chunk(data)[:-10],
        "a size cut short": chunks + _chunk(data[:20]) + b"1",
        "chunks without their end": chunks + _chunk(data[:-4]),
        "a chunk longer than it says": chunks + b"5\r\n" + data + b"\r\n0\r\n\r\n",
        "a size beyond all": chunks + b"ffffffffffffffff\r\n" + data,
        "a length beyond what comes": short + data[:-4],
        "a length of -1": head + b"Content-Length: -1\r\n\r\n" + data[:-4],
        "a length that is none": head + b"Content-Length: abc\r\n\r\n" + data[:-4],
        "two lengths": head + b"Content-Length: 9\r\nContent-Length: 12\r\n\r\n" + data[:9],
        "a short gzip": answer("200 OK", zipped[:-12], media, _ENCODED["gzip"]),
        "a gzip of a short text": answer("200 OK", gzip.compress(data[:-4]), media, _ENCODED["gzip"]),
        "a gzip with a wrong sum": answer("200 OK", zipped[:-8] + b"\0" * 8, media, _ENCODED["gzip"]),
        "no gzip": answer("200 OK", data[:-4], media, _ENCODED["gzip"]),
        "a gzip of something else": answer("200 OK", gzip.compress(b"\0\1"), media, _ENCODED["gzip"]),
        "a short deflate": answer("200 OK", deflated[:-9], media, _ENCODED["deflate"]),
        "an encoding that nobody asked for": answer("200 OK", b"\x0b\x02\x80\x03", media, _ENCODED["br"]),
        "no UTF-8": answer("200 OK", b"\xff\xfe\xfd" + data[3:], media),
        "zeros": answer("200 OK", b"\0" * 64, media),
        "half of it": short + half,
        "half of it with its own length": answer("200 OK", half, media),
        "nothing at all": b"",
        "half a status line": b"HTTP/1.1 20",
        "a status line of another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
        "a page without a head": page("502 Bad Gateway").encode(),
        "half a head": head,
        "a head without end": head + b"X-Filler: " + b"x" * 70_000 + b"\r\n\r\n",
        "a hundred headers and more": head + b"".join(b"X-%d: 1\r\n" % number for number in range(120)) + b"\r\n",
        "going on, and then nothing": b"HTTP/1.1 100 Continue\r\n\r\n",
        "another protocol from here": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        **{
            f"a {status[:3]} in half a gzip": answer(status, zipped[:9], BARE, _ENCODED["gzip"])
            for status in _BARE_STATUSES
        },
        **{
            f"a {status[:3]} whose body does not come": _without_body(status, BARE)
            for status in (*_BARE_STATUSES, "500 Internal Server Error")
        },
        "a status that is none": b"HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
        "a status beyond all": b"HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n",
    }


_BARE_STATUSES = {"400 Bad Request": None, "401 Unauthorized": 3, "403 Forbidden": 3, "404 Not Found": 4,
                  "413 Request Entity Too Large": 5}  # fmt: skip
"""What AFAS answers without a body, with the exit code where a page names it."""


def _without_body(status: str, media: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: 117\r\n\r\n".encode()


_ENCODED = {name: {"Content-Encoding": name} for name in ("gzip", "deflate", "br")}


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


# --- what Profit passes on ---


def words() -> tuple[Own, ...]:
    """Sentences after which the work may go on, and those that only look like them, in Profit's complete form."""
    sentences = _read("sentences.toml")
    return (
        *(Own(text, *refusal(text), fate="UNCERTAIN", code=8, booked=None) for text in sentences["gave_up"]),
        *(Own(text, *refusal(text), fate="REFUSED", code=5) for text in sentences["refused"]),
    )


def refusal(text: str) -> tuple[bytes, bytes]:
    """Profit's complete form of a no, over REST and over SOAP."""
    members = {"externalMessage": text, "errorNumber": -2147220469, "profitLogReference": REFERENCE}
    return (
        answer(_ERROR, json.dumps(members, ensure_ascii=False), JSON, _TRACE),
        answer(_ERROR, fault(text, f"<detail>{_exception(text)}</detail>"), XML, _TRACE),
    )


_ERROR, _TRACE = "500 Internal Server Error", {"X-Trace-Identifier": "spoor-1"}


def _exception(text: str, more: str = "") -> str:
    told = html.escape(text)
    return (
        f"<ProfitApplicationException{more}><ErrorNumber>-2147220469</ErrorNumber><Message>{told}</Message>"
        f"<Detail>Description......: {told}\nLog reference....: {REFERENCE}</Detail></ProfitApplicationException>"
    )


# --- what Profit says itself ---


def own() -> tuple[Own, ...]:
    """AFAS' answers to the insert of a KnSubject."""
    return (*_not_sent(), *_refused(), *_gave_up_inside(), *_done())


def _not_sent() -> Iterator[Own]:
    for status, code in _BARE_STATUSES.items():
        raw = answer(status, b"", BARE)
        yield Own(f"bare {status}", raw, raw, fate="NOT_SENT", code=code)
    said = '{"code":"503","message":"Service temporarily unavailable due to scheduled maintenance."}'
    nested = '{"code":{"example":"503"},"message":{"example":"Away."}}'
    for name, error in (("maintenance", said), ("maintenance, as in AFAS' sample", nested)):
        body = f'{{"error":{error},"retry_after":7200}}'
        raw = answer("503 Service Unavailable", body, JSON, {"Retry-After": "7200"})
        yield Own(name, raw, raw, fate="NOT_SENT", code=6)
        raw = answer("503 Service Unavailable", body, JSON)
        yield Own(f"{name}, without the header", raw, raw, fate="NOT_SENT", code=6)


def _refused() -> Iterator[Own]:
    text = "The entered value for 'Employee' does not exist."
    turned = f'{{"profitLogReference":"{REFERENCE}","errorNumber":-2147220469,"externalMessage":"{text}"}}'
    spaced = _exception(text, f' xmlns="{SERVICES}"')
    newer = (
        f'<soap:Envelope xmlns:soap="{SOAP12}"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value>'
        f'</soap:Code><soap:Reason><soap:Text xml:lang="nl">{html.escape(text)}</soap:Text></soap:Reason>'
        f"<soap:Detail>{_exception(text)}</soap:Detail></soap:Fault></soap:Body></soap:Envelope>"
    )
    yield Own("a no", *refusal(text), fate="REFUSED", code=5)
    yield Own("a no, its members turned", answer(_ERROR, turned, JSON), None, fate="REFUSED", code=5)
    yield Own(
        "a no in a namespace",
        None,
        answer(_ERROR, fault(text, f"<detail>{spaced}</detail>"), XML),
        fate="REFUSED",
        code=5,
    )
    media = "application/soap+xml; charset=utf-8"
    yield Own("a no of SOAP 1.2", None, answer(_ERROR, newer, media), fate="REFUSED", code=5)
    yield Own("a no in Dutch", *refusal("Het veld 'Onderwerp' is verplicht."), fate="REFUSED", code=5)
    yield Own("a no in gzip", *map(_zipped, refusal(text)), fate="REFUSED", code=5)
    yield Own("a no in chunks", *map(_in_chunks, refusal(text)), fate="REFUSED", code=5)


def _zipped(raw: bytes) -> bytes:
    head, body = _parted(raw)
    data = gzip.compress(body)
    return head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data) + data


def _in_chunks(raw: bytes) -> bytes:
    head, body = _parted(raw)
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(map(_chunk, (body[:40], body[40:], b"")))


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """The head of an answer without its length and its end, and the body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    return re.sub(rb"Content-Length: [0-9]+$", b"", head), body


def _gave_up_inside() -> Iterator[Own]:
    """Where Profit's own message is general, and what lies below it is not."""
    general, below = "An unexpected error has occurred.", "Execution Timeout Expired."
    told = _exception(general)
    inner = answer(_ERROR, fault(f"{general} ---> {below}", f"<detail>{told}</detail>"), XML)
    yield Own("a time-out in the fault alone", None, inner, fate="UNCERTAIN", code=8, booked=None)
    logged = told.replace("</Detail>", f"\nInner............: System.Data.SqlClient.SqlException: {below}</Detail>")
    inner = answer(_ERROR, fault(general, f"<detail>{logged}</detail>"), XML)
    yield Own("a time-out in the detail alone", None, inner, fate="UNCERTAIN", code=8, booked=None)


def _done() -> Iterator[Own]:
    rest, soap = answer("201 Created", RIGHT_JSON, JSON), answer("200 OK", result(RIGHT_RESULT), XML)
    empty = answer("200 OK", executed("<ExecuteResult />"), XML)
    spelt_out = answer("200 OK", executed("<ExecuteResult></ExecuteResult>"), XML)
    for name, *on in (
        ("a receipt", rest, soap),
        ("a receipt with 200", answer("200 OK", RIGHT_JSON, JSON), None),
        ("a receipt in gzip", _zipped(rest), _zipped(soap)),
        ("a receipt in chunks", _in_chunks(rest), _in_chunks(soap)),
        ("an empty result", None, empty),
        ("an empty result, spelt out", None, spelt_out),
    ):
        yield Own(name, *on, fate="done", code=0, booked=True)
