"""Files on their way out: brought to Feishu before their card, which says what became of those that are too big."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

from bot.messaging.card import Attachment, Card, Element, Style, Text
from bot.platforms.feishu.api_messages import Messages
from bot.platforms.feishu.files_splitting import split
from bot.ports.host import Host

LARGEST = 30_000_000
PART = 29_000_000
PARTS_AT_MOST = 4
"""More would take longer than one call may."""

NAME_LENGTH = 100


@dataclass
class Prepared:
    """The card with what is to be said of its files, and the file messages to send after it."""

    card: Card
    sent: list[str] = field(default_factory=list)


class Attachments:
    """Brings a card's files from the vault to Feishu."""

    def __init__(self, host: Host, messages: Messages) -> None:
        self.host, self.messages = host, messages

    def prepared(self, card: Card) -> Prepared:
        """Bring the card's files; raises OSError for an outage."""
        prepared = Prepared(card)
        elements: list[Element] = []
        for element in card.elements:
            elements.append(element)
            if isinstance(element, Attachment):
                elements += [Text(words, Style.WARNING) for words in self._brought(element, card.language, prepared)]
        prepared.card = replace(card, elements=tuple(elements))
        return prepared

    def _brought(self, file: Attachment, language: str, prepared: Prepared) -> list[str]:
        """Bring one file; returns what must be said of it."""
        if file.size <= 0:
            return [self.host.say("feishu.file_empty_to_send", language)]
        try:
            original = self.host.original(file.sha256)
        except KeyError:
            return [self.host.say("feishu.file_lost", language, name=file.file_name)]
        if file.size <= LARGEST:
            prepared.sent.append(self._uploaded(file.file_name, original))
            return []
        return self._in_parts(file, original, language, prepared)

    def _in_parts(self, file: Attachment, original: Path, language: str, prepared: Prepared) -> list[str]:
        too_large = self.host.say("feishu.file_too_large_to_send", language, limit=30)
        with TemporaryDirectory(prefix="odr-bot-") as folder:
            try:
                parts, large = split(original, PART, Path(folder))
            except BadZipFile:
                return [too_large]
            if not parts or len(parts) > PARTS_AT_MOST:
                return [too_large]
            stem = Path(file.file_name).stem
            names = [f"{stem}-{number}-{len(parts)}.zip" for number in range(1, len(parts) + 1)]
            prepared.sent += [self._uploaded(name, part) for name, part in zip(names, parts, strict=True)]
        told = [self.host.say("feishu.file_split", language, parts=len(parts), limit=30)]
        if large:
            told.append(self.host.say("feishu.file_left_out", language, names=", ".join(large[:5]), count=len(large)))
        return told

    def _uploaded(self, name: str, path: Path) -> str:
        with path.open("rb") as data:
            return json.dumps({"file_key": self.messages.upload(name[-NAME_LENGTH:], data)})
