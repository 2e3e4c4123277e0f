"""One UpdateConnector of the emulator, whether out of AFAS' OpenAPI files or out of the built-in table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.profit.schemas.updateschema import Shape
from afas_soap.profit.updates.update import Action

Definitions = Mapping[str, "Definition"]
"""Definitions by the id of their connector."""


@dataclass(frozen=True)
class Definition:
    """``shape`` is the root object; its name is the root element.

    ``keys`` are the codes that make a record the one it is, be they attributes or fields; () when nothing does, so that
    every insert is a record of its own. ``results`` are the codes that a call gives back, below ``result_name`` over
    REST. ``verbs`` are the calls the connector takes, ``sub_objects`` those it takes rows of alone. ``strict`` is true
    where mandatory fields, code lists and references are known well enough to refuse by them.
    """

    connector: str
    description: str
    shape: Shape
    keys: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    result_name: str = ""
    verbs: frozenset[Action] = frozenset(Action)
    sub_objects: tuple[str, ...] = ()
    strict: bool = True
