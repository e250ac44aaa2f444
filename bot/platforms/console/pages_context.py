"""What all routes of the console share."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from anyio import CapacityLimiter
from jinja2 import Environment
from starlette.requests import Request

from bot.platforms.console import people
from bot.platforms.console.files import RequestLimits, RequestRefused, Submitted, read_form
from bot.platforms.console.pages import LANGUAGES, ConsolePlace, Pages
from bot.platforms.console.pages_menu import ConsolePage, menu_for
from bot.platforms.console.pages_stream import ChangePoller
from bot.platforms.console.security import visitor_of
from bot.ports.board import Boards
from bot.ports.door import Door
from bot.ports.entries import EntryLog
from bot.ports.host import Host
from bot.ports.records import Person

TURNS_AT_ONCE = 8
FEW_WORDS = RequestLimits(0, 20_000, files=0, fields=10, field_bytes=4_000, idle_seconds=10, total_seconds=30)
"""The limits of what is taken of anybody: nothing of it reaches the disk."""


@dataclass
class ConsoleContext:
    """The core, the board, the log of entries, the door, and the limits of requests. `pages_served` are all pages,
    of which each reader's menu is made."""

    host: Host
    boards: Boards
    entries: EntryLog
    door: Door
    templates: Environment
    token: str
    poller: ChangePoller
    limits: RequestLimits
    pages_served: Sequence[ConsolePage] = ()
    turns: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(TURNS_AT_ONCE))

    def pages(self, request: Request) -> Pages:
        """The pages for the reader who sends the request."""
        visitor = visitor_of(request)
        if visitor is None:
            return self.pages_for(request)
        reader = self.host.directory.profile(visitor.session.person)
        menu = menu_for(self.pages_served, visitor.role)
        return Pages(self.host, self.boards.seen_by(reader.id), self.entries, self.templates, reader, menu)

    def pages_for(self, request: Request, person: str = "") -> Pages:
        """Pages for somebody without a session: of a link's `person` in their language, else in that of the browser.
        They have no menu, and nothing of what is beside it may be drawn."""
        nobody = Person("", language=people.wanted_language(request, LANGUAGES))
        reader = self.host.directory.profile(person)
        told = replace(nobody, language=nobody.language or reader.language, timezone=reader.timezone)
        return Pages(self.host, self.boards.seen_by(told.id), self.entries, self.templates, told)

    def place(self, query: "Request | Submitted", reader: str) -> ConsolePlace:
        """The place that a request names; the reader's first channel when it names none. Raises RequestRefused for
        a channel that they do not see, as for one that does not exist."""
        values = query.query_params if isinstance(query, Request) else query.fields
        channels = [view.id for view in self.boards.seen_by(reader).channels()]
        channel = values.get("channel") or next(iter(channels), "")
        if channel and channel not in channels:
            raise RequestRefused(404, "console.error_channel", name=channel[:80])
        return ConsolePlace(channel, values.get("thread", "")[:64])

    async def words(self, request: Request) -> dict[str, str]:
        """The few short fields of a request that brings no files, such as everybody may send who is not signed in."""
        form = await read_form(request, self.host.files.upload_dir, FEW_WORDS)
        form.discard()
        return form.fields

    async def form(self, request: Request) -> Submitted:
        """The fields and files of the request."""
        return await read_form(request, self.host.files.upload_dir, self.limits)


def of(request: Request) -> ConsoleContext:
    """The console to which a request was sent."""
    console: ConsoleContext = request.app.state.console
    return console
