"""Checking and booking agree, over both protocols: what passes the check without error or doubt the emulator takes, and
what is an error it refuses.

Updates are made out of the definitions of the built-in connectors: a good record, of which one thing is bent at most.
What only Profit can know stands in ``ONLY_PROFIT_KNOWS``, and what SOAP alone does not tell in ``NOT_OVER_SOAP_ALONE``.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afas_soap.connections import EMBEDDED_REST_URL, EMBEDDED_SOAP_URL
from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table import TABLE
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.store import Store
from afas_soap.errors import NotOffered, ProfitError, UpdateError, Weight
from afas_soap.profit.connectors.capabilities import Connectors
from afas_soap.profit.schemas.ordering import ordered
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.schemas.updateschema import FieldRule, Shape, UpdateSchema
from afas_soap.profit.updates.fieldvalue import FieldValue
from afas_soap.profit.updates.update import Action, Element, Part, Update
from afas_soap.wire.http.embedded import WsgiAdapter
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

# Words of a refusal, and why no check can foresee it.
ONLY_PROFIT_KNOWS = {
    r"foreignkey does not exist|entered value for '.*' does not exist": "what a field refers to",
    r"belongs to a blocked period": "which periods are open",
    r"debit and credit amounts .* not equal": "the balance of an entry",
    r"already exists in the database|does not exist in the database|More than one record": "what is there already",
    r"mandatory field '.*' \((FileName|FileStream)\)": "what an attachment needs, which no schema says",
    r"bootst deze waarde": "the emulator's own: how Profit matches persons and organisations",
    r"action .* is not supported|There is nothing at": "which calls a connector has",
    r"mandatory field '.*' \((ItCd|Id|PrId|OrNu|BcCo)\)": "which record is meant, where its key is a field",
}
NOT_OVER_SOAP_ALONE = {
    r"mandatory field": "which fields are mandatory",
    r"is too long": "how long a key may be",
}
# In the address of a REST delete keys stand with @ and without, as on AFAS' pages: there it counts for nothing.
IN_ADDRESSES = {"unknown-key", "two-keys"}
# What the rules by hand refer to: (connector, code) -> values that are good.
REFERRED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("FbSales", "DbId"): ("10001", "10002"),
    ("FbSales", "ItCd"): ("1000", "1001"),
    ("FiEntries", "UnId"): ("1", "3"),
    ("FiEntries", "JoCo"): ("10", "20"),
    ("FiEntries", "VaId"): ("1", "2"),
    ("FiEntries", "AmDe"): ("0.00", "0"),
    ("FiEntries", "AmCr"): ("0.00", "0"),
    ("PtProject", "EmId"): ("ALLARDJ",),
    ("PtProject", "DbId"): ("10001",),
    ("PtRealization", "EmId"): ("ALLARDJ", "FloorA"),
    ("PtRealization", "PrId"): ("900001",),
    ("KnOrganisation", "MatchOga"): ("0", "6"),
    ("KnPerson", "MatchPer"): ("0", "7"),
}
TEXTS = st.text(st.characters(exclude_categories=("C",)) | st.sampled_from("&<>\"' \t\n\r"), min_size=1)
_WORDS = """x ja True TRUE true FALSE 1 0 2 -1 007 +7 .5 -.5 5. 1,5 1.5 1.123456789012 1e3 1_000 NaN a-_= 2024-02-29
    12345678901234567890 9999999999999999999999999999 2023-02-29 29-02-2024 2024-02-29T24:00:00 10:00:00 10:00
    2024-02-29T00:00:00Z 2024-02-29T00:00:00+01:00 0001-01-01T00:00:00 data:;base64,aGFsbG8= aGFsbG8 aGFsbG8="""
WORDS = st.sampled_from(re.split(r"\s+", _WORDS))
ODD: st.SearchStrategy[FieldValue] = st.one_of(
    WORDS,
    WORDS.map(lambda word: f" {word}\n"),
    st.sampled_from((" ", "\u00a07", "\u0661", "gewone woorden", "x" * 300, "9" * 40)),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.just(datetime.date(2024, 2, 29)),
    st.just(datetime.datetime(2024, 2, 29, 10, tzinfo=datetime.UTC)),
    st.just(datetime.time(10)),
    st.just(b"hallo"),
)


def good(connector: str, rule: FieldRule) -> st.SearchStrategy[FieldValue]:
    """Values that the field takes."""
    if (connector, rule.name) in REFERRED:
        return st.sampled_from(REFERRED[connector, rule.name])
    if rule.codes:
        return st.sampled_from([code for code, _ in rule.codes])
    return _GOOD[rule.type](rule)


def _decimals(rule: FieldRule) -> st.SearchStrategy[FieldValue]:
    most = 10 ** (rule.total_digits - rule.fraction_digits) - 1
    return st.decimals(-most, most, places=rule.fraction_digits) | st.integers(-most, most).map(str)


_GOOD: Mapping[str, Callable[[FieldRule], st.SearchStrategy[FieldValue]]] = {
    "string": lambda rule: TEXTS.map(lambda text: text[: rule.max_length or None]),
    "long": lambda _: st.integers(-(2**63), 2**63 - 1) | st.integers(0, 99).map(str),
    "boolean": lambda _: st.sampled_from((True, False, "1", "0", "TRUE", "False")),
    "decimal": _decimals,
    "date": lambda _: st.dates(datetime.date(1900, 1, 1)) | st.just("2024-02-29T00:00:00"),
    "dateTime": lambda _: st.datetimes(datetime.datetime(1900, 1, 1)) | st.dates(datetime.date(1900, 1, 1)),
    "time": lambda _: st.times(),
    "base64Binary": lambda _: st.binary(min_size=1),
}


@st.composite
def rows(draw: st.DrawFn, connector: str, shape: Shape, action: Action, depth: int = 1) -> Element:
    """A record of this shape with all that is mandatory and a little more, and rows below it."""
    mandatory = [name for name, rule in shape.fields.items() if rule.mandatory]
    more = draw(st.lists(st.sampled_from(sorted(shape.fields)), max_size=4)) if shape.fields else []
    fields = {name: draw(good(connector, shape.fields[name])) for name in (*mandatory, *more)}
    # The record's own keys are seen to below.
    keyed = depth > 1 and action is not Action.INSERT
    keys = {name: draw(good(connector, rule)) for name, rule in shape.keys.items() if keyed}
    names = draw(st.lists(st.sampled_from(sorted(shape.objects)), max_size=2, unique=True)) if shape.objects else []
    below = (Part(name, (draw(rows(connector, shape.objects[name], action, depth + 1)),)) for name in names)
    return Element(fields, keys, action, tuple(below))


@st.composite
def calls(draw: st.DrawFn, definition: Definition) -> tuple[Mapping[str, str], Element, str]:
    """A good call that the connector has: the keys of a record that is there, the record that is sent, and the
    sub-object that the call is about."""
    keys = {code: f"{draw(st.integers(7_000_000, 7_999_999))}" for code in definition.keys}
    shape = definition.shape
    named = {code for code in keys if code in shape.keys or code in shape.fields} == set(keys)
    actions = [action for action in sorted(definition.verbs) if named or action is Action.INSERT]
    action = draw(st.sampled_from(actions))
    at = {code: key for code, key in keys.items() if code in shape.keys}
    among = {code: key for code, key in keys.items() if code not in shape.keys}
    if action is Action.DELETE:
        return keys, Element(among, at, action), ""
    element = draw(rows(definition.connector, shape, action))
    if action is Action.UPDATE:
        return keys, replace(element, fields={**element.fields, **among}, keys=at), ""
    if named and definition.sub_objects and draw(st.booleans()):
        name = draw(st.sampled_from(definition.sub_objects))
        row = draw(rows(definition.connector, shape.objects[name], action, 2))
        return keys, Element(among, at, Action.UPDATE, (Part(name, (row,)),)), name
    return keys, element, ""


@st.composite
def bent(draw: st.DrawFn, element: Element, shape: Shape, *, below: bool = False) -> Element:
    """The same with one thing that may be wrong, here or below: of the action only there, for it makes the call."""
    if element.objects and draw(st.booleans()):
        part = draw(st.sampled_from(element.objects))
        row = draw(bent(part.elements[0], shape.objects[part.name], below=True))
        objects = (Part(part.name, (row,)) if each is part else each for each in element.objects)
        return replace(element, objects=tuple(objects))
    name = draw(st.sampled_from(sorted({**shape.fields, **shape.keys})))
    fields, keys = dict(element.fields), dict(element.keys)
    place = fields if name in shape.fields or draw(st.booleans()) else keys
    match draw(
        st.sampled_from(
            ("odd", "odd", "odd", "long", "clear", "leave", "as key", "unknown", *(("action",) if below else ()))
        )
    ):
        case "odd":
            place[name] = draw(ODD)
        case "long":
            place[name] = "7" * draw(st.integers(1, 300))
        case "clear":
            place[name] = draw(st.sampled_from((None, "", b"")))
        case "leave":
            fields.pop(name, None)
            keys.pop(name, None)
        case "as key":
            keys[name] = fields.get(name, "1")
        case "unknown":
            fields["Nothing"] = "x"
        case "action":
            return replace(element, action=draw(st.sampled_from(Action)))
    return replace(element, fields=fields, keys=keys)


@dataclass(frozen=True)
class Side:
    """One protocol of a Profit of its own. ``alone`` when nobody is asked what its schemas do not tell."""

    store: Store
    connectors: Connectors
    schemas: Mapping[str, UpdateSchema]
    alone: bool = False

    def refusal(self, update: Update, keys: Mapping[str, str]) -> str | None:
        """Profit's words; None when it is booked."""
        if keys:
            self.store.remember(update.connector, keys)
        try:
            self.connectors.send(ordered(update, self.schemas[update.connector]))
        except ProfitError as error:
            return error.message
        return None


