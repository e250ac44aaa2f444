"""Demo shops with a month of orders behind them, relative to now: quiet ones, and one for each trigger."""

import random
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.dateorder import WrittenDate
from bot.domain.orders import DefectType, Shop
from bot.ports.sources import Batch, DefectRow, OrderRow
from bot.settings.files import data_root, load_data
from bot.sources.times import DAY_MS, to_ms

DAYS = 35
OPENED_ON = date(2024, 5, 6)
CHANNEL = "console:ops"
Count = Annotated[int, Field(ge=0)]


class _StoryData(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Story(_StoryData):
    """One demo shop (config/demo.toml): `usual` defects a day are repeated until the `last` days begin."""

    id: str
    name: str
    site: str
    timezone: str
    category: str
    high_risk: bool = False
    story: Literal["quiet", "single_day", "red", "streak", "surge", "rolling"]
    orders: Annotated[int, Field(gt=0)]
    usual: Annotated[tuple[Count, ...], Field(min_length=1)]
    last: Annotated[tuple[Count, ...], Field(min_length=1)]
    carrier: str
    tracking: str
    texts: dict[DefectType, Annotated[tuple[str, ...], Field(min_length=1)]]

    def defects_on(self, index: int) -> int:
        """Defects of the day `index` of `DAYS`, the last being yesterday."""
        newest = index - (DAYS - len(self.last))
        return self.last[newest] if newest >= 0 else self.usual[index % len(self.usual)]


class Stories(_StoryData):
    """The demo shops as config/demo.toml describes them."""

    shops: Annotated[tuple[Story, ...], Field(min_length=1)]


@lru_cache(maxsize=1)
def _stories() -> dict[str, Story]:
    stories = load_data(data_root("config") / "demo.toml", Stories)
    return {story.id: story for story in stories.shops}


def demo_shops() -> list[Shop]:
    """The demo shops, all bound to the console's channel."""
    return [
        Shop(
            id=story.id,
            name=story.name,
            site=story.site,
            timezone=story.timezone,
            category=story.category,
            high_risk=story.high_risk,
            opened_on=OPENED_ON,
            channels=[CHANNEL],
        )
        for story in _stories().values()
    ]


@dataclass(frozen=True)
class DemoSource:
    """The orders and defects of one demo shop."""

    orders: tuple[OrderRow, ...]
    defects: tuple[DefectRow, ...]
    kind: str = "demo"
    dates: tuple[WrittenDate, ...] = ()

    def batches(self) -> Iterator[Batch]:
        """All rows in one batch, because a demo shop is small."""
        yield Batch(len(self.orders) + len(self.defects), self.orders, self.defects)


def demo_source(shop: Shop, now: datetime) -> DemoSource:
    """The last `DAYS` complete UTC days of a demo shop before `now` (UTC); the same for every instant of a day.

    Raises KeyError for a shop that is not of the demo.
    """
    story = _stories()[shop.id]
    rng = random.Random(shop.id)  # noqa: S311
    today = datetime.combine(now.date(), time(), UTC)
    days = [_orders_of(story, today - timedelta(days=DAYS - index), rng) for index in range(DAYS)]
    defects: dict[str, DefectRow] = {}
    for index in range(DAYS):
        for defect in _defects_of(story, index, today - timedelta(days=DAYS - index), days, rng, defects):
            defects[defect[0]] = defect
    return DemoSource(tuple(order for day in days for order in day), tuple(defects.values()))


def _orders_of(story: Story, day: datetime, rng: random.Random) -> list[OrderRow]:
    """The orders of a day in time order; for every twenty valid orders there is a cancelled one besides."""
    start, extra = to_ms(day), story.orders // 20
    instants = sorted(rng.sample(range(DAY_MS // 1000), story.orders + extra))
    cancelled = set(rng.sample(range(len(instants)), extra))
    shop_number = [*_stories()].index(story.id)
    return [
        (
            f"57{start // 1000 + second}{shop_number}{number % 100_000:05d}",
            start + second * 1000,
            start // DAY_MS,
            number not in cancelled,
            _digits(story.tracking, rng),
            story.carrier,
            f"user{rng.randrange(10**7, 10**8)}",
        )
        for number, second in enumerate(instants)
    ]


def _defects_of(
    story: Story,
    index: int,
    day: datetime,
    days: list[list[OrderRow]],
    rng: random.Random,
    taken: Container[str],
) -> Iterator[DefectRow]:
    """The defects of a day from the morning on, of orders that were placed five or more days before; each order
    has at most one."""
    types = list(DefectType)
    for number in range(story.defects_on(index)):
        placed = days[max(0, index - 5 - 2 * number)]
        # On the first days the orders of the very day must do, those of its early hours.
        early = placed[: len(placed) // 4]
        order = rng.choice([order for order in early if order[3] and order[0] not in taken])
        kind = types[(index + number) % len(types)]
        at = to_ms(day) + (8 * 60 + 150 * number + rng.randrange(90)) * 60_000
        yield (order[0], str(kind), at, at // DAY_MS, True, True, rng.choice(story.texts[kind]))


def _digits(pattern: str, rng: random.Random) -> str:
    """The pattern with a digit for each #."""
    count = pattern.count("#")
    return pattern.replace("#", "%s") % (*f"{rng.randrange(10**count):0{count}d}",)
