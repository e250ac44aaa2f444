"""The appeal itself: explanation, submission, outcome, package."""

from collections.abc import Mapping

from bot.card import Attachment, Card, Tone
from bot.domain.case import AppealStatus
from bot.domain.refusal import Refusal
from bot.domain.text import folded
from bot.ports import Person
from bot.router import Router
from bot.services.appeals import Appeals
from bot.services.cases import Cases, pick_order
from bot.services.export import Exporter
from bot.services.review import Judge
from bot.wording import replies
from bot.wording.speaker import Speaker
from bot.wording.work import best_first

router = Router()

DRAFTS_SHOWN = 5


@router.on("draft", role="viewer")
def draft(case: str, maybe_order: str, judge: Judge, say: Speaker) -> list[Card]:
    """The explanation of the order named, else of the case's first orders."""
    judged = judge.judge(case)
    chosen = [pick_order(judged.case, maybe_order)] if maybe_order else best_first(judged)[:DRAFTS_SHOWN]
    shown = [order for order in chosen if order.order_id in judged.drafts]
    return [replies.draft_card(say, judged, order, judged.drafts[order.order_id]) for order in shown]


@router.on("edit", takes="case order explanation")
def edit(
    case: str,
    order: str,
    rest: str,
    values: Mapping[str, str],
    person: Person,
    cases: Cases,
    judge: Judge,
    say: Speaker,
) -> Card:
    """Change an explanation; without a text, show the form to do it."""
    if rest or "text" in values:
        cases.edit_draft(case, order, values.get("text", rest), person.id)
    judged = judge.judge(case)
    return replies.draft_card(say, judged, pick_order(judged.case, order), judged.drafts[order])


@router.on("submit", takes="case orders", reports=True)
def submit(case: str, maybe_order: str, person: Person, seen: int | None, appeals: Appeals, say: Speaker) -> Card:
    """A person has submitted in Seller Center."""
    done = appeals.submitted(case, person.id, maybe_order, seen)
    still = sum(order.appeal is AppealStatus.NONE for order in done.appealed)
    if still:
        return replies.said(say, "replies.submitted_part", Tone.YELLOW, case=done, open=still, left=say.left(done))
    return replies.said(say, "replies.submitted", Tone.GREEN, case=done, count=len(done.appealed))


OUTCOMES = {status.value: status for status in (AppealStatus.EXCLUDED, AppealStatus.REJECTED, AppealStatus.RECEIVED)}


@router.on("result", takes="case orders answer code", reports=True)
def result(
    case: str,
    order: str,
    rest: str,
    values: Mapping[str, str],
    person: Person,
    appeals: Appeals,
    cases: Cases,
    say: Speaker,
) -> Card:
    """What the platform answered."""
    word, _, code = (rest or values.get("outcome", "")).partition(" ")
    if not word:
        return replies.result_form(say, cases.get(case), pick_order(cases.get(case), order))
    outcome = OUTCOMES.get(folded(word))
    if outcome is None:
        raise Refusal("outcome_needed", order=order)
    code = appeals.code(code or values.get("code", ""))
    appeals.result(case, order, outcome, person.id, code)
    usual = say.policy.form.review_days_usual
    advice = say(f"replies.playbook.{appeals.advice(code)}") if outcome is AppealStatus.REJECTED else ""
    tone = Tone.GREEN if outcome is AppealStatus.EXCLUDED else Tone.YELLOW
    params = {"order": order, "code": code, "advice": advice, "low": usual[0], "high": usual[1]}
    return replies.said(say, f"replies.result_{outcome.value}", tone, **params)


@router.on("notice", takes="case orders", reports=True)
def notice(case: str, order: str, person: Person, appeals: Appeals, say: Speaker) -> Card:
    """The platform allows another appeal of a rejected order."""
    appeals.allow_again(case, order, person.id)
    return replies.said(say, "replies.noticed", order=order)


@router.on("export", takes="case")
def export(case: str, person: Person, exporter: Exporter, judge: Judge, say: Speaker) -> Card:
    """The package to download."""
    made = exporter.package(case, person.id)
    stored = made.stored
    package = Attachment(f"{case}.zip", "application/zip", stored.sha256, stored.size)
    return replies.export_card(say, judge.judge(case), package, made.left_out)
