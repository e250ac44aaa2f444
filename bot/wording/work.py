"""The work card of a case's thread: what was read, and what is missing for each order with the remedy, most
serious first."""

from collections.abc import Sequence

from bot.domain.addresses import WORK, Slot
from bot.domain.case import Case, CaseOrder, CaseStatus
from bot.domain.evidence import OTHER_CHAT, Evidence, Facts
from bot.domain.finding import Finding, Severity
from bot.domain.matching import names_order
from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Checklist,
    Element,
    Item,
    Mark,
    Style,
    Text,
)
from bot.services.judgement import Judgement
from bot.wording.alerts import state_lines, tone
from bot.wording.evidence import carrying_item, doubts, piece_words, useless, useless_item, warnings_text
from bot.wording.facts_form import facts_form, forms
from bot.wording.localizer import Localizer

SECTIONS_SHOWN = 5

_MARKS = {
    Severity.BLOCKING: Mark.MISSING,
    Severity.UNSURE: Mark.UNSURE,
    Severity.WARNING: Mark.WARNING,
    Severity.INFO: Mark.INFO,
}


def finding_texts(say: Localizer, finding: Finding) -> tuple[str, str]:
    """The message of a finding and its remedy."""
    base, params = f"findings.{finding.rule}.{finding.variant}", finding.params
    if "proposals" in params:
        params = params | {"proposals": say.proposals(params["proposals"])}
    return say(f"{base}.message", **params), say(f"{base}.remedy", **params)


def finding_item(say: Localizer, finding: Finding) -> Item:
    """A finding as a checklist line."""
    return Item(_MARKS[finding.severity], *finding_texts(say, finding))


def requirement_remedy(say: Localizer, judged: Judgement, order_id: str, requirement: str) -> str:
    """How to meet a requirement, with the order's own tracking number where it helps."""
    record = judged.context.orders.get(order_id)
    return say(f"words.requirement_remedy.{requirement}", tracking=record.tracking_number if record else "")


def _requirement_items(say: Localizer, judged: Judgement, order: CaseOrder) -> list[Item]:
    own = judged.review.for_order(order.order_id)
    met = {item.requirement for item in own.met}
    missing = {item.requirement: item for item in own.missing}
    items = []
    for need in judged.context.catalogue.requirements(order.scenario):
        words = say(f"words.requirement.{need.id}")
        if need.id in met:
            items.append(Item(Mark.DONE, words))
        elif need.id in missing:
            sent = missing[need.id].sent
            remedy = say("work.not_accepted") if sent else requirement_remedy(say, judged, order.order_id, need.id)
            items.append(Item(Mark.MISSING, words, remedy))
    return items


def order_findings(judged: Judgement, order_id: str) -> list[Finding]:
    """The order's findings that people must see, most serious first."""
    severities = list(Severity)
    own = [item for item in judged.review.findings if item.order_id == order_id]
    shown = [item for item in own if item.severity is not Severity.INFO]
    return sorted(shown, key=lambda item: severities.index(item.severity))


def order_points(judged: Judgement, order: CaseOrder) -> int:
    """The number of things that stop this order's submission."""
    return judged.review.for_order(order.order_id).points


def worst_first(judged: Judgement) -> list[CaseOrder]:
    """The orders that are still to be submitted, the one that lacks most first."""
    return sorted(judged.case.to_do, key=lambda order: -order_points(judged, order))


def best_first(judged: Judgement) -> list[CaseOrder]:
    """The appealed orders, the one that lacks least first."""
    return sorted(judged.case.appealed, key=lambda order: order_points(judged, order))


def open_points(judged: Judgement) -> int:
    """The number of things that stop the submission of the case."""
    return judged.points


def _order_items(say: Localizer, judged: Judgement, order: CaseOrder) -> tuple[Item, ...]:
    needs = _requirement_items(say, judged, order)
    missing = [item for item in needs if item.mark is Mark.MISSING]
    found = [finding_item(say, finding) for finding in order_findings(judged, order.order_id)]
    return (*missing, *found, *(item for item in needs if item.mark is Mark.DONE))


