"""Cards about who belongs to a team: the list, an invitation, a parting."""

from collections.abc import Sequence

from bot.domain.people import Role
from bot.domain.teams import Team
from bot.messaging.card import Actions, Button, Card, Element, Style, Table, Text, Tone
from bot.services.memberships import WAITS, Invitation, Listed, Parting
from bot.wording.localizer import Localizer


def people_card(say: Localizer, team: Team, people: Sequence[Listed], default: Role) -> Card:
    """Who is listed in the team, in which role, and what whoever is in a channel may do."""
    columns = tuple(say(f"people.list_{name}") for name in ("name", "role", "from"))
    rows = tuple(_row(say, team, item) for item in people)
    role = say(f"words.role.{default}")
    elements: list[Element] = [Table(columns, rows)] if rows else [Text(say("people.list_none", role=role))]
    if rows and not team.listed:
        elements.append(Text(say("people.list_channel", role=role), Style.MUTED))
    title = say("people.list_title", team=named(say, team), count=len(rows))
    return Card(title, tuple(elements), Tone.BLUE, "", say.language)


def _row(say: Localizer, team: Team, item: Listed) -> tuple[str, str, str]:
    origin = say(f"people.from_{'settings' if item.by_settings else 'invited'}")
    return item.name or item.id, say(f"words.role.{item.roles[team.id]}"), origin


def named(say: Localizer, team: Team) -> str:
    """The team's name in a sentence; the one team that nobody named is just the team."""
    return say("people.the_team") if team.nameless else team.called


def invite_question(say: Localizer, name: str, team: Team, role: Role, words: str) -> Card:
    """Asks whether somebody new is meant; the button repeats the command's `words`."""
    question = say("people.invite_question", name=name, role=say(f"words.role.{role}"), team=named(say, team))
    button = Button(say("people.button_invite", name=name), "say", {"text": words, "sure": "yes"}, "primary")
    return Card(question, (Actions((button,)),), Tone.BLUE, "", say.language)


def _invited(say: Localizer, team: Team, invitation: Invitation) -> str:
    role = say(f"words.role.{invitation.role}")
    return say("people.invited", name=invitation.name, role=role, team=named(say, team))


def invited_at_console(say: Localizer, team: Team, invitation: Invitation) -> Card:
    """What somebody may do now, and where their link is told."""
    where = (Text(say("people.invited_page", name=invitation.name)),) if invitation.token else ()
    return Card(_invited(say, team, invitation), where, Tone.GREEN, "", say.language)


def invited_card(say: Localizer, team: Team, invitation: Invitation, link: str) -> Card:
    """What somebody may do now; with `link`, how they prove who they are."""
    title = _invited(say, team, invitation)
    ways = (
        Text(say("people.invited_link", days=WAITS.days)),
        Text(say("people.invited_open", link=link)),
        Text(say("people.invited_chat", code=invitation.token)),
    )
    proving = bool(invitation.token)
    return Card(title, ways if proving else (), Tone.GREEN, "", say.language, secret=proving)


def parting_card(say: Localizer, team: Team, parting: Parting) -> Card:
    """Who has left, and which cases nobody has any more."""
    title = say("people.removed", name=parting.name, team=named(say, team), freed=list(parting.freed))
    return Card(title, (), Tone.YELLOW, "", say.language)
