"""What makes a function a page of the console: its address, who may open it, and its entry in the menu."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.people import Role
from bot.platforms.console.files import RequestRefused
from bot.platforms.console.security import client_of, visitor_of
from bot.ports.host import Host


@dataclass(frozen=True)
class ConsolePage:
    """A page, a part of one, or what a page sends. `role` is the least role that opens it, None for what is answered
    without a session; for whoever has less it does not exist. With `menu`, a text of console.toml, it is an entry of
    the menu, behind the sign `sign`; with `settings` among those that are seldom needed."""

    path: str
    answer: Callable[..., Any]
    role: Role | None
    methods: tuple[str, ...] = ("GET",)
    menu: str = ""
    sign: str = ""
    settings: bool = False

    def route(self) -> Route:
        """The page as a route that asks for the role first."""
        return Route(self.path, self._guarded if self.role else self.answer, methods=list(self.methods))

    async def _guarded(self, request: Request) -> Response:
        visitor = visitor_of(request)
        if self.role is None or visitor is None or not visitor.role.may(self.role):
            raise RequestRefused(404, "console.error_no_page")
        person, address = visitor.session.person, client_of(request).address
        host: Host = request.app.state.console.host
        with host.acting(person, address, self.path.strip("/").replace("-", "_")):
            if iscoroutinefunction(self.answer):
                response: Response = await self.answer(request)
                return response
            return await run_in_threadpool(self.answer, request)


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the menu: the page's address, its text in console.toml, the sign before it, and whether it stands
    among the settings."""

    path: str
    text: str
    sign: str
    settings: bool = False


def menu_for(pages: Iterable[ConsolePage], role: Role) -> list[MenuEntry]:
    """The entries for a person with that role, in the order of the pages."""
    shown = (page for page in pages if page.menu and page.role and role.may(page.role))
    return [MenuEntry(page.path, page.menu, page.sign, page.settings) for page in shown]
