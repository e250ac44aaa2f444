"""Exports that come in an archive or a mail: each is previewed, and nothing of them is filed as evidence."""

from collections.abc import Callable

import pytest

from bot.domain.evidence import Evidence
from bot.domain.previews import PreviewState
from tests.conversations.conftest import ORDERS, Talk, buttons, conversation
from tests.conversations.exports import ERP_LOG, mailed, returns, us_orders, zipped
from tests.conversations.test_imports import app, orders_of, settings  # noqa: F401 - fixtures

EXPORTS = (("导出/orders.csv", us_orders(4)), ("导出/returns.csv", returns(ORDERS, "11/19/2026 10:00:00 PM")))


def kept(talk: Talk) -> list[Evidence]:
    """All evidence that was received, wherever it is filed."""
    with talk.app.store.unit(read_only=True) as unit:
        found = (unit.evidence.get(f"E{number}") for number in range(1, 10))
        return [each for each in found if each]


@pytest.mark.parametrize(("name", "packed"), [("day.zip", zipped), ("report.eml", mailed)])
def test_each_export_in_it_is_previewed_and_imported(talk: Talk, name: str, packed: Callable[..., bytes]) -> None:
    [card] = talk.send((name, packed(*EXPORTS)))
    assert card.plain().count(f"Came in {name}") == 2 and "Import 2 files" in buttons(card)
    talk.say("import")
    assert {each.file for each in talk.app.importing.listed(["us-1"])} == {"orders.csv", "returns.csv"}
    assert orders_of(talk) == 4 and kept(talk) == []


def test_what_is_beside_the_exports_is_received_and_they_are_not(talk: Talk) -> None:
    cards = talk.send(("mixed.zip", zipped(*EXPORTS, ("chat.txt", conversation()))))
    assert "2 exports" in cards[0].title and len(cards) == 2
    assert [each.file_name for each in kept(talk)] == ["mixed.zip", "chat.txt"]


def test_an_archive_without_exports_is_evidence_as_before(talk: Talk) -> None:
    talk.send(("log.zip", zipped(("log.csv", ERP_LOG))))
    assert [each.file_name for each in kept(talk)] == ["log.zip", "log.csv"]
    words = talk.send(("log.zip", zipped(("log.csv", ERP_LOG))), text="import")[0]
    assert "log.zip is no export that I know" in words.title and "Missing" in words.plain()


def test_in_a_thread_each_is_asked_about_and_the_words_of_a_mail_are_kept(talk: Talk) -> None:
    [asked, *_] = talk.send(("report.eml", mailed(EXPORTS[0])), thread="C1")
    assert "Import" not in buttons(asked)
    assert [each.file_name for each in kept(talk)] == ["report.eml"]
    talk.press(buttons(asked)["It is evidence"], thread="C1")
    assert [each.file_name for each in kept(talk)] == ["report.eml", "orders.csv"]
    [asked] = talk.send(("day.zip", zipped(EXPORTS[1])), thread="C1")
    assert len(kept(talk)) == 2
    assert "Import" in buttons(talk.press(buttons(asked)["Import it"], thread="C1")[0])


def test_one_level_is_opened_and_what_is_left_out_is_told(talk: Talk) -> None:
    nested = zipped(("inner.zip", zipped(*EXPORTS)), EXPORTS[0], *((f"{number}.txt", "x") for number in range(25)))
    card = talk.send(("many.zip", nested))[0]
    assert "orders.csv" in card.title and "many.zip: More files than are taken out at once" in card.plain()
    with talk.app.store.unit(read_only=True) as unit:
        assert [each.file for each in unit.previews.listed(list(PreviewState))] == ["orders.csv"]
