"""What an act changed is kept, and taken back only while nothing has changed it since."""

from dataclasses import replace

import pytest

from bot.domain.act import Act, ChangedSince, case_changes, evidence_changes, evidence_taken_back, taken_back
from bot.domain.case import AppealStatus, CaseStatus
from tests.rules.build import NOW, ORDER, ORDER_DETAIL, OTHER, case_order, context

BEFORE = replace(context().case, orders=[case_order(), case_order(order_id=OTHER)])


def submitted() -> tuple:
    """The case after its first order was submitted, and what that changed."""
    orders = [case_order(appeal=AppealStatus.SUBMITTED, appeal_at=NOW), case_order(order_id=OTHER)]
    after = replace(BEFORE, status=CaseStatus.SUBMITTED, version=2, orders=orders)
    return after, case_changes(BEFORE, after)


def test_only_what_differs_is_kept() -> None:
    _, changes = submitted()
    assert set(changes) == {"case", f"order:{ORDER}"}
    assert changes["case"] == {"status": ["open", "submitted"]}
    assert set(changes[f"order:{ORDER}"]) == {"appeal", "appeal_at"}
    assert case_changes(BEFORE, replace(BEFORE, version=7)) == {}


def test_an_order_that_is_new_is_no_change_of_one() -> None:
    assert case_changes(replace(BEFORE, orders=BEFORE.orders[:1]), BEFORE) == {}


def test_taking_back_restores_what_was_and_nothing_else() -> None:
    after, changes = submitted()
    meanwhile = replace(after, owner="wang")
    assert taken_back(meanwhile, changes) == replace(BEFORE, owner="wang", version=2)


def test_what_was_changed_again_is_not_taken_back() -> None:
    after, changes = submitted()
    with pytest.raises(ChangedSince):
        taken_back(replace(after, status=CaseStatus.CLOSED), changes)
    again = replace(after, orders=[case_order(appeal=AppealStatus.REJECTED, appeal_at=NOW), after.orders[1]])
    with pytest.raises(ChangedSince):
        taken_back(again, changes)


def test_of_evidence_only_its_place_is_kept() -> None:
    moved = replace(ORDER_DETAIL, order_ids=[OTHER], withdrawn_at=NOW, link="https://x.example")
    changes = evidence_changes(ORDER_DETAIL, moved)
    assert {name: set(found) for name, found in changes.items()} == {
        f"evidence:{ORDER_DETAIL.id}": {"order_ids", "withdrawn_at"}
    }
    assert evidence_taken_back(moved, changes) == replace(ORDER_DETAIL, link="https://x.example")
    assert evidence_changes(ORDER_DETAIL, replace(ORDER_DETAIL, link="y")) == {}


@pytest.mark.parametrize(
    ("changes", "stopped", "decisive", "orders"),
    [
        (
            {"case": {"status": ["open", "submitted"]}, "order:1": {"appeal": ["none", "x"]}},
            True,
            True,
            ["1"],
        ),
        ({"case": {"status": ["dismissed", "open"]}}, False, True, []),
        ({"case": {"status": ["submitted", "closed"]}}, False, True, []),
        (
            {"order:1": {"appeal": ["none", "x"]}, "order:2": {"draft": ["", "x"]}},
            False,
            True,
            ["1", "2"],
        ),
        ({"case": {"owner": ["", "li"]}, "evidence:E1": {"kind": ["", "x"]}}, False, False, []),
    ],
)
def test_what_an_act_means(changes: dict, stopped: bool, decisive: bool, orders: list[str]) -> None:
    act = Act("C1", NOW, "li", "submit", changes)
    assert (act.stopped, act.decisive, act.orders) == (stopped, decisive, orders)
