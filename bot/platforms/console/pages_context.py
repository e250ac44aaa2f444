"""What all routes of the console share."""

from dataclasses import dataclass, field

from anyio import CapacityLimiter
from jinja2 import Environment
from starlette.requests import Request

from bot.platforms.console import people
from bot.platforms.console.files import RequestLimits, RequestRefused, Submitted, read_form
from bot.platforms.console.pages import ConsolePlace, Pages
from bot.platforms.console.pages_stream import ChangePoller
from bot.ports.board import Board
from bot.ports.entries import EntryLog
from bot.ports.host import Host

TURNS_AT_ONCE = 8


@dataclass
class ConsoleContext:
    """The core, the board, the log of entries and the limits of requests. A wrong token is answered after
    `wrong_token_seconds`."""

    host: Host
    board: Board
    entries: EntryLog
    templates: Environment
    token: str
    poller: ChangePoller
    limits: RequestLimits
    wrong_token_seconds: float = 1.0
    turns: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(TURNS_AT_ONCE))

    def pages(self, request: Request) -> Pages:
        """The pages for the reader who sends the request."""
        reader = self.host.directory.profile(people.reader_id(request))
        return Pages(self.host, self.board, self.entries, self.templates, reader)

    def place(self, query: "Request | Submitted") -> ConsolePlace:
        """The place that a request names; the first channel when it names none. Raises RequestRefused for an unknown
        channel."""
        values = query.query_params if isinstance(query, Request) else query.fields
        channels = [view.id for view in self.board.channels()]
        channel = values.get("channel") or next(iter(channels), "")
        if channels and channel not in channels:
            raise RequestRefused(404, "console.error_channel", name=channel[:80])
        return ConsolePlace(channel, values.get("thread", "")[:64])

    async def form(self, request: Request) -> Submitted:
        """The fields and files of the request."""
        return await read_form(request, self.host.files.upload_dir, self.limits)


def of(request: Request) -> ConsoleContext:
    """The console to which a request was sent."""
    console: ConsoleContext = request.app.state.console
    return console
