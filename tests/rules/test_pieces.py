"""Several pictures of one carrier's page are read as one and counted once."""

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
