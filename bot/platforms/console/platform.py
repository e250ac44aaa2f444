"""The console's web application: its routes, its access check and its error pages."""

from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.platforms.console import events, interactions, pages_context, pages_views
from bot.platforms.console.files import RequestLimits, RequestRefused
from bot.platforms.console.pages import Pages, open_templates
from bot.platforms.console.pages_context import ConsoleContext
from bot.platforms.console.pages_stream import ChangePoller
from bot.platforms.console.security import HEADERS, AccessGuard
from bot.ports.board import Board
from bot.ports.entries import EntryLog
from bot.ports.host import Host

FILES_PER_REQUEST = 5
"""The request cap, in files of the largest size."""


def create_app(
    host: Host,
    board: Board,
    entries: EntryLog,
    templates: Path,
    *,
    token: str = "",
    hosts: tuple[str, ...] = (),
    poll_seconds: float = 0.5,
    wrong_token_seconds: float = 1.0,
    limits: RequestLimits | None = None,
) -> Starlette:
    """The console as an ASGI application. `templates` is the folder templates/console; `hosts` are further names,
    besides loopback, that may appear in Host; with a `token` people must sign in first."""
    caps = limits or _limits(host.files.max_upload_bytes)
    console = ConsoleContext(
        host,
        board,
        entries,
        open_templates(templates),
        token,
        ChangePoller(entries.latest, poll_seconds),
        caps,
        wrong_token_seconds,
    )
    app = Starlette(
        routes=_routes(templates),
        middleware=[Middleware(AccessGuard, token=token, hosts=hosts)],
        exception_handlers={RequestRefused: _refused, 404: _refused, Exception: _failed},
    )
    app.state.console = console
    return app


def _limits(largest: int) -> RequestLimits:
    return RequestLimits(largest, largest * FILES_PER_REQUEST)


def _routes(templates: Path) -> list[Route | Mount]:
    return [
        Route("/", pages_views.show_conversation),
        Route("/earlier", pages_views.show_earlier),
        Route("/sidebar", pages_views.show_sidebar),
        Route("/cases", pages_views.show_board),
        Route("/stream", pages_views.stream),
        Route("/say", partial(interactions.take, events.message), methods=["POST"]),
        Route("/press", partial(interactions.take, events.pressed), methods=["POST"]),
        Route("/submit", partial(interactions.take, events.submitted), methods=["POST"]),
        Route("/person", interactions.save_person, methods=["POST"]),
        Route("/login", interactions.login, methods=["GET", "POST"]),
        Route("/files/{sha256:str}/{name:path}", pages_views.download),
        Mount("/static", StaticFiles(directory=templates / "static")),
    ]


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
        return _told(request, pages, words, 503)
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
