"""Redaction: secrets out of what is written down, also where a secret lies across two chunks."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

MASK = "***"
_MASK_BYTES = MASK.encode()
_ALIGNMENTS = 3
# What has this name is a secret (small-business.md 3.4): a member of JSON, one of JSON that is a text itself, with its
# quotes escaped, or a parameter of an address, which may be one of another address.
_NAME = rb"readkey"
_QUOTE = rb"""\\+(?:"|u0022)"""
_HALF_A_QUOTE = rb"\\+(?:u(?:0(?:02?)?)?)?"
_IS = rb"(?:=|%(?:25)*3D)"
_AND = rb"%(?:25)*26"
_SIGN = rb"(?:(?!" + _AND + rb""")[^&#\s"'<>\\])"""
_FLAGS = re.IGNORECASE | re.DOTALL
_WHOLE = re.compile(
    rb"(" + _NAME + rb")"
    + rb"""(?:("\s*:\s*")(?:[^"\\]|\\.)*(")"""
    + rb"|((" + _QUOTE + rb")\s*:\s*\5).*?(?<!\\)(\5)"
    + rb"|(" + _IS + rb")" + _SIGN + rb"""+(?=[&#\s"'<>\\]|""" + _AND + rb"))",
    _FLAGS,
)  # fmt: skip
_BEGUN = re.compile(
    _NAME
    + rb"""(?:(?:"\s*(?::\s*(?:"(?:[^"\\]|\\.)*\\?)?)?)?"""
    + rb"|" + _HALF_A_QUOTE
    + rb"|(" + _QUOTE + rb")\s*(?::\s*(?:" + _HALF_A_QUOTE + rb"|\1(?:(?!(?<!\\)\1).)*)?)?"
    + rb"|%(?:25)*[23]?"
    + rb"|" + _IS + _SIGN + rb"*)\Z",
    _FLAGS,
)  # fmt: skip
_CUT = re.compile(
    rb"(" + _NAME + rb""")(?:("\s*:\s*").*|((""" + _QUOTE + rb")\s*:\s*\4).*|(" + _IS + rb").*)\Z", _FLAGS
)
# Of a pattern's forms the others' groups are empty.
_WITHOUT = rb"\1\2\4\7***\3\6"
_CUT_OFF = rb"\1\2\3\5***"
# The first signs of a secret tell nothing when they are fewer.
_TELLING = 8


class Masker:
    """Replaces every form of the given secrets by ``***``: as they are, escaped for XML, JSON and a URL, also twice, in
    any case, and inside base64."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._always = tuple(secrets)
        self._now: tuple[str, ...] = ()
        self._known = _Known(self._always, {})

    @property
    def forms(self) -> tuple[bytes, ...]:
        """Every form of every secret, in lower case."""
        return self._known.forms

    @property
    def longest(self) -> int:
        """The length of the longest form."""
        return self._known.longest

    def learn(self, secrets: Iterable[str]) -> None:
        """Mask these as well as the first ones, in place of those that were learnt before: tokens come and go. Those
        that stay cost nothing."""
        now = tuple(secrets)
        if now != self._now:
            # In this order: another thread masks with the old ones or with the new ones, never with none.
            self._known = _Known((*self._always, *now), self._known.by_secret)
            self._now = now

    def cut(self, data: bytes) -> int:
        """Where a secret begins that ``data`` breaks off within; the length of ``data`` when it does not."""
        return self._known.cut(data)

    def bytes(self, data: bytes) -> bytes:
        """``data`` with every whole secret masked."""
        masked, behind = bytearray(), 0
        for begin, end in self._known.places(data):
            masked += data[behind:begin] + _MASK_BYTES
            behind = end
        return b"".join((masked, data[behind:]))

    def text(self, text: str) -> str:
        """``text`` with every secret masked."""
        return self.bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def stream(self) -> MaskedStream:
        """A masker for a text that comes in chunks."""
        return MaskedStream(self)


class MaskedStream:
    """Gives each chunk back masked, later by as many bytes as the longest secret has."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """What is certain so far."""
        masked = self._masker.bytes(self._held + chunk)
        certain = max(0, len(masked) - max(0, self._masker.longest - 1))
        self._held = masked[certain:]
        return masked[:certain]

    def flush(self) -> bytes:
        """What was held back. An answer may break off, or be let go of, within a secret that it repeats."""
        held, self._held = self._held, b""
        at = self._masker.cut(held)
        return held if at == len(held) else held[:at] + _MASK_BYTES


class MaskedMembers:
    """Members of JSON and parameters of addresses that hold a secret by their name, such as the key that opens a file:
    their texts go, wherever chunks divide them. Anything else passes as it is."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """What is certain so far."""
        data = self._held + chunk
        begun = None
        # Few answers have it, and the patterns take their time.
        if _NAME in data.lower():
            data = _WHOLE.sub(_WITHOUT, data)
            begun = _BEGUN.search(data)
        at = begun.start() if begun is not None else max(0, len(data) - len(_NAME))
        self._held = data[at:]
        return data[:at]

    def flush(self) -> bytes:
        """What was held back. An answer may break off within such a text."""
        held, self._held = self._held, b""
        return _CUT.sub(_CUT_OFF, held)


class _Known:
    """The forms of some secrets, of which those in ``before`` are not made anew. It does not change.

    They are looked for one by one: a pattern of them all is many times slower, to make and to use.
    """

    def __init__(self, secrets: Iterable[str], before: Mapping[str, frozenset[bytes]]) -> None:
        self.by_secret = {secret: before.get(secret) or _forms(secret) for secret in secrets if secret}
        self.forms = tuple(frozenset[bytes]().union(*self.by_secret.values()))
        self.longest = max(map(len, self.forms), default=0)
        self._beginnings = frozenset(form[:_TELLING] for form in self.forms)

    def places(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where secrets stand, in order; those that overlap as one."""
        begin = end = -1
        for start, stop in sorted(self._found(data.lower())):
            if start >= end >= 0:
                yield begin, end
            begin, end = (begin, max(end, stop)) if start < end else (start, stop)
        if end >= 0:
            yield begin, end

    def _found(self, lowered: bytes) -> Iterator[tuple[int, int]]:
        for form in self.forms:
            at = lowered.find(form)
            while at >= 0:
                yield at, at + len(form)
                at = lowered.find(form, at + len(form))

    def cut(self, data: bytes) -> int:
        """See ``Masker.cut``."""
        lowered = data.lower()
        for at in range(max(0, len(lowered) - self.longest), len(lowered) - _TELLING + 1):
            if lowered[at : at + _TELLING] in self._beginnings:
                rest = lowered[at:]
                if any(form.startswith(rest) for form in self.forms):
                    return at
        return len(data)


# What no notation escapes.
_PLAIN = re.compile("[A-Za-z0-9._~-]*")
_Spell = Callable[[str], str]


def _forms(secret: str) -> frozenset[bytes]:
    """Every form of a secret, in lower case, in UTF-8 and, where that differs, in the older Latin 1."""
    texts = {secret} if _PLAIN.fullmatch(secret) else _spelt(_spelt({secret}))
    texts |= _spelt(set(_packed(secret)))
    data = {text.encode("utf-8", "surrogatepass") for text in texts}
    data |= {text.encode("latin-1") for text in texts if not text.isascii() and max(text) <= "\xff"}
    return frozenset(form.lower() for form in data if form)


def _packed(secret: str) -> Iterator[str]:
    """Base64 of a text that holds the secret looks different at each of three offsets; the ends mix with the
    neighbours."""
    for offset in range(_ALIGNMENTS):
        for pack in (base64.b64encode, base64.urlsafe_b64encode):
            padded = pack(b"\0" * offset + secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")
            yield padded[2 * offset : len(padded) - 1]


def _spelt(texts: set[str]) -> set[str]:
    """``texts``, and each in every notation."""
    return texts | {spell(text) for spell in _NOTATIONS for text in texts}


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _json_as_is(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _json_of_net(text: str) -> str:
    """As .NET spells JSON unless it is told otherwise, and AFAS runs on that."""
    return _NET_ESCAPES.sub(lambda found: found[0] if found[0] == r"\\" else f"\\u{ord(found[0][-1]):04x}", _json(text))


_NET_ESCAPES = re.compile(r"""\\\\|\\"|[&'+<>`]""")


def _slashed(spell: _Spell) -> _Spell:
    return lambda text: spell(text).replace("/", "\\/")


def _url(text: str) -> str:
    return quote(text, errors="surrogatepass")


def _url_part(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _form_field(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def _xml(quotes: Mapping[str, str], number: str) -> _Spell:
    """XML or HTML: with these quotes escaped, and with ``number`` as the form of what is not ASCII."""

    def spell(text: str) -> str:
        escaped = html.escape(text, quote=False)
        for sign, entity in quotes.items():
            escaped = escaped.replace(sign, entity)
        if escaped.isascii():
            return escaped
        return "".join(sign if sign.isascii() else number.format(sign, ord(sign)) for sign in escaped)

    return spell


_QUOTES: tuple[Mapping[str, str], ...] = (
    {},
    {'"': "&quot;"},
    *({'"': "&quot;", "'": single} for single in ("&#x27;", "&#39;", "&apos;")),
)
_NOTATIONS: tuple[_Spell, ...] = (
    *(_json, _json_as_is, _json_of_net, _slashed(_json), _slashed(_json_as_is)),
    *(_url, _url_part, _form_field),
    *(_xml(quotes, number) for quotes in _QUOTES for number in ("{0}", "&#{1};", "&#x{1:x};")),
)
