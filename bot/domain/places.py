"""Which shops belong to a channel, those of the console included."""

from collections.abc import Collection, Sequence

from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.domain.teams import Teams

CONSOLE, FIRST = "console", "console:ops"
"""The console's name among the platforms, and its channel that everybody has who opens it while there are no
teams."""


def is_console(channel: str) -> bool:
    """Whether the channel ("platform:channel") is one of the console's."""
    return ChannelId.read(channel).platform == CONSOLE


def homes(shop: Shop) -> list[str]:
    """The channels to which the shop belongs: those bound to it, except the console's first channel."""
    return [channel for channel in shop.channels if channel != FIRST]


def heard(shops: Sequence[Shop], channel: str, teams: Teams) -> list[Shop]:
    """The shops that are bound to the channel."""
    return console_homes(shops, teams).get(channel, [shop for shop in shops if channel in shop.channels])


def console_homes(shops: Sequence[Shop], teams: Teams) -> dict[str, list[Shop]]:
    """The shops of each of the console's channels. Shops that are bound to none of them are shown in their team's
    own channel, so that work can go on there when a chat cannot be reached. Without teams, that is the console's
    first channel while no shop is bound to it."""
    found: dict[str, list[Shop]] = {} if teams.declared else {FIRST: []}
    for shop in shops:
        for channel in filter(is_console, shop.channels):
            found.setdefault(channel, []).append(shop)
    homeless = [shop for shop in shops if not any(map(is_console, shop.channels))]
    if not teams.declared:
        found[FIRST] = found[FIRST] or homeless
        return found
    for shop in homeless:
        if team := teams.of(shop.id):
            found.setdefault(f"{CONSOLE}:{team}", []).append(shop)
    return found


def written_in(shops: Sequence[Shop], places: Collection[str], platform: str = "") -> list[Shop]:
    """The shops of those channels in which somebody has written: of one platform, or of all chats for ""."""
    theirs = {place for place in places if _of(place, platform)}
    return [shop for shop in shops if theirs.intersection(shop.channels)]


def _of(place: str, platform: str) -> bool:
    return ChannelId.read(place).platform == platform if platform else not is_console(place)
