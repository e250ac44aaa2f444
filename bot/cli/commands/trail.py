"""The command that reads the audit trail."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from bot.cli.command import command, opened
from bot.cli.output import misuse, show, show_json
from bot.settings.model import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.trail import AuditLine

COLUMNS = ("at", "who", "from", "what", "subject", "before", "after")


@command()
@click.option("--since", default="", metavar="TIME", help="From then on: a time in UTC, or an age such as 7d.")
@click.option("--until", default="", metavar="TIME", help="Before then.")
@click.option("--who", default="", metavar="PERSON", help="Only this person, by id; also command-line or program.")
@click.option("--subject", default="", metavar="ID", help="Only what concerns this, such as C1 or E7.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for a spreadsheet.")
def audit(settings: Settings, since: str, until: str, who: str, subject: str, as_csv: bool, as_json: bool) -> None:
    """Say who did what, when, from where, with the values before and after; oldest first, one line for each act."""
    from bot.ports.trail import TrailQuery
    from bot.services.export import table
    from bot.wording.trail import told

    if as_csv and as_json:
        raise click.UsageError("Choose one: --json or --csv.")
    app = opened(settings)
    begins, ends = (_instant(text, app.clock.now()) for text in (since, until))
    found = reversed([*app.trail.all(TrailQuery(who, subject, begins, ends))])
    if as_json:
        for line in found:
            show_json(line.data)
    elif as_csv:
        click.echo(table([COLUMNS, *_rows(found)]), nl=False)
    else:
        say = app.localizer(settings.language)
        names = app.people.everybody()
        for line in found:
            show(told(say, line, lambda person: names.get(person).called))


def _instant(text: str, now: "datetime") -> "datetime | None":
    """The UTC instant of an ISO date or time, or of an age such as 36h or 7d; None for ""."""
    from bot.domain.instants import read_iso
    from bot.domain.trail import read_age

    if not text:
        return None
    if age := read_age(text):
        return now - age
    try:
        return read_iso(text, "UTC")
    except (ValueError, OverflowError):
        misuse(f"{text!r} is no time; expected 2026-11-08, 2026-11-08T01:00Z, 36h or 7d")


def _rows(lines: "Iterable[AuditLine]") -> list[list[str]]:
    """The lines as cells; before and after are JSON."""
    return [
        [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in line.data.values()]
        for line in lines
    ]
