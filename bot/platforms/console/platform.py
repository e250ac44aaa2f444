"""The console's web application: its routes, its access check and its error pages."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.domain.people import Role
from bot.platforms.console import (
    events,
    interactions,
    pages_case,
    pages_context,
    pages_imports,
    pages_people,
    pages_shops,
    pages_sign_in,
    pages_trail,
    pages_views,
)
from bot.platforms.console.files import RequestLimits, RequestRefused
from bot.platforms.console.pages import Pages, open_templates
from bot.platforms.console.pages_context import ConsoleContext
from bot.platforms.console.pages_menu import ConsolePage
from bot.platforms.console.pages_stream import ChangePoller
from bot.platforms.console.security import HEADERS, AccessGuard, client_of
from bot.platforms.console.security_client import Surroundings
from bot.ports.board import Boards
from bot.ports.door import Door
from bot.ports.entries import EntryLog
from bot.ports.host import Host

FILES_PER_REQUEST = 5
"""The request cap, in files of the largest size."""


PAGES = (
    ConsolePage("/", pages_views.show_conversation, Role.VIEWER),
    ConsolePage("/earlier", pages_views.show_earlier, Role.VIEWER),
    ConsolePage("/sidebar", pages_views.show_sidebar, Role.VIEWER),
    ConsolePage("/cases", pages_views.show_board, Role.VIEWER, menu="board", sign="▦"),
    ConsolePage("/cases/{case:str}", pages_case.show_case, Role.VIEWER),
    ConsolePage("/overview", pages_case.show_overview, Role.VIEWER, menu="overview", sign="◫"),
    ConsolePage("/pictures/{sha256:str}", pages_case.show_picture, Role.VIEWER),
    ConsolePage("/stream", pages_views.stream, Role.VIEWER),
    ConsolePage("/say", partial(interactions.take, events.message), Role.VIEWER, ("POST",)),
    ConsolePage("/press", partial(interactions.take, events.pressed), Role.VIEWER, ("POST",)),
    ConsolePage("/submit", partial(interactions.take, events.submitted), Role.VIEWER, ("POST",)),
    ConsolePage("/person", interactions.save_person, Role.VIEWER, ("POST",)),
    ConsolePage("/files/{sha256:str}/{name:path}", pages_views.download, Role.VIEWER),
    ConsolePage("/imports", pages_imports.show_imports, Role.VIEWER, menu="imports", sign="⇪"),
    ConsolePage("/shops", pages_shops.show_shops, Role.VIEWER, menu="shops", sign="⌂", settings=True),
    ConsolePage("/audit", pages_trail.show_trail, Role.LEAD, menu="trail", sign="≡", settings=True),
    ConsolePage("/people", pages_people.show_people, Role.VIEWER, menu="people", sign="☺", settings=True),
    ConsolePage("/people", pages_people.change_people, Role.ADMIN, ("POST",)),
    ConsolePage("/sessions", pages_sign_in.show_sessions, Role.VIEWER, menu="sessions", sign="◉", settings=True),
    ConsolePage("/sessions", pages_sign_in.end_sessions, Role.VIEWER, ("POST",)),
    ConsolePage("/sign-out", pages_sign_in.sign_out, Role.VIEWER, ("POST",)),
    ConsolePage("/sign-in", pages_sign_in.show_link, None),
    ConsolePage("/sign-in", pages_sign_in.sign_in, None, ("POST",)),
    ConsolePage("/login", pages_sign_in.show_login, None),
    ConsolePage("/login", pages_sign_in.login, None, ("POST",)),
)
"""Everything that the console answers, each with the least role that it needs."""

STATIC = "/static/"


def create_app(
    host: Host,
    boards: Boards,
    entries: EntryLog,
    door: Door,
    templates: Path,
    *,
    token: str = "",
    surroundings: Surroundings | None = None,
    poll_seconds: float = 0.5,
    limits: RequestLimits | None = None,
    pages: Sequence[ConsolePage] = PAGES,
) -> Starlette:
    """The console as an ASGI application. `templates` is the folder templates/console. With a `token` who has no
    session gives it before they are told how to sign in; `surroundings` say how the console is reached, by loopback
    alone unless given."""
    caps = limits or _limits(host.files.max_upload_bytes)
    poller = ChangePoller(entries.latest, poll_seconds)
    console = ConsoleContext(host, boards, entries, door, open_templates(templates), token, poller, caps, pages)
    reached, is_open = surroundings or Surroundings(), partial(_is_open, pages)
    guard = Middleware(AccessGuard, door=door, surroundings=reached, is_open=is_open)
    app = Starlette(
        routes=[*(page.route() for page in pages), Mount("/static", StaticFiles(directory=templates / "static"))],
        middleware=[guard],
        exception_handlers={RequestRefused: _refused, 404: _refused, 405: _refused, Exception: _failed},
    )
    app.state.console = console
    return app


def _is_open(pages: Sequence[ConsolePage], path: str) -> bool:
    return path.startswith(STATIC) or any(page.role is None and page.path == path for page in pages)


def _limits(largest: int) -> RequestLimits:
    return RequestLimits(largest, largest * FILES_PER_REQUEST)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, RequestRefused) else RequestRefused(404, "console.error_no_page")
    return await run_in_threadpool(_problem, request, refusal)


def _problem(request: Request, refusal: RequestRefused) -> Response:
    console = pages_context.of(request)
    pages = console.pages(request)
    return _told(
        request, pages, console.host.texts.say(refusal.key, pages.reader.language, **refusal.params), refusal.status
    )


def _fault(request: Request, error: Exception) -> Response:
    """The page that explains a database fault in words, with status 503; for any other error a page without
    details, with 500."""
    pages = pages_context.of(request).pages(request)
    if words := pages.host.texts.fault(error, pages.reader.language):
        # The cause names the machine: whoever asks from elsewhere has not shown who they are.
        return _told(request, pages, words if client_of(request).here else pages.say("error_database"), 503)
    return _problem(request, RequestRefused(500, "console.error_unexpected"))


def _told(request: Request, pages: Pages, words: str, status: int) -> Response:
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(pages.problem(words), status)
    return JSONResponse({"error": words}, status)


async def _failed(request: Request, error: Exception) -> Response:
    # The server logs the cause: Starlette raises it again after this answer.
    try:
        answer = await run_in_threadpool(_fault, request, error)
    except Exception:
        answer = PlainTextResponse("Something went wrong here; the log says what.", 500)
    answer.headers.update(HEADERS)
    return answer
