"""Uploads files: attachments in the thread of their message, and pictures of trends, each once for each change."""

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.domain.newest import Newest
from bot.messaging.card import Attachment, Card, Chart, Style, Text, to_json
from bot.messaging.chart import png
from bot.platforms.slack.api import Destination, NotAllowed, SlackApi, SlackError
from bot.platforms.slack.cards import charts
from bot.platforms.slack.markup import Json, cut
from bot.ports.chat import TryLater
from bot.ports.host import FileStore, Texts

log = logging.getLogger(__name__)

REMEMBERED = 500
PREFIX = "picture_"
YOUNG_SECONDS = 30.0
"""A new file is not at once there for blocks to show."""


def marked(file_name: str, key: str, sha256: str) -> str:
    """The name under which a message's file is uploaded. Slack's files carry nothing else by which it could be
    recognised later that the file belongs to that message."""
    mark = hashlib.sha256(f"{key}|{sha256}".encode()).hexdigest()[:8]
    stem, dot, ending = file_name.rpartition(".")
    return f"{stem}-{mark}.{ending}" if dot else f"{file_name}-{mark}"


class Attachments:
    """Uploads the files of cards, each once for its message."""

    def __init__(self, store: FileStore, texts: Texts, api: SlackApi) -> None:
        self.store, self.texts, self.api = store, texts, api
        self._shared = Newest[str, None](REMEMBERED)

    def with_files(self, place: Destination, key: str, card: Card) -> Card:
        """Upload the card's files to the place where the card will be posted; the card names those that could not
        be uploaded."""
        files = [element for element in card.elements if isinstance(element, Attachment)]
        lost = [file for file in files if not self._share(place, key, file)]
        say = partial(self.texts.say, language=card.language)
        notes = (Text(say("slack.file_missing", name=file.file_name), Style.WARNING) for file in lost)
        return replace(card, elements=(*card.elements, *notes)) if lost else card

    def found(self, message: Json) -> None:
        """Remember the files of a message that was found where a card is looked for: they may have been uploaded
        before a crash."""
        for file in message.get("files") or ():
            self._remember(str(file.get("name") or ""))

    def _share(self, place: Destination, key: str, file: Attachment) -> bool:
        """Upload a file, once for its message however often that has to be tried; returns whether it is there."""
        name = marked(file.file_name, key, file.sha256)
        if name in self._shared:
            return True
        about = {"filename": name, "title": file.file_name, **place.arguments()}
        try:
            self.api.upload(str(self.store.original(file.sha256)), **about)
        except (NotAllowed, SlackError, KeyError) as error:
            log.error("the file %s is not sent: %s", file.file_name, error)
            return False
        self._remember(name)
        return True

    def _remember(self, name: str) -> None:
        self._shared.keep(name, None)


def digest(chart: Chart) -> str:
    """A name for what the chart shows: the same data give the same name."""
    data = json.dumps(to_json(chart), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()[:32]


class TrendPictures:
    """The uploaded pictures of charts, by the name of what they show. Another process may have uploaded one: the
    message that shows it says so."""

    def __init__(self, api: SlackApi) -> None:
        self.api = api
        self._files = Newest[str, tuple[str, float]](REMEMBERED)

    def known(self, name: str) -> bool:
        """Whether the picture was uploaded already."""
        return name in self._files

    def remember(self, name: str, file_id: str, at: float = 0.0) -> None:
        """Remember that the picture was uploaded; `at` is when, by the monotonic clock."""
        self._files.keep(name, (file_id, at))

    def bring(self, card: Card) -> dict[str, str]:
        """The file ids, by name, of the pictures of the card's charts, uploaded where needed; a picture that
        cannot be uploaded is absent. Raises OSError for an outage."""
        found = {}
        for chart in charts(card):
            name = digest(chart)
            if name not in self._files and chart.points:
                self._upload(name, chart)
            if file := self._files.get(name):
                found[name] = file[0]
        return found

    def _upload(self, name: str, chart: Chart) -> None:
        try:
            about = {"filename": "odr-trend.png", "title": cut(chart.title, 200), "alt_txt": cut(chart.summary, 900)}
            file = self.api.upload(png(chart), **about)
        except (SlackError, TryLater) as error:
            # The figures are in words too; the card must not wait for its picture.
            log.warning("a trend is shown without its picture: %s", error)
        else:
            self.remember(name, str(file["id"]), time.monotonic())

    def young(self, names: dict[str, str]) -> bool:
        """Whether one of them was uploaded so recently that Slack may not show it yet."""
        now = time.monotonic()
        known = (self._files.get(name) for name in names)
        return any(now - file[1] < YOUNG_SECONDS for file in known if file)


def carrying(names: Mapping[str, str]) -> dict[str, str]:
    """The metadata by which a message says which pictures it shows, for a process that shows it again."""
    return {PREFIX + name: file_id for name, file_id in names.items()}


def carried(message: Json) -> dict[str, str]:
    """The file ids, by name, of the pictures that one of our messages shows."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return {key.removeprefix(PREFIX): str(file) for key, file in payload.items() if key.startswith(PREFIX)}
