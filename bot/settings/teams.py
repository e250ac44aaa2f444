"""The teams of the settings: whether they fit the shops and people, and what they are made into."""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from bot.domain.people import Role
from bot.domain.teams import ONE, Settled, Team, Teams
from bot.settings.team import PersonSettings, ShopSettings, TeamSettings

CONSOLE = "console"
SPOKEN = {"role", "roles", "teams"}


def check_teams(
    teams: Sequence[TeamSettings], shops: Sequence[ShopSettings], people: Sequence[PersonSettings]
) -> list[str]:
    """What is wrong, one line for each key: the key, what was found, and what was expected."""
    return [*_of_teams(teams, {shop.id for shop in shops}), *_of_people(people, {team.id for team in teams})]


def _of_teams(teams: Sequence[TeamSettings], shops: Collection[str]) -> Iterator[str]:
    owner: dict[str, str] = {}
    seen: set[str] = set()
    for number, team in enumerate(teams):
        if team.id in seen:
            yield f"teams.{number}.id: the id {team.id!r} is used twice"
        seen.add(team.id)
        for shop in team.shops:
            if shop not in shops:
                yield f"teams.{number}.shops: there is no shop {shop!r}{_nearest(shop, shops)}"
            elif owner.setdefault(shop, team.id) != team.id:
                yield f"teams.{number}.shops: {shop!r} is the team {owner[shop]!r}'s; a shop belongs to one team"


def _of_people(people: Sequence[PersonSettings], teams: Collection[str]) -> Iterator[str]:
    known = teams or {ONE}
    for number, person in enumerate(people):
        named = [("teams", team) for team in person.teams] + [("roles", team) for team in person.roles]
        for key, team in named:
            if team not in known:
                yield f"people.{number}.{key}: there is no team {team!r}{_nearest(team, known)}"
        if teams and not named and "role" in person.model_fields_set:
            yield (
                f"people.{number}.role: expected to be told in which teams {person.id!r} is "
                f'{person.role.value}: teams = ["{min(teams)}"] (known: {", ".join(sorted(teams))})'
            )


def _nearest(name: str, known: Collection[str]) -> str:
    """The hint at the name that was meant."""
    close = get_close_matches(name, sorted(known), 1, 0.5)
    return f": did you mean {close[0]!r}?" if close else f" (known: {', '.join(sorted(known)[:20]) or 'none'})"


def with_channels(teams: Sequence[TeamSettings], shops: Sequence[ShopSettings]) -> list[ShopSettings]:
    """The shops with the channels of their teams. A shop of a team without any has the team's own channel at the
    console; a shop of no team has none, because nobody sees it."""
    if not teams:
        return list(shops)
    of = {shop: team for team in teams for shop in team.shops}
    return [shop.model_copy(update={"channels": _channels(shop, of.get(shop.id))}) for shop in shops]


def _channels(shop: ShopSettings, team: TeamSettings | None) -> list[str]:
    if team is None:
        return []
    own = shop.channels if "channels" in shop.model_fields_set else []
    return list(dict.fromkeys([*own, *team.channels])) or [f"{CONSOLE}:{team.id}"]


def teams_of(teams: Sequence[TeamSettings]) -> Teams:
    """The teams of the settings; the one team where they name none."""
    return Teams(
        [
            Team(team.id, team.name, team.members == "listed", frozenset(team.shops), tuple(team.channels))
            for team in teams
        ]
    )


def settled(people: Sequence[PersonSettings], teams: Sequence[TeamSettings], default: Role) -> Settled:
    """What the settings say of people. Who is listed with a role or a team has what is written and no more; who is
    listed without is a member of the one team, where there is only one, until somebody says otherwise."""
    spoken = [person for person in people if SPOKEN & person.model_fields_set]
    silent = [person for person in people if not SPOKEN & person.model_fields_set]
    assumed = {} if teams else {person.id: {ONE: person.role} for person in silent}
    return Settled({person.id: _roles(person, bool(teams)) for person in spoken}, assumed, default)


def _roles(person: PersonSettings, several: bool) -> dict[str, Role]:
    return dict.fromkeys(person.teams if several else [ONE], person.role) | person.roles
