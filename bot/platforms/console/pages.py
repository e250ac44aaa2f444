"""The console's pages: collects what a template needs, for one reader."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.domain.teams import LOCAL
from bot.messaging.card import Card
from bot.platforms.console import pages_board
from bot.platforms.console.cards import clock_time, render
from bot.platforms.console.events import FILE_MARK
from bot.platforms.console.files import RequestLimits
from bot.platforms.console.pages_menu import MenuEntry
from bot.platforms.sizes import megabytes, readable_size
from bot.ports.board import ACTIVE, FINISHED, PAGE, STATES, Board, BoardPage, BoardQuery, BoardRow, ChannelView
from bot.ports.entries import Entry, EntryLog
from bot.ports.host import Host
from bot.ports.records import Person

ZONES = (
    "Asia/Shanghai",
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "Asia/Kuala_Lumpur",
    "Asia/Bangkok",
    "Asia/Manila",
    "Asia/Ho_Chi_Minh",
    "Asia/Riyadh",
    "Asia/Dubai",
)
LANGUAGES = ("zh", "en")
EARLIER = 80
BESIDE = 20
"""Cases of a channel that are listed beside its conversation; the board has all."""


def open_templates(folder: Path) -> Environment:
    """The Jinja2 environment of the console: everything is escaped, and a missing name is an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["ms"] = lambda at: round(at.timestamp() * 1000)
    environment.filters["mb"] = megabytes
    environment.filters["size"] = readable_size
    return environment


@dataclass(frozen=True)
class ConsolePlace:
    """Where the reader is: in a channel, and perhaps in a case's thread."""

    channel: str
    thread: str = ""

    def shows(self, entry: Entry) -> bool:
        """Whether the entry belongs to this place's conversation."""
        if entry.channel != self.channel:
            return False
        return entry.thread == self.thread or (not self.thread and entry.root)


