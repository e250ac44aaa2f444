"""Teams: whose shops are whose, and who belongs to a team in which role (domain.md §7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.people import Role

ONE = "team"
"""The id of the one team of an installation whose settings name none."""

LOCAL = "local"
"""Whoever works at the machine itself. Where nobody was made an admin, this person is the one of the one team."""


@dataclass(frozen=True)
class Team:
    """A team with its shops and channels ("platform:channel"). To one that is `listed` nobody belongs by being in a
    channel."""

    id: str
    name: str = ""
    listed: bool = False
    shops: frozenset[str] = frozenset()
    channels: tuple[str, ...] = ()

    @property
    def nameless(self) -> bool:
        """Whether this is the one team of an installation whose settings name none."""
        return self.id == ONE and not self.name

    @property
    def called(self) -> str:
        """The name by which people call the team, else the id."""
        return self.name or self.id


class Teams:
    """The teams of the settings; without any, the one team to which every shop belongs."""

    def __init__(self, declared: Sequence[Team] = ()) -> None:
        self.declared = bool(declared)
        self.all = {team.id: team for team in declared or (Team(ONE),)}
        self._of = {shop: team.id for team in declared for shop in team.shops}

    def of(self, shop_id: str) -> str:
        """The id of the team to which the shop belongs; "" for a shop of none, which nobody sees."""
        return self._of.get(shop_id, "") if self.declared else ONE


@dataclass(frozen=True)
class Membership:
    """What the database holds of a person in a team: the role, `since` when (UTC) and by whom. With `until` they
    belong to it no more since that instant, and are shut out of its channels too, until somebody invites them."""

    person: str
    team: str
    role: Role
    since: datetime
    by: str
    until: datetime | None = None


Roles = Mapping[str, Role]
"""Roles by the id of the team."""


@dataclass(frozen=True)
class Settled:
    """What the settings say of people. Whoever is in `roles` has those and no others, whatever the database says;
    whoever is in `assumed` has those while the database says nothing. `default` is the role that being in a channel
    gives."""

    roles: Mapping[str, Roles] = field(default_factory=dict)
    assumed: Mapping[str, Roles] = field(default_factory=dict)
    default: Role = Role.MEMBER


class Roster:
    """Who belongs to which team in which role, from the settings and the database. What the settings say of a
    person wins."""

    def __init__(self, teams: Teams, settled: Settled, kept: Iterable[Membership] = ()) -> None:
        self.teams, self.settled = teams, settled
        self._kept: dict[str, dict[str, Membership]] = {}
        for row in kept:
            self._kept.setdefault(row.person, {})[row.team] = row
        people = {*settled.roles, *settled.assumed, *self._kept}
        self._listed = {person: self._roles(person) for person in people}
        held = [(team, role) for roles in self._listed.values() for team, role in roles.items()]
        self._led = {team for team, role in held if role.may(Role.LEAD)}
        if settled.default.may(Role.LEAD):
            self._led |= {team.id for team in teams.all.values() if not team.listed}
        named = Role.ADMIN in (role for _, role in held)
        self._people = sorted(self._listed)
        if not teams.declared and not named and LOCAL not in settled.roles:
            self._listed[LOCAL] = {ONE: Role.ADMIN}

    def _roles(self, person: str) -> dict[str, Role]:
        if person in self.settled.roles:
            found = dict(self.settled.roles[person])
        else:
            rows = self._kept.get(person, {})
            assumed = self.settled.assumed.get(person, {})
            found = {team: role for team, role in assumed.items() if team not in rows}
            found |= {row.team: row.role for row in rows.values() if row.until is None}
        return {team: role for team, role in found.items() if team in self.teams.all}

    @property
    def people(self) -> list[str]:
        """The ids of everybody who is listed, in the settings or in the database, whether or not in a team now."""
        return self._people

    def listed(self, person: str) -> Roles:
        """The roles in which somebody is listed, by team, as they were given."""
        return self._listed.get(person, {})

    def settles(self, person: str) -> bool:
        """Whether the settings decide the roles of the person, so that nothing else can."""
        return person in self.settled.roles

    def shut_out(self, person: str, team: str) -> bool:
        """Whether somebody was removed from the team, so that being in one of its channels gives nothing."""
        row = self._kept.get(person, {}).get(team)
        return not self.settles(person) and row is not None and row.until is not None

    def has_shut_out(self, team: str) -> bool:
        """Whether somebody was removed from the team."""
        return any(self.shut_out(person, team) for person in self._kept)

    @property
    def selective(self) -> bool:
        """Whether there is a team to which not everybody belongs who is in its channels."""
        return any(team.listed or self.has_shut_out(team.id) for team in self.teams.all.values())

    def gone(self, person: str) -> bool:
        """Whether somebody has belonged to a team and belongs to none any more."""
        return person in self._kept and not self.listed(person) and not self.settles(person)

    def led(self, team: str) -> bool:
        """Whether somebody leads the team. Where nobody does, every member acts as a lead."""
        return team in self._led

    def role(self, person: str, team: str, present: bool = False) -> Role | None:
        """The role in which somebody acts in the team; None for who does not belong to it. `present` says that they
        are in a channel of the team, which makes a member unless the team is listed."""
        role = self.listed(person).get(team)
        if role is None and present and team in self.teams.all and not self.shut_out(person, team):
            role = None if self.teams.all[team].listed else self.settled.default
        return Role.LEAD if role is Role.MEMBER and not self.led(team) else role

    def with_role(self, team: str, needed: Role) -> list[str]:
        """The ids of those who are listed in the team with that role at least."""
        return [who for who in self.people if (role := self.listed(who).get(team)) and role.may(needed)]
