"""What somebody sees, worked out from where they ask and from who belongs to which team (domain.md §7)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.conversation.events import Incoming
from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.places import console_homes, heard, is_console, written_in
from bot.domain.teams import ONE, Roster
from bot.ports.store import Sight, Unit


class RosterSource(Protocol):
    """Says who belongs to which team."""

    def of(self, unit: Unit) -> Roster:
        """Who belongs to which team now, as the unit's transaction sees it."""
        ...

    def around(self, unit: Unit, teams: Collection[str]) -> Mapping[str, Collection[str]]:
        """Who has written in a chat's channel of the shops of each of those teams, by team."""
        ...


@dataclass(frozen=True)
class Looking:
    """Somebody who looks at the shops. `places` are the channels in which they have written, where that counts."""

    roster: Roster
    shops: Collection[Shop]
    person: str
    places: Collection[str] = ()

    def role(self, shop: Shop, present: bool) -> Role | None:
        """Their role in the shop's team; `present` says that they are in one of its channels."""
        return self.roster.role(self.person, self.roster.teams.of(shop.id), present)

    def roles(self, shops: Iterable[Shop], present: Collection[str]) -> dict[str, Role]:
        """Their roles by shop, of those shops that they see; `present` are the shops in whose channels they are."""
        found = {shop.id: self.role(shop, shop.id in present) for shop in shops}
        return {shop: role for shop, role in found.items() if role}

    def present(self, platform: str = "") -> set[str]:
        """The shops in whose channels they have written, on one platform or on any chat."""
        return {shop.id for shop in written_in(list(self.shops), self.places, platform)}

    def sight(self, roles: Mapping[str, Role], channels: Iterable[str]) -> Sight:
        """What they see, when they have those roles by shop."""
        everywhere = not self.roster.teams.declared
        teams = {team: self.roster.role(self.person, team, everywhere) for team in self.roster.teams.all}
        held = {team: role for team, role in teams.items() if role}
        held = {self.roster.teams.of(shop): role for shop, role in roles.items()} | held
        least = min(Role.MEMBER, self.roster.settled.default, key=list(Role).index)
        return Sight(frozenset(roles), frozenset(channels), roles, held, held.get(ONE, least))


def sight_of(unit: Unit, roster: Roster, event: Incoming) -> Sight:
    """What the sender of an event sees from its channel. In a channel: the channel's shops, as far as they belong to
    the shops' teams. In a direct conversation: all shops of the teams in which they are listed, and the shops of
    those channels of the same platform in which they have written. Nothing else.

    The console's channels have no members of their own, because whoever opens it could open each: where there are
    teams, those belong to a shop's team who are listed in it, or have written in a chat's channel of the shop."""
    shops, channel = unit.shops.all(), event.channel
    here = heard(shops, channel, roster.teams)
    direct = event.direct or (not here and unit.records.wrote_directly(event.person, channel))
    apart = roster.teams.declared and is_console(channel)
    places = unit.records.places_of(event.person) if direct or apart else ()
    look = Looking(roster, shops, event.person, places)
    found = look.roles(here, look.present() if apart else {shop.id for shop in here})
    if direct:
        there = look.present(ChannelId.read(channel).platform)
        known = shops if roster.teams.declared else [shop for shop in shops if shop.id in there]
        found |= look.roles(known, there)
    whole = bool(here) and all(shop.id in found for shop in here)
    theirs = direct or (whole if apart else bool(found) or not here)
    return look.sight(found, [channel] if theirs else [])


def console_sight(unit: Unit, roster: Roster, person: str) -> Sight:
    """What somebody who is signed in sees on the console's pages: their shops, and those of its channels that they
    see wholly."""
    shops = unit.shops.all()
    places = unit.records.places_of(person) if roster.teams.declared else ()
    look, found = Looking(roster, shops, person, places), console_homes(shops, roster.teams)
    shown = [shop for listed in found.values() for shop in listed]
    roles = look.roles(shown, look.present() if roster.teams.declared else {shop.id for shop in shown})
    channels = [channel for channel, listed in found.items() if all(shop.id in roles for shop in listed)]
    return look.sight(roles, channels)
