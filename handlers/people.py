"""Who belongs to the team: the list, inviting somebody, taking somebody out, joining with an invitation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.conversation.turn import Question, Turn
from bot.domain.addresses import ChannelId
from bot.domain.people import Role
from bot.domain.places import is_console
from bot.domain.refusal import Refusal
from bot.domain.teams import Team
from bot.domain.text import folded
from bot.messaging.card import Card, Tone
from bot.ports.records import Person
from bot.services.memberships import Memberships
from bot.services.people import KnownPeople
from bot.wording import membership, replies
from bot.wording.localizer import Localizer

router = Router()

_INVITATION = re.compile(r"[\w-]{6,20}\.[\w-]{20,80}", re.ASCII)


@router.on("people", role=Role.VIEWER)
def people(own_teams: Sequence[Team], memberships: Memberships, say: Localizer) -> list[Card]:
    """List the people of the teams whose shops are seen here."""
    if not own_teams:
        raise Refusal("no_shops_here")
    default = memberships.rosters.settled.default
    return [membership.people_card(say, team, memberships.listed([team.id]), default) for team in own_teams]


@router.on("invite", role=Role.ADMIN, takes="listed", elsewhere=True)
def invite(
    turn: Turn,
    text: str,
    sure: bool,
    person: Person,
    led_teams: Sequence[Team],
    own_teams: Sequence[Team],
    memberships: Memberships,
    people: KnownPeople,
    sign_in_link: Callable[[str], str],
    say: Localizer,
) -> Card:
    """Give somebody a role in the team; ask first whether somebody new is meant."""
    team, words = _team(text.split(), led_teams)
    role, words = _role(words, say)
    name = " ".join(words)
    if not name:
        raise Refusal("invite_name_needed")
    if not (sure or people.everybody().find(name)):
        meant = role or Role.MEMBER
        repeated = " ".join(["invite", name, meant.value, team.id if len(led_teams) > 1 else ""]).strip()
        raise Question(
            _at_home(membership.invite_question(say, name, team, meant, repeated), team, own_teams, person)
        )
    invitation = memberships.invite(name, team.id, role, person.id)
    if is_console(turn.event.channel):
        # What stands there everybody reads who is in the channel; the page of people tells the link to one alone.
        return _at_home(membership.invited_at_console(say, team, invitation), team, own_teams, person)
    link = sign_in_link(invitation.token) if invitation.token else ""
    answer = membership.invited_card(say, team, invitation, link)
    return replace(answer, private_to=person.id, secret=bool(invitation.token))


@router.on("remove", role=Role.ADMIN, takes="listed", elsewhere=True)
def remove(
    text: str,
    person: Person,
    led_teams: Sequence[Team],
    own_teams: Sequence[Team],
    memberships: Memberships,
    say: Localizer,
) -> Card:
    """Take somebody out of the team."""
    team, words = _team(text.split(), led_teams)
    if not words:
        raise Refusal("nobody_there", who="?")
    parting = memberships.remove(" ".join(words), team.id, person.id)
    return _at_home(membership.parting_card(say, team, parting), team, own_teams, person)


@router.on("join", role=Role.VIEWER, takes="invitation")
def join(turn: Turn, event: Incoming, memberships: Memberships, say: Localizer) -> Card:
    """Make the account that writes the invited person's. An invitation that others could read is used up."""
    found = _INVITATION.search(turn.said)  # whole: a code may begin with a dash
    if found and not event.direct:
        raise Refusal("join_directly" if memberships.spoil(found.group(), event.channel) else "invitation_over")
    platform = ChannelId.read(event.channel).platform
    joined = memberships.join(found.group() if found else "", platform, event.person)
    return replies.text_card(say, "people.joined", Tone.GREEN, name=joined.name or joined.id)


def _at_home(card: Card, team: Team, here: Sequence[Team], person: Person) -> Card:
    """The card, for the person alone in a channel that does not belong to the team: others there know nothing of
    it."""
    return card if team in here else replace(card, private_to=person.id)


def _team(words: list[str], teams: Sequence[Team]) -> tuple[Team, list[str]]:
    """The team that is named among the words, or the only one, and the other words."""
    named = [team for team in teams if {folded(team.id), folded(team.name)} & set(map(folded, words))]
    if len(teams) == 1 and not named:
        return teams[0], words
    if len(named) != 1:
        raise Refusal("which_team", known=", ".join(team.id for team in teams))
    return named[0], [word for word in words if folded(word) not in (folded(named[0].id), folded(named[0].name))]


def _role(words: list[str], say: Localizer) -> tuple[Role | None, list[str]]:
    """The role that the last word names, in any language, and the other words; None when it names none."""
    phrases = say.phrases
    known = {folded(phrases.say(f"words.role.{role}", each)): role for role in Role for each in phrases.languages}
    known |= {folded(role.value): role for role in Role}
    if words and (role := known.get(folded(words[-1]))):
        return role, words[:-1]
    return None, words
