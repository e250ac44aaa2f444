import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main

NOW = "2026-11-20T08:00:00Z"
DAY = date(2026, 11, 19)
"""The UTC day under test: the last complete one at NOW."""
ORDER_COLUMNS = ("order_id", "created_at", "valid", "tracking_number", "carrier", "buyer")
DEFECT_COLUMNS = ("order_id", "defect_type", "occurred_at", "text")


@dataclass
class Cli:
    """The real command line in a folder of its own; `env` is added to the environment."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *args: object, **env: str) -> Result:
        words = [str(arg) for arg in args]
        return CliRunner().invoke(main, words, env=self.env | env, catch_exceptions=False)

    def json(self, *args: object, exit_code: int = 0) -> Any:
        """What a command with --json prints; it must be one JSON value and nothing else."""
        result = self(*args, "--json")
        assert result.exit_code == exit_code, result.stderr
        return json.loads(result.stdout)

    def settings(self, text: str = "", name: str = "odr-bot.toml") -> Path:
        path = self.folder / name
        path.write_text(text or SETTINGS, "utf-8")
        return path

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(self, shop: str, days: Mapping[date, "DayStory"]) -> None:
        """Import the days' orders and defects in the canonical form."""
        orders, defects = [], []
        # No two shops have an order in common: the first shop's ids are plain, the others' begin with their name.
        own = "" if shop == "us-1" else f"{shop}-"
        for day, story in days.items():
            for number, at in enumerate(story.order_times(day)):
                orders.append((own + order_id(day, number), at, "true", tracking(day, number), "GOFO", "buyer1"))
            for number, (kind, at) in enumerate(story.defect_times(day)):
                defects.append((own + order_id(day, number if story.distinct else 0), kind, at, "late"))
        self._import(shop, "orders", [ORDER_COLUMNS, *orders])
        if defects:
            self._import(shop, "defects", [DEFECT_COLUMNS, *defects])

    def _import(self, shop: str, kind: str, rows: Sequence[Sequence[object]]) -> None:
        path = self.folder / f"{shop}-{kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        # Without it the newest day might go on, and would be held against a usual whole day.
        result = self("import", path, "--shop", shop, "--kind", kind, "--exported", NOW)
        assert result.exit_code == 0, result.stderr


def order_id(day: date, number: int) -> str:
    return f"57{day:%Y%m%d}{number:06d}7"  # a last digit that no spreadsheet would have rounded to


def tracking(day: date, number: int) -> str:
    return f"GFUS{day:%Y%m%d}{number:06d}"


TYPES = ("return_refund", "negative_review", "service_rating")


@dataclass(frozen=True)
class DayStory:
    """A UTC day: all orders in its first hour, then a defect on each full hour from 10:00 on."""

    orders: int
    defects: int = 0
    distinct: bool = True

    def order_times(self, day: date) -> list[str]:
        start = datetime.combine(day, datetime.min.time(), UTC)
        return [stamp(start + timedelta(seconds=number % 3600)) for number in range(self.orders)]

    def defect_times(self, day: date) -> list[tuple[str, str]]:
        start = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=10)
        return [(TYPES[n % 3], stamp(start + timedelta(hours=n) * (n < 13))) for n in range(self.defects)]


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def month(usual: DayStory, *last: DayStory, days: int = 34) -> dict[date, DayStory]:
    """`days` UTC days that end with DAY: `usual` ones, then the `last` ones."""
    stories = [usual] * (days - len(last)) + list(last)
    return {DAY - timedelta(days=days - 1 - index): story for index, story in enumerate(stories)}


SETTINGS = f"""
data_dir = "data"
language = "en"
clock.now = {NOW}

[[shops]]
id = "us-1"
name = "Bright Home"
site = "US"
opened_on = 2024-01-05

[[shops]]
id = "risky"
site = "MY"
high_risk = true
opened_on = 2024-01-05
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """A command line in an empty folder with the settings above."""
    monkeypatch.chdir(tmp_path)
    cli = Cli(tmp_path)
    cli.settings()
    yield cli


@pytest.fixture
def anomaly(cli: Cli) -> Cli:
    """A month of 100 orders a day, a day with three defects, and the case C1 that the check opened."""
    cli.load("us-1", month(DayStory(100), DayStory(100, 3)))
    assert cli("check").exit_code == 0
    return cli


def evidence_files(cli: Cli, number: int = 0) -> list[Path]:
    """What the base groups ask for, for the defect order of that number on DAY."""
    order, parcel = order_id(DAY, number), f"Tracking number: {tracking(DAY, number)}\n"
    return [
        cli.file(f"tracking-{number}.txt", f"GOFO tracking\nOrder number: {order}\n{parcel}{JOURNEY}"),
        cli.file(f"inbox-{number}.txt", f"TikTok Inbox conversation, order {order}\n{CHAT}"),
        cli.file(f"erp-{number}.csv", f"time,order_id,event\n2026-11-10T08:00:00Z,{order},ERP sync ok\n"),
    ]


JOURNEY = """Picked up 2026-11-10 09:12 UTC
Exception: weather delay 2026-11-13 10:00 UTC
Delivered 2026-11-18 15:20 UTC
Captured on 2026-11-20 07:30 UTC
"""
CHAT = """Buyer (2026-11-18 11:00 UTC): Where is my parcel? It did not arrive.
Seller (2026-11-18 11:20 UTC): The carrier reports a weather delay.
Buyer (2026-11-18 16:00 UTC): Received now, thank you.
"""
