"""The page of shops: where each comes from, and for admins the forms that add and change shops."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.domain.people import Role
from bot.platforms.console import pages_context
from bot.platforms.console.security import visitor_of


def show_shops(request: Request) -> Response:
    """The shops that the reader sees."""
    console = pages_context.of(request)
    pages, visitor = console.pages(request), visitor_of(request)
    may_change = visitor is not None and visitor.role.may(Role.ADMIN)
    cards = console.boards.shops_seen_by(pages.reader.id, pages.reader.language, may_change)
    drawn = [pages.card(each) for each in cards]
    return HTMLResponse(pages.page("shops.html", request.url.path, cards=drawn))
