"""Secrets out of what is written down, also where a secret lies across two chunks."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"
_MASK_BYTES = MASK.encode()
_ALIGNMENTS = 3
# The first signs of a secret tell nothing when they are fewer.
_TELLING = 8


class Masker:
    """Replaces every form of the given secrets by ``***``: as they are, escaped for XML, JSON and a URL, in any case,
    and inside base64."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._always = tuple(secrets)
        self._now: tuple[str, ...] = ()
        self._known = _Known(self._always)

    @property
    def forms(self) -> tuple[bytes, ...]:
        """Every form of every secret, in lower case."""
        return self._known.forms

    @property
    def longest(self) -> int:
        """The length of the longest form."""
        return self._known.longest

    def learn(self, secrets: Iterable[str]) -> None:
        """Mask these as well as the first ones, in place of those that were learnt before: tokens come and go."""
        now = tuple(secrets)
        if now != self._now:
            # In this order: another thread masks with the old ones or with the new ones, never with none.
            self._known = _Known((*self._always, *now))
            self._now = now

    def bytes(self, data: bytes) -> bytes:
        """``data`` with every whole secret masked."""
        return self._known.pattern.sub(_MASK_BYTES, data)

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
        lowered = held.lower()
        for length in range(min(self._masker.longest, len(held)), _TELLING - 1, -1):
            if any(form.startswith(lowered[-length:]) for form in self._masker.forms):
                return held[:-length] + _MASK_BYTES
        return held


class _Known:
    """The forms of some secrets, and one pattern for all of them. It does not change."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = sorted({form for secret in secrets if secret for form in _forms(secret)}, key=len, reverse=True)
        self.forms = tuple({form.lower().encode() for form in forms})
        self.longest = max(map(len, self.forms), default=0)
        # "(?!)" matches nothing: there may be no secret.
        self.pattern = re.compile(b"|".join(re.escape(form.encode()) for form in forms) or b"(?!)", re.IGNORECASE)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield html.escape(secret, quote=False)
    yield html.escape(secret)
    # Base64 of a text that holds the secret looks different at each of three offsets; the ends mix with the neighbours.
    for offset in range(_ALIGNMENTS):
        padded = base64.b64encode(b"\0" * offset + secret.encode()).decode().rstrip("=")
        yield padded[2 * offset : len(padded) - 1]
