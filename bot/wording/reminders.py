"""Cards of reminders, of the on-call rota, and of what was purged."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.case import AppealStatus, Case, CaseOrder, CaseStatus
from bot.domain.deadline import time_left
from bot.domain.orders import Shop
from bot.domain.reminder import Kind, Step
from bot.domain.rota import Shift
from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Checklist,
    Copy,
    Element,
    Fields,
    Item,
    Mark,
    Style,
    Table,
    Text,
    Tone,
)
from bot.ports.retention import Purged
from bot.services.judgement import Judgement
from bot.services.letters import awaited
from bot.services.oncall import Duty
from bot.services.order_points import open_points, order_findings, order_points, worst_first
from bot.wording.localizer import Localizer
from bot.wording.remedies import finding_texts, order_names, tracking_lines

LINES_SHOWN, SHIFTS_SHOWN, SUMS_SHOWN = 5, 6, 20
_TONES = {Kind.STAGE: Tone.RED, Kind.UNCLAIMED: Tone.RED, Kind.READY: Tone.YELLOW}


def reminder_card(say: Localizer, judged: Judgement, step: Step, ring: timedelta = timedelta(0)) -> Card:
    """What is missing, the time left, and a mention of whom it concerns. While at most `ring` is left of an open
    case, these people may be rung up."""
    case = judged.case
    elements: list[Element] = [Text(say(f"reminders.to_{step.level.value}"), mentions=step.people)]
    if step.kind is Kind.LETTER:
        elements += [say.countdown(case), *_letter(say, judged)]
    elif case.status is CaseStatus.OPEN:
        elements += [say.countdown(case), *_open(say, judged, step)]
    else:
        elements.append(_waiting(say, case))
    elements.append(_buttons(say, judged, step))
    tone = _TONES.get(step.kind, Tone.ORANGE)
    return Card(
        _title(say, judged, step), tuple(elements), tone, "", say.language, urgent=_urgent(say, case, step, ring)
    )


def _urgent(say: Localizer, case: Case, step: Step, ring: timedelta) -> bool:
    return step.kind is Kind.STAGE and case.status is CaseStatus.OPEN and time_left(case.deadline, say.now) <= ring


def _title(say: Localizer, judged: Judgement, step: Step) -> str:
    ready = step.kind is Kind.STAGE and judged.ready
    key = Kind.READY if ready else step.kind
    shop, points, left = judged.context.shop, open_points(judged), say.left(judged.case)
    return say(f"reminders.title_{key.value}", case=judged.case, shop=shop, points=points, left=left)


def _letter(say: Localizer, judged: Judgement) -> list[Element]:
    """The parcels for which a carrier was asked and has not answered, with their numbers to ask again."""
    orders = [order.order_id for order in awaited(judged)]
    lines = tracking_lines(say, judged, orders)
    asked = Text(say("reminders.letter", orders=order_names(say, judged, orders)))
    return [asked, *([Copy(say("work.numbers", count=len(lines)), lines)] if lines else [])]


def _open(say: Localizer, judged: Judgement, step: Step) -> list[Element]:
    if step.kind is Kind.STALE:
        lines = [item for item in judged.review.findings if item.rule == "freshness"]
        texts = [finding_texts(say, item) for item in lines[:LINES_SHOWN]]
        return [Checklist(tuple(Item(Mark.WARNING, *text) for text in texts))]
    if judged.ready:
        return [Text(say("reminders.submit_now"))]
    orders = [order for order in worst_first(judged) if order_points(judged, order)]
    items = [_order_item(say, judged, order) for order in orders[:LINES_SHOWN]]
    general = [item for item in judged.review.findings if not item.order_id and item.severity.stops_submission]
    items += [Item(Mark.MISSING, *finding_texts(say, item)) for item in general]
    more = len(orders) - LINES_SHOWN
    return [
        Checklist(tuple(items)),
        *([Text(say("reminders.more_orders", count=more), Style.MUTED)] if more > 0 else []),
    ]


def _order_item(say: Localizer, judged: Judgement, order: CaseOrder) -> Item:
    """One order and all that stops it, in one line."""
    own = judged.review.for_order(order.order_id)
    missing = [item.requirement for item in own.missing if not item.sent]
    found = [item for item in order_findings(judged, order.order_id) if item.severity.stops_submission]
    words = [say(f"words.requirement.{need}") for need in missing] + [finding_texts(say, item)[0] for item in found]
    return Item(Mark.MISSING, order.order_id, " · ".join(text.rstrip("。.") for text in words))


def _waiting(say: Localizer, case: Case) -> Element:
    waiting = (AppealStatus.SUBMITTED, AppealStatus.RECEIVED)
    orders = [order for order in case.appealed if order.appeal in waiting]
    return Text(say("reminders.look_for_result", orders=orders))


def _buttons(say: Localizer, judged: Judgement, step: Step) -> Actions:
    case = {"case": judged.case.id}
    buttons = [
        Button(say("reminders.button_snooze"), "snooze", case | {"for": "1h"}),
        Button(say("reminders.button_open"), "case", case),
    ]
    free = judged.case.status is CaseStatus.OPEN and not judged.case.owner
    if step.kind is Kind.STAGE:
        style = "" if free else "primary"
        buttons.insert(0, Button(say("reminders.button_ack"), "ack", case | {"stage": step.stage}, style))
    if free:
        buttons.insert(0, Button(say("alerts.button_claim"), "claim", case, "primary"))
    return Actions(tuple(buttons))


def instant(say: Localizer, at: datetime) -> str:
    """An instant in the team's zone and in UTC."""
    return say("reminders.instant", at=at, zone=say.phrases.zone)


