"""Cards for adding and changing shops: the form, what was done, and the list of shops with where they come from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.domain.orders import Shop
from bot.messaging.card import Actions, Button, Card, Element, Fields, Form, Input, Option, Style, Table, Text, Tone
from bot.wording.localizer import Localizer

ROWS = 50


def shop_form(say: Localizer, sites: Sequence[str], filled: Mapping[str, str], shop: Shop | None) -> Card:
    """Asks for a shop, filled in with what is known of it; `shop` is the one that is changed, None for a new one."""
    known = dict(filled)
    if shop:
        opened = shop.opened_on.isoformat() if shop.opened_on else ""
        known = {"name": shop.name, "site": shop.site, "timezone": shop.timezone, "opened_on": opened}
        known["tiktok"] = shop.tiktok
    options = tuple(Option(site, site) for site in sites)
    inputs: tuple[Input, ...] = (
        Input("name", say("shops.name"), value=known.get("name", ""), required=True, max_length=80),
        Input("site", say("shops.site"), "select", known.get("site", "") or sites[0], options, True),
        Input("opened_on", say("shops.opened_on"), "date", known.get("opened_on", ""), hint=say("shops.opened_hint")),
        Input("timezone", say("shops.timezone"), value=known.get("timezone", ""), hint=say("shops.timezone_hint")),
        Input("tiktok", say("shops.tiktok"), value=known.get("tiktok", ""), hint=say("shops.tiktok_hint")),
    )
    if shop is None:
        own = Input("id", say("shops.id"), value=known.get("id", ""), required=True, hint=say("shops.id_hint"))
        inputs = (own, *inputs)
    title = say("shops.change_title", shop=shop) if shop else say("shops.add_title")
    action, payload = ("change_shop", {"shop": shop.id}) if shop else ("add_shop", {})
    form = Form(title, action, inputs, say("shops.save"), payload)
    return Card(title, (Text(say("shops.what")), form), Tone.BLUE, "", say.language)


def saved_card(say: Localizer, shop: Shop, done: str, channel: str = "") -> Card:
    """Says what was done with a shop ("added", "changed", "paused" or "resumed"), and what comes next."""
    opened = shop.opened_on.isoformat() if shop.opened_on else "–"
    pairs = (
        (say("shops.id"), shop.id),
        (say("shops.site"), shop.site),
        (say("shops.timezone"), shop.timezone),
        (say("shops.opened_on"), opened),
        (say("shops.tiktok"), shop.tiktok or "–"),
    )
    elements: list[Element] = [Fields(pairs)]
    if done == "added":
        elements.append(Text(say("shops.next", channel=channel), Style.MUTED))
    elements.append(Actions(_buttons(say, shop)))
    return Card(say(f"shops.done_{done}", shop=shop), tuple(elements), Tone.GREEN, "", say.language)


def _buttons(say: Localizer, shop: Shop) -> tuple[Button, ...]:
    other = "pause_shop" if shop.active else "resume_shop"
    change = Button(say("shops.button_change"), "change_shop", {"shop": shop.id})
    return (change, Button(say(f"shops.button_{other}"), other, {"shop": shop.id}))


def register_card(say: Localizer, shops: Sequence[Shop], listed: Collection[str], may_change: bool) -> Card:
    """All shops that somebody sees with where they come from; `may_change` gives the buttons to add a shop and to
    change those that people added."""
    ours = (say("shops.id"), say("shops.name"), say("shops.site"))
    columns = (*ours, say("shops.timezone"), say("shops.channels"), say("shops.origin"))
    rows = tuple(_row(say, shop, listed) for shop in shops[:ROWS])
    own = [shop for shop in shops[:ROWS] if shop.id not in listed]
    buttons = [Button(say("shops.button_add"), "add_shop", {}, "primary")]
    buttons += [Button(say("shops.button_edit", shop=shop), "change_shop", {"shop": shop.id}) for shop in own]
    elements: list[Element] = [Table(columns, rows)] if rows else []
    if may_change:
        elements.append(Actions(tuple(buttons)))
    return Card(say("shops.list_title"), tuple(elements), Tone.GREY, "", say.language)


def register_page(say: Localizer, shops: Sequence[Shop], listed: Collection[str], may_change: bool) -> list[Card]:
    """The cards of the console's page of shops: the list, and with `may_change` the forms that add a shop and change
    those that people added."""
    cards, sites = [register_card(say, shops, listed, False)], list(say.policy.sites)
    if may_change:
        cards.append(shop_form(say, sites, {}, None))
        own = [shop for shop in shops[:ROWS] if shop.id not in listed]
        cards += [_with_buttons(shop_form(say, sites, {}, shop), _buttons(say, shop)[1:]) for shop in own]
    return cards


def _with_buttons(card: Card, buttons: tuple[Button, ...]) -> Card:
    return replace(card, elements=(*card.elements, Actions(buttons)))


def _row(say: Localizer, shop: Shop, listed: Collection[str]) -> tuple[str, ...]:
    origin = say("shops.from_settings" if shop.id in listed else "shops.from_people")
    state = "" if shop.active else say("shops.is_paused")
    return (shop.id, f"{shop.name}{state}", shop.site, shop.timezone, ", ".join(shop.channels) or "–", origin)
