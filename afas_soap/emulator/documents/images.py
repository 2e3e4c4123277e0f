"""Pictures of items by their ids, in three sizes (special-connectors 4: original, thumbnail, medium)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from afas_soap.emulator.documents.png import png
from afas_soap.emulator.seed.items import ITEMS, colour
from afas_soap.profit.documents.content import Size

# How large in pixels; AFAS' own measures are not known.
_PIXELS: Mapping[Size, tuple[int, int]] = {
    Size.ORIGINAL: (640, 480),
    Size.THUMBNAIL: (64, 48),
    Size.MEDIUM: (320, 240),
}


def image_id(number: int) -> str:
    """The id of the picture of an item, 32 hexadecimal digits."""
    return hashlib.sha256(f"seed image {number}".encode()).hexdigest()[:32].upper()


_NUMBERS = {image_id(number): number for number in range(ITEMS)}


def image(identity: str, size: Size) -> bytes | None:
    """The picture with this id, in any case; None when there is none."""
    number = _NUMBERS.get(identity.upper())
    return None if number is None else png(*_PIXELS[size], colour(number))
