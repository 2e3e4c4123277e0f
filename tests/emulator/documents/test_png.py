"""PNG: Pillow is the judge."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from afas_soap.emulator.documents.png import png


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (640, 480)])
def test_pillow_reads_every_pixel(size: tuple[int, int]) -> None:
    data = png(*size, (12, 200, 255))
    assert data == png(*size, (12, 200, 255)), "the same each time"
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", size)
        assert image.getcolors() == [(size[0] * size[1], (12, 200, 255))]
