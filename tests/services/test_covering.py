"""Covered copies of evidence: what is covered, what always stays, and what may not leave the team at all."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.domain.covering import Cover
from bot.domain.evidence import Evidence, Facts, Personal, Spot, TrackingNumber
from bot.domain.orders import Order
from bot.reading.reader import FileReader
from bot.services.covering import NOT_PLACED, NOT_READ, CopyMaker
from tests.conversations.conftest import NOW
from tests.services.conftest import House

ORDER = "576461413038785751"
PARCEL = "1Z999AA10123456784"
FOUND = (
    Personal("recipient", "Mary Smith"),
    Personal("address", f"12 Main St, Houston {PARCEL}"),
    Personal("phone", "+1 (415) 555-0134"),
    Personal("recipient", "Li"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("To MARY  SMITH, Mary_Smith.png", "To ███████████, ██████████.png"),
        ("Delivered to Li, 12:30", "Delivered to ██, 12:30"),
        (f"12 Main St, Houston {PARCEL}", f"{'█' * 20}{PARCEL}"),
        ("call 4155550134 or 415-555-0134", f"call {'█' * 10} or {'█' * 12}"),
        (
            f"order {ORDER}, parcel {PARCEL}, 2026-11-10 09:12, mary_s",
            f"order {ORDER}, parcel {PARCEL}, 2026-11-10 09:12, mary_s",
        ),
        ("mail m.smith@example.com, 13812345678", f"mail {'█' * 19}, {'█' * 11}"),
    ],
)
def test_what_is_covered_and_what_stays(text: str, expected: str) -> None:
    cover = Cover(FOUND, {ORDER, PARCEL, "mary_s", "2026-11-10 09:12"})
    assert cover(text) == expected
    assert all(part in text for part in cover.found(text))
    assert cover.found(cover(text)) == ()


PAGE = f"""Order ID {ORDER}
Buyer: mary_s
Shipping address:
Mary Smith
(+1)4155550134
12 Main St
Houston, TX 77002
Carrier: UPS {PARCEL}
Delivered 2026-11-18 15:20
"""
TABLE = f"""order_id,recipient,phone,shipping address,tracking
{ORDER},Mary Smith,4155550134,"12 Main St, Houston",{PARCEL}
"""


@dataclass
class Eyes:
    """A reader of texts, and pictures whose places are given."""

    reader: FileReader
    places_of: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    legible: str = ""
    boxes: list[Sequence[tuple[int, int, int, int]]] = field(default_factory=list)

    def read(self, path: Path, file_name: str) -> Facts:
        return Facts(words=self.legible)

    def personal(self, text: str) -> tuple[str, tuple[Personal, ...]]:
        return self.reader.personal(text)

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        return tuple(Spot("words", each, self.places_of[each], 0.9) for each in words if each in self.places_of)

    def covered(self, path: Path, boxes: Sequence[tuple[int, int, int, int]], page: int = 0) -> bytes:
        self.boxes.append(boxes)
        return b"pixels"


def kept(house: House, name: str, data: str, facts: Facts) -> Evidence:
    stored = house.app.vault.put_bytes(data.encode())
    item = Evidence("", "C1", stored.sha256, stored.size, name, "li", NOW, facts)
    with house.app.store.unit() as unit:
        return unit.evidence.add(item, "console:ops")


def read(house: House, name: str, text: str) -> Evidence:
    return kept(house, name, text, house.app.reader.read_text(text))


def every_byte(package: Path) -> bytes:
    """The package as it is, and all files in it unpacked, by their names."""
    with zipfile.ZipFile(package) as archive:
        return b"\0".join(
            [package.read_bytes(), *(name.encode() + archive.read(name) for name in archive.namelist())]
        )


HIDDEN = (b"Mary Smith", b"Mary_Smith", b"4155550134", b"12 Main St", b"Houston", b"77002")


def test_a_covered_package_holds_nothing_of_it_in_any_byte(opened: House) -> None:
    read(opened, "page.txt", PAGE)
    read(opened, "Mary_Smith 4155550134.csv", TABLE)
    read(opened, "note.txt", "Parcel of Mary Smith was late")
    kept(opened, "scan of Mary Smith.pdf", "x", Facts("application/pdf", readable=False))
    originals = every_byte(
        opened.app.vault.path(opened.app.exporter.package("C1", "li", covered=False).stored.sha256)
    )
    made = opened.app.exporter.package("C1", "li", covered=True)
    whole = every_byte(opened.app.vault.path(made.stored.sha256))
    assert all(each in originals for each in HIDDEN)
    assert [each for each in HIDDEN if each in whole] == []
    assert all(each.encode() in whole for each in (ORDER, PARCEL, "mary_s", "2026-11-18 15:20", "was late"))
    assert [(each.item.file_name, each.why) for each in made.left_out] == [("scan of Mary Smith.pdf", NOT_READ)]


def test_names_in_an_edited_explanation_are_covered_too(opened: House) -> None:
    read(opened, "page.txt", PAGE)
    order = opened.case().orders[0].order_id
    opened.app.cases.edit_draft("C1", order, "Mary Smith got the parcel of order at 12 Main St", "li")
    made = opened.app.exporter.package("C1", "li", covered=True)
    with zipfile.ZipFile(opened.app.vault.path(made.stored.sha256)) as archive:
        form = archive.read("form.txt").decode()
    assert "got the parcel" in form and "Mary" not in form


def picture(house: House, eyes: Eyes, words: str, *warnings: str) -> tuple[CopyMaker, Evidence]:
    facts = Facts("image/png", words=words, tracking_numbers=(TrackingNumber(PARCEL),), warnings=warnings)
    personal = house.app.reader.personal(words)[1]
    item = kept(house, "p.png", words, Facts("image/png", words=words, personal=personal, warnings=warnings))
    return CopyMaker(house.app.vault, eyes, eyes), Evidence(**{**vars(item), "facts": facts})


SHOWN = f"Recipient: Mary Smith\nParcel {PARCEL}\n"


def test_a_picture_is_covered_where_its_words_stand(opened: House) -> None:
    eyes = Eyes(opened.app.reader, {"Mary Smith": (100, 10, 200, 30), PARCEL: (100, 50, 300, 70)})
    maker, item = picture(opened, eyes, SHOWN)
    copy = maker.make(item, maker.cover([item]))
    assert (copy.fault, copy.covered, eyes.boxes) == ("", ("Mary Smith",), [[(97, 7, 203, 33)]])


@pytest.mark.parametrize(
    ("places", "legible", "warning", "why"),
    [
        ({}, "", "", NOT_PLACED),
        ({"Mary Smith": (100, 10, 200, 30)}, "mary smith", "", NOT_PLACED),
        ({"Mary Smith": (100, 10, 200, 30), PARCEL: (150, 20, 300, 70)}, "", "", NOT_PLACED),
        ({"Mary Smith": (100, 10, 200, 30)}, "", "picture_not_read", NOT_READ),
    ],
    ids=["no place", "still legible", "it would cover the number", "never read"],
)
def test_a_picture_of_which_that_is_not_certain_does_not_leave_the_team(
    opened: House, places: dict[str, tuple[int, int, int, int]], legible: str, warning: str, why: str
) -> None:
    maker, item = picture(opened, Eyes(opened.app.reader, places, legible), SHOWN, *([warning] if warning else []))
    assert maker.make(item, maker.cover([item])).fault == why


def test_a_picture_without_personal_data_goes_out_as_pixels(opened: House) -> None:
    eyes = Eyes(opened.app.reader)
    maker, item = picture(opened, eyes, f"Parcel {PARCEL}\n")
    copy = maker.make(item, maker.cover([item], [Order(ORDER, "us-1", NOW, buyer="mary_s")]))
    assert (copy.fault, copy.data, copy.file, eyes.boxes) == ("", b"pixels", (".png", "image/png"), [[]])
