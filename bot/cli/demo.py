"""Loading the demo: believable shops with dates relative to now, so that every countdown runs."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cli.importing import store_source
from bot.runtime.bootstrap import App, open_app
from bot.services.measuring import last_complete_day
from bot.settings.files import ConfigError
from bot.settings.model import Settings
from bot.sources.demo import demo_shops, demo_source
from bot.sources.rehearsal import demo_evidence

MARK = "DEMO"
"""Names the file that marks a data folder as the demo's own: only such a folder is ever emptied."""


def load_demo(settings: Settings, tell: Callable[[str], None]) -> dict[str, Any]:
    """Make or renew the demo in the data folder. Raises ConfigError for a folder that contains other data."""
    app = App(settings)
    day = last_complete_day(app.clock.now()).isoformat()
    mark = settings.data_dir / MARK
    if mark.is_file() and mark.read_text("utf-8").strip() == day:
        tell(f"odr-bot: the demo in {settings.data_dir} is up to date")
        return _account(open_app(settings))
    app.engine.dispose()
    _make_room(settings, mark)
    app = open_app(settings)
    mark.write_text("making", "utf-8")
    shops = _load(app, tell)
    _write_samples(app, settings.data_dir / "samples")
    mark.write_text(day, "utf-8")
    tell(f"odr-bot: {shops} demo shops; sample evidence to drop into a case: {settings.data_dir / 'samples'}")
    return _account(app)


def _make_room(settings: Settings, mark: Path) -> None:
    if settings.database.url and not mark.is_file():
        raise ConfigError("database.url: the demo uses a SQLite file of its own; leave database.url empty for it")
    if mark.is_file():
        for name in ("odr-bot.sqlite3", "odr-bot.sqlite3-wal", "odr-bot.sqlite3-shm"):
            (settings.data_dir / name).unlink(missing_ok=True)
        for folder in ("vault", "incoming", "samples"):
            shutil.rmtree(settings.data_dir / folder, ignore_errors=True)
    elif (settings.data_dir / "odr-bot.sqlite3").exists():
        raise ConfigError(f"data_dir: {settings.data_dir} holds other data; choose an empty folder for the demo")


def _load(app: App, tell: Callable[[str], None]) -> int:
    now = app.clock.now()
    app.monitoring.save_shops(demo_shops())
    shops = demo_shops()
    tell(f"odr-bot: measuring {len(shops)} shops")
    for shop in shops:
        store_source(app, demo_source(shop, now), shop.id, now.date())
    return len(shops)


def _write_samples(app: App, folder: Path) -> None:
    now: datetime = app.clock.now()
    for shop in demo_shops():
        for name, data in demo_evidence(shop, now):
            (folder / shop.id).mkdir(parents=True, exist_ok=True)
            (folder / shop.id / name).write_bytes(data)


def _account(app: App) -> dict[str, Any]:
    with app.store.unit(read_only=True) as unit:
        shops = unit.shops.all()
        cases = unit.cases.listed([shop.id for shop in shops])
    return {"shops": [shop.id for shop in shops], "cases": {case.shop: case.id for case in cases}}
