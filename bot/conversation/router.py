"""The registry of handlers: which one answers a command, button or form, and who may use it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation.grammar import TAKEN
from bot.domain.people import Role
from bot.messaging.card import Card

Handler = Callable[..., "Card | list[Card] | None"]


class WiringError(Exception):
    """A handler does not fit the router: a name is used twice, or an argument has no provider. Found at start-up."""


@dataclass(frozen=True)
class Route:
    """A registered handler. `role` is the least role that may use it, in the team of what the turn is about;
    `elsewhere` says that this need not be anything that is seen in the channel. `takes` are the kinds of arguments of
    a command that changes something (see grammar.py), None for one that only shows; `reports` says that it tells
    what a person did elsewhere."""

    name: str
    handler: Handler
    role: Role
    parameters: tuple[str, ...] = ()
    takes: frozenset[str] | None = None
    reports: bool = False
    elsewhere: bool = False


class Router:
    """Collects the handlers of one file; the composition root joins the routers of all files."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def on(
        self,
        name: str,
        role: Role | None = None,
        takes: str | None = None,
        reports: bool = False,
        elsewhere: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register a handler for the command, button or form of that name. Raises WiringError for one that does not
        say which role it needs. A command that changes something lists in `takes` what its words may be, so that it
        only runs when all of them were understood (domain.md §8)."""
        if role is None:
            raise WiringError(f"{name!r} does not say which role it needs")
        least, parts = role, None if takes is None else frozenset(takes.split())

        def register(handler: Handler) -> Handler:
            parameters = tuple(inspect.signature(handler).parameters)
            self._add(Route(name, handler, least, parameters, parts, reports, elsewhere))
            return handler

        return register

    def include(self, other: "Router") -> None:
        """Add another router's handlers; raises WiringError for a name that is used twice."""
        for route in other.routes.values():
            self._add(route)

    def _add(self, route: Route) -> None:
        if route.name in self.routes:
            raise WiringError(f"two handlers for {route.name!r}")
        if unknown := sorted((route.takes or set()) - TAKEN):
            raise WiringError(f"{route.name!r} takes unknown parts {unknown}; known: {sorted(TAKEN)}")
        self.routes[route.name] = route
