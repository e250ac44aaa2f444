"""What a case has just received, what was read in it, and what is asked about it."""

from collections.abc import Sequence

from bot.domain.evidence import DEADLINE, OTHER_CHAT, Evidence, Facts
from bot.domain.matching import names_order
from bot.messaging.card import (
    Actions,
    Button,
    Checklist,
    Element,
    Item,
    Mark,
    Style,
    Text,
)
from bot.services.judgement import Judgement
from bot.services.order_points import worst_first
from bot.wording.evidence import carrying_item, piece_words, useless, useless_item, warnings_text
from bot.wording.facts_form import facts_form
from bot.wording.localizer import Localizer
from bot.wording.remedies import finding_texts

RECEIVED_SHOWN, QUESTIONS_AT_ONCE = 3, 3


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
    read = [*came, facts_line(say, item.facts), *piece_words(say, judged, item), *meets, *warnings]
    if item.id in judged.review.accepted:
        return Item(Mark.DONE, words, " · ".join(read))
    return Item(Mark.UNSURE, words, " · ".join([*_refusals(say, judged, item), *read]))


def _refusals(say: Localizer, judged: Judgement, item: Evidence) -> list[str]:
    """Why the piece is not accepted, and what to do about it: the most serious reason."""
    found = [each for each in judged.review.worst_first if each.evidence_id == item.id]
    stopping = [each for each in found if each.severity.stops_submission]
    return [" ".join(finding_texts(say, each)) for each in stopping[:1]]


def received(say: Localizer, judged: Judgement, items: Sequence[Evidence]) -> list[Element]:
    """What has just been received, what was read in it and which requirements it meets. Of many pieces those that
    need somebody stand first, and those in order are folded away."""
    if not items:
        return []
    lines = sorted((_received_item(say, judged, item) for item in items), key=lambda line: line.mark is Mark.DONE)
    wrong = [line for line in lines if line.mark is not Mark.DONE]
    good = lines[len(wrong) :]
    title = Text(say("work.just_received", count=len(items), good=len(good)), Style.HEADING)
    if len(lines) <= RECEIVED_SHOWN:
        return [title, Checklist(tuple(lines))]
    first, rest = wrong[:RECEIVED_SHOWN], (*wrong[RECEIVED_SHOWN:], *good)
    folded = Checklist(tuple(rest), say("work.received_rest", count=len(rest), others=bool(first)))
    return [title, *([Checklist(tuple(first))] if first else []), folded]


def questions(say: Localizer, judged: Judgement, items: Sequence[Evidence]) -> list[Element]:
    """Buttons and forms for evidence whose order or kind is not certain, or whose facts could not be read. Only a
    few at once: a card with a hundred questions is read by nobody, and no chat accepts it."""
    usable = [item for item in items if item.active and not (useless(item) or item.only_carries)]
    of_orders = [item for item in usable if item.kind != DEADLINE]
    unsure = [item for item in of_orders if not (item.filed and item.facts.readable)]
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
