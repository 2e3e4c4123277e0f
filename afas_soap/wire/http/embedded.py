"""In-process transport: a WSGI application behind a ``requests`` adapter, without a socket and streamed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit
from wsgiref.types import WSGIApplication, WSGIEnvironment

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WsgiAdapter(BaseAdapter):
    """Calls ``app`` for each request. Time-outs, TLS and proxies have no meaning here."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app
        self._builder = HTTPAdapter()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the signature is requests'
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The application's answer; its body is made while it is read."""
        started = _Started()
        try:
            result = self._app(_environ(request), started)
            body = _Body(result)
        except OSError as problem:
            failure = requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("broken", problem))
        else:
            return self._builder.build_response(request, _answer(started, body))
        raise failure

    def close(self) -> None:
        """Nothing to let go of."""


class _Write(Protocol):
    def __call__(self, data: bytes, /) -> object: ...


class _Started:
    """The ``start_response`` of one call."""

    def __init__(self) -> None:
        self.status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        self.reason = ""
        self.headers: list[tuple[str, str]] = []

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: _ErrorInfo | None = None, /) -> _Write:
        code, _, self.reason = status.partition(" ")
        self.status, self.headers = int(code), headers
        return _refuse_write


class _Body(io.RawIOBase):
    """The application's result as a file. It begins at once: an application may start its response only then."""

    def __init__(self, result: Iterable[bytes]) -> None:
        self._close = getattr(result, "close", None)
        self._chunks: Iterator[bytes] = iter(result)
        self._rest = memoryview(next(self._chunks, b""))

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill ``buffer`` from one chunk; 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    def close(self) -> None:
        """Tell the application, as WSGI demands."""
        close, self._close = self._close, None
        if close is not None:
            close()
        super().close()


def _answer(started: _Started, body: _Body) -> urllib3.HTTPResponse:
    return urllib3.HTTPResponse(
        body=body,
        headers=urllib3.HTTPHeaderDict(started.headers),
        status=started.status,
        reason=started.reason,
        version=11,
        preload_content=False,
        decode_content=False,
        enforce_content_length=True,
    )


def _environ(request: requests.PreparedRequest) -> WSGIEnvironment:
    parts = urlsplit(request.url or "")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, encoding="latin-1"),
        "RAW_URI": f"{parts.path}?{parts.query}" if parts.query else parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "127.0.0.1",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": _input(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


def _input(body: object) -> BinaryIO:
    """The body of a request, which may come in pieces."""
    if isinstance(body, Iterable) and not isinstance(body, bytes | str):
        return io.BufferedReader(_Body(body))
    return io.BytesIO(body if isinstance(body, bytes) else b"")


def _refuse_write(data: bytes, /) -> object:
    raise NotImplementedError("the write callable of WSGI is not offered: give the body as the result")