def oncall_card(say: Localizer, duties: Sequence[Duty], shops: Sequence[Shop]) -> Card:
    """Who is on call now and who comes next, for the team and for shops with a rota of their own."""
    names = {shop.id: f"{shop.site} {shop.name}" for shop in shops} | {"": say("reminders.team")}
    columns = tuple(say(f"reminders.column_{name}") for name in ("who", "from", "until"))
    elements: list[Element] = []
    for duty in duties:
        elements.append(Text(names.get(duty.shop, duty.shop), Style.HEADING))
        elements.append(Table(columns, tuple(_row(say, shift) for shift in duty.shifts[:SHIFTS_SHOWN])))
    now = next((duty.shifts[0].person for duty in duties if duty.shifts), "")
    title = say("reminders.oncall_now", person=now) if now else say("reminders.oncall_nobody")
    elements.append(Text(say("reminders.oncall_hint"), Style.MUTED))
    return Card(title, tuple(elements), Tone.GREEN if now else Tone.YELLOW, "", say.language)


def _row(say: Localizer, shift: Shift) -> tuple[str, ...]:
    return shift.person or say("reminders.gap"), instant(say, shift.starts), instant(say, shift.ends)


def changed_card(say: Localizer, shifts: Sequence[Shift]) -> Card:
    """Who takes over the on-call duty, from when until when."""
    pairs = tuple((shift.person, f"{instant(say, shift.starts)} – {instant(say, shift.ends)}") for shift in shifts)
    words = Text(say("reminders.oncall_told"), mentions=tuple(shift.person for shift in shifts))
    return Card(say("reminders.oncall_changed"), (Fields(pairs), words), Tone.GREEN, "", say.language)


def purge_card(say: Localizer, case: Case, purged: Purged) -> Card:
    """What was deleted of a finished case, with the SHA-256 of every file."""
    shown = purged.sha256[:SUMS_SHOWN]
    more = len(purged.sha256) - len(shown)
    elements: list[Element] = [Text(say("reminders.purged", case=case, purged=purged, policy=say.policy))]
    if shown:
        elements.append(Text("\n".join(shown), Style.MUTED))
    if more:
        elements.append(Text(say("reminders.purged_more", case=case, count=more), Style.MUTED))
    return Card(say("reminders.title_purged", case=case), tuple(elements), Tone.GREY, "", say.language)
