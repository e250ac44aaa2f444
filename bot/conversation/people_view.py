"""The people of a reader's teams, for the console's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.access import Access
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.teams import Team
from bot.ports.board import InvitationView, PersonRow, TeamView
from bot.services.memberships import Listed, Memberships


@dataclass(frozen=True)
class ConsolePeople:
    """Implements ports.board.PeopleView. `link(token)` is the link that signs in with a token."""

    access: Access
    memberships: Memberships
    link: Callable[[str], str]
    reader: str

    def teams(self) -> Sequence[TeamView]:
        """The teams to which the reader belongs."""
        with self.access.at_console(self.reader):
            mine = {team.id for team in self.access.teams_with(Role.ADMIN)}
            return [self._view(team, team.id in mine) for team in self.access.teams_with(Role.VIEWER)]

    def _view(self, team: Team, mine: bool) -> TeamView:
        people = tuple(_row(item, team.id, mine) for item in self.memberships.listed([team.id]))
        return TeamView(team.id, "" if team.nameless else team.called, team.listed, mine, people)

    def invite(self, team: str, who: str, role: str) -> InvitationView:
        """Give somebody a role in a team of which the reader is an admin."""
        with self.access.at_console(self.reader):
            if role not in list(Role):
                raise Refusal("role_unclear", text=role[:40])
            own = self._own(team)
            done = self.memberships.invite(who, own.id, Role(role), self.reader)
        link, name = self.link(done.token) if done.token else "", "" if own.nameless else own.called
        return InvitationView(done.name, name, done.role.value, link, done.token)

    def remove(self, team: str, person: str) -> Sequence[str]:
        """Take somebody out of it; returns the ids of the cases that nobody has any more."""
        with self.access.at_console(self.reader):
            return self.memberships.remove(person, self._own(team).id, self.reader).freed

    def _own(self, team: str) -> Team:
        """The team, if the reader is its admin; to anybody else it is as one that does not exist."""
        own = {each.id: each for each in self.access.teams_with(Role.ADMIN)}
        if team not in own:
            raise Refusal("no_such_team", team=team[:40], known=", ".join(own))
        return own[team]


def _row(item: Listed, team: str, mine: bool) -> PersonRow:
    accounts = tuple(f"{platform}:{account}" for platform, account in sorted(item.accounts.items()))
    return PersonRow(
        item.id, item.name or item.id, item.roles[team].value, accounts if mine else (), item.by_settings
    )