def _sections(say: Localizer, judged: Judgement, orders: Sequence[CaseOrder]) -> list[tuple[Text, Checklist]]:
    """One section for each order. Orders that lack exactly the same share a section, so that nobody reads a list
    twice."""
    alike: dict[tuple[object, ...], list[CaseOrder]] = {}
    items = {order.order_id: _order_items(say, judged, order) for order in orders}
    for order in orders:
        shape = tuple((item.mark, item.words) for item in items[order.order_id])
        alike.setdefault((order.scenario, order.root_cause, *order.defect_types, *shape), []).append(order)
    return [(_section_title(say, group), Checklist(items[group[0].order_id])) for group in alike.values()]


def _section_title(say: Localizer, group: Sequence[CaseOrder]) -> Text:
    first = group[0]
    words = {"order": first, "defects": say.defects(first), "scenario": say.scenario(first)}
    if len(group) == 1:
        return Text(say("work.order", **words), Style.HEADING)
    return Text(say("work.orders", orders=[order.order_id for order in group], **words), Style.HEADING)


def facts_line(say: Localizer, facts: Facts) -> str:
    """What was read in a piece of evidence, in one line."""
    numbers = [number.value for number in facts.tracking_numbers[:3]]
    parts = [
        say("work.read_tracking", numbers=", ".join(numbers)) if numbers else "",
        say("work.read_orders", orders=", ".join(facts.order_ids[:3])) if facts.order_ids else "",
        say("work.read_times", count=len(facts.timestamps)) if facts.timestamps else "",
        say("work.read_messages", count=len(facts.messages)) if facts.messages else "",
        say("work.read_events", count=len(facts.log_events)) if facts.log_events else "",
        say("work.read_captured", at=facts.captured_at) if facts.captured_at else "",
        say("work.read_stated", by=facts.stated_by) if facts.stated else "",
    ]
    return " · ".join(part for part in parts if part) or say("work.read_nothing")


def _received_item(say: Localizer, judged: Judgement, item: Evidence) -> Item:
    if useless(item):
        return useless_item(say, item)
    if item.only_carries:
        return carrying_item(say, item)
    words = say("work.received", item=item, kind=say.kind(item.kind), orders=", ".join(item.order_ids))
    came = [say("work.came_in", name=item.facts.came_in)] if item.facts.came_in else []
    warnings = [warnings_text(say, item)] if item.facts.warnings else []
    met = judged.review.meets(item.id)
    meets = [say("work.meets", requirement=say(f"words.requirement.{need}")) for need in met]
    detail = " · ".join([*came, facts_line(say, item.facts), *piece_words(say, judged, item), *meets, *warnings])
    return Item(Mark.DONE if item.id in judged.review.accepted else Mark.UNSURE, words, detail)


QUESTIONS_AT_ONCE = 3


def received(say: Localizer, judged: Judgement, items: Sequence[Evidence]) -> list[Element]:
    """What has just been received, what was read in it and which requirements it meets."""
    if not items:
        return []
    return [
        Text(say("work.just_received", count=len(items)), Style.HEADING),
        Checklist(tuple(_received_item(say, judged, item) for item in items)),
    ]


def questions(say: Localizer, judged: Judgement, items: Sequence[Evidence]) -> list[Element]:
    """Buttons and forms for evidence whose order or kind is not certain, or whose facts could not be read. Only a
    few at once: a card with a hundred questions is read by nobody, and no chat accepts it."""
    usable = [item for item in items if item.active and not (useless(item) or item.only_carries)]
    unsure = [item for item in usable if not (item.filed and item.facts.readable)]
    asked = [element for item in unsure[:QUESTIONS_AT_ONCE] for element in _question(say, judged, item)]
    if more := len(unsure[QUESTIONS_AT_ONCE:]):
        asked.append(Text(say("work.more_questions", count=more), Style.MUTED))
    return asked


def _question(say: Localizer, judged: Judgement, item: Evidence) -> list[Element]:
    if not item.order_ids:
        return _ask_order(say, judged, item)
    return [facts_form(say, item)] if item.kind else _ask_kind(say, judged, item)


def _ask_order(say: Localizer, judged: Judgement, item: Evidence) -> list[Element]:
    likely = sorted(worst_first(judged), key=lambda order: not names_order(judged.context, order, item.facts))
    buttons = [
        Button(f"{order.order_id} · {say.defects(order)}", "file", {"evidence": item.id, "order": order.order_id})
        for order in likely[:10]
    ]
    return [Text(say("work.which_order", item=item)), Actions(tuple(buttons))]


