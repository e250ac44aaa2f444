"""The card for a channel that the bot joins, and a person's home page."""

from collections.abc import Sequence

from bot.domain.audience import Audience
from bot.domain.freshness import ShopData
from bot.domain.orders import Shop
from bot.messaging.card import Actions, Button, Card, Element, Fields, Style, Table, Text, Tone
from bot.ports.records import Person
from bot.services.measuring import ShopCheck
from bot.services.oncall import Duty
from bot.wording.freshness import data_lines
from bot.wording.localizer import Localizer
from bot.wording.replies import CaseLine, cases_card
from bot.wording.shops import DAYS_SHOWN, days_lines

CASES_OFFERED, SHOPS_OFFERED = 5, 10


def joined_card(say: Localizer, shops: Sequence[Shop], channel: str, audience: Audience) -> Card:
    """What the bot is for and how this channel gets its shops, with a button for each shop that is not bound to it
    yet; first of all, who reads it when others than the team do."""
    bound = [shop for shop in shops if channel in shop.channels]
    free = [shop for shop in shops if channel not in shop.channels][:SHOPS_OFFERED]
    elements: list[Element] = [Text(say("channels.joined_what"))]
    if audience.wide:
        elements.insert(0, Text(say(f"channels.kept_{audience}"), Style.WARNING))
    if bound:
        elements.append(Text(say("channels.joined_bound", shops=bound)))
    if free:
        elements.append(Text(say("channels.joined_bind", shop=free[0])))
        buttons = [Button(say("channels.button_bind", shop=shop), "bind", {"shop": shop.id}) for shop in free]
        elements.append(Actions(tuple(buttons)))
    if not shops:
        elements.append(Text(say("channels.joined_named")))
    return Card(say("channels.joined_title"), tuple(elements), Tone.BLUE, "", say.language)


def also_bound_card(say: Localizer, shop: Shop, channel: str, person: str) -> Card:
    """Tells the channels of a shop that another channel was bound to it too."""
    words = Text(say("channels.also_bound", shop=shop, channel=channel, who=person))
    return Card(say("channels.also_bound_title", shop=shop), (words,), Tone.YELLOW, "", say.language)


def audience_card(say: Localizer, channel: str, audience: Audience, shops: Sequence[Shop]) -> Card:
    """Tells that others read a channel now, so that evidence stays out of it, or that nobody else reads it any
    more."""
    kind = audience.value if audience.wide else "team"
    words = [Text(say(f"channels.audience_{kind}", channel=channel, shops=shops))]
    if audience.wide:
        words.append(Text(say("channels.move", shop=shops[0])))
    title = say("channels.audience_title_wide" if audience.wide else "channels.audience_title_team", channel=channel)
    tone = Tone.ORANGE if audience.wide else Tone.GREEN
    return Card(title, tuple(words), tone, "", say.language)


def wide_question(say: Localizer, shop: Shop, audience: Audience) -> Card:
    """Asks whether a channel is to be bound that others read."""
    words = Text(say(f"channels.bind_{audience}", shop=shop), Style.WARNING)
    button = Button(say("channels.button_bind_wide"), "bind", {"shop": shop.id, "sure": "yes"})
    elements = (words, Text(say("channels.move", shop=shop)), Actions((button,)))
    return Card(say("channels.bind_wide_title", shop=shop), elements, Tone.ORANGE, "", say.language)


def home_card(
    say: Localizer,
    person: Person,
    own: Sequence[CaseLine],
    others: Sequence[CaseLine],
    duties: Sequence[Duty],
    shops: Sequence[Shop],
    checks: Sequence[ShopCheck],
    data: Sequence[ShopData] = (),
) -> Card:
    """A person's home page. `own` and `others` are the first of the active cases, nearest deadline first; `checks`
    what is known of the shops' days, `data` how new their data are."""
    elements: list[Element] = _cases(say, own) or [Text(say("channels.home_none"), Style.MUTED)]
    if others:
        elements += [Text(say("channels.home_others"), Style.HEADING), *_cases(say, others)]
    if days := days_lines(say, checks):
        elements += [Text(say("channels.home_days"), Style.HEADING), *days]
    if data:
        elements += [Text(say("freshness.home"), Style.HEADING), *data_lines(say, data, DAYS_SHOWN)]
    if on_call := _on_call(say, duties, shops):
        elements += [Text(say("channels.home_oncall"), Style.HEADING), on_call]
    zone = person.timezone or say.phrases.zone
    settings = ((say("channels.home_language"), say.language), (say("channels.home_zone"), str(zone)))
    elements += [Text(say("channels.home_settings"), Style.HEADING), Fields(settings)]
    elements.append(Text(say("channels.home_change"), Style.MUTED))
    return Card(say("channels.home_title"), tuple(elements), Tone.BLUE, "", say.language)


def _cases(say: Localizer, lines: Sequence[CaseLine]) -> list[Element]:
    if not lines:
        return []
    buttons = [
        Button(say("replies.open_case", case=line.case.id), "case", {"case": line.case.id})
        for line in lines[:CASES_OFFERED]
    ]
    tables = [element for element in cases_card(say, lines).elements if isinstance(element, Table)]
    return [*tables, Actions(tuple(buttons))]


def _on_call(say: Localizer, duties: Sequence[Duty], shops: Sequence[Shop]) -> Fields | None:
    names = {shop.id: f"{shop.site} {shop.name}" for shop in shops} | {"": say("reminders.team")}
    pairs = [
        (names.get(duty.shop, duty.shop), duty.shifts[0].person or say("reminders.gap"))
        for duty in duties
        if duty.shifts
    ]
    return Fields(tuple(pairs)) if pairs else None
