"""The cards about shops that an API feeds."""

from collections.abc import Sequence

from bot.domain.feeds import Grant, OpenDeadline
from bot.domain.orders import Shop
from bot.messaging.card import Actions, Button, Card, Element, Form, Input, Link, Table, Text, Tone
from bot.services.connections import FoundSite
from bot.wording.localizer import Localizer

SHOWN = 15


def due_soon_card(say: Localizer, shop: Shop, hours: int, deadlines: Sequence[OpenDeadline]) -> Card:
    """Which orders and returns have to be acted on within so many hours, the most urgent first."""
    counts = {each.kind: 0 for each in deadlines}
    for each in deadlines:
        counts[each.kind] += 1
    what = ", ".join(say(f"tiktok.due_{kind}", count=count) for kind, count in counts.items())
    elements: list[Element] = [Text(say("tiktok.due_what", what=what, shop=shop))]
    rows = [
        (say(f"tiktok.kind_{each.kind}"), each.order_id, say("tiktok.due_at", at=each.due_at, zone=say.phrases.zone))
        for each in deadlines[:SHOWN]
    ]
    heads = tuple(say(f"tiktok.column_{name}") for name in ("kind", "order", "until"))
    elements.append(Table(heads, tuple(rows)))
    if more := len(deadlines) - SHOWN:
        elements += [Text(say("tiktok.due_more", count=more))] if more > 0 else []
    tone = Tone.RED if hours <= 4 else Tone.YELLOW
    return Card(say("tiktok.due_title", shop=shop, hours=hours), tuple(elements), tone, "", say.language)


def deactivated_card(say: Localizer, shop: Shop) -> Card:
    """The alarm that the platform has deactivated the shop."""
    words = Text(say("tiktok.deactivated", shop=shop))
    return Card(say("tiktok.deactivated_title", shop=shop), (words,), Tone.RED, "", say.language)


def connect_card(say: Localizer, link: str) -> Card:
    """The link on which a seller authorises the app, and the form for the address to which they are sent back."""
    address = Input("address", say("tiktok.connect_address"), "area", hint="https://…?code=…", max_length=2_000)
    form = Form(say("tiktok.connect_form"), "connect_shop", (address,), say("tiktok.connect_save"))
    elements = (Text(say("tiktok.connect_how")), Link(say("tiktok.connect_link"), link), form)
    return Card(say("tiktok.connect_title"), elements, Tone.BLUE, "", say.language, secret=True)


def connected_card(say: Localizer, grant: Grant, found: Sequence[FoundSite]) -> Card:
    """Which shops an authorisation covers, and what is to be done with each."""
    lines = [say(f"tiktok.found_{_standing(item)}", item=item) for item in found]
    words = lines or [say("tiktok.found_none")]
    title = say("tiktok.connected_title", grant=grant)
    elements: list[Element] = [*map(Text, words)]
    if offers := tuple(_offer(say, item) for item in found if _standing(item) == "free"):
        elements.append(Actions(offers))
    return Card(title, tuple(elements), Tone.GREEN if found else Tone.YELLOW, "", say.language)


def _offer(say: Localizer, item: FoundSite) -> Button:
    """The button that adds a found shop, filled in with what is known of it."""
    known = {"id": item.suggested_id, "name": item.shop.name, "site": item.site, "timezone": item.timezone}
    return Button(say("tiktok.button_add", item=item), "add_shop", {**known, "tiktok": item.shop.id})


def _standing(item: FoundSite) -> str:
    """Whether a found shop is read, could be listed, or is of a site without an appeal."""
    return "bound" if item.bound else "free" if item.supported else "unsupported"
