"""The appeal itself: explanation, submission, outcome, package."""

from collections.abc import Mapping

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.case import DECIDED, AppealStatus, CaseStatus
from bot.domain.covering import hides
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Checklist, Item, Mark, Tone
from bot.ports.records import Person
from bot.services.appeals import Appeals
from bot.services.cases import Cases, pick_order
from bot.services.export import Exporter, Package
from bot.services.judgement import Judgement
from bot.services.order_points import best_first, open_points, order_points
from bot.services.review import Judge
from bot.wording import doing, exports, playbook, replies
from bot.wording.localizer import Localizer
from bot.wording.submission import form_card, result_form, which_submitted
from bot.wording.tagging import chosen_orders
from bot.wording.work import page_of

router = Router()

DRAFTS_SHOWN = 5


@router.on("draft", role=Role.VIEWER)
def draft(case: str, maybe_order: str, payload: Mapping[str, str], judge: Judge, say: Localizer) -> list[Card]:
    """Show the explanation of the named order; without one, of the case's orders, a few at a time."""
    judged = judge.judge(case)
    orders = [pick_order(judged.case, maybe_order)] if maybe_order else best_first(judged)
    orders = [order for order in orders if order.order_id in judged.drafts]
    page, pages = replies.paged(len(orders), page_of(payload), DRAFTS_SHOWN)
    shown = orders[page * DRAFTS_SHOWN :][:DRAFTS_SHOWN]
    cards = [replies.draft_card(say, judged, order, judged.drafts[order.order_id]) for order in shown]
    return [*cards, *replies.turning(say, "draft", case, page, pages)]


@router.on("edit", role=Role.MEMBER, takes="case order explanation")
def edit(
    case: str,
    order: str,
    free: str,
    values: Mapping[str, str],
    person: Person,
    cases: Cases,
    judge: Judge,
    say: Localizer,
) -> Card:
    """Replace an explanation by the given text; without a text, show the form to edit it."""
    if free or "text" in values:
        cases.edit_draft(case, order, values.get("text", free), person.id)
    judged = judge.judge(case)
    return replies.draft_card(say, judged, pick_order(judged.case, order), judged.drafts[order])


@router.on("fill_in", role=Role.VIEWER)
def fill_in(case: str, maybe_order: str, payload: Mapping[str, str], judge: Judge, say: Localizer) -> Card:
    """Show the fields of the platform's form for one order, to copy; without one, of the first that is left."""
    judged = judge.judge(case)
    orders = judged.case.to_do or judged.case.appealed
    if not orders:
        raise Refusal("nothing_to_submit", case=case)
    named = [number for number, order in enumerate(orders) if order.order_id == maybe_order]
    return form_card(say, judged, named[0] if named else page_of(payload))


@router.on("submit", role=Role.MEMBER, takes="case orders", reports=True)
def submit(
    case: str,
    maybe_orders: list[str],
    values: Mapping[str, str],
    payload: Mapping[str, str],
    event: Incoming,
    person: Person,
    seen: int | None,
    sure: bool,
    judge: Judge,
    appeals: Appeals,
    say: Localizer,
) -> Card:
    """Record that a person submitted the appeal in Seller Center; ask once when open points remain (domain.md §8)."""
    judged = judge.judge(case)
    if "some" in payload and len(judged.case.to_do) > 1:
        return which_submitted(say, judged.case)
    chosen = chosen_orders(maybe_orders, values)
    if not sure and (points := _points(judged, chosen)):
        again = {"case": case, "orders": ",".join(chosen), "v": str(judged.case.version)}
        return doing.open_question(say, judged.case, points, say("replies.act_submit"), "submit", again)
    done = appeals.submitted(case, person.id, chosen, seen)
    still = sum(order.appeal is AppealStatus.NONE for order in done.appealed)
    if still:
        card = replies.text_card(
            say, "replies.submitted_part", Tone.YELLOW, case=done, open=still, left=say.left(done)
        )
    else:
        card = replies.text_card(say, "replies.submitted", Tone.GREEN, case=done, count=len(done.appealed))
    return doing.undoable(say, card, case=case, message=event.id)


def _points(judged: Judgement, orders: list[str]) -> int:
    """How many findings stop the submission of these orders, or of the whole case when none are named. Orders that
    are submitted already count for nothing."""
    if judged.case.status is not CaseStatus.OPEN:
        return 0
    if not orders:
        return open_points(judged)
    chosen = [order for order in judged.case.appealed if order.order_id in orders]
    return sum(order_points(judged, order) for order in chosen if order.appeal is AppealStatus.NONE)


OUTCOMES = {status.value: status for status in (AppealStatus.EXCLUDED, AppealStatus.REJECTED, AppealStatus.RECEIVED)}


