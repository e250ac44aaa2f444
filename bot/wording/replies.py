"""Answers to commands: lists, drafts, forms, refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.addresses import DRAFT, ChannelId, Slot
from bot.domain.case import AppealStatus, Case, CaseOrder, CaseStatus, TimelineEvent
from bot.domain.deadline import time_left
from bot.domain.orders import Shop
from bot.domain.text import form_length
from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Checklist,
    Element,
    Form,
    Input,
    Item,
    Mark,
    Style,
    Table,
    Text,
    Tone,
)
from bot.rules.registry import is_about_draft
from bot.services.judgement import Draft, Judgement
from bot.services.order_points import order_findings, order_points
from bot.wording.localizer import Localizer
from bot.wording.remedies import finding_item
from bot.wording.submission import form_fields
from bot.wording.work import page_buttons

ROWS_SHOWN = 30


def text_card(say: Localizer, key: str, tone: Tone = Tone.GREY, **params: object) -> Card:
    """A short answer of one text."""
    return Card(say(key, **params), (), tone, "", say.language)


def refusal(say: Localizer, key: str, **params: object) -> Card:
    """Why a request cannot be fulfilled, and what to do instead."""
    return Card(say(f"refusals.{key}", **params | _states(say, params)), (), Tone.YELLOW, "", say.language)


def refused_files(say: Localizer, refusals: Sequence[Card]) -> Card:
    """One answer for several refusals of files that came with one message."""
    listed = Checklist(tuple(Item(Mark.MISSING, card.title) for card in refusals))
    return Card(say("replies.refused_files", count=len(refusals)), (listed,), Tone.YELLOW, "", say.language)


def _states(say: Localizer, params: Mapping[str, object]) -> dict[str, object]:
    """Those of a refusal's parameters that are states or roles, in words for people."""
    groups = {"role": "role", "status": "status", "now": "status", "wanted": "status"}
    if {params.get("now"), params.get("wanted")} <= {each.value for each in AppealStatus}:
        groups |= {"now": "appeal", "wanted": "appeal"}
    named = {name: say(f"words.{groups[name]}.{value}") for name, value in params.items() if name in groups}
    raw = (params.get("now"), params.get("status"))
    return named | {"unsubmitted": raw[0] == AppealStatus.NONE.value, "dismissed": raw[1] == "dismissed"}


@dataclass(frozen=True)
class CaseLine:
    """A case in a list, with what a person needs to choose one."""

    case: Case
    shop: Shop
    points: int
    ready: bool


def cases_card(say: Localizer, lines: Sequence[CaseLine], total: int = 0, page: int = 0) -> Card:
    """Active cases, nearest deadline first; `total` counts all, of which this is the page that counts from 0."""
    if not lines:
        return text_card(say, "replies.no_cases")
    columns = tuple(say(f"replies.cases_{name}") for name in ("case", "shop", "left", "owner", "state", "missing"))
    rows = tuple(
        (
            line.case.id,
            f"{line.shop.site} {line.shop.name}",
            say.left(line.case),
            line.case.owner or say("alerts.nobody"),
            say.status(line.case, line.ready),
            str(line.points),
        )
        for line in lines[:ROWS_SHOWN]
    )
    first = lines[0].case
    buttons = Actions((Button(say("replies.open_case", case=first.id), "case", {"case": first.id}, "primary"),))
    count = max(total, len(lines))
    turns = page_buttons(say, "cases", {}, *paged(count, page))
    urgent = time_left(first.deadline, say.now).total_seconds() < 86_400
    tone = Tone.RED if urgent else Tone.ORANGE
    title = say("replies.cases_title", count=count)
    return Card(title, (Table(columns, rows), *turns, buttons), tone, "", say.language)


