"""Inviting people into teams, taking them out again, and the accounts by which they are known (domain.md §7)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from bot.domain.filename import visible
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.sign_in import SignInLink, SignInRefused
from bot.domain.teams import Membership, Roster
from bot.ports.clock import Clock
from bot.ports.members import Account
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory
from bot.services.people import KnownPeople
from bot.services.rosters import Rosters
from bot.services.sign_in import SignIn

MACHINE = "command-line"
"""Who invites and removes people by commands at the machine itself."""

WAITS = timedelta(days=3)
"""How long an invitation can be used."""

MAX_NAME = 40


@dataclass(frozen=True)
class Listed:
    """A person with the roles that they have by team, whether the settings say so, and their accounts by platform."""

    id: str
    name: str
    roles: dict[str, Role]
    by_settings: bool
    accounts: dict[str, str]


@dataclass(frozen=True)
class Invitation:
    """What an invitation gives. `token` signs the person in once, or joins the account that sends it to the bot;
    "" for somebody who is known by an account already."""

    person: str
    name: str
    team: str
    role: Role
    token: str = ""


@dataclass(frozen=True)
class Parting:
    """Who has left which team, and the cases that nobody has any more."""

    person: str
    name: str
    team: str
    freed: Sequence[str]


class Memberships:
    """Changes who belongs to which team. It must see everything, because it decides who sees what."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        rosters: Rosters,
        people: KnownPeople,
        sign_in: SignIn,
        settle: Callable[[], Sequence[tuple[str, str]]],
        itself: Callable[[], AbstractContextManager[None]],
        unlimited: Callable[[], bool],
        given: Mapping[str, Mapping[str, str]],
        compare: Callable[[], None] = lambda: None,
    ) -> None:
        """`settle()` takes the cases from owners who do not belong to their team, as (case, new owner or "") pairs;
        inside `itself()` it sees everything, whoever is asking, and `unlimited()` says that it does anyway. `given`
        are the accounts of the settings, by person and platform. `compare()` is called after somebody's team or
        account has changed, because what channels show depends on who reads them."""
        self.compare = compare
        self.units, self.clock, self.rosters, self.people = units, clock, rosters, people
        self.sign_in, self.settle, self.itself = sign_in, settle, itself
        self.unlimited, self.given = unlimited, given

    def listed(self, teams: Sequence[str] = ()) -> list[Listed]:
        """Everybody who is listed in one of the teams (in any, and who has left, for none), by id."""
        with self.itself(), self.units(read_only=True) as unit:
            roster, names = self.rosters.of(unit), self._names(unit)
            accounts = {person: dict(given) for person, given in self.given.items()}
            for row in unit.members.accounts():
                accounts.setdefault(row.person, {}).setdefault(row.platform, row.account)
        found = [
            Listed(
                person,
                names.get(person, ""),
                {team: role for team, role in roster.listed(person).items() if not teams or team in teams},
                roster.settles(person),
                accounts.get(person, {}),
            )
            for person in roster.people
        ]
        return [item for item in found if item.roles or not teams]

    def _names(self, unit: Unit) -> dict[str, str]:
        stored = {person.id: person.name for person in unit.records.people()}
        return {person.id: person.name for person in self.people.listed} | {
            person: name for person, name in stored.items() if name
        }

    def invite(
        self,
        who: str,
        team: str,
        role: Role | None,
        by: str,
        accounts: Mapping[str, str] | None = None,
        new_id: str = "",
    ) -> Invitation:
        """Give somebody a role in a team, a member's unless it is said: a person who is known by that id, name or
        account, else somebody new of that name, whose id says nothing of them unless `new_id` is given. With
        `accounts` (by platform) they are known at once; with the token they prove who they are otherwise. Raises
        Refusal for somebody whose roles the settings decide, and for an id that somebody has."""
        known = self._known(who) or next(filter(None, map(self._owner, (accounts or {}).items())), "")
        with self.itself(), self.units() as unit:
            roster = self.rosters.of(unit)
            self._require_team(team)
            person = known or self._new(unit, roster, who, new_id)
            has = roster.listed(person).get(team)
            given = role or has or Role.MEMBER
            if given is not has:
                self._require_free(roster, person, team, by, given)
                unit.members.save(Membership(person, team, given, self.clock.now(), by))
            for platform, account in (accounts or {}).items():
                self._link(unit, platform, account, person, by)
            token = "" if self._proven(unit, person, by) else self._token(unit, person, team, given, by)
            name = self._names(unit).get(person, "")
        self._seen_anew()
        return Invitation(person, name or person, team, given, token)

    def _token(self, unit: Unit, person: str, team: str, role: Role, by: str) -> str:
        return self.sign_in.invite(unit, person, team, role.value, by, WAITS)

    def _proven(self, unit: Unit, person: str, by: str) -> bool:
        """Whether it is known already who the person is, so that nobody but whoever runs the machine may hand out a
        way to be them: an admin of one team must not become somebody who is in two."""
        accounts = person in self.given or any(row.person == person for row in unit.members.accounts())
        met = accounts or bool(unit.records.places_of(person)) or bool(unit.sessions.open(person))
        return met and by != MACHINE

    def _known(self, who: str) -> str:
        """The person whom the text means, of those whom whoever is asking may know; somebody who has left is found
        by their id at the machine alone."""
        with self.units(read_only=True) as unit:
            found = self.people.directory(unit).find(who)
            return found or (who if who in self.rosters.of(unit).people and self.unlimited() else "")

    def _owner(self, account: tuple[str, str]) -> str:
        """The person whose account (platform, id) it is; "" for nobody known."""
        settled = next((who for who, given in self.given.items() if given.get(account[0]) == account[1]), "")
        with self.units(read_only=True) as unit:
            return settled or unit.members.person_of(*account)

    def _new(self, unit: Unit, roster: Roster, name: str, chosen: str) -> str:
        """The id of a new person of that name, who is stored. Ids stand in the trail for good: one that is not
        chosen does not spell the name."""
        if not (shown := " ".join(visible(name).split())[:MAX_NAME]):
            raise Refusal("invite_name_needed")
        listed = {person.id for person in self.people.listed}
        taken = {person.id for person in unit.records.people()} | {*roster.people, *self.given} | listed
        if chosen in taken:
            raise Refusal("id_taken", id=chosen)
        person = chosen or next(each for number in count(1) if (each := f"p{number}") not in taken)
        unit.records.save_person(Person(person, shown))
        return person

    def _require_team(self, team: str) -> None:
        if team not in self.rosters.teams.all:
            raise Refusal("no_such_team", team=team, known=", ".join(self.rosters.teams.all))

    @staticmethod
    def _require_free(roster: Roster, person: str, team: str, by: str, role: Role | None) -> None:
        """Raises Refusal where the settings decide, and for taking the last admin from a team from afar."""
        if roster.settles(person):
            raise Refusal("settled_person", who=person)
        if roster.with_role(team, Role.ADMIN) == [person] and role is not Role.ADMIN and by != MACHINE:
            raise Refusal("last_admin", who=person)

    def remove(self, who: str, team: str, by: str) -> Parting:
        """Take somebody out of a team, who loses everything of it at once: what they see, also in its channels, what
        waits for them privately, their cases, their turns on call, and, when they are in no other team, their
        sessions at the console. Raises Refusal for somebody who is not known, or whom the settings list."""
        if not (person := self._known(who)):
            raise Refusal("nobody_there", who=who[:60])
        self._require_team(team)
        with self.itself():
            with self.units() as unit:
                roster, now = self.rosters.of(unit), self.clock.now()
                self._require_free(roster, person, team, by, None)
                role = roster.listed(person).get(team, roster.settled.default)
                unit.members.save(Membership(person, team, role, now, by, now))
                self._take_back(unit, person, team)
                name = self._names(unit).get(person, person)
            freed = [case for case, owner in self.settle() if not owner]
        self._seen_anew()
        return Parting(person, name, team, freed)

    def _seen_anew(self) -> None:
        with self.itself():
            self.compare()

    def _take_back(self, unit: Unit, person: str, team: str) -> None:
        """Withdraw what waits for somebody of that team; of everything when they are in no other."""
        others = any(other != team for other in self.rosters.of(unit).listed(person))
        shops = [shop.id for shop in unit.shops.all() if self.rosters.teams.of(shop.id) == team]
        cases = [case.id for case in unit.cases.listed(shops, active=False)] if others else None
        unit.messages.withdraw_private(person, cases)
        if not others:
            now = self.clock.now()
            unit.sign_in.replace_unused(person, now)
            unit.sessions.end_all(person, now, "removed")

    def accept(self, unit: Unit, link: SignInLink) -> str:
        """Whom a link signs in: its person, while they still belong to a team. Raises SignInRefused otherwise."""
        roster = self.rosters.of(unit)
        if link.team and link.team not in roster.listed(link.person):
            raise SignInRefused("expired", link)
        return link.person

    def join(self, token: str, platform: str, account: str) -> Person:
        """Make the account that brings an invitation the invited person's. Raises Refusal when the invitation is
        wrong, used or over, or the account is somebody's already."""
        try:
            link = self.sign_in.look(token, f"{platform}:{account}")
            with self.itself(), self.units() as unit:
                if account in self.rosters.of(unit).people and account != link.person:
                    raise Refusal("already_somebody", who=account)
                if not link.team or not unit.sign_in.use(link.id, self.clock.now(), f"{platform}:{account}"):
                    raise Refusal("invitation_over")
                person = self.accept(unit, link)
                if account != person:
                    self._link(unit, platform, account, person, link.created_by)
                joined = unit.records.person(person) or Person(person)
            self._seen_anew()
            return joined
        except SignInRefused as refused:
            raise Refusal("invitation_over") from refused

    def spoil(self, token: str, place: str) -> bool:
        """Use up an invitation that others may have read in the channel `place`; whether it could still be used."""
        try:
            link = self.sign_in.look(token, place)
        except SignInRefused:
            return False
        with self.itself(), self.units() as unit:
            return bool(link.team) and unit.sign_in.use(link.id, self.clock.now(), place)

    def link(self, who: str, platform: str, account: str, by: str) -> str:
        """Say that an account is a known person's, who is returned."""
        if not (person := self._known(who)):
            raise Refusal("nobody_there", who=who[:60])
        with self.itself(), self.units() as unit:
            self._link(unit, platform, account, person, by)
        self._seen_anew()
        return person

    def _link(self, unit: Unit, platform: str, account: str, person: str, by: str) -> None:
        settled = next((who for who, given in self.given.items() if given.get(platform) == account), person)
        if settled != person or self.given.get(person, {}).get(platform, account) != account:
            raise Refusal("settled_person", who=settled)
        unit.members.link(Account(platform, account, person, self.clock.now(), by))

    def separate(self, platform: str, account: str) -> str:
        """Take an account from the person whose it was said to be, who is returned: they were two. What came from
        the account is no more theirs. Raises Refusal for an account that is nobody's, or the settings'."""
        if settled := next((who for who, given in self.given.items() if given.get(platform) == account), ""):
            raise Refusal("settled_person", who=settled)
        with self.itself(), self.units() as unit:
            person = unit.members.separate(platform, account)
            if not person:
                raise Refusal("nobody_there", who=f"{platform}:{account}"[:60])
            unit.sessions.end_all(person, self.clock.now(), "removed")
        self._seen_anew()
        return person
