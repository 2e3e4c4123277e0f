"""The connectors with rules of their own; all others go by their definition alone."""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.emulator.booking.context import Rule
from afas_soap.emulator.booking.rules import dossier, ledger, relations, sales

_NONE = Rule()
RULES: Mapping[str, Rule] = {
    "FbSales": sales.RULE,
    "FiEntries": ledger.RULE,
    "KnOrganisation": relations.RULE,
    "KnPerson": relations.RULE,
    "KnSubject": dossier.RULE,
    "KnSubjectReaction": dossier.REACTION,
    "KnSubjectWorkflowReaction": dossier.WORKFLOW_REACTION,
}
"""Rules by connector, whether it is one of the built-in table or of an OpenAPI file."""


def rule_of(connector: str) -> Rule:
    """The rule of a connector."""
    return RULES.get(connector, _NONE)