def _ask_kind(say: Localizer, judged: Judgement, item: Evidence) -> list[Element]:
    order = judged.case.order(item.order_ids[0])
    catalogue = judged.context.catalogue
    needs = catalogue.requirements(order.scenario if order else "")
    helps = catalogue.scenarios[order.scenario].helps if order and order.scenario else ()
    likely = dict.fromkeys([kind for need in needs for kind in need.kinds] + list(helps))
    if item.facts.kind:
        likely = dict.fromkeys([item.facts.kind, *likely])
    if item.facts.page == OTHER_CHAT:
        likely.pop("conversation", None)
    buttons = [Button(say.kind(kind), "file", {"evidence": item.id, "kind": kind}) for kind in likely]
    return [Text(say("work.which_kind", item=item)), Actions(tuple(buttons))]


def _next_steps(say: Localizer, judged: Judgement) -> list[Element]:
    case = judged.case
    carry = {"case": case.id, "v": str(case.version)}
    untagged = [order for order in case.appealed if not order.scenario]
    buttons = [Button(say("work.button_draft"), "draft", {"case": case.id}, "primary" if not untagged else "")]
    if judged.ready:
        confirm = say("work.submit_confirm")
        buttons.append(Button(say("work.button_submit"), "submit", carry, "primary", confirm))
    if untagged:
        payload = {"case": case.id, "order": untagged[0].order_id}
        buttons.insert(0, Button(say("work.button_tag", order=untagged[0]), "tag", payload, "primary"))
    buttons.append(Button(say("work.button_export"), "export", {"case": case.id}))
    return [Actions(tuple(buttons))]


def next_step(say: Localizer, judged: Judgement) -> str:
    """The one thing to do next, as a sentence for lists of cases."""
    if not judged.case.to_do:
        return ""
    if judged.ready:
        return say("work.next_submit")
    if untagged := [order for order in judged.case.appealed if not order.scenario]:
        return say("work.next_tag", order=untagged[0])
    if missing := [item for item in judged.review.missing if not item.sent]:
        return say(f"words.requirement.{missing[0].requirement}")
    stopping = [item for item in judged.review.findings if item.severity.stops_submission]
    return finding_texts(say, stopping[0])[0] if stopping else ""


def work_card(say: Localizer, judged: Judgement) -> Card:
    """What is still missing; `fresh` is what has just been received. A case in which nothing is left to submit
    asks for nothing (domain.md §8): it says that what was received is kept but counts for nothing any more."""
    case, points, fresh = judged.case, open_points(judged), judged.arrived
    key = "ready" if judged.ready else "missing" if case.to_do else "over"
    title = say(f"work.title_{key}", case=case, points=points, left=say.left(case), status=say.status(case))
    asked = _asked(say, judged, fresh) if case.to_do else _kept(say, case, fresh)
    steps = _next_steps(say, judged) if case.status is CaseStatus.OPEN else []
    elements = (*asked, *state_lines(say, judged.context.shop, case), *steps)
    return Card(title, elements, tone(say, case, judged.ready), str(Slot(case.id, WORK)), say.language)


def _kept(say: Localizer, case: Case, fresh: Sequence[Evidence]) -> list[Element]:
    if not fresh:
        return []
    files = ", ".join(f"{item.id} {item.file_name}" for item in fresh[:5])
    return [Text(say("work.kept", case=case, files=files, count=len(fresh), status=say.status(case)), Style.WARNING)]


def _asked(say: Localizer, judged: Judgement, fresh: Sequence[Evidence]) -> list[Element]:
    """What was received, what is asked about it, and what each order still needs."""
    waiting = fresh or [item for item in judged.context.evidence if item.active and not item.filed]
    orders = worst_first(judged)
    elements: list[Element] = [*received(say, judged, fresh), *questions(say, judged, waiting)]
    elements += doubts(say, judged, fresh or judged.context.evidence)
    elements += forms(say, judged, fresh or judged.context.evidence)
    sections = _sections(say, judged, orders)
    elements += [line for section in sections[:SECTIONS_SHOWN] for line in section]
    if more := sections[SECTIONS_SHOWN:]:
        elements.append(Text(say("work.more_orders", count=len(more)), Style.MUTED))
    general = [item for item in judged.review.findings if not item.order_id and item.severity is not Severity.INFO]
    if general:
        elements.append(Checklist(tuple(finding_item(say, finding) for finding in general)))
    return elements
