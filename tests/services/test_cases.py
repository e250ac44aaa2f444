"""Work on a case: by whom, in which state, and what is refused."""

from datetime import timedelta

import pytest

from bot.domain.case import AppealStatus, CaseStatus
from bot.domain.refusal import Refusal
from tests.services.conftest import House


def events(house: House) -> list[tuple[str, str]]:
    with house.app.store.unit(read_only=True) as unit:
        return [(event.who, event.what) for event in unit.cases.timeline("C1")]


def test_a_case_is_claimed_once_and_refused_to_another(opened: House) -> None:
    cases = opened.app.cases
    case = cases.claim("C1", "li")
    assert (case.owner, case.claimed_at) == ("li", opened.clock.at)
    version = opened.case().version
    opened.clock.at += timedelta(hours=1)
    cases.claim("C1", "li")
    again = opened.case()
    assert again.version == version and again.claimed_at == opened.clock.at - timedelta(hours=1)
    with pytest.raises(Refusal, match="already_claimed") as refused:
        cases.claim("C1", "wang")
    assert refused.value.params["owner"] == "li" and opened.case().owner == "li"
    assert [what for _, what in events(opened)].count("claimed") == 1


def test_a_released_case_is_free_and_releasing_a_free_one_notes_nothing(opened: House) -> None:
    cases = opened.app.cases
    cases.release("C1", "li")
    assert ("li", "released") not in events(opened)
    cases.claim("C1", "li")
    cases.release("C1", "wang")
    assert (opened.case().owner, opened.case().claimed_at) == ("", None)
    assert events(opened)[-1] == ("wang", "released")
    assert cases.claim("C1", "zhao").owner == "zhao"


def test_who_wrote_an_explanation_is_kept_and_nobody_wrote_an_empty_one(opened: House) -> None:
    cases, order = opened.app.cases, opened.case().orders[0].order_id
    written = cases.edit_draft("C1", order, "  The carrier lost it. ", "wang").order(order)
    assert written and (written.draft, written.draft_by) == ("The carrier lost it.", "wang")
    assert events(opened)[-1] == ("wang", "edited")
    emptied = cases.edit_draft("C1", order, "   ", "li").order(order)
    assert emptied and (emptied.draft, emptied.draft_by) == ("", "")


def test_a_scenario_makes_the_explanation_anew_unless_a_person_wrote_it(opened: House) -> None:
    cases, orders = opened.app.cases, [order.order_id for order in opened.case().orders]
    cases.edit_draft("C1", orders[0], "mine", "wang")
    tagged = cases.tag("C1", orders[:2], "S1", "li")
    assert [order.scenario for order in tagged.orders] == ["S1", "S1", "", ""]
    assert tagged.orders[0].draft == "mine" and tagged.orders[1].draft_by == ""
    assert {(order.scenario_by, order.root_cause) for order in tagged.orders[:2]} == {("li", "Carrier Delay")}
    assert cases.tag("C1", orders[:1], "S5", "li", "Buyer Misconduct").orders[0].root_cause == "Buyer Misconduct"


@pytest.mark.parametrize(
    ("scenario", "cause", "order", "refusal"),
    [("S9", "", "", "unknown_scenario"), ("S1", "Bad Luck", "", "unknown_root_cause"), ("S1", "", "1", "order_not")],
)
def test_what_is_not_on_the_lists_changes_nothing(
    opened: House, scenario: str, cause: str, order: str, refusal: str
) -> None:
    before = opened.case()
    with pytest.raises(Refusal, match=refusal):
        opened.app.cases.tag("C1", [before.orders[0].order_id, *filter(None, [order])], scenario, "li", cause)
    assert opened.case() == before


def test_a_button_of_an_older_state_changes_nothing(opened: House) -> None:
    seen = opened.case().version
    opened.app.cases.claim("C1", "li", seen)
    with pytest.raises(Refusal, match="stale_button"):
        opened.app.cases.release("C1", "li", seen)
    assert opened.case().owner == "li"
    assert opened.app.cases.release("C1", "li", seen + 1).owner == ""


def test_a_case_that_does_not_exist_is_refused(opened: House) -> None:
    for act in (lambda: opened.app.cases.claim("C9", "li"), lambda: opened.app.cases.get("C9")):
        with pytest.raises(Refusal, match="no_such_case"):
            act()


def test_setting_aside_needs_a_reason_and_taking_up_again_an_open_window(opened: House) -> None:
    cases = opened.app.cases
    with pytest.raises(Refusal, match="reason_needed"):
        cases.dismiss("C1", "li", "  ")
    dismissed = cases.dismiss("C1", "li", " a test order ")
    assert (dismissed.status, dismissed.reason) == (CaseStatus.DISMISSED, "a test order")
    for act in (cases.claim, cases.release):
        with pytest.raises(Refusal, match="case_finished"):
            act("C1", "li")
    with pytest.raises(Refusal, match="wrong_state"):
        cases.dismiss("C1", "li", "again")
    opened.clock.at = opened.case().deadline
    assert cases.reopen("C1", "wang").status is CaseStatus.OPEN
    cases.dismiss("C1", "li", "after all")
    opened.clock.at += timedelta(milliseconds=1)
    with pytest.raises(Refusal, match="window_closed"):
        cases.reopen("C1", "wang")


def test_orders_are_left_out_and_taken_in_again(opened: House) -> None:
    cases, order = opened.app.cases, opened.case().orders[0].order_id
    assert len(cases.skip("C1", [order], "li", True).appealed) == 3
    assert len(cases.skip("C1", [order], "wang", False).appealed) == 4
    assert events(opened)[-2:] == [("li", "skipped"), ("wang", "included")]


def test_a_case_is_held_once(opened: House) -> None:
    cases = opened.app.cases
    assert cases.hold("C1", "li", True).hold and cases.hold("C1", "li", True).hold
    assert not cases.hold("C1", "li", False).hold
    assert [what for _, what in events(opened) if "held" in what] == ["held", "unheld"]


def test_a_finished_case_takes_work_again_only_where_the_platform_allows_it(opened: House) -> None:
    app, order = opened.app, opened.case().orders[0].order_id
    app.appeals.submitted("C1", "li")
    with pytest.raises(Refusal, match="case_finished"):
        app.cases.edit_draft("C1", order, "x", "li")
    with app.store.unit() as unit:
        case = unit.cases.get("C1", lock=True)
        assert case
        case.orders[0].appeal, case.orders[0].resubmit_allowed = AppealStatus.REJECTED, True
        unit.cases.save(case)
    assert app.cases.edit_draft("C1", order, "x", "li").orders[0].draft == "x"
    with pytest.raises(Refusal, match="case_finished"):
        app.cases.set_cause("C1", "carrier", "li")