@pytest.fixture(scope="module")
def sides() -> Iterator[Mapping[str, Side]]:
    """REST, SOAP, and SOAP where REST is not there to be asked."""
    with contextlib.ExitStack() as opened:
        rest, soap, alone = (_opened(opened, kind) for kind in (RestConnectors, SoapConnectors, SoapConnectors))
        told = {name: schema.told_by(rest.schemas[name]) for name, schema in soap.schemas.items()}
        yield {"rest": rest, "soap": replace(soap, schemas=told), "soap alone": replace(alone, alone=True)}


def _opened(opened: contextlib.ExitStack, kind: Callable[[Transport], Connectors]) -> Side:
    store = opened.enter_context(Store())
    link = Link(EMBEDDED_SOAP_URL, EMBEDDED_REST_URL, "emulator", authorizer=ClassicAuthorizer(DEMO_TOKEN))
    connectors = kind(opened.enter_context(Transport(link, PROFIT, WsgiAdapter(Emulator(store)))))
    return Side(store, connectors, {name: schema_from_xsd(connectors.schema(name), name) for name in TABLE})


@st.composite
def updates(draw: st.DrawFn, definition: Definition) -> tuple[Mapping[str, str], Update]:
    """A call, good or bent in one place, and the keys of the record that is there."""
    keys, element, sub_object = draw(calls(definition))
    if draw(st.integers(0, 3)):
        element = draw(bent(element, definition.shape))
    try:
        return keys, Update(definition.connector, definition.shape.name, (element,), sub_object)
    except UpdateError:
        return keys, Update(definition.connector, definition.shape.name, (Element(),))


