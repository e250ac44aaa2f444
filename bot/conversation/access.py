"""Who sees what: the one place where it is decided, for everything that arrives from outside (domain.md §7)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cache, partial

from bot.conversation.events import Incoming
from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.ports.records import Person
from bot.ports.store import Sight, Unit

OpenUnit = Callable[[bool, Sight | None], AbstractContextManager[Unit]]
"""(read only, as far as who asks can see; None for the program itself) -> a transaction"""

CONSOLE, FIRST = "console", "console:ops"
"""The console's name among the platforms, and the one that everybody has who opens it."""

_sight: ContextVar[Callable[[], Sight] | None] = ContextVar("sight", default=None)


class Access:
    """Opens transactions in which whoever asks finds what they may see, and nothing else is there: a foreign id is
    answered as one that does not exist, because it is looked up in the same way and not found."""

    def __init__(self, open_unit: OpenUnit, led: bool = False) -> None:
        """`led` says that the settings name leads."""
        self._open, self.led = open_unit, led

    def units(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """ports.UnitFactory for whoever asks; for the program itself while nobody does."""
        sight = _sight.get()
        return self._open(read_only, sight() if sight else None)

    @contextmanager
    def asking(self, event: Incoming) -> Iterator[None]:
        """Inside the block it is the sender of the event who asks, from where the event came. What they see is looked
        up once, when they first ask for something."""
        token = _sight.set(cache(partial(self.sight, event)))
        try:
            yield
        finally:
            _sight.reset(token)

    def sight(self, event: Incoming) -> Sight:
        """What the sender sees: the shops of the channel. Directly, those of the channels of the same platform in
        which they have spoken: its members see them there anyway. Elsewhere nothing."""
        with self._open(True, None) as unit:
            shops = unit.shops.all()
            seen = heard(shops, event.channel)
            if event.direct or (not seen and unit.records.wrote_directly(event.person, event.channel)):
                seen += _heard_anywhere(shops, unit.records.places_of(event.person), event.channel)
        return Sight(frozenset(shop.id for shop in seen), frozenset({event.channel}))

    def console(self) -> Sight:
        """What whoever passed the console's door sees on its pages: the shops of all its channels."""
        with self._open(True, None) as unit:
            homes = console_homes(unit.shops.all())
        shops = [shop.id for listed in homes.values() for shop in listed]
        return Sight(frozenset(shops), frozenset(homes))

    @contextmanager
    def at_console(self) -> Iterator[None]:
        """Inside the block it is a page of the console that asks."""
        token = _sight.set(cache(self.console))
        try:
            yield
        finally:
            _sight.reset(token)

    def console_may_show(self, sha256: str) -> bool:
        """Whether a page of the console may give out the original: one of its shops has such a file, a part, a copy
        or a package."""
        with self.at_console(), self.units(read_only=True) as unit:
            return unit.evidence.holds(sha256)

    def every_shop(self) -> list[Shop]:
        """All shops, whoever asks: for the program's own questions."""
        with self.whole(read_only=True) as unit:
            return unit.shops.all()

    def whole(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """ports.UnitFactory that finds everything, whoever asks: for what decides who sees what."""
        return self._open(read_only, None)

    def hears(self, channel: str, case_id: str) -> bool:
        """Whether the channel hears of the case's shop: what it heard of before is over."""
        with self.whole(read_only=True) as unit:
            case = unit.cases.get(case_id)
            return case is not None and case.shop in {shop.id for shop in heard(unit.shops.all(), channel)}

    def offered(self, person: Person, seen: Collection[Shop]) -> list[Shop]:
        """The shops that a channel in which `seen` are to be seen may be offered: all of them to a lead, where the
        settings name one, else those and the shops that belong to no channel yet."""
        shops, known = self.every_shop(), {shop.id for shop in seen}
        if self.led and person.role == "lead":
            return shops
        return [shop for shop in shops if shop.id in known or not homes(shop)]


def homes(shop: Shop) -> list[str]:
    """The channels to which the shop belongs: those that hear of it, but for the one that everybody has."""
    return [channel for channel in shop.channels if channel != FIRST]


def heard(shops: Sequence[Shop], channel: str) -> list[Shop]:
    """The shops that the channel hears of."""
    return console_homes(shops).get(channel, [shop for shop in shops if channel in shop.channels])


def console_homes(shops: Sequence[Shop]) -> dict[str, list[Shop]]:
    """The shops of each of the console's channels. While none belongs to the first channel, the shops that no
    channel of the console hears of are shown there: the console is the way in when a chat is not to be reached."""
    homes: dict[str, list[Shop]] = {FIRST: []}
    for shop in shops:
        for channel in shop.channels:
            if _is_console(channel):
                homes.setdefault(channel, []).append(shop)
    if not homes[FIRST]:
        homes[FIRST] = [shop for shop in shops if not any(map(_is_console, shop.channels))]
    return homes


def _is_console(channel: str) -> bool:
    return ChannelId.read(channel).platform == CONSOLE


def _heard_anywhere(shops: Sequence[Shop], places: Collection[str], here: str) -> list[Shop]:
    platform = ChannelId.read(here).platform
    known = {place for place in places if ChannelId.read(place).platform == platform}
    return [shop for shop in shops if known.intersection(shop.channels)]
