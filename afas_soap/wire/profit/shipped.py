"""The WSDL documents that came with us: which there are, what is known of each, and that none was changed."""

from __future__ import annotations

import configparser
import functools
import hashlib
import importlib.resources
from dataclasses import dataclass

from afas_soap.errors import SettingsError

_FOLDER = "afas_soap.wsdl_cache"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One service: ``name`` as administrators know it, ``service`` as its WSDL does.

    ``asmx`` is the last part of its address, ``fallback`` the one to ask when that gives 404 (or empty). ``known`` and
    ``inferred`` say what in the document rests on what.
    """

    name: str
    asmx: str
    fallback: str
    service: str
    file: str
    sha256: str
    known: str
    inferred: str

    def document(self) -> bytes:
        """The WSDL, with ``\\n`` as line end. ``SettingsError`` when it is not the one that was shipped."""
        document = _read(self.file).replace(b"\r\n", b"\n")
        if hashlib.sha256(document).hexdigest() != self.sha256:
            raise SettingsError(f"The shipped WSDL {self.file} was changed or damaged: install afas-soap again.")
        return document


@functools.cache
def shipped() -> tuple[Shipped, ...]:
    """Every shipped document."""
    index = configparser.ConfigParser(interpolation=None)
    index.read_string(_read("index.ini").decode())
    return tuple(_entry(index[name]) for name in index.sections())


def document_of(name: str) -> Shipped:
    """The document of a service by its name, such as ``AppConnectorGet``, in any case."""
    for document in shipped():
        if document.name.lower() == name.lower():
            return document
    raise SettingsError(f"No WSDL of {name!r} is shipped; there are: {', '.join(one.name for one in shipped())}.")


def _entry(section: configparser.SectionProxy) -> Shipped:
    return Shipped(
        name=section.name,
        asmx=section["asmx"],
        fallback=section.get("fallback", ""),
        service=section["service"],
        file=section["file"],
        sha256=section["sha256"],
        known=section["known"],
        inferred=section["inferred"],
    )


def _read(name: str) -> bytes:
    return importlib.resources.files(_FOLDER).joinpath(name).read_bytes()