@router.on("result", role=Role.MEMBER, takes="case orders answer code", reports=True)
def result(
    case: str,
    order_ids: list[str],
    valued: list[tuple[list[str], str]],
    rest: str,
    values: Mapping[str, str],
    payload: Mapping[str, str],
    event: Incoming,
    person: Person,
    sure: bool,
    appeals: Appeals,
    cases: Cases,
    say: Localizer,
) -> Card:
    """Record what the platform answered; ask once before an outcome that was recorded earlier is replaced."""
    if valued:
        return _several(case, valued, event, person, appeals, say)
    known = cases.get(case)
    offered = [pick_order(known, order) for order in order_ids]
    order_ids = chosen_orders(order_ids, values)
    chosen = [order for order in offered if order.order_id in order_ids]
    word, _, code = (rest or values.get("outcome", "") or payload.get("outcome", "")).partition(" ")
    if not word or not chosen:
        return result_form(say, known, offered, appeals.known_codes)
    outcome = OUTCOMES.get(word.casefold())
    if outcome is None:
        raise Refusal("outcome_needed", order=order_ids[0])
    given = (values.get(name, "") for name in ("code", "known_code"))
    code = (code or next(filter(None, given), "") or payload.get("code", "")).strip().upper()[:40]
    changed = [each for each in chosen if each.appeal in DECIDED and each.appeal is not outcome]
    if changed and not sure:
        carried = {"case": case, "orders": ",".join(order_ids), "outcome": outcome.value, "code": code}
        return doing.correction_question(say, changed, outcome, carried)
    appeals.result(case, order_ids, outcome, person.id, code)
    card = _answered(say, order_ids, outcome, code, appeals)
    return doing.undoable(say, card, case=case, message=event.id)


def _several(
    case: str, valued: list[tuple[list[str], str]], event: Incoming, person: Person, appeals: Appeals, say: Localizer
) -> Card:
    """Record different answers for several orders, all or none."""
    results = [(orders, OUTCOMES[value.split()[0]], value.partition(" ")[2]) for orders, value in valued]
    appeals.results(case, results, person.id)
    items = [
        Item(Mark.DONE, ", ".join(orders), " ".join(filter(None, [say(f"words.appeal.{outcome.value}"), code])))
        for orders, outcome, code in results
    ]
    count = sum(len(orders) for orders, _, _ in results)
    title = say("replies.results_several", case=case, count=count)
    card = Card(title, (Checklist(tuple(items)),), Tone.GREEN, "", say.language)
    return doing.undoable(say, card, case=case, message=event.id)


def _answered(say: Localizer, order_ids: list[str], outcome: AppealStatus, code: str, appeals: Appeals) -> Card:
    if outcome is AppealStatus.REJECTED:
        return playbook.rejected(say, order_ids, code, appeals.play(code))
    tone = Tone.GREEN if outcome is AppealStatus.EXCLUDED else Tone.YELLOW
    low, high = say.policy.form.review_days_usual
    return replies.text_card(
        say, f"replies.result_{outcome.value}", tone, order=", ".join(order_ids), low=low, high=high
    )


@router.on("notice", role=Role.MEMBER, takes="case orders", reports=True)
def notice(case: str, order_ids: list[str], person: Person, appeals: Appeals, say: Localizer) -> Card:
    """Record that the platform allows another appeal of rejected orders (domain.md §3 `once`)."""
    appeals.allow_again(case, order_ids, person.id)
    return replies.text_card(say, "replies.noticed", order=", ".join(order_ids))


@router.on("export", role=Role.MEMBER, takes="case")
def export(case: str, person: Person, exporter: Exporter, judge: Judge, say: Localizer) -> Card:
    """Make the package of the case for people to download; where it would show personal data of buyers, ask first
    which copy goes out."""
    judged = judge.judge(case)
    if any(map(hides, judged.context.evidence)):
        return exports.export_question(say, judged)
    return _exported(say, judge, exporter.package(case, person.id, covered=False), case)


@router.on("export_covered", role=Role.MEMBER, takes="case")
def export_covered(case: str, person: Person, exporter: Exporter, judge: Judge, say: Localizer) -> Card:
    """Make the package with copies in which personal data of buyers is covered."""
    return _exported(say, judge, exporter.package(case, person.id, covered=True), case)


@router.on("export_originals", role=Role.LEAD, takes="case")
def export_originals(case: str, person: Person, exporter: Exporter, judge: Judge, say: Localizer) -> Card:
    """Make the package with the originals, whatever they show of buyers."""
    return _exported(say, judge, exporter.package(case, person.id, covered=False), case)


def _exported(say: Localizer, judge: Judge, made: Package, case: str) -> Card:
    file = exports.package_file(case, made.stored, covered=made.covered)
    return exports.export_card(say, judge.judge(case), file, made.left_out, covered=made.covered)
