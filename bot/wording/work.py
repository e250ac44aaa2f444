"""The work card of a case's thread: what has just come, which order needs what, and what to do now."""

from collections.abc import Mapping, Sequence

from bot.domain.addresses import WORK, Slot
from bot.domain.case import Case, CaseOrder, CaseStatus
from bot.domain.evidence import Evidence
from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Element,
    Matrix,
    MatrixColumn,
    MatrixRow,
    Style,
    Text,
    Tone,
)
from bot.services.judgement import Judgement
from bot.services.letters import needs_certificate
from bot.services.matrix import beside, columns, marks
from bot.services.order_points import worst_first
from bot.wording.alerts import state_lines, tone
from bot.wording.evidence import doubts
from bot.wording.facts_form import forms
from bot.wording.localizer import Localizer
from bot.wording.received import questions, received
from bot.wording.remedies import finding_texts, remedies, remedy_elements, short_name
from bot.wording.submission import submit_buttons, waiting

ORDERS_AT_ONCE, REMEDIES_AT_ONCE = 6, 3
"""What of a case fits on one screen of a phone, with what came and the buttons."""
ORDERS_A_PAGE, REMEDIES_A_PAGE = 20, 8


def matrix(say: Localizer, judged: Judgement, orders: Sequence[CaseOrder]) -> Matrix:
    """Those orders by what each of them needs."""
    heads = tuple(
        MatrixColumn(say(f"work.sign.{name}"), say(f"work.head.{name}"), say(f"work.column.{name}"))
        for name in columns(judged)
    )
    rows = tuple(MatrixRow(_row_label(say, judged, order), marks(judged, order)) for order in orders)
    return Matrix(say("work.corner"), heads, rows)


def _row_label(say: Localizer, judged: Judgement, order: CaseOrder) -> str:
    name = short_name(judged, order.order_id)
    return say("work.stopped", name=name) if beside(judged, order) else name


def _tag_buttons(say: Localizer, case: Case, untagged: Sequence[CaseOrder]) -> list[Button]:
    """Buttons that set the scenario: of all orders without one together, and one by one."""
    if not untagged:
        return []
    one = {"case": case.id, "order": untagged[0].order_id}
    if len(untagged) == 1:
        return [Button(say("work.button_tag", order=untagged[0]), "tag", one, "primary")]
    every = {"case": case.id, "orders": ",".join(order.order_id for order in untagged)}
    return [
        Button(say("work.button_tag_all", count=len(untagged)), "tag", every, "primary"),
        Button(say("work.button_tag_each"), "tag", one),
    ]


def _next_steps(say: Localizer, judged: Judgement, more: bool) -> list[Element]:
    case = judged.case
    untagged = [order for order in case.appealed if not order.scenario]
    buttons = _tag_buttons(say, case, untagged)
    if more:
        buttons.append(Button(say("work.button_all"), "missing", {"case": case.id, "from": "0"}))
    fills = {"case": case.id, "from": "0"}
    buttons.append(Button(say("work.button_form"), "fill_in", fills, "primary" if judged.ready else ""))
    buttons.append(Button(say("work.button_draft"), "draft", {"case": case.id}))
    if judged.ready:
        buttons += submit_buttons(say, case)
    if unasked := [order for order in needs_certificate(judged) if not order.certificate_asked_at]:
        buttons.append(Button(say("work.button_letter", count=len(unasked)), "letter", {"case": case.id}))
    buttons.append(Button(say("work.button_export"), "export", {"case": case.id}))
    return [Actions(tuple(buttons))]


