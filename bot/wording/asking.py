"""Questions that ask back which case or order is meant; each button carries the whole command."""

from collections.abc import Mapping, Sequence

from bot.domain.case import Case, CaseOrder
from bot.domain.evidence import Evidence
from bot.messaging.card import Actions, Button, Card, Tone
from bot.wording.localizer import Localizer


def exactly(order: str) -> dict[str, str]:
    """The payload of a button that runs a command as it stands: whoever presses the button has confirmed it."""
    return {"text": order.strip(), "sure": "yes"}


def which_case(say: Localizer, cases: Sequence[Case], shops: Mapping[str, str], command: str, rest: str) -> Card:
    """Asks which case is meant; each button names the case's shop and repeats what was typed with the case added.
    `shops` are the names of shops by id."""
    buttons = tuple(
        Button(
            " · ".join(filter(None, [case.id, shops.get(case.shop, ""), say.left(case)])),
            "say",
            exactly(f"{command} {case.id} {rest}"),
        )
        for case in cases[:10]
    )
    return Card(say("replies.which_case"), (Actions(buttons),), Tone.BLUE, "", say.language)


def which_case_for(say: Localizer, cases: Sequence[Case], items: Sequence[Evidence]) -> Card:
    """Asks to which case evidence belongs; the evidence is stored meanwhile."""
    ids = ",".join(item.id for item in items)
    files = ", ".join(item.file_name for item in items[:5])
    buttons = tuple(Button(case.id, "file", {"evidence": ids, "case": case.id}) for case in cases[:10])
    key = "replies.which_case_for" if cases else "replies.no_case_for"
    return Card(
        say(key, files=files, count=len(items)), (Actions(buttons),) if cases else (), Tone.YELLOW, "", say.language
    )


def which_order(say: Localizer, case: Case, orders: Sequence[CaseOrder], command: str, rest: str) -> Card:
    """Asks which order of the case is meant."""
    buttons = tuple(
        Button(
            f"{order.order_id} · {say.defects(order)}",
            "say",
            exactly(f"{command} {case.id} {order.order_id} {rest}"),
        )
        for order in orders[:10]
    )
    return Card(say("replies.which_order", case=case), (Actions(buttons),), Tone.BLUE, "", say.language)