def paged(count: int, page: int, size: int = ROWS_SHOWN) -> tuple[int, int]:
    """The page to show, counted from 0, and how many there are; one that does not exist is the last."""
    pages = max(1, -(-count // size))
    return min(page, pages - 1), pages


def turning(say: Localizer, action: str, case_id: str, page: int, pages: int) -> list[Card]:
    """A card of its own with the buttons to the pages before and after, where several cards make a page."""
    if not (turns := page_buttons(say, action, {"case": case_id}, page, pages)):
        return []
    return [Card(say("replies.page", page=page + 1, pages=pages), tuple(turns), Tone.GREY, "", say.language)]


def orders_card(say: Localizer, judged: Judgement, page: int = 0) -> Card:
    """The defect orders of the case, as a table, in pages that count from 0."""
    columns = tuple(say(f"replies.orders_{name}") for name in ("order", "defects", "scenario", "state", "missing"))
    page, pages = paged(len(judged.case.orders), page)
    listed = judged.case.orders[page * ROWS_SHOWN :][:ROWS_SHOWN]
    rows = tuple(_order_row(say, judged, order) for order in listed)
    elements: list[Element] = [Table(columns, rows)]
    elements += page_buttons(say, "orders", {"case": judged.case.id}, page, pages)
    if judged.case.status is CaseStatus.OPEN:
        elements.append(Text(say("replies.orders_hint"), Style.MUTED))
    return Card(say("replies.orders_title", case=judged.case), tuple(elements), Tone.GREY, "", say.language)


def _order_row(say: Localizer, judged: Judgement, order: CaseOrder) -> tuple[str, ...]:
    state = say("replies.skipped") if order.skipped else say(f"words.appeal.{order.appeal.value}")
    shown = str(order_points(judged, order)) if order in judged.case.to_do else "–"
    return order.order_id, say.defects(order), say.scenario(order), state, shown


def draft_card(say: Localizer, judged: Judgement, order: CaseOrder, draft: Draft) -> Card:
    """What to paste into the form for one order, in the form's order, with the findings on the explanation."""
    limit = say.policy.form.explanation_max
    checks = [item for item in order_findings(judged, order.order_id) if is_about_draft(item.rule)]
    length = form_length(draft.text)
    elements = form_fields(say, judged, order)
    if not draft.text:
        elements.append(Text(say("replies.draft_empty")))
    if draft.gloss:
        elements.append(Text(draft.gloss, Style.MUTED))
    by = say("replies.draft_by", by=draft.by) if draft.by else say("replies.draft_generated")
    elements.append(Text(say("replies.draft_length", count=length, limit=limit, by=by), Style.MUTED))
    if checks:
        elements.append(Checklist(tuple(finding_item(say, finding) for finding in checks)))
    if judged.case.takes_work:
        elements.append(_edit_form(say, judged.case, order, draft))
    tone = Tone.YELLOW if any(item.severity.stops_submission for item in checks) else Tone.GREEN
    slot = str(Slot(judged.case.id, DRAFT, order.order_id))
    return Card(say("replies.draft_title", order=order), tuple(elements), tone, slot, say.language)


def _edit_form(say: Localizer, case: Case, order: CaseOrder, draft: Draft) -> Form:
    edit = Input("text", say("replies.draft_edit"), "area", draft.text, required=False, max_length=1000)
    payload = {"case": case.id, "order": order.order_id}
    return Form(say("replies.draft_edit_title", order=order), "edit", (edit,), say("replies.draft_save"), payload)


def timeline_card(
    say: Localizer,
    case: Case,
    events: Sequence[TimelineEvent],
    channels: Mapping[str, str] | None = None,
    page: int = 0,
) -> Card:
    """Who did what, when; the newest last. `channels` are the names of channels by id. Page 0 is the newest."""
    columns = tuple(say(f"replies.timeline_{name}") for name in ("when", "who", "what"))
    page, pages = paged(len(events), page)
    end = len(events) - page * ROWS_SHOWN
    shown = events[max(0, end - ROWS_SHOWN) : end]
    rows = tuple((say("replies.when", at=item.at), item.who, event_text(say, item, channels or {})) for item in shown)
    turns = page_buttons(say, "timeline", {"case": case.id}, page, pages)
    return Card(say("replies.timeline_title", case=case), (Table(columns, rows), *turns), Tone.GREY, "", say.language)


def act_words(say: Localizer, what: str, about: str) -> str:
    """What an act did, in a few words; `about` are the orders or evidence."""
    key = f"replies.act.{what}"
    return say(key if say.phrases.has(key, say.language) else "replies.act.other", about=about)


def event_text(say: Localizer, event: TimelineEvent, channels: Mapping[str, str]) -> str:
    """An event of the timeline in words for people."""
    return say(f"timeline.{event.what}", **event.params | _in_words(say, event, channels))


def _in_words(say: Localizer, event: TimelineEvent, channels: Mapping[str, str]) -> dict[str, str]:
    """Those of an event's parameters that are stored as ids, in words for people."""
    params = event.params
    match event.what:
        case "opened" | "updated" if params.get("triggers"):
            return {"triggers": say.triggers(params["triggers"].split(", "))}
        case "filed" if params.get("kind"):
            return {"kind": say.kind(params["kind"])}
        case "alerted" if params.get("channels"):
            return {"channels": ", ".join(channel_name(each, channels) for each in params["channels"].split(", "))}
        case "undone" if params.get("act"):
            key = f"replies.act.{params['act']}"
            return {
                "what": say(key if say.phrases.has(key, say.language) else "replies.act.other", about=params["order"])
            }
        case "result" if params.get("outcome"):
            return {"outcome": say(f"words.appeal.{params['outcome']}")}
    return {}


def channel_name(channel: str, names: Mapping[str, str]) -> str:
    """The name of a channel for people; its id while the name is unknown."""
    address = ChannelId.read(channel)
    known = names.get(channel) or (address.id if address.platform == "console" else "")
    return f"#{known}" if known else channel
