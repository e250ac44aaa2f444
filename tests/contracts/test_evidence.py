"""What is asked of evidence across cases, over every database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseStatus
from bot.domain.evidence import Facts, LinkState
from bot.store.unit import Store
from tests.contracts.test_store import NOW, add_case, an_evidence, with_shop

__all__ = ["with_shop"]

LINK = "https://drive.google.com/file/d/1/view"


def add(store: Store, case_id: str, **changes: object) -> str:
    with store.unit() as unit:
        item = unit.evidence.add(replace(an_evidence(case_id), **changes), "console:ops")
        unit.evidence.save(item)
        return item.id


def test_pieces_that_show_a_key_are_found_in_other_cases(with_shop: Store) -> None:
    first, second = add_case(with_shop), add_case(with_shop)
    shown = add(with_shop, first, facts=Facts(words="parcel 9400123456789012 100%"))
    add(with_shop, first, facts=Facts(words="nothing of the kind"))
    with with_shop.unit(read_only=True) as unit:
        assert [item.id for item in unit.evidence.showing(["9400123456789012"], second, 50)] == [shown]
        assert [item.id for item in unit.evidence.showing(["none", "100%"], second, 50)] == [shown]
        assert unit.evidence.showing(["9400123456789012"], first, 50) == []
        assert unit.evidence.showing(["9400%9012"], second, 50) == [], "no wildcard comes from outside"


def due(store: Store, hours: float = 0.0) -> list[str]:
    now = NOW + timedelta(hours=hours)
    span = (now - timedelta(hours=12), now - timedelta(hours=1), now + timedelta(hours=6))
    with store.unit(read_only=True) as unit:
        return [item.id for item in unit.evidence.links_due(now, *span, 10)]


@pytest.mark.parametrize(
    ("state", "checked_hours_ago", "found"),
    [
        (LinkState.PUBLIC, 13, True),
        (LinkState.PUBLIC, 11, False),
        (LinkState.PRIVATE, 13, True),
        (LinkState.UNREACHABLE, 2, True),
        (LinkState.UNREACHABLE, 0.5, False),
        (LinkState.REFUSED, 500, False),
    ],
)
def test_links_are_due_by_the_age_of_the_last_look(
    with_shop: Store, state: LinkState, checked_hours_ago: float, found: bool
) -> None:
    checked = NOW - timedelta(hours=checked_hours_ago)
    link = add(with_shop, add_case(with_shop), link=LINK, link_state=state, link_checked_at=checked)
    assert due(with_shop) == ([link] if found else [])


def test_before_the_deadline_links_are_due_more_often_and_afterwards_never(with_shop: Store) -> None:
    case = add_case(with_shop)
    link = add(with_shop, case, link=LINK, link_state=LinkState.PUBLIC, link_checked_at=NOW + timedelta(hours=67))
    assert due(with_shop, 67.5) == [] and due(with_shop, 68.1) == [link]
    assert due(with_shop, 72.1) == []


def test_links_never_looked_at_are_due_and_withdrawn_ones_or_those_of_closed_cases_are_not(with_shop: Store) -> None:
    case = add_case(with_shop)
    link = add(with_shop, case, link=LINK)
    add(with_shop, case, link=LINK, withdrawn_at=NOW)
    add(with_shop, case)
    add(with_shop, add_case(with_shop, status=CaseStatus.DISMISSED, closed_at=NOW), link=LINK)
    assert due(with_shop) == [link]