@dataclass(frozen=True)
class Pages:
    """Renders pages for one reader at one instant; reads from the core, the board and the log, and changes
    nothing."""

    host: Host
    overview: Board
    entries: EntryLog
    environment: Environment
    reader: Person
    menu: Sequence[MenuEntry] = ()

    def say(self, key: str, **params: Any) -> str:
        """A text in the reader's language; `key` without the name of the console's file of texts."""
        return self.host.texts.say(f"console.{key}", self.reader.language, **params)

    def draw(self, template: str, **values: Any) -> str:
        """A template, rendered with the values that all templates need."""
        return self.environment.get_template(template).render(
            say=self.say,
            reader=self.reader,
            now=self.host.clock.now(),
            menu=self.menu,
            languages=LANGUAGES,
            zones=list(dict.fromkeys([self.reader.timezone, *ZONES])),
            name_of=self.name_of,
            state=pages_board.state,
            zoned=self.zoned,
            **values,
        )

    def name_of(self, person: str) -> str:
        """The name of a person, else the id."""
        return self._names(person)

    def _unnamed(self, person: str) -> str:
        return self.say("nameless") if person == LOCAL else person

    @cached_property
    def _names(self) -> Callable[[str], str]:
        known: dict[str, str] = {}

        def name(person: str) -> str:
            if person not in known:
                known[person] = self.host.directory.profile(person).name or self._unnamed(person)
            return known[person]

        return name

    def zoned(self, at: datetime) -> list[str]:
        """An instant in UTC and in the reader's zone."""
        return list(dict.fromkeys(clock_time(at, zone) for zone in ("UTC", self.reader.timezone)))

    def entry(self, entry: Entry, place: ConsolePlace) -> Markup:
        """One entry of the conversation as HTML."""
        card = entry.card
        html = card and render(
            self.environment, card, self._card_words(card.language), self.reader.timezone, self.name_of
        )
        lines = entry.words.split("\n")
        text = self.draw(
            "entry.html",
            entry=entry,
            card=html,
            words="\n".join(line for line in lines if not line.startswith(FILE_MARK)),
            files=[line.removeprefix(FILE_MARK) for line in lines if line.startswith(FILE_MARK)],
            time=entry.at.astimezone(ZoneInfo(self.reader.timezone)),
            opens_thread=entry.root and not place.thread,
        )
        return Markup(text)  # noqa: S704 - made by an escaping template

    def card(self, card: Card) -> Markup:
        """A card as HTML, for the reader."""
        words = self._card_words(card.language)
        return render(self.environment, card, words, self.reader.timezone, self.name_of)

    def _card_words(self, language: str) -> Callable[..., str]:
        return lambda key, **params: self.host.texts.say(f"console.{key}", language, **params)

    def log(self, entries: Iterable[Entry], place: ConsolePlace) -> Markup:
        """Several entries of the conversation as HTML."""
        return Markup("").join(self.entry(entry, place) for entry in entries)

    def sidebar(self, place: ConsolePlace, here: str) -> str:
        """The menu, the list of channels, and that of the current channel's cases, on the page `here`."""
        return self.draw("sidebar.html", here=here, **self._beside(place))

    def _beside(self, place: ConsolePlace) -> dict[str, Any]:
        return {
            "place": place,
            "channels": self.overview.channels(),
            "active": self._cases(place.channel, ACTIVE, BESIDE),
            "done": self._cases(place.channel, FINISHED, 0).total,
            "undelivered": self.overview.undelivered(),
        }

    def _cases(self, channel: str, state: str, most: int) -> BoardPage:
        if not channel:
            return BoardPage()
        return self.overview.cases(BoardQuery(channel, state=state, limit=most), self.reader.language)

    def conversation(self, place: ConsolePlace, here: str, limits: RequestLimits) -> str:
        """The page of a channel or of a case's thread; `here` is the page's own address."""
        changed = self.entries.latest()
        entries = self.entries.conversation(place.channel, place.thread, limit=EARLIER)
        beside = self._beside(place)
        return self.draw(
            "conversation.html",
            here=here,
            changed=changed,
            log=self.log(entries, place),
            earlier=entries[0].position if len(entries) == EARLIER else 0,
            channel=_named(beside["channels"], place.channel),
            case=self._case(place),
            limits=limits,
            **beside,
        )

    def _case(self, place: ConsolePlace) -> BoardRow | None:
        row = self.overview.case(place.thread, self.reader.language) if place.thread else None
        return row if row and row.channel == place.channel else None

    def earlier(self, place: ConsolePlace, before: int) -> str:
        """Older entries, with a link to still older ones."""
        entries = self.entries.conversation(place.channel, place.thread, before, EARLIER)
        more = entries[0].position if len(entries) == EARLIER else 0
        return self.draw("earlier.html", log=self.log(entries, place), earlier=more, place=place)

    def board(self, filters: pages_board.Filters, here: str) -> str:
        """The page with the board of all cases."""
        return self.page(
            "board.html",
            here,
            filters=filters,
            found=self.overview.cases(filters.query(self.reader.id), self.reader.language),
            days=self.overview.days(self.reader.language),
            sites=self.overview.sites(),
            owners=self.overview.owners(),
            states=(*STATES, FINISHED),
            sorts=pages_board.SORTS,
            page_rows=PAGE,
            nobody=pages_board.NOBODY,
        )

    def page(self, template: str, here: str, **values: Any) -> str:
        """A page beside the menu, made of a template that extends frame.html; `here` is the page's own address."""
        beside = self._beside(ConsolePlace(""))
        return self.draw(template, here=here, changed=self.entries.latest(), **values, **beside)

    def problem(self, words: str, here: str = "/") -> str:
        """A page that says what went wrong."""
        return self.draw("problem.html", words=words, here=here)


def _named(channels: Sequence[ChannelView], channel: str) -> ChannelView:
    return next((view for view in channels if view.id == channel), ChannelView(channel, channel))
