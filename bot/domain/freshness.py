"""Whether a shop's data are as new as they should be: by when a day is expected, and what lacks (domain.md §1a)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.day_state import SOURCES, Reach
from bot.domain.imports import ORDERS
from bot.domain.odr import day_number, day_of
from bot.domain.orders import Shop
from bot.domain.working_days import WorksOn, next_working_day, weekday

ONE_DAY = timedelta(days=1)
API = "api"
"""The origin of what an API delivers, or what stands there before a colon."""
LONGEST_PAUSE = timedelta(days=90)
"""What is never watched again is not paused but forgotten."""


class Way(StrEnum):
    """How data come: as files that people export, by an API, or made up for a rehearsal."""

    FILE = "file"
    API = "api"
    DEMO = "demo"


def way_of(origin: str) -> Way:
    """How the delivery of that name came: an import's number names a file, "api" an API."""
    if origin.isdecimal():
        return Way.FILE
    return Way.API if origin.partition(":")[0] == API else Way.DEMO


@dataclass(frozen=True)
class Delivery:
    """The delivery that brought a shop's newest data: its name in the store, how it came, and, as far as that is
    known, when (UTC), by whom (a person id or the program's own word) and in which file."""

    origin: str
    way: Way
    at: datetime | None = None
    by: str = ""
    file: str = ""


@dataclass(frozen=True)
class Pause:
    """Nobody is told of a shop's missing data before `until`; `by` is the person who said so `at` that instant.
    Both instants are UTC."""

    shop: str
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True)
class Expectation:
    """By when the data of a complete UTC day are expected: where an API feeds the shop, `api_hours` after the day's
    end; where files do, at the local time `by` of the team's next working day. `hours` are the two local times
    between which people are told; all local times are those of the IANA `zone` (domain.md §1a)."""

    zone: str
    by: time = time(12)
    api_hours: int = 12
    hours: tuple[time, time] = (time(9), time(18))
    works: WorksOn = field(default=weekday)

    def due(self, day: date, by_api: bool) -> datetime:
        """The instant (UTC) at which the UTC `day` must be measured."""
        end = datetime.combine(day + ONE_DAY, time(), UTC)
        if by_api:
            return end + timedelta(hours=self.api_hours)
        local = day
        while True:
            local = next_working_day(local, self.works)
            # In zones far in the east a UTC day ends only after the next day's noon.
            if (due := self._instant(local, self.by)) >= end:
                return due

    def may_tell(self, now: datetime) -> bool:
        """Whether it is a working day of the team, and a time of the day at which people are told."""
        local = now.astimezone(ZoneInfo(self.zone))
        return self.works(local.date()) and self.hours[0] <= local.time() < self.hours[1]

    def morning(self, day: date) -> datetime:
        """The instant (UTC) at which the local day begins."""
        return self._instant(day, time())

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class ShopData:
    """What a shop has been fed with: the instant (UTC) until which its orders are known (that of the newest, or of
    the last look at an API), the delivery that brought the newest data, and the complete UTC days, oldest first, that
    are not wholly known although they should be by now.

    `lacking` are the sources that do not reach the end of the last of these days. `pause` is the one in force."""

    shop: Shop
    orders_until: datetime | None = None
    delivery: Delivery | None = None
    overdue: tuple[date, ...] = ()
    lacking: tuple[str, ...] = ()
    pause: Pause | None = None

    @property
    def stale(self) -> bool:
        """Whether data are overdue, paused or not: nothing may be called quiet."""
        return bool(self.overdue)

    @property
    def alarming(self) -> bool:
        """Whether people have to be told: data are overdue and nobody has paused that."""
        return self.stale and self.pause is None


def lacking(day: int, reaches: Collection[Reach], sources: Collection[str]) -> tuple[str, ...]:
    """Those of a shop's sources that do not reach the end of the complete UTC day number `day`.

    Orders come every day: a day that no delivery covers is a hole. Defects do not: before the first or between the
    last of one file and the first of the next there may have been none, so only how far they reach counts."""
    whole = {reach.source for reach in reaches if day < reach.last and (reach.first <= day or reach.source != ORDERS)}
    return tuple(source for source in SOURCES if source in sources and source not in whole)


def overdue(
    shop: Shop, reaches: Sequence[Reach], by_api: bool, since: date, expected: Expectation, now: datetime
) -> tuple[date, ...]:
    """The complete UTC days from `since` on, oldest first, that should be wholly known by now and are not."""
    today = day_number(now.date())
    days = (number for number in range(day_number(since), today) if lacking(number, reaches, shop.sources))
    return tuple(day for number in days if expected.due(day := day_of(number), by_api) <= now)
