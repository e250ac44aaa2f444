"""Who sees what: the one place where that is decided, for everything that arrives from outside (domain.md §7)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cache, partial

from bot.conversation.events import Incoming
from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.ports.records import Person
from bot.ports.store import Sight, Unit

OpenUnit = Callable[[bool, Sight | None], AbstractContextManager[Unit]]
"""(read only, as far as who asks can see; None for the program itself) -> a transaction"""

CONSOLE, FIRST = "console", "console:ops"
"""The console's name among the platforms, and the one that everybody has who opens it."""

_sight: ContextVar[Callable[[], Sight] | None] = ContextVar("sight", default=None)


class Access:
    """Opens transactions that are limited to what the person who asks may see. The id of something they may not
    see is answered like an id that does not exist, because both are looked up in the same way and not found."""

    def __init__(self, open_unit: OpenUnit, led: bool = False) -> None:
        """`led` says that the settings list at least one lead."""
        self._open, self.led = open_unit, led

    def units(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """Implements ports.store.UnitFactory, limited to whoever is asking; unlimited while the program itself is
        at work."""
        sight = _sight.get()
        return self._open(read_only, sight() if sight else None)

    @contextmanager
    def asking(self, event: Incoming) -> Iterator[None]:
        """Inside the block, transactions are limited to what the sender of the event may see from its channel."""
        token = _sight.set(cache(partial(self.sight, event)))
        try:
            yield
        finally:
            _sight.reset(token)

    def sight(self, event: Incoming) -> Sight:
        """What the sender of the event may see. In a channel: the channel's shops. In a direct conversation: the
        shops of those channels of the same platform in which they have written, whose members see them anyway.
        Elsewhere: nothing."""
        with self._open(True, None) as unit:
            shops = unit.shops.all()
            seen = heard(shops, event.channel)
            if event.direct or (not seen and unit.records.wrote_directly(event.person, event.channel)):
                seen += _heard_anywhere(shops, unit.records.places_of(event.person), event.channel)
        return Sight(frozenset(shop.id for shop in seen), frozenset({event.channel}))

    def console(self) -> Sight:
        """What a signed-in reader of the console sees on its pages: the shops of all the console's channels."""
        with self._open(True, None) as unit:
            homes = console_homes(unit.shops.all())
        shops = [shop.id for listed in homes.values() for shop in listed]
        return Sight(frozenset(shops), frozenset(homes))

    @contextmanager
    def at_console(self) -> Iterator[None]:
        """Inside the block, transactions are limited to what a reader of the console may see."""
        token = _sight.set(cache(self.console))
        try:
            yield
        finally:
            _sight.reset(token)

    def console_may_show(self, sha256: str) -> bool:
        """Whether a page of the console may give out the file with that SHA-256: an original, a part, a copy or a
        package of one of the console's shops."""
        with self.at_console(), self.units(read_only=True) as unit:
            return unit.evidence.holds(sha256)

    def every_shop(self) -> list[Shop]:
        """All shops, whoever is asking; for decisions of the program itself."""
        with self.whole(read_only=True) as unit:
            return unit.shops.all()

    def whole(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """Implements ports.store.UnitFactory without any limit; for what decides who sees what."""
        return self._open(read_only, None)

    def hears(self, channel: str, case_id: str) -> bool:
        """Whether the channel is bound to the shop of the case. A card from before an unbinding is not shown
        again."""
        with self.whole(read_only=True) as unit:
            case = unit.cases.get(case_id)
            return case is not None and case.shop in {shop.id for shop in heard(unit.shops.all(), channel)}

    def offered(self, person: Person, seen: Collection[Shop]) -> list[Shop]:
        """The shops that a person may bind to a channel in which they see `seen`. A lead is offered all shops.
        Where no lead is listed, everybody is offered `seen` and the shops that belong to no channel yet."""
        shops, known = self.every_shop(), {shop.id for shop in seen}
        if self.led and person.role is Role.LEAD:
            return shops
        return [shop for shop in shops if shop.id in known or not homes(shop)]


def homes(shop: Shop) -> list[str]:
    """The channels to which the shop belongs: those bound to it, except the console's default channel."""
    return [channel for channel in shop.channels if channel != FIRST]


def heard(shops: Sequence[Shop], channel: str) -> list[Shop]:
    """The shops that are bound to the channel."""
    return console_homes(shops).get(channel, [shop for shop in shops if channel in shop.channels])


def console_homes(shops: Sequence[Shop]) -> dict[str, list[Shop]]:
    """The shops of each of the console's channels. While no shop is bound to its first channel, that channel shows
    the shops that are bound to none of the console's, so that work can go on there when a chat cannot be reached."""
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
