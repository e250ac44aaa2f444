"""Pictures of pages drawn with the font that Pillow brings, so that they look the same on every machine."""

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

UPS = "1Z999AA10123456784"
ORDER = "576461413038785752"
PAGE = (
    "seller-uk.tiktok.com/orders",
    "UPS",
    f"Tracking number: {UPS}",
    f"Order ID: {ORDER}",
    "2026-11-18 11:00   Delivered",
    "2026-11-17 08:30   Out for Delivery",
    "2026-11-15 10:00   Picked up",
    "Captured on 2026-11-20 09:00",
)


@cache
def page(lines: Sequence[str] = PAGE, width: int = 620, size: int = 22) -> Image.Image:
    """Black words on white."""
    picture = Image.new("RGB", (width, 2 * size * (len(lines) + 1)), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((24, size * (2 * number + 1)), line, "black", font)
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
