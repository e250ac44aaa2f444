"""Builds the console's web application from the program, and makes the link that is printed at the start."""

from typing import TYPE_CHECKING, Any

from bot.domain.people import Role
from bot.domain.places import CONSOLE
from bot.domain.teams import LOCAL
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.services.sign_in import LIFETIME
from bot.settings.files import data_root
from bot.settings.model import Settings

COMMAND_LINE = "command-line"
"""Who asked for what was made at the command line."""

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from bot.platforms.console.security_client import Surroundings


def console_app(app: App, **options: Any) -> "Starlette":
    """The console of the program as an ASGI application; `options` are those of `create_app`."""
    from bot.platforms.console.platform import create_app
    from bot.store.console import ConsoleLog

    console, pages = app.settings.console, data_root("templates") / "console"
    parts = (app.host(CONSOLE), app.boards, ConsoleLog(app.engine), app.door, pages)
    return create_app(*parts, **{"token": console.token, "surroundings": surroundings(app.settings), **options})


def surroundings(settings: Settings) -> "Surroundings":
    """By which names and proxies the console is reached."""
    from bot.platforms.console.security_client import Surroundings

    console = settings.console
    return Surroundings(console.public_url, console.trusted_proxies, by_address=bool(console.token))


def first_reader(app: App) -> str:
    """Whom the link signs in that is printed at the start: the first admin, which is whoever works at this machine
    where nobody was made one, else the first lead; those of the settings before others."""
    roster, order = app.access.roster(), [item.id for item in app.settings.people]
    for role in (Role.ADMIN, Role.LEAD):
        found = [person for team in roster.teams.all for person in roster.with_role(team, role)]
        if not found and roster.listed(LOCAL):
            return LOCAL
        if found:
            return min(found, key=lambda person: (person not in order, order.index(person) if person in order else 0))
    return LOCAL


def how_to_sign_in(app: App) -> str:
    """What is told at the start. A link is printed only where nobody but this machine reaches the console: elsewhere
    the output is kept and read by more people than may sign in."""
    from bot.domain.links import is_loopback

    console = app.settings.console
    if console.public_url or not is_loopback(console.host):
        return "odr-bot: to sign in write `console` to the bot in a chat, or run `odr-bot sign-in PERSON` here"
    try:
        return sign_in_line(app, first_reader(app))
    except DatabaseError:
        return "odr-bot: no link to sign in while the database cannot be used; later: odr-bot sign-in"


def new_link(app: App, person: str) -> str:
    """A new link that signs a person in, asked for at the command line."""
    return app.console_address.link(app.sign_in.link(person, COMMAND_LINE))


def sign_in_line(app: App, person: str) -> str:
    """A new link that signs a person in, with what there is to know of it."""
    known = app.host(CONSOLE).directory.profile(person).name
    name = known or ("" if person == LOCAL else person)
    minutes = round(LIFETIME.total_seconds() / 60)
    return f"odr-bot: sign in{name and f' as {name}'}, once, within {minutes} minutes: {new_link(app, person)}"
