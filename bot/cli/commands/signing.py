"""Commands about signing in to the console: making a link, listing and ending sessions."""

from typing import TYPE_CHECKING, Any

import click

from bot.cli.command import command, opened
from bot.cli.output import show, show_json
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.domain.sign_in import Session
    from bot.runtime.bootstrap import App


@command()
@click.argument("person", required=False)
@click.option("--port", type=int, help="Where `serve` listens, instead of console.port.")
def sign_in(settings: Settings, person: str | None, port: int | None, as_json: bool) -> None:
    """Print a link that signs PERSON (id, name or account) in to the console, once."""
    from bot.runtime.console import first_reader, new_link

    app = opened(settings)
    app.console_address.listens(settings.console.port if port is None else port)
    who = first_reader(app) if person is None else _known(app, person)
    link = new_link(app, who)
    if as_json:
        show_json({"person": who, "link": link})
    else:
        show(link)


@command()
@click.option("--person", help="Only the sessions of this person (id, name or account).")
@click.option("--end", "number", type=int, metavar="N", help="End the session N.")
@click.option("--end-all", is_flag=True, help="End every session; with --person every one of theirs.")
def sessions(settings: Settings, person: str | None, number: int | None, end_all: bool, as_json: bool) -> None:
    """List the browsers that are signed in to the console, and sign them out."""
    from bot.domain.refusal import Refusal

    app = opened(settings)
    who = "" if person is None else _known(app, person)
    if number is not None and not app.sessions.end(number, who):
        raise Refusal("no_such_session", session=number)
    if end_all:
        for each in {session.person for session in app.sessions.listed(who)}:
            app.sessions.end_all(each)
    found = app.sessions.listed(who)
    if as_json:
        show_json({"sessions": [_data(session) for session in found]})
    else:
        show("\n".join(map(_line, found)) or app.phrases.say("console.no_sessions", settings.language))


def _known(app: "App", text: str) -> str:
    from bot.domain.refusal import Refusal
    from bot.domain.teams import LOCAL

    found = LOCAL if text == LOCAL else app.people.everybody().find(text)
    if not found:
        raise Refusal("nobody_known", name=text)
    return found


def _data(session: "Session") -> dict[str, Any]:
    return {
        "id": session.id,
        "person": session.person,
        "address": session.address,
        "browser": session.browser,
        "began": session.created_at.isoformat(),
        "used": session.used_at.isoformat(),
        "ends": session.expires_at.isoformat(),
    }


def _line(session: "Session") -> str:
    times = f"{session.created_at:%Y-%m-%d %H:%M}, used {session.used_at:%Y-%m-%d %H:%M} UTC"
    return f"{session.id:>5}  {session.person}  {session.address}  {times}  {session.browser}"
