"""The routes that show something: pages, parts of pages, the live stream and files."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse

from bot.domain.filename import safe_name
from bot.platforms.console import pages_context, people
from bot.platforms.console.files import RequestRefused
from bot.platforms.console.pages import ConsolePlace, Pages
from bot.platforms.console.pages_board import Filters
from bot.platforms.console.pages_context import ConsoleContext
from bot.platforms.console.pages_stream import event, feed
from bot.platforms.console.people import local_path
from bot.platforms.console.security import visitor_of

SHA256 = re.compile(r"[0-9a-f]{64}")


def show_conversation(request: Request) -> Response:
    """The page of a channel, or of the thread of a case."""
    console = pages_context.of(request)
    pages = console.pages(request)
    place = console.place(request, pages.reader.id)
    return HTMLResponse(pages.conversation(place, here(request), console.limits))


def show_earlier(request: Request) -> Response:
    """Older entries of a conversation, as a part of a page."""
    console = pages_context.of(request)
    pages, before = console.pages(request), _number(request.query_params.get("before", ""))
    return HTMLResponse(pages.earlier(console.place(request, pages.reader.id), before))


def show_sidebar(request: Request) -> Response:
    """The list of channels and cases, as a part of a page."""
    console = pages_context.of(request)
    pages = console.pages(request)
    place = ConsolePlace("") if "board" in request.query_params else console.place(request, pages.reader.id)
    return HTMLResponse(pages.sidebar(place, local_path(request.query_params.get("here", "/"))))


def show_board(request: Request) -> Response:
    """The page with all cases, by deadline."""
    console = pages_context.of(request)
    return HTMLResponse(console.pages(request).board(Filters.of(request.query_params), here(request)))


async def stream(request: Request) -> Response:
    """Server-sent events: the new entries of this place as HTML, and a notice of changes elsewhere."""
    console = pages_context.of(request)
    pages = await run_in_threadpool(console.pages, request)
    whole = "board" in request.query_params
    place = ConsolePlace("") if whole else await run_in_threadpool(console.place, request, pages.reader.id)
    since = _number(request.headers.get("last-event-id") or request.query_params.get("since", ""))
    hello = "retry: 1500\n" + event("clock", {"now": round(console.host.clock.now().timestamp() * 1000)})
    text = feed(console.poller, since, hello, partial(_changes, console, pages, place), _lives(console, request))
    return StreamingResponse(text, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _lives(console: ConsoleContext, request: Request) -> Callable[[], bool]:
    visitor = visitor_of(request)
    return lambda: visitor is not None and console.door.sessions.lives(visitor.session.id)


def _changes(console: ConsoleContext, pages: Pages, place: ConsolePlace, since: int) -> Iterator[tuple[int, str]]:
    seen = {view.id for view in pages.overview.channels()}
    for entry in console.entries.changes(since):
        if entry.channel not in seen:
            yield entry.changed, ""
        elif place.shows(entry):
            html = str(pages.entry(entry, place))
            yield entry.changed, event("entry", {"id": entry.id, "html": html}, entry.changed)
        else:
            yield entry.changed, event("elsewhere", {"channel": entry.channel, "thread": entry.thread}, entry.changed)


def download(request: Request) -> Response:
    """An original, always as a file to save, so that it is never shown within the console's own origin."""
    console = pages_context.of(request)
    sha256 = request.path_params["sha256"]
    try:
        reader = people.reader_id(request)
        path = console.host.files.original(sha256, reader) if SHA256.fullmatch(sha256) else None
    except KeyError:
        path = None
    if path is None:
        raise RequestRefused(404, "console.error_no_file")
    name = safe_name(request.path_params["name"])
    headers = {"content-security-policy": "sandbox; default-src 'none'"}
    return FileResponse(path, media_type="application/octet-stream", filename=name, headers=headers)


def here(request: Request) -> str:
    """The page's own address, with its query."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
