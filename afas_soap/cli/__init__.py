"""Talks to a person: one command per file, found through the table in ``commands``."""

from __future__ import annotations

from afas_soap.cli.commands import main

__all__ = ["main"]
