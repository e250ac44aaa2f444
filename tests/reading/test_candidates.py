"""Candidates for tracking numbers in texts and in pictures that are laid out without drawing them."""

import pytest

from bot.domain.evidence import Candidate, Facts
from bot.reading.layout import Line, lay_out
from bot.reading.reader import FileReader
from bot.reading.scan import Scan, located


def values(facts: Facts) -> list[tuple[str, bool]]:
    return [(each.value, each.whole) for each in facts.candidates]


def the(facts: Facts, value: str) -> Candidate:
    return next(each for each in facts.candidates if each.value == value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FEDEX GROUND 794629083060 Purchased", ("794629083060", True)),
        ("快递 9758134227552", ("9758134227552", True)),
        ("9405 5361 0898 8141 7474 51", ("9405536108988141747451", True)),
        ("JT-600123456789", ("JT600123456789", True)),
        ("No 600123456789", ("600123456789", True)),
        ("7946290830602026-11-18", ("79462908306020261118", True)),
        ("794629083060 2026-11-18 11:00", ("794629083060", True)),
        ("600123456789…", ("600123456789", False)),
        ("600123456789****", ("600123456789", False)),
        ("600123456789 ...", ("600123456789", False)),
        ("****600123456789", ("600123456789", False)),
        ("6001234567-\n8901", ("6001234567", False)),
        ("6001234567\n8901", ("6001234567", False)),
        ("6001234567\n8901", ("60012345678901", True)),
    ],
)
def test_every_long_token_is_a_candidate(reader: FileReader, text: str, expected: tuple[str, bool]) -> None:
    assert expected in values(reader.read_text(text))


@pytest.mark.parametrize(
    "text", ["12345678", "ABCDEFGHIJ12", "2026-11-18 11:00:30", "576461413038785752", "v1.2.3.4"]
)
def test_what_is_too_short_or_something_else_is_none(reader: FileReader, text: str) -> None:
    assert reader.read_text(text).candidates == ()


def test_neighbours_are_told(reader: FileReader) -> None:
    found = reader.read_text("FedEx 794629083060\nTracking number: 600123456789\nphone 4401234567890")
    assert the(found, "794629083060").carrier == "FedEx" and the(found, "600123456789").label == "TRACKING"
    assert (the(found, "4401234567890").label, the(found, "4401234567890").carrier) == ("", "")
    assert [each.value for each in found.candidates][-1] == "4401234567890", "what something tells comes first"


def line(words: str, left: float, top: float) -> Line:
    right, count = left + 10 * len(words), len(words)
    quad = ((left, top), (right, top), (right, top + 20), (left, top + 20))
    return Line(words, 0.99, quad, tuple((place + 0.5) / count for place in range(count)), (0.99,) * count)


def picture(reader: FileReader, again: dict[str, tuple[str, ...]], *lines: tuple[str, float, float]) -> Facts:
    sheet = lay_out([line(*item) for item in lines], reader.words.stacks)
    facts = reader.words.read(sheet.text, "", sheet)
    return located(facts, sheet, Scan((), again, None, (600, 400)), reader.words)


def test_a_heading_above_the_column_is_its_label(reader: FileReader) -> None:
    rows = [("Carrier", 20, 20), ("Tracking no.", 300, 20), ("SMSA", 20, 60), ("224887730438", 300, 60)]
    assert the(picture(reader, {}, *rows), "224887730438").label == "TRACKING"


@pytest.mark.parametrize(
    ("texts", "readings", "agree"),
    [
        (("600123456789",) * 3, ("600123456789",) * 3, True),
        (("No. 600123456789 Copy",) * 2, ("600123456789",) * 2, True),
        (("600123456789", "600123456739"), ("600123456789", "600123456739"), False),
        (("6001234567892026",) * 3, ("6001234567892026",) * 3, False),
        ((), (), False),
    ],
)
def test_readings_at_several_scales(
    reader: FileReader, texts: tuple[str, ...], readings: tuple[str, ...], agree: bool
) -> None:
    found = the(picture(reader, {"600123456789": texts}, ("600123456789", 300, 60)), "600123456789")
    assert (found.readings, found.agree) == (readings, agree)


@pytest.mark.parametrize(
    ("left", "top", "whole"), [(300, 60, True), (480, 60, False), (0, 60, False), (300, 380, False)]
)
def test_what_touches_the_edge_may_be_cut(reader: FileReader, left: float, top: float, whole: bool) -> None:
    number = "600123456789"
    found = picture(reader, {number: (number,) * 3}, (number, left, top), ("UPS", 20, 20))
    assert the(found, number).whole is whole


def test_a_number_over_two_lines_of_a_column_is_one(reader: FileReader) -> None:
    rows = [("USPS", 20, 20), ("94055361089", 300, 20), ("Delivered", 500, 20), ("88141747451", 300, 42)]
    said = {"9405536108988141747451": ("94055361089 88141747451",) * 3}
    found = picture(reader, said, *rows)
    assert the(found, "9405536108988141747451").agree and the(found, "9405536108988141747451").whole
    assert not the(found, "94055361089").whole and not the(found, "88141747451").whole
    spot = found.spot("candidates", "9405536108988141747451")
    assert spot is not None and spot.box == (300, 20, 410, 62)
