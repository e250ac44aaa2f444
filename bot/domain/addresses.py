"""Names that are made of parts: of channels, of places of cards, of messages. Each is written and read here alone.

`str` gives the form in which they are stored and compared; `read` takes it apart again.
"""

from collections.abc import Callable
from dataclasses import dataclass

HEADLINE, WORK, DRAFT = "headline", "work", "draft"
"""A case's own cards: the one that opens its thread, the list of what is to do, an order's explanation."""


@dataclass(frozen=True, slots=True)
class ChannelId:
    """A channel of a platform, as "slack:C0123": `id` is the platform's own and may hold any sign, `platform` no
    colon."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "ChannelId":
        """The parts; a text without a colon is a platform without a channel."""
        platform, _, own = text.partition(":")
        return cls(platform, own)


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a card that newer ones replace: a case's `part`, `about` an order of it ("" for the whole case).
    `instead_of` is the channel where it belongs, for a card that is shown in another because it cannot be shown
    there."""

    case_id: str
    part: str
    about: str = ""
    instead_of: str = ""

    def __str__(self) -> str:
        own = ":".join(filter(None, (self.case_id, self.part, self.about)))
        return f"{own}@{self.instead_of}" if self.instead_of else own

    @classmethod
    def read(cls, text: str) -> "Slot":
        """The parts; all are "" for a card without a slot."""
        own, _, instead_of = text.partition("@")
        case_id, part, about = [*own.split(":", 2), "", ""][:3]
        return cls(case_id, part, about, instead_of)

    def is_own(self, part: str) -> bool:
        """Whether the card is that one of its case, where it belongs."""
        return self.part == part and not self.instead_of


@dataclass(frozen=True, slots=True)
class SlotKey:
    """The key of the message that shows a slot in a channel (as "slack:C0123")."""

    channel: str
    slot: Slot

    def __str__(self) -> str:
        return f"{self.channel}|{self.slot}"

    @classmethod
    def read(cls, text: str) -> "SlotKey":
        """The parts; the slot of any other key is without parts."""
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
        """How the keys of all answers to the event begin."""
        return f"{event_id}#"

    @classmethod
    def read(cls, text: str) -> "AnswerKey | None":
        """The parts; None for any other key."""
        event_id, sign, number = text.rpartition("#")
        return cls(event_id, int(number)) if sign and number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """The key of a message that a case causes once in a channel: the same cause is not told twice."""

    case_id: str
    cause: str
    channel: str

    def __str__(self) -> str:
        return f"{self.case_id}:{self.cause}@{self.channel}"

    @classmethod
    def of(cls, case_id: str, cause: str) -> Callable[[str], str]:
        """channel -> the key there."""
        return lambda channel: str(cls(case_id, cause, channel))
