"""A person's home page: the answer to a command that the platform asks for, not the person."""

from collections.abc import Callable, Sequence

from bot.conversation.events import CommandReceived
from bot.conversation.identity import Identity
from bot.conversation.turn import Turn
from bot.domain.addresses import ChannelId
from bot.messaging.card import Card
from bot.ports.clock import Clock

COMMAND = "home"


class HomePage:
    """Makes a person's home page by running the command `home` as if the person had sent it in a direct message."""

    def __init__(self, identity: Identity, clock: Clock, run: Callable[[Turn], Sequence[Card]]) -> None:
        self.identity, self.clock, self.run = identity, clock, run

    def card(self, platform: str, person_id: str) -> Card:
        """The home page of a person on a platform."""
        event = CommandReceived("", str(ChannelId(platform, "")), person_id, self.clock.now(), direct=True)
        with self.identity.units(read_only=True) as unit:
            person, language = self.identity.of(unit, event)
        return self.run(Turn(event, person, language, COMMAND))[0]
