"""What the commands about people do and print."""

import re
from typing import TYPE_CHECKING, Any

from bot.cli.output import misuse
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.services.memberships import MACHINE, WAITS, Invitation, Listed, Parting

if TYPE_CHECKING:
    from bot.runtime.bootstrap import App
    from bot.services.forgetting import Forgotten


ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
"""The form of ids, as they stand in settings."""


def only_team(app: "App", team: str) -> str:
    """The team that is named, else the only one; ends with wrong usage when it is not clear."""
    teams = app.rosters.teams.all
    if not team and len(teams) > 1:
        misuse(f"say in which team: --team {' or --team '.join(teams)}")
    return team or next(iter(teams))


def listed(app: "App", team: str) -> list[dict[str, Any]]:
    """Everybody who is listed, in one team or in all. Raises Refusal for a team that there is not."""
    known = app.rosters.teams.all
    if team and team not in known:
        raise Refusal("no_such_team", team=team, known=", ".join(known))
    return [person_data(item) for item in app.memberships.listed([team] if team else ())]


def person_data(item: Listed) -> dict[str, Any]:
    """A person, as the contract's JSON has it."""
    return {
        "person": item.id,
        "name": item.name,
        "teams": [{"team": team, "role": role.value} for team, role in sorted(item.roles.items())],
        "accounts": item.accounts,
        "from": "settings" if item.by_settings else "database",
    }


def table(people: list[dict[str, Any]]) -> str:
    """The people for reading, one on a line."""
    return "\n".join(_line(each) for each in people) or "nobody is listed: whoever is in a channel is a member"


def _line(person: dict[str, Any]) -> str:
    roles = ", ".join(f"{each['team']}: {each['role']}" for each in person["teams"]) or "in no team"
    accounts = " ".join(f"{platform}:{account}" for platform, account in person["accounts"].items())
    name = f" ({person['name']})" if person["name"] not in ("", person["person"]) else ""
    return "  ".join(filter(None, (f"{person['person']}{name}", roles, accounts, f"by the {person['from']}")))


def invite(
    app: "App", who: str, team: str, role: str | None, accounts: dict[str, str], new_id: str = ""
) -> dict[str, Any]:
    """Invite somebody; what they can sign in or join with. Somebody new has the id that is chosen: apart, or typed in
    place of a name, in small letters and without spaces."""
    given, new_id = Role(role) if role else None, new_id or (who if ID.fullmatch(who) else "")
    invitation = app.memberships.invite(who, only_team(app, team), given, MACHINE, accounts, new_id)
    return invitation_data(app, invitation)


def invitation_data(app: "App", invitation: Invitation) -> dict[str, Any]:
    """An invitation, as the contract's JSON has it."""
    data: dict[str, Any] = {
        "person": invitation.person,
        "name": invitation.name,
        "team": invitation.team,
        "role": invitation.role.value,
    }
    link = app.console_address.link(invitation.token)
    return data | {"link": link, "code": invitation.token, "days": WAITS.days}


def parting_data(parting: Parting) -> dict[str, Any]:
    """Who has left, as the contract's JSON has it."""
    return {"person": parting.person, "name": parting.name, "team": parting.team, "freed": list(parting.freed)}


def forgotten_data(done: "Forgotten") -> dict[str, Any]:
    """Whose name was deleted, and where it still stands, as JSON data."""
    return {
        "person": done.person,
        "places": dict(done.places),
        "in_settings": done.in_settings,
        "in_id": done.in_id,
        "shared": list(done.shared),
    }


def forgotten_words(app: "App", done: "Forgotten") -> str:
    """What the deletion of a name changed, for people, in the team's language, with what is left to do by hand."""
    say = app.localizer(app.settings.language)
    lines = [say("people.forgotten", person=done.person, count=sum(done.places.values()))]
    lines += [say("people.forgotten_in_settings", person=done.person)] if done.in_settings else []
    lines += [say("people.forgotten_in_id", person=done.person)] if done.in_id else []
    lines += [say("people.forgotten_shared", names=", ".join(done.shared))] if done.shared else []
    return "\n".join(lines)
