"""Candidates for tracking numbers in texts and in pictures that are laid out without drawing them."""

import pytest

from bot.domain.evidence import Candidate, Facts
from bot.domain.matching import Verdict, match
from bot.reading.layout import Line, lay_out
from bot.reading.reader import FileReader
from bot.reading.scan import Scan, has_a_number, located
from bot.reading.spacing import stretches


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
        ("79462908\n3175", ("794629083175", True)),
        ("9405 5361 0898\n8141 7474", ("94055361089881417474", True)),
        ("9405 5361 0898\n8141 7474", ("940553610898", False)),
        ("9405 5361 0898\n8141 7474\n51 22", ("94055361089881417474", False)),
        ("6001234567\n8901\n234", ("60012345678901", False)),
        ("7946  2908  3175", ("794629083175", False)),
        ("10:22H08A4A0003295031 Delivered", ("H08A4A0003295031", True)),
        ("No. Resi 474892005SALIN", ("474892005", True)),
        ("*004571670499*", ("004571670499", True)),
        ("004571670499*", ("004571670499", False)),
        ("**004571670499*", ("004571670499", False)),
        ("Tracking No. GR0ATEFCN copy", ("GR0ATEFCN", True)),
        ("parcel GLA05B6TT today", ("GLA05B6TT", True)),
        ("578390596181004929\n600123456789", ("600123456789", True)),
        ("4PX3001846270519CN\n600123456789", ("4PX3001846270519CN", True)),
        ("YT2689170325708\n963", ("YT2689170325708", False)),
        ("YT2689170325708\n963", ("YT2689170325708963", True)),
        ("Tracking No. GR0ATEFC\n912", ("GR0ATEFC", False)),
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
        (("600123456789Deliv",) * 3, ("600123456789",) * 3, True),
        (("600123456789D",) * 3, ("600123456789D",) * 3, False),
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


@pytest.mark.parametrize(
    ("below", "top", "whole"),
    [("8901", 84, False), ("8901", 100, True), ("8901 Delivered", 84, True)],
    ids=["right_below", "in_the_next_row", "with_words"],
)
def test_a_number_goes_on_only_right_below(reader: FileReader, below: str, top: float, whole: bool) -> None:
    found = picture(reader, {}, ("Parcel 6001234567", 300, 60), (below, 300, top))
    assert the(found, "6001234567").whole is whole


def test_an_order_above_a_number_takes_nothing_of_it(reader: FileReader) -> None:
    found = picture(reader, {}, ("578390596181004929", 300, 60), ("600123456789", 300, 82))
    assert the(found, "600123456789").whole


@pytest.mark.parametrize(
    ("words", "crop", "agree"),
    [
        ("600123456789 2026-11-18", "600123456789202", True),
        ("2026-11-18 10:22 600123456789", "22600123456789", True),
        ("10 600123456789", "10600123456789", False),
        ("600123456789 1", "6001234567891", False),
        ("600123456789 copy", "600123456789COP", True),
        ("600123456789 paid", "600123456789COP", False),
        ("เลขพัสดุ 600123456789 คัดลอก", "H600123456789A", True),
        ("เลขพัสดุ 600123456789 คัดลอก", "6001234567894", False),
    ],
)
def test_a_crop_may_show_an_end_of_what_stands_beside(reader: FileReader, words: str, crop: str, agree: bool) -> None:
    found = picture(reader, {"600123456789": (crop, "600123456789")}, (words, 60, 60))
    assert the(found, "600123456789").agree is agree


def test_a_crop_completes_a_number_whose_ends_were_lost_in_the_line(reader: FileReader) -> None:
    said = {"473124829": ("RB473124829SA",) * 3, "473124820": ("RB473124820SA",) * 3}
    found = picture(reader, said, ("473124829", 60, 60), ("473124820", 60, 160))
    assert the(found, "RB473124829SA").agree and the(found, "RB473124829SA").whole
    assert "RB473124820SA" not in dict(values(found)), "its check digit does not fit"
    assert found.spot("candidates", "RB473124829SA") is not None


def grouped(words: str, gaps: dict[int, float]) -> Line:
    """A line at the left of the picture whose characters are 10 px wide, as are spaces unless `gaps` says otherwise
    for the number of the space."""
    centres, at, space = [], 20.0, 0
    for char in words:
        wide = gaps.get(space, 5.0) if char == " " else 10.0
        space += char == " "
        centres.append(at + wide / 2)
        at += wide
    quad = ((20.0, 60.0), (at, 60.0), (at, 80.0), (20.0, 80.0))
    places = tuple((centre - 20) / (at - 20) for centre in centres)
    return Line(words, 0.99, quad, places, (0.99,) * len(words))


@pytest.mark.parametrize(
    ("words", "gaps", "value", "whole"),
    [
        ("TRK# 7946 2908 3175 0430", {3: 17.0}, "794629083175", True),
        ("TRK# 7946 2908 3175 0430", {}, "794629083175", None),
        ("TRK# 7946 2908 3175 0430", {}, "7946290831750430", True),
        ("TRK# 7946 2908 3175 0430", {3: 9.0}, "794629083175", None),
        ("= 7946 2908 3175 0430", {3: 17.0}, "794629083175", False),
        ("TRK# 7946 2908 3175 0430 5121", {3: 17.0}, "794629083175", False),
        ("TRK# 9405 5361 0898 8141 7474 51", {5: 17.0}, "94055361089881417474", False),
    ],
    ids=["set_off", "even", "all", "little_wider", "no_label", "two_numbers", "known_number"],
)
def test_a_wider_space_ends_a_number_in_groups(
    reader: FileReader, words: str, gaps: dict[int, float], value: str, whole: bool | None
) -> None:
    sheet = lay_out([grouped(words, gaps)], reader.words.stacks)
    found = reader.words.read(sheet.text, "", sheet)
    assert dict(values(found)).get(value) is whole


BOXES = [("9405 5361 0898", 20, 60), ("8141 7474", 162, 62), ("8141 7474", 20, 84)]


def test_a_number_in_two_boxes_of_one_line_is_read_again_as_one() -> None:
    left, right, below = (line(words, at, top).quad for words, at, top in BOXES)
    assert stretches([left, right]) == [(left[0], right[1], right[2], left[3])]
    assert stretches([left, below]) == [left, below]


@pytest.mark.parametrize(
    ("words", "doubtful", "kept"),
    [("384504818 :aJ 8)", "aJ8", True), ("384504818 :aJ 8)", "5", False), ("2026-11-18 aJ", "aJ", False)],
)
def test_a_sure_number_beside_words_that_nobody_could_read_is_kept(words: str, doubtful: str, kept: bool) -> None:
    sure = [0.2 if char in doubtful and (doubtful == "5" or at > 9) else 0.99 for at, char in enumerate(words)]
    assert has_a_number({"text": words, "confidence": 0.4, "confidences": sure}) is kept


@pytest.mark.parametrize(
    "words", ["رقم الشحنة 9012 5678 1234", "1234 5678 9012 رقم الشحنة", "رقم الشحنة\t9012 5678 1234 نسخ"]
)
def test_groups_on_a_line_from_the_right_are_asked_about_in_either_order(reader: FileReader, words: str) -> None:
    found = reader.read_text(words).candidates
    for own in ("123456789012", "901256781234"):
        assert match(own, found).verdict is not Verdict.NO
    assert match("901234125678", found).verdict is Verdict.NO


def test_groups_on_other_lines_have_one_order(reader: FileReader) -> None:
    found = reader.read_text("رقم الشحنة\nTracking number 9012 5678 1234").candidates
    assert match("123456789012", found).verdict is Verdict.NO
