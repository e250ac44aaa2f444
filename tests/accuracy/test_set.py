"""The labelled set itself, how it is scored, and a few of its pictures read for real."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Browser

from benchmarks.accuracy import patient_reader, read_set
from bot.domain.evidence import CaptureSource, Facts, TimeRole, Timestamp, TrackingNumber
from bot.reading.limits import Limits
from bot.reading.reader import FileReader
from bot.reading.tables import load_carriers, load_vocabulary
from bot.reading.words import WordsReader
from bot.settings.files import data_root
from tests.accuracy.carriers import CARRIERS, Carrier
from tests.accuracy.crops import DAMAGED
from tests.accuracy.damage import DAMAGES, HIDING, Scene
from tests.accuracy.others import STYLES
from tests.accuracy.score import Score, compare
from tests.accuracy.studio import draw, photograph
from tests.accuracy.truth import Moment, Sample, Truth, read_labels, write_labels

FEW = ((0, "turned"), (1, "jpeg40"), (3, "heic"), (19, "mosaic"))
"""Pages by number, with what happens to them: tracking, chat, order page, ERP screen."""
AT = datetime(2026, 11, 18, 11, tzinfo=UTC)
TRUTH = Truth(
    "tracking_page",
    "a",
    "en",
    "UPS",
    tracking=("1Z999AA10123456784",),
    order_ids=("576461413038785752",),
    moments=(Moment(AT, "delivered"), Moment(AT - timedelta(days=2), "picked_up")),
    captured=AT + timedelta(days=1),
)
READ = Facts(
    tracking_numbers=(TrackingNumber("1Z999AA10123456784", "UPS"),),
    order_ids=("576461413038785752",),
    timestamps=(
        Timestamp("", AT, TimeRole.DELIVERED),
        Timestamp("", AT - timedelta(days=2), TimeRole.PICKED_UP),
        Timestamp("", AT + timedelta(days=1), TimeRole.CAPTURED),
    ),
    captured_at=AT + timedelta(days=1),
    captured_from=CaptureSource.VISIBLE,
)


@pytest.fixture(scope="module")
def words() -> WordsReader:
    folder = data_root("config")
    return WordsReader(load_carriers(folder), load_vocabulary(folder), Limits())


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_drawn_numbers_are_real_ones(carrier: Carrier, words: WordsReader) -> None:
    random = Random(carrier.name)
    for _ in range(40):
        value = carrier.make(random)
        for printed in (value, carrier.printed(value, True)):
            facts = words.read(f"{carrier.name} tracking number: {printed}")
            assert [(item.value, item.legible) for item in facts.tracking_numbers] == [(value, True)], printed


def test_the_same_seed_draws_the_same_pages_and_another_other_ones() -> None:
    pages = [[draw(Random(f"{seed} {number}"), "a", number).html for number in range(6)] for seed in (1, 1, 2)]
    assert pages[0] == pages[1] and not set(pages[0]) & set(pages[2])


def test_every_style_of_the_other_pages_shows_its_number_and_its_truth() -> None:
    drawn = [draw(Random(number), "d", number) for number in range(len(STYLES))]
    assert [page.truth.layout for page in drawn] == list(STYLES)
    for page in drawn:
        (value,) = page.truth.tracking
        assert value in page.html
        # The clock of a bar that says nothing of itself is one more time of the page.
        assert len(page.truth.moments) == 4 + (page.truth.captured is None)
        assert bool(page.truth.captured) == STYLES[page.truth.layout].dated
        assert not page.truth.captured or page.truth.captured > max(moment.at for moment in page.truth.moments)


def test_labels_come_back_from_their_file(tmp_path: Path) -> None:
    truths = [draw(Random(number), "b", number).truth for number in range(10)]
    boxed = [replace(truth, boxes=(("1Z", (1, 2, 3, 4)),), damage="half") for truth in truths]
    samples = [Sample(tmp_path / f"{number}.png", truth) for number, truth in enumerate(boxed)]
    write_labels(tmp_path, samples)
    assert read_labels(tmp_path) == samples


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_leaves_a_picture_that_opens(name: str) -> None:
    scene = Scene(((20, 20, 80, 40),), 1.0)
    data = DAMAGES[name](Image.new("RGB", (200, 160), "white"), scene, Random(1))
    assert Image.open(io.BytesIO(data)).size[0] >= 100
    assert data == DAMAGES[name](Image.new("RGB", (200, 160), "white"), scene, Random(1))


def test_crops_meet_blur_motion_and_mosaic() -> None:
    assert {"blur_light", "blur_hard", "motion_light", "motion_more", "mosaic"} <= set(DAMAGED)


def test_what_is_read_exactly_scores_in_full() -> None:
    counts = dict(compare(TRUTH, READ))
    assert {name: (count.there, count.read, count.false) for name, count in counts.items()} == {
        "tracking": (1, 1, 0),
        "order_ids": (1, 1, 0),
        "times": (2, 2, 0),
        "letters": (0, 0, 0),
        "roles": (2, 2, 0),
        "captured": (1, 1, 0),
    }


def test_misses_and_false_reads_are_counted() -> None:
    wrong = replace(
        READ,
        tracking_numbers=(TrackingNumber("1Z999AA10123456000", "UPS"),),
        order_ids=(),
        timestamps=(Timestamp("", AT, TimeRole.PICKED_UP), Timestamp("", AT + timedelta(hours=5))),
        captured_at=AT,
    )
    score = Score()
    score.take(Sample(Path("p.png"), TRUTH), wrong)
    total = {name: (count.read, count.false) for name, count in score.total.items()}
    assert total["tracking"] == (0, 1) and total["order_ids"] == (0, 0) and total["times"] == (1, 1)
    assert total["roles"] == (0, 1) and total["captured"] == (0, 1)
    assert score.wrong == ["p.png 1Z999AA10123456000"] and len(score.short_of()) == 4


def test_hidden_numbers_are_not_asked_for() -> None:
    hidden = TRUTH.damaged("mosaic", hidden=True)
    assert hidden.tracking == hidden.order_ids == () and len(hidden.hidden) == 2


@pytest.fixture(scope="module")
def few(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Sample]]:
    folder, samples = tmp_path_factory.mktemp("drawn"), []
    for number, damage in FEW:
        random = Random(f"few {number}")
        drawn = draw(random, "ab"[number % 2], number)
        image, truth = photograph(browser, folder, drawn)
        path = folder / f"{number}-{damage}"
        scene = Scene(tuple(box for _, box in truth.boxes), drawn.look.scale)
        path.write_bytes(DAMAGES[damage](image, scene, random))
        samples.append(Sample(path, truth.damaged(damage, damage in HIDING)))
    yield samples


@pytest.mark.browser
def test_a_few_drawn_pictures_are_read(few: list[Sample]) -> None:
    reader = patient_reader()
    assert isinstance(reader, FileReader)
    score = read_set(reader, few)
    assert score.wrong == []
    assert score.total["tracking"].there >= 2 and score.total["times"].there >= 15
    assert score.short_of() == [], "\n".join(score.misses)
