"""The defect orders of a case: listing them, setting their scenario, leaving them out of the appeal."""

from collections.abc import Mapping

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.case import Case
from bot.domain.people import Role
from bot.domain.scenario import suggest
from bot.domain.text import same_text
from bot.messaging.card import Button, Card, Checklist, Item, Mark, Tone
from bot.ports.records import Person
from bot.services.cases import Cases, pick_order
from bot.services.review import Judge
from bot.wording import doing, replies
from bot.wording.localizer import Localizer
from bot.wording.tagging import Suggested, chosen_orders, scenario_card
from bot.wording.work import page_of

router = Router()


@router.on("orders", role=Role.VIEWER)
def listed(case: str, payload: Mapping[str, str], judge: Judge, say: Localizer) -> Card:
    """List the defect orders of the case, page by page."""
    return replies.orders_card(say, judge.judge(case), page_of(payload))


@router.on("tag", role=Role.MEMBER, takes="case orders answer listed")
def tag(
    case: str,
    order_ids: list[str],
    valued: list[tuple[list[str], str]],
    rest: str,
    values: Mapping[str, str],
    payload: Mapping[str, str],
    event: Incoming,
    person: Person,
    cases: Cases,
    judge: Judge,
    say: Localizer,
) -> Card:
    """Set the scenario of one order or of all; without a scenario, ask for it with suggestions and their reasons."""
    if valued:
        return _tag_several(case, valued, event, person, cases, say)
    scenario, _, cause = (rest or values.get("scenario", "") or payload.get("scenario", "")).partition(" ")
    if not order_ids:
        return replies.orders_card(say, judge.judge(case))
    chosen = chosen_orders(order_ids, values)
    if not scenario or not chosen:
        return _ask(case, order_ids, judge, say)
    cause = _on_the_list(say, cause.strip() or values.get("root_cause", ""))
    if values.get("scope") == "all":
        untagged = [item.order_id for item in cases.get(case).appealed if not item.scenario]
        chosen = list(dict.fromkeys([*chosen, *untagged]))
    tagged = cases.tag(case, chosen, scenario.upper(), person.id, cause)
    done = pick_order(tagged, chosen[0])
    written = [name for name in chosen if pick_order(tagged, name).draft_by]
    params = {"order": done, "count": len(chosen), "scenario": say.scenario(done), "written": ", ".join(written)}
    card = replies.text_card(say, "replies.tagged", Tone.YELLOW if written else Tone.GREEN, **params)
    return doing.undoable(say, card, *_next(say, tagged), case=case, message=event.id)


def _next(say: Localizer, case: Case) -> list[Button]:
    """The button for the next order without a scenario, if there is one."""
    following = next((order for order in case.appealed if not order.scenario), None)
    if following is None:
        return []
    payload = {"case": case.id, "order": following.order_id}
    return [Button(say("work.button_tag", order=following), "tag", payload, "primary")]


def _tag_several(
    case: str, valued: list[tuple[list[str], str]], event: Incoming, person: Person, cases: Cases, say: Localizer
) -> Card:
    """Set different scenarios of several orders, all or none."""
    cases.tag_each(case, valued, person.id)
    items = [Item(Mark.DONE, ", ".join(orders), say(f"words.scenario.{scenario}")) for orders, scenario in valued]
    count = sum(len(orders) for orders, _ in valued)
    title = say("replies.tagged_several", case=case, count=count)
    card = Card(title, (Checklist(tuple(items)),), Tone.GREEN, "", say.language)
    return doing.undoable(say, card, case=case, message=event.id)


def _on_the_list(say: Localizer, cause: str) -> str:
    """The root cause as the form spells it; an unknown one comes back as typed and is refused by the service."""
    return next((known for known in say.catalogue.root_causes if same_text(known, cause)), cause)


def _ask(case: str, order_ids: list[str], judge: Judge, say: Localizer) -> Card:
    judged = judge.judge(case)
    Cases.require_work(judged.case)
    picked = [pick_order(judged.case, order_id) for order_id in order_ids]
    suggested = {
        order.order_id: [
            Suggested(item.scenario, item.reason, dict(item.params)) for item in suggest(judged.context, order)
        ]
        for order in picked
    }
    return scenario_card(say, judged, picked, suggested)


@router.on("skip", role=Role.MEMBER, takes="case orders")
def skip(case: str, order_ids: list[str], event: Incoming, person: Person, cases: Cases, say: Localizer) -> Card:
    """Leave orders out of the appeal."""
    cases.skip(case, order_ids, person.id, skipped=True)
    card = replies.text_card(say, "replies.skipped_order", order=", ".join(order_ids))
    return doing.undoable(say, card, case=case, message=event.id)


@router.on("include", role=Role.MEMBER, takes="case orders")
def include(case: str, order_ids: list[str], person: Person, cases: Cases, say: Localizer) -> Card:
    """Take orders that were left out into the appeal again."""
    cases.skip(case, order_ids, person.id, skipped=False)
    return replies.text_card(say, "replies.included_order", order=", ".join(order_ids))
