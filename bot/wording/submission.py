"""What people copy into Seller Center's form, order by order, and what they record about it afterwards."""

from collections.abc import Sequence

from bot.domain.addresses import FORM, Slot
from bot.domain.case import AppealStatus, Case, CaseOrder
from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Copy,
    CopyLine,
    Element,
    Fields,
    Form,
    Input,
    Option,
    Style,
    Text,
    Tone,
)
from bot.services.judgement import Judgement
from bot.services.order_points import order_points
from bot.wording.localizer import Localizer
from bot.wording.tagging import which_orders

OUTCOMES = (AppealStatus.RECEIVED, AppealStatus.EXCLUDED, AppealStatus.REJECTED)


def form_fields(say: Localizer, judged: Judgement, order: CaseOrder) -> list[Element]:
    """The fields of the platform's form for one order, in its sequence (domain.md §6); what is typed can be copied
    field by field."""
    defects = " + ".join(say(f"words.form_defect.{kind.value}") for kind in order.defect_types)
    text = judged.drafts[order.order_id].text if order.order_id in judged.drafts else ""
    filed, good = judged.context.filed_to(order), judged.review.accepted
    links = [item.link for item in filed if item.link and order.order_id in good.get(item.id, ())]
    elements: list[Element] = [Fields(((say("words.form.defect_type"), defects),))]
    typed = ((say("words.form.root_cause"), order.root_cause), (say("words.form.explanation"), text))
    elements += [Copy(label, (CopyLine(words),)) for label, words in typed if words]
    if links:
        elements.append(Copy(say("replies.form_links"), tuple(CopyLine(link, link) for link in links)))
    return elements


def form_card(say: Localizer, judged: Judgement, number: int) -> Card:
    """The form of one order that is still to be submitted, with buttons to the next one; `number` counts from 0, one
    that does not exist is the last."""
    orders = judged.case.to_do or judged.case.appealed
    number = min(number, len(orders) - 1)
    order, points = orders[number], order_points(judged, orders[number])
    about = {"case": judged.case, "order": order, "number": number + 1, "count": len(orders)}
    elements: list[Element] = [Copy(say("replies.form_order"), (CopyLine(order.order_id),))]
    if points:
        elements.append(Text(say("replies.form_points", points=points), Style.WARNING))
    elements += [*form_fields(say, judged, order), Text(say("replies.form_path"), Style.MUTED)]
    elements.append(Actions(tuple(_form_buttons(say, judged, order, number, len(orders)))))
    slot = str(Slot(judged.case.id, FORM))
    tone = Tone.YELLOW if points else Tone.GREEN
    return Card(say("replies.form_title", **about), tuple(elements), tone, slot, say.language)


def _form_buttons(say: Localizer, judged: Judgement, order: CaseOrder, number: int, count: int) -> list[Button]:
    case = judged.case
    steps = ((number + 1, "replies.form_next", "primary"), (number - 1, "replies.form_before", ""))
    buttons = [
        Button(say(key), "fill_in", {"case": case.id, "from": str(to)}, style)
        for to, key, style in steps
        if 0 <= to < count
    ]
    if case.to_do:
        one = {"case": case.id, "orders": order.order_id}
        buttons.append(Button(say("replies.form_submitted"), "submit", one))
        buttons += submit_buttons(say, case, "" if number + 1 < count else "primary") if count > 1 else []
    return buttons


def submit_buttons(say: Localizer, case: Case, style: str = "primary") -> list[Button]:
    """Buttons that record a submission: of all orders that are left, in that style, and of some of them."""
    carry = {"case": case.id, "v": str(case.version)}
    confirm = say("work.submit_confirm")
    every = say("work.button_submit", count=len(case.to_do))
    buttons = [Button(every, "submit", {**carry, "orders": _ids(case.to_do)}, style, confirm)]
    if len(case.to_do) > 1:
        buttons.append(Button(say("work.button_submit_some"), "submit", {"case": case.id, "some": "yes"}))
    return buttons


def _ids(orders: Sequence[CaseOrder]) -> str:
    return ",".join(order.order_id for order in orders)


def which_submitted(say: Localizer, case: Case) -> Card:
    """Asks which of the orders were submitted in Seller Center."""
    title = say("replies.submitted_which", case=case)
    form = Form(
        title,
        "submit",
        (which_orders(say, case.to_do),),
        say("replies.result_save"),
        {"case": case.id, "orders": _ids(case.to_do)},
    )
    return Card(title, (form,), Tone.BLUE, "", say.language)


def waiting(case: Case) -> list[CaseOrder]:
    """The orders that were submitted and have no final answer yet."""
    return [order for order in case.appealed if order.appeal in (AppealStatus.SUBMITTED, AppealStatus.RECEIVED)]


def result_form(say: Localizer, case: Case, orders: Sequence[CaseOrder], codes: Sequence[tuple[str, str]]) -> Card:
    """Asks what the platform answered for the orders. `codes` are the rejection codes that the play-book knows, each
    with the key of its meaning."""
    options = tuple(Option(item.value, say(f"words.appeal.{item.value}")) for item in OUTCOMES)
    known = tuple(Option(code, f"{code} · {say(f'replies.playbook.{meaning}')}") for code, meaning in codes)
    inputs = (
        *([which_orders(say, orders)] if len(orders) > 1 else []),
        Input("outcome", say("replies.result_outcome"), "select", "", options, True),
        Input("known_code", say("replies.result_code"), "select", "", known),
        Input("code", say("replies.result_other_code"), hint="ODR-07", max_length=40),
    )
    title = say("replies.result_title", order=orders[0], count=len(orders))
    form = Form(title, "result", inputs, say("replies.result_save"), {"case": case.id, "orders": _ids(orders)})
    return Card(title, (form,), Tone.BLUE, "", say.language)