def _awaited(say: Localizer, case: Case) -> list[Element]:
    """The button that records the platform's answer, while some order has none."""
    if not (orders := waiting(case)):
        return []
    about = {"case": case.id, "orders": ",".join(order.order_id for order in orders)}
    return [Actions((Button(say("work.button_result", count=len(orders)), "result", about, "primary"),))]


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
    """What is still missing, after what has just been received. A case in which nothing is left to submit asks for
    nothing (domain.md §8): it says that what was received is kept but counts for nothing any more."""
    case, points, fresh = judged.case, judged.points, judged.arrived
    key = "ready" if judged.ready else "missing" if case.to_do else "over"
    title = say(f"work.title_{key}", case=case, points=points, left=say.left(case), status=say.status(case))
    asked, more = _asked(say, judged, fresh) if case.to_do else (_kept(say, case, fresh), False)
    steps = _next_steps(say, judged, more) if case.status is CaseStatus.OPEN else _awaited(say, case)
    # While it is open the title says how much time is left, and the case's alert when it ends.
    state = [] if case.status is CaseStatus.OPEN else state_lines(say, judged.context.shop, case)
    elements = (*asked, *state, *steps)
    return Card(title, elements, tone(say, case, judged.ready), str(Slot(case.id, WORK)), say.language)


def _kept(say: Localizer, case: Case, fresh: Sequence[Evidence]) -> list[Element]:
    if not fresh:
        return []
    files = ", ".join(f"{item.id} {item.file_name}" for item in fresh[:5])
    return [Text(say("work.kept", case=case, files=files, count=len(fresh), status=say.status(case)), Style.WARNING)]


def _asked(say: Localizer, judged: Judgement, fresh: Sequence[Evidence]) -> tuple[list[Element], bool]:
    """What was received, what is asked until it is answered, which order needs what, and what to do now; and
    whether there is more of it than is shown."""
    orders = worst_first(judged)
    found = remedies(say, judged, orders)
    elements = [*received(say, judged, fresh), *questions(say, judged, judged.context.evidence)]
    elements += doubts(say, judged, fresh or judged.context.evidence)
    elements += forms(say, judged, fresh or judged.context.evidence)
    elements.append(matrix(say, judged, orders[:ORDERS_AT_ONCE]))
    if found:
        elements.append(Text(say("work.to_do"), Style.HEADING))
        elements += remedy_elements(say, judged, found[:REMEDIES_AT_ONCE])
    others, rest = len(orders) - ORDERS_AT_ONCE, len(found) - REMEDIES_AT_ONCE
    if more := others > 0 or rest > 0:
        elements.append(Text(say("work.more", orders=max(others, 0), remedies=max(rest, 0)), Style.MUTED))
    return elements, more


def whole_card(say: Localizer, judged: Judgement, page: int) -> Card:
    """Everything that is still missing, in pages: `page` counts from 0; one that does not exist is the last."""
    case, orders = judged.case, worst_first(judged)
    found = remedies(say, judged, orders)
    pages = max(-(-len(orders) // ORDERS_A_PAGE), -(-len(found) // REMEDIES_A_PAGE), 1)
    page = min(page, pages - 1)
    listed = orders[page * ORDERS_A_PAGE :][:ORDERS_A_PAGE]
    shown = found[page * REMEDIES_A_PAGE :][:REMEDIES_A_PAGE]
    elements: list[Element] = [matrix(say, judged, listed)] if listed else []
    elements += [Text(say("work.to_do"), Style.HEADING)] if shown else []
    elements += remedy_elements(say, judged, shown)
    title = say("work.title_whole", case=case, points=judged.points, page=page + 1, pages=pages)
    turns = page_buttons(say, "missing", {"case": case.id}, page, pages)
    return Card(title, (*elements, *turns), Tone.GREY, "", say.language)


def page_buttons(say: Localizer, action: str, payload: dict[str, str], page: int, pages: int) -> list[Element]:
    """Buttons to the pages before and after this one; pages count from 0 and travel as `from`."""
    steps = ((page - 1, "work.button_before"), (page + 1, "work.button_after"))
    turns = [
        Button(say(key), action, {**payload, "from": str(number)}) for number, key in steps if 0 <= number < pages
    ]
    return [Actions(tuple(turns))] if turns else []


def page_of(payload: Mapping[str, str]) -> int:
    """The page that a button asks for, counted from 0; 0 for anything that is no number."""
    text = payload.get("from", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
