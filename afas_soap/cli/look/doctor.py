"""``afas doctor``: what is wrong with the way to Profit, and what helps."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

import click

from afas_soap.cli.shared.connection import arguments_from
from afas_soap.cli.shared.exits import FINE, exit_code, reported
from afas_soap.cli.shared.terminal import printable
from afas_soap.doctor.examination import examine, unsettled
from afas_soap.doctor.finding import Finding
from afas_soap.errors import AfasError, SettingsError
from afas_soap.settings import resolve


def run(format_: str, **options: Any) -> int:
    """Each finding as it is found, or all of them as JSON; gives the exit code."""
    findings = _findings(options)
    if format_ == "json":
        found = list(findings)
        return reported(json.dumps([_as_json(one) for one in found], indent=2), _code(found))
    shown: list[Finding] = []
    for finding in findings:
        shown.append(finding)
        click.echo(_as_text(finding))
    return _code(shown)


def _findings(options: dict[str, Any]) -> Iterator[Finding]:
    try:
        settings = resolve(arguments_from(options), os.environ)
    except SettingsError as error:
        yield from unsettled(error)
        return
    if settings.api == "sb":
        # What it takes is loaded here alone.
        yield from importlib.import_module("afas_soap.doctor.smallbusiness").examine(settings)
        return
    yield from examine(settings)


def _code(findings: Iterable[Finding]) -> int:
    errors: Iterable[AfasError | None] = (finding.error for finding in findings)
    return next((exit_code(error) for error in errors if error is not None), FINE)


def _as_text(finding: Finding) -> str:
    """One line: how much it counts, the check, what was found, and what helps."""
    remedy = f" -> {finding.remedy}" if finding.remedy else ""
    return printable(f"{finding.weight:<7}  {finding.check}: {' '.join(finding.message.split())}{remedy}")


def _as_json(finding: Finding) -> dict[str, object]:
    code = None if finding.error is None else exit_code(finding.error)
    return {
        "check": finding.check,
        "weight": str(finding.weight),
        "message": finding.message,
        "remedy": finding.remedy,
        "exit_code": code,
    }
