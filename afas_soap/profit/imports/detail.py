"""The detail block of an error, key-value lines: a label padded with dots to 17 signs, a colon, a blank, the value.

Source: special-connectors 5.3. The ``Detail`` of a SOAP fault is the same kind of text. A label may stand twice
(``PAR: ...`` does), so that it is pairs, and no mapping.
"""

from __future__ import annotations

import re

Details = tuple[tuple[str, str], ...]

_WIDTH = 17
# A label that is as wide as that, or wider, or padded to another width, has its dots or is taken by its place.
_DOTTED = re.compile(r"(?P<label>[^:]*?[^:.])\.{2,}: ?(?P<value>.*)")
_RULE = re.compile(r"-{3,}")


def details(block: str) -> Details:
    """The pairs of a label and a value. A line without a label goes on with the value above it; the first one, where
    nothing stands above it, has the label ""."""
    pairs: list[tuple[str, str]] = []
    for line in block.splitlines():
        text = line.rstrip()
        if not text.strip() or _RULE.fullmatch(text.strip()):
            continue
        pair = _pair(text)
        if pair is not None:
            pairs.append(pair)
        elif pairs:
            label, value = pairs[-1]
            pairs[-1] = (label, f"{value}\n{text.strip()}")
        else:
            pairs.append(("", text.strip()))
    return tuple(pairs)


def _pair(line: str) -> tuple[str, str] | None:
    if line[_WIDTH : _WIDTH + 1] == ":":
        return line[:_WIDTH].rstrip(".").strip(), line[_WIDTH + 1 :].strip()
    dotted = _DOTTED.fullmatch(line)
    return None if dotted is None else (dotted["label"].strip(), dotted["value"].strip())
