"""Several pictures of one page are read as one and counted once."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.context import Relation
from bot.domain.evidence import Evidence, Facts, TimeRole, TrackingNumber
from bot.domain.pieces import joined, relation
from bot.rules import review
from tests.rules.build import (
    DELIVERED,
    EXCEPTION,
    JOURNEY,
    NOW,
    ORDER,
    ORDER_DETAIL,
    OTHER,
    PICKED_UP,
    TRACKING_PAGE,
    changed,
    context,
    stamp,
)

ARRIVED = stamp(EXCEPTION + timedelta(days=1), TimeRole.EVENT)
LEFT = stamp(EXCEPTION + timedelta(days=2), TimeRole.EVENT)
TOP = changed(TRACKING_PAGE, name="E-top", timestamps=(stamp(DELIVERED, TimeRole.DELIVERED), LEFT, ARRIVED))
BOTTOM = changed(TRACKING_PAGE, name="E-bottom", tracking_numbers=(), timestamps=(LEFT, ARRIVED, *JOURNEY[:2]))
OTHERS = (TrackingNumber("1Z999AA10123456700", "UPS"),)


PAID = (stamp(PICKED_UP - timedelta(hours=9), TimeRole.EVENT), stamp(PICKED_UP, TimeRole.PICKED_UP))
HEAD = changed(ORDER_DETAIL, name="E-head", tracking_numbers=TRACKING_PAGE.facts.tracking_numbers, timestamps=PAID)
REST = changed(HEAD, name="E-rest", order_ids=(), words="Shipping address", timestamps=(*PAID[1:], ARRIVED))


def faults(*items: Evidence) -> list[tuple[str, str]]:
    found = review(joined(context(*items))).findings
    rules = ("tracking_number", "timestamps", "order_match")
    return [(finding.rule, finding.variant) for finding in found if finding.rule in rules]


def test_a_long_page_in_pieces_is_judged_as_a_whole() -> None:
    assert ("timestamps", "no_pickup") in faults(TOP)
    assert {rule for rule, _ in faults(BOTTOM)} == {"tracking_number", "order_match"}
    for pieces in ((TOP, BOTTOM), (BOTTOM, TOP)):
        assert faults(*pieces) == []
        assert review(joined(context(*pieces))).ready


def test_pieces_say_what_they_are_to_each_other() -> None:
    assert relation(BOTTOM.facts, TOP.facts) is Relation.GOES_ON
    assert relation(TRACKING_PAGE.facts, TRACKING_PAGE.facts) is Relation.SAME
    enlarged = replace(TRACKING_PAGE.facts, timestamps=())
    assert relation(enlarged, TRACKING_PAGE.facts) is Relation.PART
    assert relation(replace(TRACKING_PAGE.facts, timestamps=JOURNEY[:2]), TRACKING_PAGE.facts) is Relation.PART


def test_pages_of_two_parcels_are_two_whatever_times_they_share() -> None:
    other = replace(TRACKING_PAGE.facts, tracking_numbers=OTHERS)
    assert relation(other, TRACKING_PAGE.facts) is None
    assert relation(replace(BOTTOM.facts, timestamps=(LEFT, JOURNEY[0])), TOP.facts) is None, "one time in common"
    assert relation(Facts(), Facts()) is None


def test_the_same_page_twice_counts_once() -> None:
    again = replace(TRACKING_PAGE, id="E-again")
    zoomed = changed(TRACKING_PAGE, name="E-zoomed", timestamps=())
    whole = joined(context(TRACKING_PAGE, again, zoomed))
    assert {item: piece.relation for item, piece in whole.pieces.items()} == {
        "E-again": Relation.SAME,
        "E-zoomed": Relation.PART,
    }
    (logistics,) = [met for met in review(whole).met if met.requirement == "logistics"]
    assert logistics.evidence == (TRACKING_PAGE.id,)


def test_an_undated_piece_lends_nothing_to_a_dated_one() -> None:
    undated = changed(BOTTOM, name="E-undated", captured_at=None, captured_from=None)
    assert ("timestamps", "no_pickup") in faults(TOP, undated)


def test_pieces_of_other_orders_and_withdrawn_ones_are_left_out() -> None:
    for stranger in (replace(BOTTOM, order_ids=["1"]), replace(BOTTOM, withdrawn_at=NOW)):
        assert ("timestamps", "no_pickup") in faults(TOP, stranger)


def test_a_long_page_of_an_order_is_judged_as_a_whole() -> None:
    assert ("order_match", "other") in faults(changed(REST, tracking_numbers=OTHERS))
    assert relation(REST.facts, HEAD.facts, "order_detail") is Relation.GOES_ON
    alone = changed(REST, tracking_numbers=())
    for pieces in ((HEAD, REST), (REST, HEAD)):
        whole = joined(context(*pieces))
        assert {(piece.other, piece.relation) for piece in whole.pieces.values()} == {(pieces[0].id, "goes_on")}
        pages = [item for item in whole.evidence if item.kind == "order_detail"]
        assert len(pages) == 2 and all(page.facts.order_ids == (ORDER,) for page in pages)
    assert joined(context(HEAD, alone)).pieces == {}, "one time in common"


def test_pages_of_two_orders_or_of_two_days_are_two() -> None:
    assert relation(replace(HEAD.facts, order_ids=(OTHER,)), HEAD.facts, "order_detail") is None
    later = replace(HEAD.facts, captured_at=NOW - timedelta(days=3))
    assert relation(later, HEAD.facts, "order_detail") is None
    assert joined(context(HEAD, changed(TRACKING_PAGE, order_ids=(ORDER,), timestamps=PAID))).pieces == {}
