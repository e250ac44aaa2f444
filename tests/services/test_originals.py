"""Originals: what is lost, altered or nameless, what is covered, and what becomes of words that were pasted."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation.events import CommandReceived
from bot.domain.evidence import Evidence, Facts, Personal
from bot.domain.refusal import Refusal
from bot.services.filing import Wanted
from bot.services.integrity import IntegrityReport, examine
from tests.services.conftest import House


def kept(house: House, data: bytes, media_type: str = "text/plain", words: str = "", *personal: str) -> Evidence:
    """A piece of evidence of the case, whose original holds `data`."""
    found = tuple(Personal("recipient", each) for each in personal)
    facts = Facts(media_type=media_type, words=words, personal=found)
    stored = house.app.vault.put_bytes(data)
    item = Evidence("", "C1", stored.sha256, stored.size, "a.txt", "li", house.clock.at, facts)
    with house.app.store.unit() as unit:
        return unit.evidence.add(item, "console:ops")


def original(house: House, item: Evidence) -> Path:
    return house.app.vault.path(item.sha256)


def test_rows_and_files_are_compared_both_ways(opened: House) -> None:
    whole, lost, changed = (kept(opened, data) for data in (b"whole", b"lost", b"changed"))
    nameless = opened.app.vault.put_bytes(b"nameless").sha256
    assert examine(opened.app.store.unit, opened.app.vault) == IntegrityReport(4, {}, {}, [nameless])
    original(opened, lost).unlink()
    place = original(opened, changed)
    place.chmod(0o600)
    place.write_bytes(b"CHANGED")
    found = examine(opened.app.store.unit, opened.app.vault)
    assert (found.files, {key: list(ids) for key, ids in found.missing.items()}) == (3, {lost.sha256: [lost.id]})
    assert {key: list(ids) for key, ids in found.altered.items()} == {changed.sha256: [changed.id]}
    assert whole.sha256 not in {*found.missing, *found.altered, *found.nameless}


def test_the_longer_name_is_covered_before_the_one_inside_it(opened: House) -> None:
    item = kept(opened, b"x", "text/plain", "Ann Lee and Lee, not Bob", "Lee", "Ann Lee", "Zoe")
    covered = opened.app.redactor.redact(item.id, "li", ["us-1"])
    text = opened.app.vault.path(covered.stored.sha256).read_text("utf-8")
    assert text == f"{'█' * 7} and {'█' * 3}, not Bob"
    assert (covered.covered, covered.left) == (("Ann Lee", "Lee"), ())
    assert (covered.file_name, covered.media_type) == (f"{item.id}-covered.txt", "text/plain")


@pytest.mark.parametrize(
    ("shops", "media_type", "personal", "refusal"),
    [
        (["uk-1"], "text/plain", ("Ann",), "no_such_evidence"),
        (["us-1"], "text/plain", (), "nothing_personal"),
        (["us-1"], "text/plain", ("Zoe",), "cannot_redact"),
        (["us-1"], "image/png", ("Ann",), "cannot_redact"),
    ],
)
def test_what_cannot_be_covered_is_refused(
    opened: House, shops: list[str], media_type: str, personal: tuple[str, ...], refusal: str
) -> None:
    item = kept(opened, b"x", media_type, "Ann", *personal)
    with pytest.raises(Refusal, match=refusal):
        opened.app.redactor.redact(item.id, "li", shops)
    assert "redacted" not in opened.noted()


def test_pasted_words_are_kept_read_and_filed_where_a_person_said(opened: House) -> None:
    order = opened.case().orders[0].order_id
    event = CommandReceived("e1", "console:ops", "li", opened.clock.at, text="x")
    words = "Buyer: where is it\nSeller: on its way"
    wanted = Wanted("C1", order, "conversation")
    [item] = opened.app.evidence.receive(event, wanted, ["us-1"], text=words)
    assert (item.case_id, item.order_ids, item.kind, item.uploader) == ("C1", [order], "conversation", "li")
    assert original(opened, item).read_text("utf-8") == words and item.filed
    [again] = opened.app.evidence.receive(event, wanted, ["us-1"], text=words)
    assert again.id == item.id, "a turn that is run again keeps nothing twice"
    with opened.app.store.unit(read_only=True) as unit:
        assert [each.id for each in unit.evidence.of_case("C1")] == [item.id]


def test_all_of_it_is_withdrawn_or_none(opened: House) -> None:
    one, two = kept(opened, b"1"), kept(opened, b"2")
    with pytest.raises(Refusal, match="no_such_evidence"):
        opened.app.evidence.withdraw([one.id, "E99"], "li")
    assert opened.app.evidence.get(one.id).active
    opened.app.evidence.withdraw([one.id, two.id], "li")
    opened.app.evidence.withdraw([one.id], "wang")
    assert not opened.app.evidence.get(two.id).active and opened.noted().count("withdrawn") == 2


def test_a_person_says_where_evidence_belongs_and_the_rest_stays(opened: House) -> None:
    orders = [order.order_id for order in opened.case().orders]
    item = kept(opened, b"1")

    def assign(item_id: str, wanted: Wanted, person: str) -> Evidence:
        [found] = opened.app.evidence.assign([item_id], wanted, person)
        return found

    assert (assign(item.id, Wanted(kind="conversation"), "li").kind, item.order_ids) == ("conversation", [])
    filed = assign(item.id, Wanted(order_id=orders[1]), "wang")
    assert (filed.kind, filed.order_ids, filed.case_id) == ("conversation", [orders[1]], "C1")
    for wrong, refusal in ((Wanted("C9"), "no_such_case"), (Wanted(order_id="1"), "order_not_in_case")):
        with pytest.raises(Refusal, match=refusal):
            assign(item.id, wrong, "li")
    for order in orders[1:]:
        opened.app.cases.skip("C1", [order], "li", True)
    other = kept(opened, b"2")
    assert assign(other.id, Wanted(kind="order_detail"), "li").order_ids == [orders[0]], "the only one that is left"


def test_what_a_submitted_case_was_submitted_with_stays(opened: House) -> None:
    item = kept(opened, b"1")
    opened.app.appeals.submitted("C1", "li")
    for change in (
        lambda: opened.app.evidence.withdraw([item.id], "li"),
        lambda: opened.app.evidence.assign([item.id], Wanted(kind="conversation"), "li"),
    ):
        with pytest.raises(Refusal, match="case_finished"):
            change()
    assert replace(opened.app.evidence.get(item.id), id="") == replace(item, id="")
