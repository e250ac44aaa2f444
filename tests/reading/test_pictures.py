"""Words in pictures, read by the real recogniser."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageDraw, ImageFilter

import bot.reading
from bot.domain.evidence import CaptureSource, Facts, TimeRole
from bot.reading.limits import Limits
from bot.reading.pictures import Pictures
from bot.reading.pool import Pool, Stopped, Worker
from bot.reading.processes import Spawned
from bot.reading.reader import FileReader
from bot.reading.report import report
from tests.reading.drawn import ORDER, UPS, page, saved
from tests.reading.samples import huge_png

Read = Callable[[bytes], Facts]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(Limits(workers=1))
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def eyes(reader: FileReader, pool: Pool) -> FileReader:
    return replace(reader, pictures=Pictures(pool, reader.words, reader.policy.evidence.editors))


@pytest.fixture
def see(eyes: FileReader, tmp_path: Path) -> Read:
    def read(data: bytes) -> Facts:
        path = tmp_path / "original"
        path.write_bytes(data)
        return eyes.read(path, "evidence")

    return read


def test_a_tracking_page(see: Read) -> None:
    facts = see(saved(page()))
    assert [(item.value, item.carrier, item.legible) for item in facts.tracking_numbers] == [(UPS, "UPS", True)]
    assert (facts.order_ids, facts.site, facts.hosts) == ((ORDER,), "UK", ("seller-uk.tiktok.com",))
    assert [stamp.role for stamp in facts.timestamps] == [
        TimeRole.DELIVERED,
        TimeRole.OUT_FOR_DELIVERY,
        TimeRole.PICKED_UP,
        TimeRole.CAPTURED,
    ]
    assert facts.captured_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert (facts.captured_from, facts.kind, facts.readable) == (CaptureSource.VISIBLE, "tracking_page", True)
    assert facts.warnings == ()


def test_every_fact_keeps_its_place(see: Read) -> None:
    facts = see(saved(page()))
    spot = facts.spot("tracking_numbers", UPS)
    assert spot is not None and spot.legible and spot.confidence > 0.9
    left, top, right, bottom = spot.box
    assert 150 < left < 240 and right < 480 and 95 < top < 120 and 125 < bottom < 145
    assert {(item.fact, item.text) for item in facts.spots} >= {
        ("order_ids", ORDER),
        ("timestamps", "2026-11-18 11:00"),
        ("hosts", "seller-uk.tiktok.com"),
    }
    line = report("a.png", facts)
    assert line["places"][0] == {
        "fact": "tracking_numbers",
        "text": UPS,
        "page": None,
        "box": list(spot.box),
        "confidence": spot.confidence,
        "legible": True,
    }


def _heic(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, quality=80)
    return out.getvalue()


def _turned(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=90, exif=exif)


LINES = ("UPS", f"Tracking number: {UPS}", "2026-11-18 11:00 Delivered")


@pytest.mark.parametrize(
    "store",
    [
        lambda picture: saved(picture, "JPEG", quality=40),
        lambda picture: saved(picture, "WEBP"),
        lambda picture: saved(picture.convert("L"), "TIFF"),
        lambda picture: saved(Image.eval(picture, lambda value: 255 - value).rotate(1.5, fillcolor="black")),
        _heic,
        _turned,
    ],
    ids=["jpeg", "webp", "tiff", "dark and tilted", "heic", "turned by EXIF"],
)
def test_formats(see: Read, store: Callable[[Image.Image], bytes]) -> None:
    facts = see(store(page(LINES)))
    assert [(item.value, item.legible) for item in facts.tracking_numbers] == [(UPS, True)]
    assert [stamp.role for stamp in facts.timestamps] == [TimeRole.DELIVERED]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_picture_that_lies_on_its_side_or_head(see: Read, turn: int) -> None:
    facts = see(saved(page().rotate(turn, expand=True)))
    assert [(item.value, item.legible) for item in facts.tracking_numbers] == [(UPS, True)]
    assert (facts.order_ids, facts.captured_at) == ((ORDER,), datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    assert len(facts.timestamps) == 4 and facts.warnings == ()
    spot = facts.spot("tracking_numbers", UPS)
    assert spot
    left, top, right, bottom = spot.box
    assert (right - left > bottom - top) == (turn == 180), "its place is in the picture as it is"


def test_transparent_pictures_show_what_a_person_sees(see: Read) -> None:
    words = page(LINES)
    clear = Image.new("RGBA", words.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=Image.eval(words.convert("L"), lambda value: 255 - value))
    assert [item.value for item in see(saved(clear)).tracking_numbers] == [UPS]


def test_a_long_screenshot_is_read_in_tiles(see: Read) -> None:
    lines = tuple(f"2026-11-{day:02} 11:{minute:02} In transit" for day in range(10, 19) for minute in range(4))
    facts = see(saved(page((*LINES[:2], *lines), size=24)))
    assert [stamp.text for stamp in facts.timestamps] == [line[:16] for line in lines]


def test_of_a_very_large_picture_places_are_told_in_its_own_pixels(eyes: FileReader, tmp_path: Path) -> None:
    picture = Image.new("L", (5600, 4400), "white")
    picture.paste(page((f"Tracking number: {UPS}",), width=3000, size=110).convert("L"), (2000, 3000))
    path = tmp_path / "original"
    path.write_bytes(saved(picture, compress_level=1))
    facts = eyes.read(path, "evidence")
    [spot] = [spot for spot in facts.spots if spot.fact == "tracking_numbers"]
    left, top, right, bottom = spot.box
    assert (spot.text, spot.legible) == (UPS, True)
    assert 2600 < left < 3100 and 3900 < right < 4500 and 3090 < top < 3150 and 3190 < bottom < 3260
    with Image.open(io.BytesIO(eyes.crop(path, spot))) as crop:
        assert crop.width > 0.8 * (right - left) and min(crop.convert("L").tobytes()) < 60, "the number is on it"


def test_letters_that_nobody_knows_do_not_spoil_the_date_beside_them(see: Read) -> None:
    picture = page(("", "2026-11-18", "11:00"), width=520).copy()
    draw = ImageDraw.Draw(picture)
    for place in range(165, 460, 14):
        draw.arc((place, 62, place + 24, 88), place % 360, place % 360 + 250, "black", 3)
        draw.line((place, 84, place + 16, 80), "black", 3)
    facts = see(saved(picture))
    assert [stamp.at for stamp in facts.timestamps] == [datetime(2026, 11, 18, 11, tzinfo=UTC)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part: part.filter(ImageFilter.GaussianBlur(3.2)),
        lambda part: part.resize((part.width // 7, part.height // 7)).resize(part.size, Image.Resampling.NEAREST),
    ],
    ids=["blur", "mosaic"],
)
def test_a_number_that_cannot_be_read_is_never_legible(
    see: Read, spoil: Callable[[Image.Image], Image.Image]
) -> None:
    picture = page(LINES).copy()
    place = (24, 60, 600, 100)
    picture.paste(spoil(picture.crop(place)), place)
    assert not any(item.legible for item in see(saved(picture)).tracking_numbers)


def test_a_sharp_number_of_no_known_format_is_shown_to_a_person(see: Read) -> None:
    """It may be a misread one of a format that is known, as `GFU5…` is of `GFUS…`."""
    facts = see(saved(page(("Tracking number: GFU501863436835068", "2026-11-18 11:00 Delivered"))))
    assert [(item.value, item.legible) for item in facts.tracking_numbers] == [("GFU501863436835068", None)]
    spot = facts.spot("tracking_numbers", "GFU501863436835068")
    assert spot is not None and spot.legible is None


def test_a_picture_without_words(see: Read) -> None:
    facts = see(saved(Image.new("RGB", (300, 200), "teal")))
    assert (facts.readable, facts.warnings) == (False, ("picture_no_words",))


def test_the_same_picture_is_read_once(
    reader: FileReader, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Worker.ask

    def counted(worker: Worker, what: str, data: bytes = b"", **details: object) -> dict[str, object]:
        asked.append(what)
        return ask(worker, what, data, **details)

    monkeypatch.setattr(Worker, "ask", counted)
    eyes = replace(reader, pictures=Pictures(pool, reader.words, ()))
    found = []
    for number, data in enumerate([saved(page(LINES)), saved(page(LINES)), saved(page(LINES), "BMP")]):
        path = tmp_path / str(number)
        path.write_bytes(data)
        found.append(eyes.read(path, "a.png"))
    assert asked == ["look", "lines", "again", "look"]
    assert found[0] == found[1] and found[0].tracking_numbers == found[2].tracking_numbers
    assert found[0].pixels_sha256 == found[2].pixels_sha256


def test_hostile_pictures_leave_the_others_unharmed(see: Read, pool: Pool) -> None:
    for data, warning in (
        (huge_png(30_000, 30_000), "picture_too_large:30000 × 30000"),
        (huge_png(13_000, 13_000), "picture_too_large:13000 × 13000"),
        (saved(page(LINES))[:900], "picture_damaged"),
        (b"\0\0\0\x18ftypheic" + b"\xff" * 500, "picture_damaged"),
    ):
        facts = see(data)
        assert (facts.readable, facts.warnings) == (False, (warning,))
    assert [item.value for item in see(saved(page(LINES))).tracking_numbers] == [UPS]


def test_the_crop_of_a_number(eyes: FileReader, see: Read, tmp_path: Path) -> None:
    spot = see(saved(page(LINES))).spot("tracking_numbers", UPS)
    assert spot
    crop = Image.open(io.BytesIO(eyes.crop(tmp_path / "original", spot)))
    assert crop.format == "PNG" and spot.box[2] - spot.box[0] < crop.width < page(LINES).width
    assert crop.convert("L").getextrema()[0] < 60, "words are in it"


def test_a_covered_copy_hides_what_it_should(eyes: FileReader, see: Read, tmp_path: Path) -> None:
    original = saved(page(LINES))
    spot = see(original).spot("tracking_numbers", UPS)
    assert spot
    copy = eyes.covered(tmp_path / "original", [spot.box])
    assert Image.open(io.BytesIO(copy)).convert("L").crop(spot.box).getextrema() == (0, 0)
    assert see(copy).tracking_numbers == ()
    assert (tmp_path / "original").read_bytes() == copy, "the copy was read last"
    assert [item.text for item in eyes.places(tmp_path / "original", ["Delivered"])] == ["Delivered"]


def test_a_pdf_of_pictures_is_read(see: Read) -> None:
    blank = Image.new("RGB", (400, 400), "white")
    facts = see(saved(page(LINES), "PDF", save_all=True, append_images=[blank]))
    assert [(item.value, item.legible) for item in facts.tracking_numbers] == [(UPS, True)]
    assert (facts.pages, facts.readable, facts.warnings) == (2, True, ("pdf_some_pages_no_text:2",))
    spot = facts.spot("tracking_numbers", UPS)
    assert spot and spot.page == 1


def test_a_page_that_exhausts_its_limits_ends_the_reading_of_its_file(reader: FileReader, tmp_path: Path) -> None:
    asked: list[str] = []

    class Exhausted(Pool):
        @contextmanager
        def worker(self) -> Iterator[Worker]:
            asked.append("worker")
            raise Stopped("page: EOFError, exit code -24")
            yield

    pool = Exhausted(Limits(workers=1))
    path = tmp_path / "pages.pdf"
    blank = Image.new("RGB", (40, 40), "white")
    path.write_bytes(saved(blank, "PDF", save_all=True, append_images=[blank] * 5))
    facts = replace(reader, pictures=Pictures(pool, reader.words, ())).read(path, "pages.pdf")
    assert (facts.readable, facts.warnings, asked) == (False, ("pdf_no_text",), ["worker"])


def certificate(ink: str) -> Image.Image:
    lines = ("YunExpress", "Certificate of delay", "Parcels delayed from 2026-11-10 to 2026-11-16", "", "", "", "")
    picture = page(lines).copy()
    draw = ImageDraw.Draw(picture)
    draw.ellipse((380, 180, 520, 320), outline=ink, width=5)
    draw.text((425, 240), "YUN", ink)
    return picture


def test_a_certificate_of_delay(see: Read) -> None:
    facts = see(saved(certificate("#d01818"), "PDF"))
    assert (facts.kind, facts.issuer, facts.seal) == ("delay_certificate", "YunExpress", True)
    assert facts.period == (datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC))
    assert see(saved(certificate("#555555"))).seal is False, "not seen on a copy without colour"


def test_no_recogniser_is_an_answer(eyes: FileReader, tmp_path: Path) -> None:
    pool = Pool(Limits(workers=1), Spawned('print(\'{"fault": "ImportError: rapidocr"}\', flush=True)'))
    blind = replace(eyes, pictures=Pictures(pool, eyes.words, ()))
    path = tmp_path / "original"
    path.write_bytes(saved(page(LINES)))
    facts = blind.read(path, "运单.png")
    pool.close()
    assert (facts.readable, facts.kind, facts.warnings) == (False, "tracking_page", ("picture_not_read",))


def test_the_model_in_the_product_is_the_one_its_notice_names() -> None:
    folder = Path(bot.reading.__file__).parent / "models"
    (model,) = folder.glob("*.onnx")
    notice = (folder / "NOTICE").read_text()
    assert model.name in notice and hashlib.sha256(model.read_bytes()).hexdigest() in notice


def test_a_crop_shows_more_than_the_line_that_was_found() -> None:
    import numpy as np

    from bot.reading.quads import padded

    line = np.array([[100, 50], [200, 50], [200, 70], [100, 70]], np.float32)
    wider = padded(line)
    assert wider[:, 0].min() <= 100 - 20 and wider[:, 0].max() >= 200 + 20
