"""A connector that Profit refused: whether there is one of that name, what it is for, and which look like it.

Over REST a name that does not exist and one that is not in the app connector get the same answer, over SOAP not always
(profit-wire 3.6 and 7). Metainfo lists what the app connector holds, so it tells which, whatever the protocol
(profit-wire 3.4).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from afas_soap.errors import AccessDenied, AfasError, NotFound, ProfitError
from afas_soap.profit.connectors.capabilities import Catalogue
from afas_soap.profit.connectors.documented import DOCUMENTED, ROOTS, Use

# The same texts as in wire/refusals, and our own for a schema that is not there.
_REFUSED = re.compile(
    r"connector.* (niet ondersteund|not supported)|niet geautoriseerd|not authori[sz]ed"
    r"|\bconnector .+ does not exist|^Profit gave no schema for ",
    re.IGNORECASE,
)
_UNAUTHORIZED = 401
_MOST = 3
_ALIKE = 0.65
# A part of a name says more than letters that are alike.
_HOLDS = 0.9
_LEAST_PART = 3
_OTHER_USE = 0.15
_OWN = re.compile("^profit_?")

_LISTED = "'afas connectors' lists them"
_OTHER: Mapping[Use, str] = {
    Use.READ: "{name} is an UpdateConnector: it takes updates ('afas describe {name}' shows which) and has no rows. "
    f"Rows come from GetConnectors; {_LISTED}.",
    Use.WRITE: "{name} is a GetConnector: it gives rows ('afas get {name}') and takes no updates. "
    f"Those go to UpdateConnectors; {_LISTED}.",
}
_NOT_IN_APP = (
    "{name} is one of AFAS' own {use}s, and the app connector does not have it: add it there in Profit; "
    "'afas connectors' lists what is there."
)
_NOBODY = "There is no {use} {name!r} in the app connector.{near} "
_OR_ADD = f"{_LISTED[0].upper()}{_LISTED[1:]}; one that is missing is added to the app connector in Profit."


def refuses_connector(error: AfasError) -> bool:
    """Whether Profit refused the connector that was named. A bare 401 may mean that as well as the token."""
    if isinstance(error, AccessDenied) and error.status == _UNAUTHORIZED:
        return True
    return isinstance(error, AccessDenied | NotFound) and _REFUSED.search(error.message) is not None


def explained(error: ProfitError, name: str, use: Use, catalogue: Catalogue | None) -> AfasError:
    """``error``, or what it turns out to be: ``NotFound`` for a name that is none here, or a connector's of the other
    use, ``AccessDenied`` for one that is there or must be.

    ``catalogue`` None is for one that could not be had: then what AFAS documents is all that is known by name.
    """
    listed = _listed(catalogue)
    found = listed.get(name) or DOCUMENTED.get(name)
    if found is None:
        return _nobody(error, name, use, catalogue)
    if found not in (use, _CUSTOM):
        return error.retold(NotFound, _OTHER[use].format(name=name))
    if name in listed or catalogue is None:
        return error
    return error.retold(AccessDenied, _NOT_IN_APP.format(name=name, use=use))


_CUSTOM = "custom"
_A: Mapping[str, str] = {Use.READ: "a GetConnector", Use.WRITE: "an UpdateConnector", _CUSTOM: "a custom connector"}


def _listed(catalogue: Catalogue | None) -> Mapping[str, str]:
    """Each name of the catalogue and what it is for."""
    if catalogue is None:
        return {}
    return {
        **{entry.id: _CUSTOM for entry in catalogue.custom_connectors},
        **{entry.id: Use.WRITE for entry in catalogue.update_connectors},
        **{entry.id: Use.READ for entry in catalogue.get_connectors},
    }


def _nobody(error: ProfitError, name: str, use: Use, catalogue: Catalogue | None) -> AfasError:
    if name in ROOTS:
        near = f" {name} is the root element of {ROOTS[name]}, which is the connector's name."
    else:
        near = _near(name, use, _listed(catalogue)) or _near(name, use, DOCUMENTED)
    if catalogue is not None:
        return error.retold(NotFound, _NOBODY.format(name=name, use=use, near=near) + _OR_ADD)
    return error.retold(type(error), f"{error.message}{near}") if near else error


def _near(name: str, use: Use, known: Mapping[str, str]) -> str:
    shown = [each if known[each] == use else f"{each} ({_A[known[each]]})" for each in nearest(name, use, known)]
    return f" The nearest: {', '.join(shown)}." if shown else ""


def nearest(name: str, use: Use, known: Mapping[str, str]) -> list[str]:
    """At most three of the names that are like ``name`` or hold it, whatever their case, the best first; ``known`` says
    what each is for, and one that is for something else is worth less."""
    less = {each: 0.0 if known[each] == use else _OTHER_USE for each in known}
    rated = [(_rated(name.casefold(), each.casefold()) - less[each], each) for each in known]
    best = sorted((pair for pair in rated if pair[0] >= _ALIKE), key=lambda pair: (-pair[0], len(pair[1]), pair[1]))
    return [each for _, each in best[:_MOST]]


def _rated(name: str, known: str) -> float:
    # What nearly every GetConnector of AFAS' begins with says nothing.
    ratio = difflib.SequenceMatcher(None, _OWN.sub("", known), _OWN.sub("", name)).ratio()
    return max(ratio, _HOLDS) if len(name) >= _LEAST_PART and name in known else ratio
