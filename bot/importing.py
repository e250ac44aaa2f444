"""Importing a file from the command line: the shop, the source, the service and the words for what was skipped."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.app import App
from bot.domain.odr import day_of
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports import OrderSource, Skipped
from bot.services.imports import ImportReport, import_source
from bot.services.timeline import ROBOT
from bot.settings import data_root
from bot.sources.mappings import load_mappings
from bot.sources.opening import open_source

PROGRESS_ROWS = 100_000


def import_file(
    app: App, file: Path, shop_id: str, kind: str | None, tell: Callable[[str], None], exported: str = ""
) -> dict[str, Any]:
    """Import `file` for the shop and give the contract's JSON; `exported` is when somebody says that it was. Raises
    Refusal for an unknown shop or time, SourceError for a file that cannot be taken; then nothing of it is stored."""
    shop = find_shop(app, shop_id)
    exported_on = exported_day(exported, shop.timezone, app.clock.now()) if exported else None
    source = open_source(file, shop, app.config.policy, load_mappings(data_root("config")), kind)
    report = store_source(app, source, shop_id, _progress(tell), exported_on)
    data = report.as_json(partial(skip_reason, app))
    tell(summary(app, report, data))
    return data


def exported_day(text: str, zone: str, now: datetime) -> date:
    """The UTC day in which a file was exported, from an ISO date or time; without a zone of its own it is the shop's,
    an IANA name. Raises Refusal for anything else and for a time in the future."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refusal("bad_exported", text=text[:40]) from None
    day = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).date()
    if day > now.date():
        raise Refusal("bad_exported", text=text[:40])
    return day


def find_shop(app: App, shop_id: str) -> Shop:
    """The shop; raises Refusal naming the known ones."""
    with app.store.unit(read_only=True) as unit:
        if shop := unit.shops.get(shop_id):
            return shop
        known = ", ".join(item.id for item in unit.shops.all()[:20])
    raise Refusal("no_such_shop", shop=shop_id, known=known or "–")


def store_source(
    app: App,
    source: OrderSource,
    shop_id: str,
    progress: Callable[[int], None] | None,
    exported_on: date | None = None,
) -> ImportReport:
    """Write a source in one transaction, with what that means for the days that were measured."""
    with app.store.unit() as unit:
        report = import_source(source, shop_id, unit.orders, progress, uuid4().hex, exported_on)
        days = {day_of(number) for number in report.days}
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
    """The counts, and the first rows that were not taken with their lines."""
    say = app.speaker(app.settings.language)
    defects = ", ".join(f"{say(f'words.defect.{kind}')} {count}" for kind, count in report.defects.items())
    lines = [say("replies.imported", report=report, defects=defects)]
    lines += [
        say("replies.import_skipped", line=item["line"], reason=item["reason"]) for item in data["skipped"][:20]
    ]
    if len(data["skipped"]) > 20:
        lines.append(say("replies.more_skipped", count=report.skipped_count - 20))
    return "\n".join(lines)
