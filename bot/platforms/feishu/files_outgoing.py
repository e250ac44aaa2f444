"""Uploads a card's files to Feishu before the card is sent, which says what became of files that are too large. A
package that is too large is sent as several smaller ones."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from bot.messaging.card import Attachment, Card, Element, Style, Text
from bot.platforms.feishu.api_messages import Messages
from bot.ports.host import FileStore, Texts

LARGEST = 30_000_000
PART = 29_000_000
PARTS_AT_MOST = 4
"""More would take longer than one call may."""

NAME_LENGTH = 100
ENTRY_BYTES = 1000
"""What the zip format itself takes for one entry, names included."""


@dataclass
class Prepared:
    """The card with notes on its files, and the file messages to send after it."""

    card: Card
    sent: list[str] = field(default_factory=list)


class Attachments:
    """Uploads a card's files from the vault to Feishu."""

    def __init__(self, store: FileStore, texts: Texts, messages: Messages) -> None:
        self.store, self.texts, self.messages = store, texts, messages

    def prepared(self, card: Card) -> Prepared:
        """Upload the card's files; raises OSError for an outage."""
        prepared = Prepared(card)
        elements: list[Element] = []
        for element in card.elements:
            elements.append(element)
            if isinstance(element, Attachment):
                elements += [Text(words, Style.WARNING) for words in self._brought(element, card.language, prepared)]
        prepared.card = replace(card, elements=tuple(elements))
        return prepared

    def _brought(self, file: Attachment, language: str, prepared: Prepared) -> list[str]:
        """Upload one file; returns the notes that the card must show."""
        if file.size <= 0:
            return [self.texts.say("feishu.file_empty_to_send", language)]
        try:
            original = self.store.original(file.sha256)
        except KeyError:
            return [self.texts.say("feishu.file_lost", language, name=file.file_name)]
        if file.size <= LARGEST:
            prepared.sent.append(self._uploaded(file.file_name, original))
            return []
        return self._in_parts(file, original, language, prepared)

    def _in_parts(self, file: Attachment, original: Path, language: str, prepared: Prepared) -> list[str]:
        too_large = self.texts.say("feishu.file_too_large_to_send", language, limit=30)
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
        told = [self.texts.say("feishu.file_split", language, parts=len(parts), limit=30)]
        if large:
            told.append(
                self.texts.say("feishu.file_left_out", language, names=", ".join(large[:5]), count=len(large))
            )
        return told

    def _uploaded(self, name: str, path: Path) -> str:
        with path.open("rb") as data:
            return json.dumps({"file_key": self.messages.upload(name[-NAME_LENGTH:], data)})


def split(package: Path, limit: int, folder: Path) -> tuple[list[Path], list[str]]:
    """Split a zip file into several in `folder`, in the order of its entries, each of at most `limit` bytes.
    Returns their paths and the names of entries that are too large by themselves. Raises BadZipFile for a file
    that is no zip."""
    parts: list[Path] = []
    with ZipFile(package) as whole:
        entries = [entry for entry in whole.infolist() if not entry.is_dir()]
        large = [entry.filename for entry in entries if _size(entry) > limit]
        for number, group in enumerate(_groups([each for each in entries if _size(each) <= limit], limit), 1):
            parts.append(folder / f"{number}.zip")
            _write(parts[-1], whole, group)
    return parts, large


def _size(entry: ZipInfo) -> int:
    return entry.compress_size + ENTRY_BYTES


def _groups(entries: list[ZipInfo], limit: int) -> Iterator[list[ZipInfo]]:
    group: list[ZipInfo] = []
    size = 0
    for entry in entries:
        if group and size + _size(entry) > limit:
            yield group
            group, size = [], 0
        group.append(entry)
        size += _size(entry)
    if group:
        yield group


def _write(part: Path, whole: ZipFile, entries: list[ZipInfo]) -> None:
    with ZipFile(part, "w", ZIP_DEFLATED) as target:
        for entry in entries:
            named = ZipInfo(entry.filename, entry.date_time)
            named.compress_type = entry.compress_type
            with whole.open(entry) as source, target.open(named, "w") as copy:
                shutil.copyfileobj(source, copy)
