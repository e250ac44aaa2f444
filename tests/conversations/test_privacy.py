"""Personal data of buyers: listed before anything leaves, covered on request; and numbers shown to be confirmed."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.evidence import CaptureSource, Facts, Personal, Spot, TimeRole, Timestamp, TrackingNumber
from bot.messaging.card import Actions, Attachment, Card, Form
from bot.ports.reading import FileContents
from bot.reading.reader import FileReader
from bot.runtime.bootstrap import App
from bot.runtime.foundation import Foundation
from bot.settings.model import Settings
from tests.conversations.conftest import NOW, ORDERS, TRACKING, Talk, buttons, conversation, fed

ORDER_PAGE = f"Order details\nOrder ID {ORDERS[0]}\nShipping address: 12 Main St, Houston\nPhone: +1 415 555 0134\n"


@dataclass
class Pictures:
    """A reader that sees in every file what it is told, and copies made of words; until it is told, it reads."""

    reader: FileReader
    facts: Facts | None = None
    asked: list[tuple[str, object]] = field(default_factory=list)

    def read(self, path: Path, file_name: str) -> Facts:
        if path.read_bytes() == b"covered":
            return Facts()
        return self.facts or self.reader.read(path, file_name)

    def contents(self, path: Path) -> FileContents:
        return self.reader.contents(path)

    def read_text(self, text: str) -> Facts:
        return Facts() if self.facts else self.reader.read_text(text)

    def crop(self, path: Path, spot: Spot) -> bytes:
        self.asked.append(("crop", spot.text))
        return b"picture of " + spot.text.encode()

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        return tuple(Spot("words", word, (1, 2, 3, 4), 0.9) for word in words if word != "hidden")

    def personal(self, text: str) -> tuple[str, tuple[Personal, ...]]:
        return self.reader.personal(text)

    def covered(self, path: Path, boxes: Sequence[tuple[int, int, int, int]], page: int = 0) -> bytes:
        self.asked.append(("covered", list(boxes)))
        return b"covered"


def attachments(card: Card) -> list[Attachment]:
    return [element for element in card.elements if isinstance(element, Attachment)]


@pytest.fixture
def pictures(settings: Settings) -> Pictures:
    return Pictures(Foundation(settings).reader)


@pytest.fixture
def app(settings: Settings, pictures: Pictures) -> Iterator[App]:
    app = fed(settings, reader=pictures)
    yield app
    app.engine.dispose()


def test_what_was_found_is_listed_with_a_button_for_each_piece(talk: Talk) -> None:
    talk.send(("order.txt", ORDER_PAGE), ("chat.txt", conversation()), thread="C1")
    card = talk.say("隐私", thread="C1")
    assert "12 Main St, Houston" in card.plain() and "+1 415 555 0134" in card.plain()
    assert list(buttons(card)) == ["遮挡 E1"]
    assert "12 Main St" in talk.say("privacy C1").plain()


def test_an_export_asks_first_which_copy_goes_out_and_whose_data_is_inside(talk: Talk) -> None:
    talk.send(("order.txt", ORDER_PAGE), thread="C1")
    asked = talk.say("导出", thread="C1")
    assert "12 Main St" in asked.plain() and not attachments(asked)
    assert list(buttons(asked)) == ["遮挡版", "原件（限负责人）"]
    [card] = talk.press(buttons(asked)["遮挡版"], thread="C1")
    [package] = attachments(card)
    with zipfile.ZipFile(talk.app.vault.path(package.sha256)) as archive:
        whole = b"".join(map(archive.read, archive.namelist()))
    assert package.file_name == "C1-covered.zip" and "12 Main St" not in card.plain()
    assert b"Main St" not in whole and b"0134" not in whole and ORDERS[0].encode() in whole


def test_only_a_lead_passes_originals_on(talk: Talk) -> None:
    talk.send(("order.txt", ORDER_PAGE), thread="C1")
    originals = buttons(talk.say("导出", thread="C1"))["原件（限负责人）"]
    member = replace(talk, person="wang")
    [card] = replace(talk, person="boss").press(originals, thread="C1")
    assert attachments(card)[0].file_name == "C1.zip" and "12 Main St" in card.plain()
    for refused in (member.press(originals, thread="C1")[0], member.say("导出原件 C1")):
        assert not attachments(refused)


def test_an_export_without_personal_data_asks_nothing(talk: Talk) -> None:
    talk.send(("chat.txt", conversation()), thread="C1")
    assert attachments(talk.say("导出", thread="C1"))[0].file_name == "C1.zip"


def test_a_text_is_covered_in_a_copy_and_the_original_stays(talk: Talk) -> None:
    talk.send(("order.txt", ORDER_PAGE), thread="C1")
    [copy] = attachments(talk.say("遮挡 E1", thread="C1"))
    words = talk.app.vault.path(copy.sha256).read_text("utf-8")
    assert "Main St" not in words and "0134" not in words and ORDERS[0] in words
    assert talk.app.vault.path(talk.app.evidence.get("E1").sha256).read_text("utf-8") == ORDER_PAGE


def test_a_picture_is_covered_where_the_words_stand_and_the_rest_is_told(
    talk: Talk, pictures: Pictures, png: bytes
) -> None:
    found = (Personal("phone", "138****1234"), Personal("recipient", "hidden"))
    pictures.facts = Facts("image/png", words="138****1234, hidden", personal=found, order_ids=(ORDERS[0],))
    talk.send(("p.png", png), thread="C1")
    card = talk.say("redact E1", thread="C1")
    assert ("covered", [(0, 0, 6, 7)]) in pictures.asked
    assert attachments(card)[0].media_type == "image/png" and "hidden" in card.plain()


def test_what_cannot_be_covered_is_refused(talk: Talk, pictures: Pictures) -> None:
    talk.send(("n.txt", "a note"), thread="C1")
    assert "没有发现" in talk.say("遮挡 E1", thread="C1").plain()
    pictures.facts = Facts("application/pdf", personal=(Personal("phone", "1"),))
    talk.send(("p.pdf", "x"), thread="C1")
    assert "做不了遮挡副本" in talk.say("遮挡 E2", thread="C1").plain()


@pytest.fixture
def doubtful(talk: Talk, pictures: Pictures, png: bytes) -> tuple[Talk, Card]:
    """A tracking page whose number three readings do not agree on."""
    number = TRACKING[0]
    stamps = (
        Timestamp("2026-11-10 09:12", NOW - timedelta(days=10), TimeRole.PICKED_UP),
        Timestamp("2026-11-18 15:20", NOW - timedelta(days=2), TimeRole.DELIVERED),
    )
    pictures.facts = Facts(
        "image/png",
        kind="tracking_page",
        kind_certain=True,
        tracking_numbers=(TrackingNumber(number, "UPS", None),),
        timestamps=stamps,
        captured_at=NOW,
        captured_from=CaptureSource.VISIBLE,
        spots=(Spot("tracking_numbers", number, (5, 5, 90, 20), 0.8, False),),
    )
    [card] = talk.send(("page.png", png), thread="C1")
    return talk, card


def asks(talk: Talk) -> set[str]:
    findings = talk.app.judge.judge("C1").review.findings
    return {finding.variant for finding in findings if finding.rule == "tracking_number"}


def test_a_doubtful_number_is_shown_and_a_person_says_how_it_reads(doubtful: tuple[Talk, Card]) -> None:
    talk, card = doubtful
    assert asks(talk) == {"uncertain"}
    [picture] = attachments(card)
    assert talk.app.vault.path(picture.sha256).read_bytes() == b"picture of " + TRACKING[0].encode()
    assert picture.size > 0
    [after] = talk.press(buttons(card)[f"是 {TRACKING[0]}"], thread="C1")
    assert asks(talk) == set() and attachments(after) == []
    facts = talk.app.evidence.get("E1").facts
    assert facts.stated_by == "li" and "tracking_numbers" in facts.stated


def test_pictures_of_places_go_with_their_original(doubtful: tuple[Talk, Card]) -> None:
    talk, card = doubtful
    [picture] = attachments(card)
    talk.say("关闭 C1 误报", thread="C1")
    talk.app.clock.at += timedelta(days=91)
    assert talk.app.retention.tick() == ["C1"]
    with pytest.raises(KeyError):
        talk.app.vault.path(picture.sha256)


def test_an_order_id_that_is_hardly_legible_is_asked_about(talk: Talk, pictures: Pictures, png: bytes) -> None:
    misread = ORDERS[0][:-1] + "9"
    pictures.facts = Facts(
        "image/png",
        kind="order_detail",
        kind_certain=True,
        order_ids=(misread,),
        spots=(Spot("order_ids", misread, (5, 5, 90, 20), 0.8, False),),
    )
    [card] = talk.send(("order.png", png), text=f"证据 {ORDERS[0]} 订单详情", thread="C1")
    found = [item for item in talk.app.judge.judge("C1").review.findings if item.rule == "order_match"]
    assert [item.variant for item in found] == ["uncertain"]
    assert any(isinstance(element, Actions) for element in card.elements) and attachments(card)


def unclear_days(*steps: tuple[str, TimeRole], key: str = "date_order_ambiguous") -> Facts:
    """A tracking page of which no day is settled."""
    return Facts(
        "image/png",
        kind="tracking_page",
        kind_certain=True,
        tracking_numbers=(TrackingNumber(TRACKING[0], "UPS"),),
        timestamps=tuple(Timestamp(text, None, role) for text, role in steps),
        captured_at=NOW,
        captured_from=CaptureSource.VISIBLE,
        spots=tuple(Spot("timestamps", text, (5, 5, 90, 20), 0.95, True) for text, _ in steps),
        warnings=tuple(f"{key}:{text}" for text, _ in steps),
    )


def unclear_steps(talk: Talk) -> list[tuple[str, ...]]:
    findings = talk.app.judge.judge("C1").review.findings
    return [finding.params["shown"] for finding in findings if finding.variant == "unsettled"]


def test_days_that_are_unclear_are_asked_about_once_with_their_picture(
    talk: Talk, pictures: Pictures, png: bytes
) -> None:
    steps = (("12/11/2026 15:20", TimeRole.DELIVERED), ("10/11/2026 09:12", TimeRole.PICKED_UP))
    pictures.facts = unclear_days(*steps)
    [card] = talk.send(("page.png", png), thread="C1")
    assert unclear_steps(talk) == [("10/11/2026 09:12", "12/11/2026 15:20")]
    assert pictures.asked == [("crop", "12/11/2026 15:20")] and len(attachments(card)) == 1
    [after] = talk.press(buttons(card)["2026-11-12"], thread="C1")
    facts = talk.app.evidence.get("E1").facts
    assert [f"{stamp.at:%m-%d %H:%M}" for stamp in facts.timestamps if stamp.at] == ["11-12 15:20", "11-10 09:12"]
    assert facts.warnings == () and facts.stated == ("timestamps",) and facts.stated_by == "li"
    assert unclear_steps(talk) == [] and attachments(after) == []


def test_a_day_that_may_be_any_is_shown_and_entered(talk: Talk, pictures: Pictures, png: bytes) -> None:
    steps = (("Yesterday 15:20", TimeRole.DELIVERED), ("Yesterday 09:12", TimeRole.PICKED_UP))
    pictures.facts = unclear_days(*steps, key="day_relative")
    [card] = talk.send(("page.png", png), thread="C1")
    assert len(attachments(card)) == 1 and not any("2026-" in label for label in buttons(card))
    form = next(element for element in card.elements if isinstance(element, Form))
    assert not form.inputs[0].required, "the number was read"
    given = {"picked_up": "2026-11-10T09:12Z", "delivered": "2026-11-18T15:20Z"}
    talk.submit(form, thread="C1", **given)
    assert unclear_steps(talk) == []


def test_a_channel_of_another_shop_gets_no_copy(talk: Talk) -> None:
    talk.send(("order.txt", ORDER_PAGE), thread="C1")
    elsewhere = Talk(talk.app, talk.folder, channel="console:uk", numbers=talk.numbers)
    card = elsewhere.say("redact E1")
    assert attachments(card) == [] and "E1" in card.plain()


def test_the_package_keeps_originals(talk: Talk) -> None:
    talk.send(("order.txt", ORDER_PAGE), thread="C1")
    talk.say("遮挡 E1", thread="C1")
    [package] = attachments(talk.say("导出原件", thread="C1"))
    with zipfile.ZipFile(talk.app.vault.path(package.sha256)) as archive:
        assert any(archive.read(name).decode("utf-8", "replace") == ORDER_PAGE for name in archive.namelist())
