"""Pictures that nobody means well with, or that a telephone spoiled: answered, never taken for what they are not."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.domain.evidence import Facts
from bot.domain.matching import Verdict, match
from bot.reading.limits import Limits
from bot.reading.pictures import Pictures
from bot.reading.pool import Pool
from bot.reading.reader import FileReader
from tests.reading.blocks import lines, read
from tests.reading.drawn import UPS, page, saved

Read = Callable[[Image.Image], Facts]
OTHERS = (
    "1Z999AA10123456785",
    "1Z999AA1012345678",
    "1Z999AA101234567844",
    "1Z989AA10123456784",
    "1Z999AA10123457684",
)
"""Like UPS but for a character or two, without its end, with one more."""


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(Limits(workers=1))
    yield pool
    pool.close()


@pytest.fixture
def see(reader: FileReader, pool: Pool, tmp_path: Path) -> Read:
    eyes = replace(reader, pictures=Pictures(pool, reader.words, ()))

    def read(picture: Image.Image) -> Facts:
        (tmp_path / "original").write_bytes(saved(picture))
        return eyes.read(tmp_path / "original", "evidence")

    return read


def moire(picture: Image.Image) -> Image.Image:
    """The picture as a telephone takes it from a screen: stripes where the two rasters meet, and a tint."""
    width, height = picture.size
    stripes = Image.new("L", picture.size)
    stripes.putdata(
        [
            int(128 + 60 * math.sin(0.61 * x + 0.17 * y) + 40 * math.sin(0.05 * x - 0.9 * y))
            for y in range(height)
            for x in range(width)
        ]
    )
    tinted = Image.merge(
        "RGB", (stripes, stripes.point(lambda grey: grey // 2), stripes.point(lambda grey: 255 - grey))
    )
    return Image.blend(picture, tinted, 0.35).rotate(1.5, expand=True, fillcolor="grey")


def test_a_photo_of_a_screen_shows_no_number_that_is_not_there(see: Read) -> None:
    facts = see(moire(page()))
    assert facts.readable and facts.candidates
    assert match(UPS, facts.candidates).verdict is not Verdict.NO
    assert all(match(other, facts.candidates).verdict is not Verdict.ACCEPTED for other in OTHERS)


def test_a_chat_of_twenty_thousand_pixels_is_read_to_its_end(see: Read) -> None:
    picture = Image.new("RGB", (640, 20_000), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(24)
    said = [f"2026-11-{10 + number:02} 10:0{number % 10}" for number in range(10)]
    for number, time in enumerate(said):
        draw.text((230, 1990 * number + 60), time, "grey", font)
        draw.text((30 + 330 * (number % 2), 1990 * number + 120), f"Message number {number}", "black", font)
    facts = see(picture)
    assert [stamp.text for stamp in facts.timestamps] == said
    assert "Message number 9" in facts.words and not facts.warnings.count("reading_stopped")


@pytest.mark.parametrize("shown", OTHERS)
def test_a_page_of_somebody_elses_parcel_is_never_accepted(reader: FileReader, shown: str) -> None:
    facts = read(
        reader, *lines(f"UPS\nTracking number: {shown}\n2026-11-18 11:00 Delivered\n2026-11-15 10:00 Picked up")
    )
    assert facts.candidates
    assert match(UPS, facts.candidates).verdict is not Verdict.ACCEPTED


def test_a_drawn_list_of_others_is_never_accepted(see: Read) -> None:
    facts = see(page(("UPS", *OTHERS)))
    assert len(facts.candidates) >= len(OTHERS) - 1
    assert match(UPS, facts.candidates).verdict is not Verdict.ACCEPTED
