"""Files on their way out: brought to Feishu before their card, which says so when they are too big."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.card import Attachment, Card, Element, Style, Text
from bot.host import Host
from bot.platforms.feishu.messages import Messages

LARGEST = 30_000_000
NAME_LENGTH = 100


@dataclass(frozen=True)
class Prepared:
    """The card with what is to be said of its files, and the file messages to send after it."""

    card: Card
    sent: tuple[str, ...] = ()


class Attachments:
    """Brings a card's files from the vault to Feishu."""

    def __init__(self, host: Host, messages: Messages) -> None:
        self.host, self.messages = host, messages

    def prepared(self, card: Card) -> Prepared:
        """Bring the card's files; raises OSError for an outage."""
        files = [element for element in card.elements if isinstance(element, Attachment)]
        if not files:
            return Prepared(card)
        elements = tuple(each for element in card.elements for each in self._told(element, card.language))
        sent = tuple(self._content(file) for file in files if 0 < file.size <= LARGEST)
        return Prepared(replace(card, elements=elements), sent)

    def _told(self, element: Element, language: str) -> Iterator[Element]:
        yield element
        if isinstance(element, Attachment) and element.size > LARGEST:
            yield Text(self.host.say("feishu.file_too_large_to_send", language, limit=30), Style.WARNING)
        if isinstance(element, Attachment) and element.size <= 0:
            yield Text(self.host.say("feishu.file_empty_to_send", language), Style.WARNING)

    def _content(self, file: Attachment) -> str:
        with self.host.original(file.sha256).open("rb") as data:
            return json.dumps({"file_key": self.messages.upload(file.file_name[-NAME_LENGTH:], data)})
