"""The WSDL documents the emulator shows: those that are shipped, with the address of the request in them."""

from __future__ import annotations

import configparser
import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

_LOCATION = re.compile(rb'(?<= location=")[^"]*(?=")')


@dataclass(frozen=True, slots=True)
class Service:
    """One .asmx: ``name`` is the WSDL's service, ``file`` the document."""

    name: str
    file: str


@functools.cache
def services() -> Mapping[str, Service]:
    """The services by the file name of their .asmx, in lower case; one may have two names (profit-wire 1.2)."""
    index = configparser.ConfigParser(interpolation=None)
    index.read_string(_shipped("index.ini").decode())
    found: dict[str, Service] = {}
    for section in map(index.__getitem__, index.sections()):
        service = Service(section["service"], section["file"])
        found |= {section[key].lower(): service for key in ("asmx", "fallback") if key in section}
    return found


def document(service: Service, address: str) -> bytes:
    """The WSDL of ``service`` as if it were served at ``address``."""
    location = escape(address, {'"': "&quot;"}).encode()
    return _LOCATION.sub(lambda _: location, _shipped(service.file))


@functools.cache
def _shipped(name: str) -> bytes:
    return importlib.resources.files("afas_soap.wsdl_cache").joinpath(name).read_bytes()
