"""Whether people read a channel who do not belong to the team whose cases are shown there (domain.md §7)."""

from collections.abc import Mapping

from bot.domain.addresses import ChannelId
from bot.domain.places import is_console
from bot.domain.teams import Roster
from bot.ports.store import Unit
from bot.services.buyers import case_shown
from bot.services.rosters import Rosters


class Readers:
    """Compares the accounts that read a channel with the roster. `given` are the accounts of the settings, by person
    and platform."""

    def __init__(self, rosters: Rosters, given: Mapping[str, Mapping[str, str]]) -> None:
        self.rosters = rosters
        self._people = {
            (platform, account): person for person, own in given.items() for platform, account in own.items()
        }

    def beyond(self, unit: Unit, channel: str, case_id: str = "") -> bool:
        """Whether somebody reads the channel who is not in the team of the case; without a case, in each team whose
        shops are bound to it."""
        return bool(self.seen_beyond(unit, channel, case_id))

    def seen_beyond(self, unit: Unit, channel: str, case_id: str = "") -> list[str]:
        """The teams for which that is so. While a channel's platform has not told who reads it, it is so for a team
        to which not everybody in its channels belongs."""
        roster = self.rosters.of(unit)
        if not self.counted(roster, unit, channel):
            return []
        about, accounts = sorted(self._teams(unit, channel, case_id)), unit.records.readers(channel)
        if accounts is None:
            return [team for team in about if _is_selective(roster, team)]
        platform = ChannelId.read(channel).platform
        people = [self._person(unit, platform, account) for account in accounts]
        return [team for team in about if any(roster.role(who, team, present=True) is None for who in people)]

    def counted(self, roster: Roster, unit: Unit, channel: str) -> bool:
        """Whether it matters who reads the channel: being in it does not make everybody a member of its teams. The
        console's channels are shown to nobody else."""
        if is_console(channel):
            return False
        return roster.selective and any(_is_selective(roster, team) for team in self._teams(unit, channel))

    def _teams(self, unit: Unit, channel: str, case_id: str = "") -> set[str]:
        teams, heard = self.rosters.teams, {shop.id for shop in unit.shops.all() if channel in shop.channels}
        case = case_shown(unit, heard, case_id)
        shops = {case.shop} if case else heard
        return {team for shop in shops if (team := teams.of(shop)) in teams.all}

    def _person(self, unit: Unit, platform: str, account: str) -> str:
        return self._people.get((platform, account)) or unit.members.person_of(platform, account) or account


def _is_selective(roster: Roster, team: str) -> bool:
    """Whether being in a channel of the team does not make everybody a member."""
    return roster.teams.all[team].listed or roster.has_shut_out(team)
