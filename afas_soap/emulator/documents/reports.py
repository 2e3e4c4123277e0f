"""Reports by their ids: a PDF each, on which the filters stand that it was asked with (special-connectors 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.emulator.documents.pdf import pdf
from afas_soap.profit.questions.query import Filter


@dataclass(frozen=True, slots=True)
class Report:
    """``start_screen`` when it asks a person for something first, so that no program may call it."""

    title: str
    start_screen: bool = False


# The first id is the one of AFAS' sample. A report in two languages is two reports.
REPORTS: Mapping[str, Report] = {
    "CF761B2F7099455B8C5227639C447689": Report("Verkoopfactuur"),
    "0B7E46D2A1C84F0E9D53B6A8F1C2D3E4": Report("Sales invoice"),
    "5D2A90C37F1E4B6883A4C5D6E7F80912": Report("Dossieritem"),
    "9A8B7C6D5E4F40312233445566778899": Report("Jaaropgave", start_screen=True),
}


def report(identity: str) -> Report | None:
    """The report with this id, in any case; None when there is none."""
    return REPORTS.get(identity.upper())


def printed(found: Report, filters: tuple[Filter, ...]) -> bytes:
    """What comes of a report: each condition is a line, and "of" stands between those of which one is enough."""
    lines = [found.title, ""]
    for number, conditions in enumerate(filters):
        lines += ["of"] if number else []
        lines += [f"{each.column} {int(each.operator)} {each.value or ''}".rstrip() for each in conditions]
    return pdf(lines)
