"""The page of people: who belongs to the reader's teams, inviting somebody, taking somebody out."""

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.platforms.console import pages_context
from bot.platforms.console.files import RequestRefused
from bot.platforms.console.pages import Pages


def show_people(request: Request) -> Response:
    """The people of the reader's teams."""
    return _page(request)


def _page(request: Request, **told: object) -> Response:
    console = pages_context.of(request)
    pages = console.pages(request)
    teams = console.boards.people_seen_by(pages.reader.id).teams()
    values = {"invited": None, "removed": "", "freed": (), "word": partial(_word, pages)} | told
    return HTMLResponse(
        pages.page("people.html", request.url.path, teams=teams, roles=[role.value for role in Role], **values)
    )


def _word(pages: Pages, key: str) -> str:
    return pages.host.texts.say(f"words.{key}", pages.reader.language)


async def change_people(request: Request) -> Response:
    """Invite somebody, or take somebody out of a team. The link of an invitation is in this answer alone."""
    form = await pages_context.of(request).form(request)
    form.discard()
    return await run_in_threadpool(_change, request, form.fields)


def _change(request: Request, fields: dict[str, str]) -> Response:
    console = pages_context.of(request)
    people = console.boards.people_seen_by(console.pages(request).reader.id)
    team, who = fields.get("team", "")[:64], fields.get("who", "")[:200].strip()
    try:
        if fields.get("act") == "remove":
            return _page(request, removed=fields.get("name", who)[:64], freed=people.remove(team, who))
        return _page(request, invited=people.invite(team, who, fields.get("role", "")))
    except Refusal as refusal:
        raise RequestRefused(409, f"refusals.{refusal.key}", **refusal.params) from refusal
