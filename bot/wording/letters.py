"""The request to a carrier for a stamped delay certificate, in Chinese and English, to copy or as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.case import CaseOrder
from bot.domain.draft import facts_for
from bot.messaging.card import Actions, Attachment, Button, Card, Copy, CopyLine, Element, Style, Text, Tone
from bot.ports.vault import Stored
from bot.rules import accepted
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer
from bot.wording.phrases import local_time
from bot.wording.remedies import order_names

LANGUAGES = ("zh", "en")
IN_HAND = timedelta(hours=12)
"""The certificate is asked for so long before the appeal window closes, so that it can still be filed."""
CARRIERS_SHOWN = 4


@dataclass(frozen=True)
class Letter:
    """The request to one carrier ("" when none is known) for its orders; `texts` by language."""

    carrier: str
    orders: tuple[str, ...]
    texts: dict[str, str]


def letters(say: Localizer, judged: Judgement, orders: Iterable[CaseOrder]) -> list[Letter]:
    """One request for each carrier of the orders, in the order of the case."""
    by_carrier: dict[str, list[CaseOrder]] = {}
    for order in orders:
        record = judged.context.orders.get(order.order_id)
        by_carrier.setdefault(record.carrier if record else "", []).append(order)
    return [
        Letter(carrier, tuple(order.order_id for order in own), _texts(say, judged, carrier, own))
        for carrier, own in by_carrier.items()
    ]


def _texts(say: Localizer, judged: Judgement, carrier: str, orders: Sequence[CaseOrder]) -> dict[str, str]:
    shop, deadline = judged.context.shop, judged.case.deadline
    until = deadline - IN_HAND if deadline - IN_HAND > say.now else deadline
    about = {
        "carrier": carrier,
        "shop": shop,
        "parcels": [_parcel(judged, order) for order in orders],
        "until": f"{until:%Y-%m-%d %H:%M} UTC",
        "until_local": f"{local_time(until, say.phrases.zone)} {say.phrases.zone}",
    }
    return {language: say.phrases.say("letters.text", language, **about) for language in LANGUAGES}


def _parcel(judged: Judgement, order: CaseOrder) -> dict[str, str]:
    """What is known of a parcel: its number, and its dates as accepted evidence shows them."""
    facts = facts_for(accepted(judged.context, order), order).values
    record = judged.context.orders.get(order.order_id)
    number = facts.get("tracking", "") or (record.tracking_number if record else "")
    dates = {name: facts.get(name, "") for name in ("picked_up", "exception", "delivered")}
    return {**dates, "order": order.order_id, "number": number}


def letter_file(written: Sequence[Letter]) -> str:
    """All requests in one text, each in both languages."""
    rule = "\n\n" + "-" * 40 + "\n\n"
    return rule.join(letter.texts[language] for letter in written for language in LANGUAGES) + "\n"


def letter_card(say: Localizer, judged: Judgement, written: Sequence[Letter], file: Stored) -> Card:
    """The requests to copy, with a button for each that says it was sent."""
    case = judged.case
    elements: list[Element] = [Text(say("letters.how"), Style.MUTED)]
    for letter in written[:CARRIERS_SHOWN]:
        name = letter.carrier or say("letters.unknown_carrier")
        elements.append(Text(f"{name} · {order_names(say, judged, letter.orders)}", Style.HEADING))
        elements += [
            Copy(say(f"letters.copy_{language}"), (CopyLine(letter.texts[language]),)) for language in LANGUAGES
        ]
        payload = {"case": case.id, "orders": ",".join(letter.orders)}
        elements.append(
            Actions((Button(say("letters.button_sent", carrier=name), "letter_sent", payload, "primary"),))
        )
    if more := len(written) - CARRIERS_SHOWN:
        elements += [Text(say("letters.more", count=more), Style.MUTED)] if more > 0 else []
    elements.append(Attachment(f"{case.id}-carrier-letters.txt", "text/plain", file.sha256, file.size))
    orders = sum(len(letter.orders) for letter in written)
    return Card(say("letters.title", case=case, orders=orders), tuple(elements), Tone.BLUE, "", say.language)
