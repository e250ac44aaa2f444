"""The way from a chat to the console: a link that signs in once, and the end of every session."""

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.addresses import ChannelId
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.sign_in import SignInRefused
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.services.console_address import ConsoleAddress
from bot.services.sessions import Sessions
from bot.services.sign_in import LIFETIME, SignIn
from bot.wording.localizer import Localizer
from bot.wording.signing import here_card, link_card, signed_out_card

router = Router()


@router.on("console", role=Role.VIEWER, takes="")
def open_console(
    event: Incoming, person: Person, sign_in: SignIn, console_address: ConsoleAddress, say: Localizer
) -> Card:
    """Give the person, and nobody else, a link that signs them in to the console once (domain.md §7)."""
    if ChannelId.read(event.channel).platform == "console":
        return here_card(say)
    try:
        token = sign_in.link(person.id, person.id, event.channel)
    except SignInRefused as refused:
        raise Refusal("too_many_links") from refused
    return link_card(say, console_address.link(token), console_address.only_here, LIFETIME, person.id)


@router.on("sign_out", role=Role.VIEWER, takes="")
def sign_out(person: Person, sessions: Sessions, say: Localizer) -> Card:
    """End every session of the person at the console."""
    return signed_out_card(say, sessions.end_all(person.id), person.id)
