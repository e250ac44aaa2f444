"""Addresses that consist of parts: of channels, of slots, of messages. Each is encoded and decoded here alone.

`str` encodes to the form in which they are stored and compared; `read` decodes it."""

from collections.abc import Callable
from dataclasses import dataclass

HEADLINE, WORK, DRAFT, FORM = "headline", "work", "draft", "form"
"""A case's own cards: the one that opens its thread, the list of what is to do, an order's explanation, the fields of
the platform's form."""
IMPORTS = "import"
"""In a slot the place of the case, for the card of the exports that a message brought."""


@dataclass(frozen=True, slots=True)
class ChannelId:
    """A channel of a platform, as "slack:C0123". `id` is the platform's own id and may contain any character;
    `platform` contains no colon."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "ChannelId":
        """The parts of a channel id; a text without a colon is a platform without a channel."""
        platform, _, own = text.partition(":")
        return cls(platform, own)


@dataclass(frozen=True, slots=True)
class Slot:
    """The slot of a card, in which a newer card replaces it: a `part` of a case, `about` one of its orders or the
    whole case (""). `instead_of` is the channel where the card belongs, when it is shown in another because it
    cannot be shown there."""

    case_id: str
    part: str
    about: str = ""
    instead_of: str = ""

    def __str__(self) -> str:
        own = ":".join(filter(None, (self.case_id, self.part, self.about)))
        return f"{own}@{self.instead_of}" if self.instead_of else own

    @classmethod
    def read(cls, text: str) -> "Slot":
        """The parts of a slot; all of them are "" for a card without a slot."""
        own, _, instead_of = text.partition("@")
        case_id, part, about = [*own.split(":", 2), "", ""][:3]
        return cls(case_id, part, about, instead_of)

    def is_own(self, part: str) -> bool:
        """Whether this is the case's own card of that part, in the channel where it belongs."""
        return self.part == part and not self.instead_of


@dataclass(frozen=True, slots=True)
class SlotKey:
    """The key of the message that shows a slot in a channel."""

    channel: str
    slot: Slot

    def __str__(self) -> str:
        return f"{self.channel}|{self.slot}"

    @classmethod
    def read(cls, text: str) -> "SlotKey":
        """The parts of a key; a key of another form gives an empty slot."""
        channel, _, slot = text.partition("|")
        return cls(channel, Slot.read(slot))


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """The key of an answer to an event: the event's id and the number of the answer."""

    event_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.prefix(self.event_id)}{self.number}"

    @staticmethod
    def prefix(event_id: str) -> str:
        """The beginning that the keys of all answers to the event have in common."""
        return f"{event_id}#"

    @classmethod
    def read(cls, text: str) -> "AnswerKey | None":
        """The parts of the key of an answer; None for any other key."""
        event_id, sign, number = text.rpartition("#")
        return cls(event_id, int(number)) if sign and number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """The key of a message that a cause sends once to a channel about a case: the same cause is not told twice."""

    case_id: str
    cause: str
    channel: str

    def __str__(self) -> str:
        return f"{self.case_id}:{self.cause}@{self.channel}"

    @classmethod
    def of(cls, case_id: str, cause: str) -> Callable[[str], str]:
        """A function that gives the key for a channel."""
        return lambda channel: str(cls(case_id, cause, channel))
