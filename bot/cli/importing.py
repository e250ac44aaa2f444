"""Imports a file from the command line: finds the shop and the source, calls the service, and words the report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.domain.dateorder import DateOrder
from bot.domain.imports import Import
from bot.domain.instants import read_iso
from bot.domain.odr import day_of
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.domain.text import same_text
from bot.ports.sources import OrderSource, Skipped
from bot.runtime.bootstrap import App
from bot.services.importing import ImportRequest
from bot.services.imports import ImportReport, import_source
from bot.services.timeline import ROBOT
from bot.settings.files import data_root
from bot.sources.mappings import load_mappings
from bot.sources.opening import open_source, usual_order

PROGRESS_ROWS = 100_000


COMMAND_LINE = "command line"
"""Who imports, where nobody says more."""


@dataclass(frozen=True)
class ImportOptions:
    """What a person says about a file: what it contains, the order of its dates, that orders of other shops move
    here, and when it was exported (ISO, in the shop's zone unless it carries one)."""

    kind: str | None = None
    dates: str | None = None
    move: bool = False
    exported: str = ""


def import_file(
    app: App, file: Path, shop_id: str, options: ImportOptions, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Import `file` for the shop and give the contract's JSON. Raises Refusal for an unknown shop or time and for
    what has to be answered first, SourceError for a file that cannot be taken; then nothing of it is stored."""
    shop, mappings = find_shop(app, shop_id), load_mappings(data_root("config"))
    usual, stated = usual_order(shop, mappings), DateOrder(options.dates) if options.dates else None
    exported_at = exported_when(options.exported, shop.timezone, app.clock.now()) if options.exported else None
    request = ImportRequest(shop_id, file.name, COMMAND_LINE, usual, stated, options.move, exported_at)
    answers = app.importing.answers(shop_id)
    source = open_source(file, shop, app.config.policy, mappings, options.kind, dates=request.dates, answers=answers)
    report = app.importing.take(source, request, _progress(tell))
    data = report.as_json(partial(skip_reason, app))
    tell(summary(app, report, data))
    return data


def exported_when(text: str, zone: str, now: datetime) -> datetime:
    """The instant (UTC) at which a file was exported, from an ISO date or time; a date means its beginning, and
    without a zone of its own it is in the shop's IANA zone. Raises Refusal for anything else and for a time that is
    to come."""
    try:
        at = read_iso(text, zone)
    except ValueError:
        raise Refusal("bad_exported", text=text[:40]) from None
    if at > now:
        raise Refusal("bad_exported", text=text[:40])
    return at


def find_shop(app: App, shop_id: str) -> Shop:
    """The shop with that id; raises Refusal that lists the known ones."""
    with app.store.unit(read_only=True) as unit:
        if shop := unit.shops.get(shop_id):
            return shop
        known = ", ".join(item.id for item in unit.shops.all()[:20])
    raise Refusal("no_such_shop", shop=shop_id, known=known or "–")


def store_source(app: App, source: OrderSource, shop_id: str, whole_before: date) -> ImportReport:
    """Write a source that is no file, in one transaction, and measure its days again; every UTC day before
    `whole_before` is complete."""
    with app.store.unit() as unit:
        until = datetime.combine(whole_before, time(), UTC)
        report = import_source(source, shop_id, unit.orders, None, uuid4().hex, until)
        days = {day_of(number) for number in report.told}
        app.monitoring.remeasure(unit, shop_id, days, ROBOT, f"import of {report.kind}")
        return report


def _progress(tell: Callable[[str], None]) -> Callable[[int], None]:
    told = 0

    def progress(rows: int) -> None:
        nonlocal told
        if rows - told >= PROGRESS_ROWS:
            told = rows
            tell(f"  {rows:,} rows …")

    return progress


def skip_reason(app: App, skipped: Skipped) -> str:
    """Why a row was not taken, in the team's language."""
    return app.phrases.say(f"imports.{skipped.reason}", app.settings.language, **dict(skipped.params))


def summary(app: App, report: ImportReport, data: dict[str, Any]) -> str:
    """The counts of a report, and the first rows that were skipped, with their lines."""
    say = app.localizer(app.settings.language)
    defects = ", ".join(f"{say(f'words.defect.{kind}')} {count}" for kind, count in report.defects.items())
    lines = [say("replies.imported", report=report, defects=defects)]
    if report.id:
        lines.append(say("replies.import_number", id=report.id))
    if report.dates:
        lines.append(say(f"replies.import_dates_{report.dates}"))
    lines += [
        say("replies.import_skipped", line=item["line"], reason=item["reason"]) for item in data["skipped"][:20]
    ]
    if len(data["skipped"]) > 20:
        lines.append(say("replies.more_skipped", count=report.skipped_count - 20))
    return "\n".join(lines)


def undo_import(app: App, import_id: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """Undo an import and return it as JSON data. Raises Refusal when that cannot be done."""
    app.importing.undo(import_id, COMMAND_LINE)
    [undone] = [each for each in app.importing.listed() if each.id == str(int(import_id))]
    tell(app.phrases.say("replies.import_undone", app.settings.language, item=undone))
    return import_data(undone)


def import_data(item: Import) -> dict[str, Any]:
    """An import as JSON data; `first` and `last` are UTC days."""
    first, last = (None if day is None else day_of(day).isoformat() for day in (item.first_day, item.last_day))
    return {
        "id": item.id,
        "at": f"{item.at:%Y-%m-%dT%H:%M:%SZ}",
        "by": item.by,
        "shop": item.shop,
        "kind": item.kind,
        "file": item.file,
        "rows": item.rows,
        "first": first,
        "last": last,
        "state": item.state,
    }


def listed_imports(app: App, shop_id: str | None) -> list[dict[str, Any]]:
    """The imports of a shop, or of all, as JSON data, newest first."""
    return [import_data(item) for item in app.importing.listed(None if shop_id is None else [shop_id])]


def imports_table(app: App, found: list[dict[str, Any]]) -> str:
    """The imports as text for people, one on each line."""
    say = app.localizer(app.settings.language)
    lines = [say("replies.import_line", **item, undone=item["state"] == "undone") for item in found]
    return "\n".join(lines) or say("replies.no_imports")


def answer_statuses(app: App, shop_id: str, meanings: dict[str, bool]) -> None:
    """Record what status words mean for a shop, in every column that has them; all of them or none. Raises Refusal
    for a word that is not asked about."""
    find_shop(app, shop_id)
    known = [each.word for each in app.importing.words([shop_id])]
    chosen = {text: [word for word in known if same_text(word.text, text)] for text in meanings}
    if unknown := [text for text, words in chosen.items() if not words]:
        raise Refusal("no_such_status", text=", ".join(unknown), shop=shop_id)
    for text, words in chosen.items():
        for word in words:
            app.importing.answer(shop_id, word, meanings[text], COMMAND_LINE)


def listed_statuses(app: App, shop_id: str | None) -> list[dict[str, Any]]:
    """The status words that the configuration does not know, as JSON data; `valid` is null while nobody has said
    it."""
    with app.store.unit(read_only=True) as unit:
        shops = [shop_id] if shop_id else [shop.id for shop in unit.shops.all()]
        found = unit.statuses.words(shops)
    return [
        {
            "shop": each.shop,
            "column": each.word.field,
            "word": each.word.text,
            "orders": each.orders,
            "valid": each.valid,
        }
        for each in found
    ]


def statuses_table(app: App, found: list[dict[str, Any]]) -> str:
    """The status words as text for people, one on each line."""
    say = app.localizer(app.settings.language)
    return "\n".join(say("replies.status_line", **item) for item in found) or say("replies.no_statuses")
