"""The page of the audit trail: who did what, when, from where, filtered by person, subject and day."""

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.platforms.console import pages_context
from bot.ports.trail import TrailQuery

SHOWN = 50


def show_trail(request: Request) -> Response:
    """The newest acts of the teams that the reader leads."""
    console = pages_context.of(request)
    pages, given = console.pages(request), {name: value[:64] for name, value in request.query_params.items()}
    before = given.get("before", "")
    until = _day(given.get("until", ""))
    query = TrailQuery(
        given.get("who", "").strip(),
        given.get("subject", "").strip(),
        _day(given.get("since", "")),
        until and until + timedelta(days=1),
        int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else 0,
        SHOWN,
    )
    rows = console.boards.trail_seen_by(pages.reader.id).page(query, pages.reader.language)
    older = rows[-1].id if len(rows) >= SHOWN else 0
    chosen = {name: given.get(name, "") for name in ("who", "subject", "since", "until")}
    return HTMLResponse(pages.page("trail.html", request.url.path, rows=rows, older=older, chosen=chosen))


def _day(text: str) -> datetime | None:
    """The beginning (UTC) of an ISO day; None for any other text."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
