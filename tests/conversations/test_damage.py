"""Originals that are lost or altered: named, never packed beside a hash they no longer have."""

import hashlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.cli import doctor
from bot.messaging.card import Attachment, Card
from tests.conversations.conftest import ORDERS, Talk, conversation, erp_log, tracking_page


@pytest.fixture
def filled(talk: Talk) -> Talk:
    """Case C1 with a conversation (E1), an ERP log (E2) and a tracking page (E3)."""
    files = (("chat.txt", conversation()), ("erp.csv", erp_log()), ("page.txt", tracking_page()))
    talk.send(*files, text=ORDERS[0], thread="C1")
    return talk


def original(talk: Talk, evidence: str) -> Path:
    return talk.app.vault.path(talk.app.evidence.get(evidence).sha256)


def alter(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" and more")


def packed(talk: Talk, card: Card) -> ZipFile:
    [package] = [element for element in card.elements if isinstance(element, Attachment)]
    return ZipFile(BytesIO(talk.app.vault.path(package.sha256).read_bytes()))


def originals(talk: Talk) -> tuple[bool, str]:
    return next((item.ok, item.detail) for item in doctor.examine(talk.app.settings) if item.name == "originals")


def test_an_export_goes_on_without_what_is_lost_or_altered_and_names_it(filled: Talk) -> None:
    original(filled, "E1").unlink()
    alter(original(filled, "E2"))
    card = filled.say("export C1")
    assert "E1 chat.txt：原件丢失" in card.plain() and "E2 erp.csv：原件和上传时不一致" in card.plain()
    with packed(filled, card) as archive:
        listed = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert [hashlib.sha256(archive.read(name)).hexdigest() for name in listed] == list(listed.values())
        assert [name for name in archive.namelist() if "E1" in name or "E2" in name] == []
        assert len(listed) == 1 and "E3" in next(iter(listed))
        left_out = archive.read("left-out.csv").decode("utf-8-sig").splitlines()
    assert [line.split(",")[0::3] for line in left_out[1:]] == [["E1", "missing"], ["E2", "altered"]]
    assert "E1, E2" in filled.say("timeline C1").plain()


def test_a_whole_export_says_nothing_of_it(filled: Talk) -> None:
    card = filled.say("export C1")
    assert "原件" not in card.plain()
    with packed(filled, card) as archive:
        assert "left-out.csv" not in archive.namelist()


def test_the_doctor_names_what_is_lost_or_altered(filled: Talk) -> None:
    ok, detail = originals(filled)
    assert ok and "3 originals, all intact" in detail and "no record" not in detail
    lost, changed = original(filled, "E1"), original(filled, "E2")
    lost.unlink()
    alter(changed)
    ok, detail = originals(filled)
    assert not ok
    assert f"missing {lost.name} (E1)" in detail and f"altered {changed.name} (E2)" in detail


def test_the_doctor_notices_that_all_originals_are_gone(filled: Talk) -> None:
    for path in filled.app.vault.root.glob("??/*"):
        path.unlink()
    ok, detail = originals(filled)
    assert not ok and all(f"(E{number})" in detail for number in (1, 2, 3))


def test_the_doctor_names_files_that_no_record_knows(filled: Talk) -> None:
    filled.say("export C1")
    assert "no record" not in originals(filled)[1], "a package is known by the timeline"
    stray = filled.app.vault.put_bytes(b"left by a crash")
    assert stray.sha256 in originals(filled)[1]


def test_no_covered_copy_is_made_of_an_altered_original(filled: Talk) -> None:
    filled.send(("note.txt", f"order {ORDERS[0]}, call me: +1 415 555 2671, jane@example.com"), thread="C1")
    assert "E4" in filled.say("privacy C1").plain()
    alter(original(filled, "E4"))
    assert "不一致" in filled.say("redact E4").title