@pytest.mark.no_cover
@pytest.mark.parametrize("connector", TABLE)
def test_checking_and_booking_agree(connector: str, sides: Mapping[str, Side]) -> None:
    ended: Counter[str] = Counter()

    @settings(max_examples=settings.default.max_examples // 2, suppress_health_check=list(HealthCheck))
    @given(updates(TABLE[connector]))
    def agree(case: tuple[Mapping[str, str], Update]) -> None:
        for name, side in sides.items():
            ended[_agreed(name, side, *case)] += 1

    agree()
    assert ended["taken"] > ended.total() / 10
    assert ended["refused"] > ended.total() / 50


def _agreed(name: str, side: Side, keys: Mapping[str, str], update: Update) -> str:
    """What both say; a word for neither."""
    problems = check(update, side.schemas[update.connector])
    if name == "rest" and update.action is Action.DELETE and {each.rule for each in problems} & IN_ADDRESSES:
        return "in an address"
    try:
        refusal = side.refusal(update, keys)
    except (NotOffered, UpdateError):
        return "not over REST"
    weights = {problem.weight for problem in problems}
    if Weight.ERROR in weights:
        assert refusal is not None, f"{name}: what the check calls an error is booked"
        return "refused"
    if weights or refusal is None:
        return "doubted" if weights else "taken"
    known = ONLY_PROFIT_KNOWS | (NOT_OVER_SOAP_ALONE if side.alone else {})
    assert any(re.search(words, refusal) for words in known), f"{name}: the check finds nothing, and: {refusal}"
    return "known to Profit alone"
