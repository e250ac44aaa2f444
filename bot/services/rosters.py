"""Who belongs to which team, as the settings and the database say it at the moment."""

from collections.abc import Callable, Collection, Sequence

from bot.domain.people import Role
from bot.domain.places import FIRST, console_homes, is_console
from bot.domain.teams import Membership, Roster, Settled, Teams
from bot.ports.store import Unit


class Rosters:
    """Joins the memberships of the database with the teams and people of the settings."""

    def __init__(self, teams: Teams, settled: Settled) -> None:
        self.teams, self.settled = teams, settled
        self._made: tuple[Sequence[Membership], Roster] = ((), Roster(teams, settled))

    def of(self, unit: Unit) -> Roster:
        """The roster as the unit's transaction sees it. It is made anew only when something has changed."""
        kept = unit.members.all()
        made, roster = self._made
        if list(made) != kept:
            roster = Roster(self.teams, self.settled, kept)
            self._made = kept, roster
        return roster

    def leads(self, unit: Unit, shop: str) -> Sequence[str]:
        """The ids of those who are listed as leads of the shop's team, to whom reminders escalate last; those of its
        admins when it has no lead."""
        roster, team = self.of(unit), self.teams.of(shop)
        leading = roster.with_role(team, Role.LEAD)
        return [who for who in leading if roster.listed(who)[team] is Role.LEAD] or leading

    def workers(self, unit: Unit) -> Callable[[str, str], bool]:
        """Whether a person may work for a shop ("" for whatever shop), as (person id, shop id) -> answer."""
        roster, teams = self.of(unit), self.teams
        around = self.around(unit, teams.all) if teams.declared else {}

        def may(person: str, shop: str) -> bool:
            present = not teams.declared or person in around.get(teams.of(shop), ())
            return not shop or roster.role(person, teams.of(shop), present) is not None

        return may

    def around(self, unit: Unit, teams: Collection[str]) -> dict[str, set[str]]:
        """Who has written in a chat's channel of the shops of each of those teams, by team; nobody counts who has
        written to one that is listed."""
        open_to = {team for team in teams if team in self.teams.all and not self.teams.all[team].listed}
        channels: dict[str, set[str]] = {}
        for shop in unit.shops.all() if open_to else ():
            for channel in shop.channels:
                if (team := self.teams.of(shop.id)) in open_to and not is_console(channel):
                    channels.setdefault(channel, set()).add(team)
        found: dict[str, set[str]] = {}
        for channel, person in unit.records.wrote_in(channels) if channels else ():
            for team in channels[channel]:
                found.setdefault(team, set()).add(person)
        return found

    def refuge(self, unit: Unit, channel: str, thread: str, usual: str) -> str:
        """The channel that shows what cannot be shown in its own: `usual`; where there are teams and nobody has
        chosen one for all of them, a channel of the console that is the message's team's alone, "" for none."""
        if not self.teams.declared or usual != FIRST:
            return usual
        shops, case = unit.shops.all(), unit.cases.get(thread) if thread else None
        about = {case.shop} if case else {shop.id for shop in shops if channel in shop.channels}
        teams = {self.teams.of(shop) for shop in about}
        for home, shown in console_homes(shops, self.teams).items():
            fits = about & {shop.id for shop in shown}
            if fits and {self.teams.of(shop.id) for shop in shown} == teams and len(teams) == 1:
                return home
        return ""
