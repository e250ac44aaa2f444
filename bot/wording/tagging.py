"""Asks for the scenario of orders, of one or of several together, with what each scenario means (domain.md §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.case import Case, CaseOrder
from bot.messaging.card import Actions, Button, Card, Checklist, Element, Form, Input, Item, Mark, Option, Tone
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer
from bot.wording.remedies import order_names

BUTTONS = 3
"""Suggested scenarios that one press sets; all of them are in the form."""


@dataclass(frozen=True)
class Suggested:
    """A suggested scenario and its reason (text key `scenario.<reason>`)."""

    scenario: str
    reason: str
    params: dict[str, object]


def scenario_card(
    say: Localizer, judged: Judgement, orders: Sequence[CaseOrder], suggested: Mapping[str, Sequence[Suggested]]
) -> Card:
    """Asks for the scenario of these orders. `suggested` are scenarios by order id; those that fit most orders come
    first, each with the reason and with a button that sets it for all of them."""
    case, first = judged.case, orders[0]
    fitting: dict[str, list[str]] = {}
    for order_id, found in suggested.items():
        for item in found:
            fitting.setdefault(item.scenario, []).append(order_id)
    names = sorted(fitting, key=lambda name: -len(fitting[name]))
    reasons = {item.scenario: item for found in suggested.values() for item in found}
    items = [_reason(say, judged, reasons[name], fitting[name] if len(orders) > 1 else []) for name in names]
    title = say("replies.tag_title", order=first, count=len(orders), case=case)
    elements: list[Element] = [Checklist(tuple(items))] if items else []
    if buttons := [_button(say, case, orders, name) for name in names[:BUTTONS]]:
        elements.append(Actions((Button(buttons[0].label, "tag", buttons[0].payload, "primary"), *buttons[1:])))
    elements += [_form(say, case, orders, names), _meanings(say)]
    return Card(title, tuple(elements), Tone.BLUE, "", say.language)


def _reason(say: Localizer, judged: Judgement, item: Suggested, orders: Sequence[str]) -> Item:
    reason = say(f"scenario.{item.reason}", **item.params)
    named = [order_names(say, judged, orders)] if orders else []
    return Item(Mark.INFO, say(f"words.scenario.{item.scenario}"), " · ".join([*named, reason]))


def _button(say: Localizer, case: Case, orders: Sequence[CaseOrder], scenario: str) -> Button:
    chosen = ",".join(order.order_id for order in orders)
    label = say("replies.tag_button", scenario=say(f"words.scenario.{scenario}"), count=len(orders))
    return Button(label, "tag", {"case": case.id, "orders": chosen, "scenario": scenario})


def _form(say: Localizer, case: Case, orders: Sequence[CaseOrder], names: Sequence[str]) -> Form:
    others = [name for name in say.catalogue.scenarios if name not in names]
    options = tuple(Option(name, say(f"words.scenario.{name}")) for name in [*names, *others])
    causes = (
        Option("", say("replies.cause_default")),
        *(Option(cause, cause) for cause in say.catalogue.root_causes),
    )
    scope = (which_orders(say, orders),) if len(orders) > 1 else _scope(say, case, orders[0])
    inputs = (
        Input("scenario", say("replies.tag_scenario"), "select", names[0] if names else "", options, True),
        Input("root_cause", say("replies.tag_cause"), "select", "", causes),
        *scope,
    )
    payload = {"case": case.id, "orders": ",".join(order.order_id for order in orders)}
    return Form(say("replies.tag_choose", count=len(orders)), "tag", inputs, say("replies.tag_submit"), payload)


def which_orders(say: Localizer, orders: Sequence[CaseOrder]) -> Input:
    """Asks which of the orders are meant; all of them are chosen at first."""
    options = tuple(Option(order.order_id, f"{order.order_id} · {say.defects(order)}") for order in orders)
    every = ",".join(option.value for option in options)
    return Input("orders", say("replies.which_orders"), "many", every, options, True)


def _scope(say: Localizer, case: Case, order: CaseOrder) -> tuple[Input, ...]:
    """Asks whether the other orders without a scenario are to get the same one, if there are any."""
    others = [item for item in case.appealed if not item.scenario and item.order_id != order.order_id]
    if not others:
        return ()
    options = (
        Option("one", say("replies.tag_only", order=order)),
        Option("all", say("replies.tag_all", count=len(others))),
    )
    return (Input("scope", say("replies.tag_scope"), "select", "one", options),)


def _meanings(say: Localizer) -> Checklist:
    """What each scenario means and which evidence it asks for beside the three groups."""
    items = [
        Item(Mark.INFO, say(f"words.scenario.{name}"), say(f"scenario.means.{name}"))
        for name in say.catalogue.scenarios
    ]
    return Checklist(tuple(items), say("scenario.meanings"))


def chosen_orders(order_ids: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The orders that a form chooses among those that it offered; all of them where it does not ask."""
    if "orders" not in values:
        return list(order_ids)
    wanted = set(values["orders"].split(","))
    return [order_id for order_id in order_ids if order_id in wanted]
