"""Who sees what, and who may do what: the one place where that is decided, for everything that arrives from outside
(domain.md §7)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache, partial

from bot.conversation.events import Incoming
from bot.conversation.sight import RosterSource, console_sight, sight_of
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.places import console_homes, heard, homes, is_console
from bot.domain.teams import Roster, Team
from bot.ports.store import Sight, Unit

OpenUnit = Callable[[bool, Sight | None], AbstractContextManager[Unit]]
"""(read only, as far as who asks can see; None for the program itself) -> a transaction"""

_sight: ContextVar[Callable[[], Sight] | None] = ContextVar("sight", default=None)


class Access:
    """Opens transactions that are limited to what the person who asks may see. The id of something they may not
    see is answered like an id that does not exist, because both are looked up in the same way and not found."""

    def __init__(self, open_unit: OpenUnit, rosters: RosterSource) -> None:
        self._open, self._rosters = open_unit, rosters

    def units(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """Implements ports.store.UnitFactory, limited to whoever is asking; unlimited while the program itself is
        at work."""
        return self._open(read_only, self.current())

    def whole(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """Implements ports.store.UnitFactory without any limit; for what decides who sees what."""
        return self._open(read_only, None)

    def current(self) -> Sight | None:
        """What whoever is asking sees; None while the program itself is at work."""
        sight = _sight.get()
        return sight() if sight else None

    def itself(self) -> AbstractContextManager[None]:
        """Inside the block the program itself is at work, whoever is asking."""
        return _limited(None)

    def unlimited(self) -> bool:
        """Whether the program itself is at work, or whoever runs it at its machine."""
        return _sight.get() is None

    def roster(self) -> Roster:
        """Who belongs to which team now."""
        with self.whole(read_only=True) as unit:
            return self._rosters.of(unit)

    def asking(self, event: Incoming) -> AbstractContextManager[None]:
        """Inside the block, transactions are limited to what the sender of the event may see from its channel."""
        return _limited(partial(self.sight, event))

    def at_console(self, person: str) -> AbstractContextManager[None]:
        """Inside the block, transactions are limited to what the person may see on the console's pages."""
        return _limited(partial(self.console, person))

    @contextmanager
    def narrowed(self, shops: Collection[str]) -> Iterator[None]:
        """Inside the block, whoever is asking sees no shops but those."""
        sight = self.current()
        if sight is None or sight.shops <= set(shops):
            yield
            return
        with _limited(lambda: replace(sight, shops=sight.shops.intersection(shops))):
            yield

    def sight(self, event: Incoming) -> Sight:
        """What the sender of the event may see from its channel."""
        with self.whole(read_only=True) as unit:
            return sight_of(unit, self._rosters.of(unit), event)

    def console(self, person: str) -> Sight:
        """What somebody who is signed in may see on the console's pages."""
        with self.whole(read_only=True) as unit:
            return console_sight(unit, self._rosters.of(unit), person)

    def standing(self, person: str) -> str:
        """What somebody may do at the console, as text that changes whenever it does: "team:role,team:role"; "" for
        who belongs to no team."""
        roles = self.console(person).teams
        return ",".join(f"{team}:{role}" for team, role in sorted(roles.items()))

    def console_may_show(self, person: str, sha256: str) -> bool:
        """Whether a page of the console may give out to the person the file with that SHA-256: an original, a part, a
        copy or a package of one of the shops that they see there."""
        with self.at_console(person), self.units(read_only=True) as unit:
            return unit.evidence.holds(sha256)

    def every_shop(self) -> list[Shop]:
        """All shops, whoever is asking; for decisions of the program itself."""
        with self.whole(read_only=True) as unit:
            return unit.shops.all()

    def hears(self, channel: str, case_id: str) -> bool:
        """Whether the channel is bound to the shop of the case. A card from before an unbinding is not shown
        again."""
        with self.whole(read_only=True) as unit:
            case, teams = unit.cases.get(case_id), self._rosters.of(unit).teams
            return case is not None and case.shop in {shop.id for shop in heard(unit.shops.all(), channel, teams)}

    def leading(self) -> list[Shop]:
        """The shops that whoever is asking may bind to a channel: those of the teams in which they act as a lead."""
        return self.shops_with(Role.LEAD)

    def shops_with(self, needed: Role) -> list[Shop]:
        """The shops of the teams in which whoever is asking has that role at least, from whichever channel."""
        roster, roles = self.roster(), self._teams()
        mine = {team for team, role in roles.items() if role.may(needed)}
        return [shop for shop in self.every_shop() if roster.teams.of(shop.id) in mine]

    def may_hear(self, channel: str) -> bool:
        """Whether a shop may be bound to the channel by whoever is asking. Where there are teams, the console has no
        channels but theirs: of those of others nobody may know that they are there."""
        roster = self.roster()
        if not is_console(channel) or not roster.teams.declared:
            return True
        shown, mine = console_homes(self.every_shop(), roster.teams).get(channel), self._teams().keys()
        return shown is not None and {roster.teams.of(shop.id) for shop in shown} <= mine

    def offered(self, seen: Collection[Shop]) -> list[Shop]:
        """The shops that are proposed for binding in a channel in which whoever asks sees `seen`: of their teams
        those of `seen`, and those that belong to no channel yet. Whom a team names its lead is proposed all of its
        shops."""
        roster, roles, known = self.roster(), self._teams(), {shop.id for shop in seen}

        def proposed(shop: Shop) -> bool:
            role, led = roles.get(team := roster.teams.of(shop.id)), roster.led(team)
            return role is not None and (shop.id in known or not homes(shop) or (led and role.may(Role.LEAD)))

        return [shop for shop in self.every_shop() if proposed(shop)]

    def own_teams(self, direct: bool) -> list[Team]:
        """The teams whose shops whoever is asking sees from here; written to `direct`ly, all of theirs."""
        roster, sight = self.roster(), self.current() or Sight()
        seen = {roster.teams.of(shop) for shop in sight.shops} | (sight.teams.keys() if direct else set())
        return [team for team in roster.teams.all.values() if team.id in seen]

    def teams_with(self, needed: Role) -> list[Team]:
        """The teams in which whoever is asking has that role at least."""
        roles = self._teams()
        mine = {team for team, role in roles.items() if role.may(needed)}
        return [team for team in self.roster().teams.all.values() if team.id in mine]

    def _teams(self) -> Mapping[str, Role]:
        return (self.current() or Sight()).teams

    def acquaintance(self, unit: Unit) -> Callable[[str], bool]:
        """Whether whoever is asking may know of a person: that they exist, and their name. Nobody knows of those who
        have left. Where there are teams, people know those of their own; the program knows everybody."""
        roster, sight = self._rosters.of(unit), self.current()
        if sight is None or not roster.teams.declared:
            return lambda person: not roster.gone(person)
        teams = {*sight.teams, *(roster.teams.of(shop) for shop in sight.shops)}
        around = self._rosters.around(unit, teams)
        return lambda person: any(roster.role(person, team, person in around.get(team, ())) for team in teams)


@contextmanager
def _limited(sight: Callable[[], Sight] | None) -> Iterator[None]:
    token = _sight.set(cache(sight) if sight else None)
    try:
        yield
    finally:
        _sight.reset(token)
