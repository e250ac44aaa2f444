"""Every service that handlers reach finds what whoever asks may see: nothing they hold opens the whole store."""

import ast
import inspect
import textwrap
from collections.abc import Iterator

import sqlalchemy as sa

from bot.conversation.access import Access
from bot.domain.people import Role
from bot.runtime.bootstrap import App
from bot.store.unit import Store
from tests.access.conftest import World

WHOLE = {"bindings", "memberships", "audiences", "sessions", "sign_in", "connections", "register"}
"""They decide who sees what, and find everything: their handlers are for leads and admins."""
NAMING_NOTHING = {"people", "join", "joined", "console", "sign_out"}
"""They are for everybody, and nothing that somebody names changes what they do: it is about the teams, channel,
account and sessions of whoever asks."""


def opened(thing: object, app: App, seen: set[int], path: str = "") -> Iterator[str]:
    """Where in an object something opens the whole store; App's own methods are looked at apart."""
    if id(thing) in seen or isinstance(thing, App | Access | str | bytes | int | float | type(None)):
        return
    seen.add(id(thing))
    owner = getattr(thing, "__self__", None)
    if isinstance(thing, Store | sa.Engine) or isinstance(owner, Store) or thing == app.access.whole:
        yield path
    elif inspect.isroutine(thing) or type(thing).__module__.startswith(("bot.", "handlers.", "tests.")):
        closed = inspect.getclosurevars(thing).nonlocals if inspect.isfunction(thing) else {}
        for name, part in {**getattr(thing, "__dict__", {}), **closed, "__self__": owner}.items():
            yield from opened(part, app, seen, f"{path}.{name}")
    if isinstance(thing, list | tuple | set | frozenset):
        for part in thing:
            yield from opened(part, app, seen, f"{path}[]")
    if isinstance(thing, dict):
        for key, part in thing.items():
            yield from opened(part, app, seen, f"{path}[{key}]")


def given(app: App, name: str) -> object:
    """What a handler gets that asks for a service of this name."""
    provider = app.dispatcher.providers[name]
    return (provider.__defaults__ or (provider,))[0]


def services(app: App) -> dict[str, object]:
    asked = {name for route in app.dispatcher.router.routes.values() for name in route.parameters}
    return {name: given(app, name) for name in asked}


def test_no_service_of_a_handler_opens_more_than_whoever_asks_may_see(world: World) -> None:
    app = world.app
    found = {name: list(opened(service, app, set(), name)) for name, service in services(app).items()}
    assert {name: paths for name, paths in found.items() if paths and name not in WHOLE} == {}
    assert all(found[name] for name in WHOLE), "nothing is listed that needs not be"
    for route in app.dispatcher.router.routes.values():
        deciding = WHOLE & set(route.parameters)
        assert route.role.may(Role.LEAD) or not deciding or route.name in NAMING_NOTHING, route.name


def test_what_is_handed_over_of_the_program_itself_opens_no_more(world: World) -> None:
    """`again` is a method of the program."""
    methods = [each for each in services(world.app).values() if getattr(each, "__self__", None) is world.app]
    assert methods
    for method in methods:
        tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"store", "whole", "engine"}, method


def test_the_test_sees_a_service_that_is_not_gated(world: World) -> None:
    class Careless:
        def __init__(self) -> None:
            self.units = world.app.store.unit

    careless = Careless()
    assert list(opened(careless, world.app, set(), "new")) == ["new.units"]
    assert list(opened([lambda: careless], world.app, set(), "new")) == ["new[].careless.units"]
