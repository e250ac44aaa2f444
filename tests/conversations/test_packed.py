"""Files that come in archives and mails: evidence of their own, filed, listed and counted once."""

from dataclasses import replace

import pytest

from bot.domain.evidence import Evidence
from bot.messaging.card import Card, Checklist
from tests.conversations.conftest import Talk, buttons, erp_log
from tests.reading.packed import mail, zipped


def kept(talk: Talk) -> dict[str, Evidence]:
    with talk.app.store.unit(read_only=True) as unit:
        return {item.file_name: item for item in unit.evidence.of_case("C1") if item.active}


@pytest.fixture
def two_here(talk: Talk) -> Talk:
    """C1 and another case of its shop, so that nobody knows of which one is spoken."""
    with talk.app.store.unit() as unit:
        case = unit.cases.get("C1")
        assert case
        unit.cases.add(replace(case, id="", orders=[replace(case.orders[0], order_id="576461413038799999")]))
    return talk


def listed(card: Card) -> list[str]:
    lists = [element for element in card.elements if isinstance(element, Checklist)]
    return [f"{item.words} {item.detail}" for each in lists for item in each.items]


def test_the_files_of_an_archive_are_evidence_of_the_case(talk: Talk) -> None:
    [card] = talk.send(("evidence.zip", zipped(("docs/log.csv", erp_log().encode()))), thread="C1")
    found = kept(talk)
    assert set(found) == {"evidence.zip", "log.csv"}
    log = found["log.csv"]
    assert (log.kind, log.facts.came_in, log.filed) == ("erp_log", "evidence.zip", True)
    with talk.app.store.unit(read_only=True):
        assert talk.app.vault.path(log.sha256).read_text() == erp_log()
    shown = listed(card)
    assert any("evidence.zip" in line and "1 个文件" in line and "log.csv" in line for line in shown)
    assert any(log.id in line and "来自 evidence.zip" in line for line in shown)
    asked = {button.payload.get("evidence") for button in buttons(card).values()}
    assert found["evidence.zip"].id not in asked


def test_a_file_that_was_sent_alone_too_counts_once(talk: Talk) -> None:
    packed = zipped(("log.csv", erp_log().encode()))
    talk.send(("evidence.zip", packed), ("same.csv", erp_log().encode()), thread="C1")
    assert set(kept(talk)) == {"evidence.zip", "same.csv"}
    talk.send(("again.zip", packed), thread="C1")
    assert set(kept(talk)) == {"evidence.zip", "same.csv", "again.zip"}


def test_an_attached_file_goes_where_its_mail_goes(talk: Talk) -> None:
    message = mail("see the attached\n")
    message.add_attachment(erp_log().encode(), maintype="text", subtype="csv", filename="log.csv")
    talk.send(("notice.eml", message.as_bytes()), thread="C1")
    assert kept(talk)["log.csv"].facts.came_in == "notice.eml"


def test_an_archive_goes_to_the_case_of_its_files(two_here: Talk) -> None:
    two_here.send(("evidence.zip", zipped(("log.csv", erp_log().encode()))))
    found = kept(two_here)
    assert set(found) == {"evidence.zip", "log.csv"} and found["log.csv"].filed


def test_an_archive_of_files_that_nothing_tells_waits_like_them(two_here: Talk) -> None:
    two_here.send(("evidence.zip", zipped(("log.csv", erp_log().encode()), ("note.txt", b"hello"))))
    assert set(kept(two_here)) == {"log.csv"}


def test_what_is_packed_in_what_is_packed_stays_there(talk: Talk) -> None:
    inner = zipped(("log.csv", erp_log().encode()))
    [card] = talk.send(("outer.zip", zipped(("inner.zip", inner))), thread="C1")
    assert set(kept(talk)) == {"outer.zip", "inner.zip"}
    assert any("单独发送" in line for line in listed(card) if "inner.zip" in line)
