"""How new the data of shops are, in words, and the cards about data that should have come (domain.md §1a)."""

from collections.abc import Sequence
from datetime import date

from bot.domain.freshness import Pause, ShopData
from bot.domain.orders import Shop
from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Checklist,
    Element,
    Form,
    Input,
    Item,
    Link,
    Mark,
    Option,
    Style,
    Text,
    Tone,
)
from bot.wording.localizer import Localizer

SHOPS_SHOWN = 20
IMPORTS_PAGE = "/imports"
"""The console's page for files."""
ALL = "all"
"""The choice of all shops in the form of a pause."""
CONNECT = "connect shop"
"""The words of the command that connects a shop to an API; those of every language are understood."""


def fed(say: Localizer, data: ShopData) -> str:
    """Until when the shop's orders are known, how they came, and by whom."""
    if data.delivery is None:
        return say("freshness.nothing")
    if data.orders_until is None:
        return say("freshness.no_orders")
    until = f"{data.orders_until:%m-%d %H:%M} UTC"
    how = data.delivery
    more = {"file": how.file, "by": how.by} if how.way.value == "file" else {}
    return say(f"freshness.data_{how.way.value}", until=until, **more)


def lacks(say: Localizer, data: ShopData) -> str:
    """The days that are overdue with the sources that are missing, and the pause if there is one; "" for a shop of
    which nothing is overdue."""
    if not data.stale:
        return ""
    missing = [say(f"words.source.{source}") for source in data.lacking]
    words = say("freshness.overdue", first=data.overdue[0], count=len(data.overdue), missing=missing)
    return _joined(say, words, _paused(say, data.pause)) if data.pause else words


def _paused(say: Localizer, pause: Pause) -> str:
    return say("freshness.paused", until=pause.until, by=pause.by)


def summary(say: Localizer, data: ShopData) -> str:
    """One line about a shop: what is overdue, and how far its data reach."""
    return say("freshness.line", shop=data.shop, words=feed_words(say, data))


def feed_words(say: Localizer, data: ShopData) -> str:
    """What is overdue of a shop's data, and how far they reach."""
    return _joined(say, lacks(say, data), fed(say, data))


def _joined(say: Localizer, *parts: str) -> str:
    return say("freshness.joined", parts=[part for part in parts if part])


def data_lines(say: Localizer, found: Sequence[ShopData], most: int) -> list[Element]:
    """A line for each shop, those of which data are overdue first; at most so many."""
    ordered = sorted(found, key=lambda each: (not each.alarming, not each.stale, each.shop.id))
    styles = {True: Style.WARNING, False: Style.NORMAL}
    lines: list[Element] = [Text(summary(say, each), styles[each.alarming]) for each in ordered[:most]]
    if more := len(ordered) - most:
        lines += [Text(say("freshness.more", count=more), Style.MUTED)] * (more > 0)
    return lines


def stale_card(say: Localizer, found: Sequence[ShopData]) -> Card:
    """The message of a channel about shops whose data should have come. It is shown until all of them have come, or
    telling of them is paused."""
    alarming = [each for each in found if each.alarming]
    ordered = sorted(found, key=lambda each: (not each.alarming, each.shop.id))
    items = tuple(_item(say, each) for each in ordered[:SHOPS_SHOWN])
    elements: list[Element] = [Text(say("freshness.why" if alarming else "freshness.all_here")), Checklist(items)]
    if more := len(ordered) - SHOPS_SHOWN:
        elements += [Text(say("freshness.more", count=more), Style.MUTED)] * (more > 0)
    if alarming:
        elements.append(_buttons(say, alarming))
    paused = any(each.stale for each in found)
    over = say("freshness.title_paused") if paused else say("freshness.title_over")
    title = say("freshness.title", count=len(alarming)) if alarming else over
    tone = Tone.ORANGE if alarming else Tone.GREY if paused else Tone.GREEN
    return Card(title, tuple(elements), tone, "", say.language)


def _item(say: Localizer, data: ShopData) -> Item:
    mark = Mark.MISSING if data.alarming else Mark.INFO if data.stale else Mark.DONE
    words = lacks(say, data) or say("freshness.here")
    return Item(mark, say("freshness.line", shop=data.shop, words=words), fed(say, data))


def _buttons(say: Localizer, alarming: Sequence[ShopData]) -> Actions:
    shops = {"shops": ",".join(each.shop.id for each in alarming[:SHOPS_SHOWN])}
    connect = {"text": CONNECT}
    return Actions(
        (
            Button(say("freshness.button_upload"), "upload_export", shops, "primary"),
            Button(say("freshness.button_connect"), "say", connect),
            Button(say("freshness.button_pause"), "pause_data", shops),
        )
    )


def upload_card(say: Localizer, found: Sequence[ShopData], at_console: bool) -> Card:
    """Says which exports are missing, from which day on, and where to drop them: in this channel, at the console on
    its page of imports too."""
    lines: list[Element] = [Text(_missing(say, each), Style.WARNING) for each in found if each.stale]
    lines.append(Text(say("freshness.upload_how")))
    if at_console:
        lines.append(Link(say("freshness.upload_page"), IMPORTS_PAGE))
    return Card(say("freshness.upload_title"), tuple(lines), Tone.BLUE, "", say.language)


def _missing(say: Localizer, data: ShopData) -> str:
    missing = [say(f"words.source.{source}") for source in data.lacking]
    return say("freshness.upload_missing", shop=data.shop, missing=missing, first=data.overdue[0])


def pause_form(say: Localizer, shops: Sequence[Shop]) -> Card:
    """Asks until which day telling of missing data is paused, and for which of the shops."""
    options = [Option(shop.id, f"{shop.site} {shop.name}") for shop in shops]
    if len(options) > 1:
        options.insert(0, Option(ALL, say("freshness.pause_all")))
    inputs = (
        Input("shop", say("freshness.pause_shop"), "select", options[0].value, tuple(options), True),
        Input("until", say("freshness.pause_until"), "date", required=True, hint=say("freshness.pause_hint")),
    )
    payload = {"shops": ",".join(shop.id for shop in shops)}
    form = Form(say("freshness.pause_title"), "pause_data", inputs, say("freshness.pause_save"), payload)
    return Card(say("freshness.pause_title"), (Text(say("freshness.pause_what")), form), Tone.BLUE, "", say.language)


def paused_card(say: Localizer, shops: Sequence[Shop], until: date, by: str) -> Card:
    """Says for which shops missing data are not told until when, with the button that ends it for one of them."""
    names = ", ".join(f"{shop.site} {shop.name}" for shop in shops)
    buttons = tuple(
        Button(say("freshness.button_resume"), "resume_data", {"shop": shop.id})
        for shop in shops[:1]
        if len(shops) == 1
    )
    title = say("freshness.pause_done", shops=names, until=until, by=by)
    return Card(title, (Actions(buttons),) if buttons else (), Tone.GREY, "", say.language)
