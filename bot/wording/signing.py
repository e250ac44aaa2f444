"""What people are told about signing in to the console."""

from datetime import timedelta

from bot.domain.sign_in import SignInLink
from bot.messaging.card import Card, Element, Link, Style, Text, Tone
from bot.wording.localizer import Localizer


def link_card(say: Localizer, address: str, only_here: bool, lifetime: timedelta, person: str) -> Card:
    """The link that signs a person in; `only_here` says that it opens at the machine of the program alone."""
    minutes = round(lifetime.total_seconds() / 60)
    elements: tuple[Element, ...] = (
        Text(say("signing.link_text", minutes=minutes)),
        Link(say("signing.link_label"), address),
        *([Text(say("signing.only_here"), Style.WARNING)] if only_here else []),
        Text(say("signing.keep"), Style.MUTED),
    )
    title = say("signing.link_title")
    return Card(title, elements, Tone.BLUE, language=say.language, private_to=person, secret=True)


def here_card(say: Localizer) -> Card:
    """The answer to somebody who asks for the console at the console."""
    return Card(say("signing.here_title"), (Text(say("signing.here_text")),), language=say.language)


def signed_out_card(say: Localizer, count: int, person: str) -> Card:
    """How many sessions were ended."""
    title = say("signing.signed_out", count=count)
    return Card(title, (), Tone.GREEN, language=say.language, private_to=person)


def tried_again_card(say: Localizer, link: SignInLink, address: str) -> Card:
    """What the owner of a used link is told when somebody tries it once more."""
    words = say("signing.tried_again", used=link.used_at, by=link.used_from, address=address)
    elements = (Text(words), Text(say("signing.tried_what"), Style.WARNING))
    title = say("signing.tried_title")
    return Card(title, elements, Tone.ORANGE, language=say.language, private_to=link.person, secret=True)
