"""Orders by what each of them needs."""

from dataclasses import replace

import pytest

from bot.domain.case import AppealStatus
from bot.domain.context import CaseContext
from bot.messaging.card import Mark
from bot.services.matrix import beside, columns, marks
from bot.services.order_points import order_points
from tests.rules.build import CONVERSATION, TRACKING_PAGE, case_order, changed, context
from tests.wording.many import judgement

DONE, MISSING, UNSURE = Mark.DONE, Mark.MISSING, Mark.UNSURE


def shown(whole: CaseContext) -> str:
    judged = judgement(whole)
    signs = {DONE: "v", MISSING: "x", UNSURE: "?"}
    return "".join(signs[mark] for mark in marks(judged, judged.case.orders[0]))


UNREADABLE = replace(TRACKING_PAGE, facts=replace(TRACKING_PAGE.facts, readable=False))
CASES = {
    "complete": (context(), "vvvvvv"),
    "no conversation": (context(evidence=tuple(i for i in context().evidence if i.kind != "conversation")), "vxvvvv"),
    "half a conversation": (context(changed(CONVERSATION, messages=CONVERSATION.facts.messages[:1])), "vxvvvv"),
    "nobody has read the page": (context(UNREADABLE), "?vv?vx"),
    "no scenario": (context(order=case_order(scenario="", root_cause="")), "vvv?xv"),
    "scenario asks for more": (context(order=case_order(scenario="S2", root_cause="Buyer Misconduct")), "vvvxvx"),
    "no explanation": (context(order=case_order(draft="")), "vvvvvx"),
    "unknown root cause": (context(order=case_order(root_cause="Bad luck")), "vvvvxv"),
}


@pytest.mark.parametrize(("whole", "expected"), CASES.values(), ids=CASES.keys())
def test_each_column_says_what_the_rules_say(whole: CaseContext, expected: str) -> None:
    assert columns(judgement(whole)) == ("logistics", "communication", "system", "own", "cause", "explanation")
    assert shown(whole) == expected


@pytest.mark.parametrize("whole", [whole for whole, _ in CASES.values()], ids=CASES.keys())
def test_an_order_lacks_nothing_exactly_when_all_its_marks_are_done(whole: CaseContext) -> None:
    judged = judgement(whole)
    order = judged.case.orders[0]
    complete = set(marks(judged, order)) == {DONE} and not beside(judged, order)
    assert complete == (order_points(judged, order) == 0)


def test_what_no_evidence_mends_stands_beside_the_columns() -> None:
    judged = judgement(context(order=case_order(appeal=AppealStatus.SUBMITTED)))
    assert [item.rule for item in beside(judged, judged.case.orders[0])] == ["once"]
