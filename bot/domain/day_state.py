"""What is known of a shop's day: which sources cover it, and what may be said of it (domain.md §1a)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median_high

from bot.domain.odr import Tally

SOURCES = ("orders", "returns", "reviews", "ratings")
"""Where a shop's data come from: its orders, and one source for each type of defect."""


class DayState(StrEnum):
    """The state of a shop's UTC day. Only a measured day can be quiet; triggers fire in all states but `no_data`."""

    MEASURED = "measured"
    PARTIAL = "partial"
    PROVISIONAL = "provisional"
    NO_DATA = "no_data"
    UNMEASURABLE = "unmeasurable"


@dataclass(frozen=True, slots=True)
class Reach:
    """The UTC day numbers `first` to `last` for which one delivery of a `source` has data.

    The days before `last` are complete. `last` may continue: it is the delivery's newest day, or the day in which
    somebody says that the file was exported."""

    source: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DayKnowledge:
    """The state of a day, the sources that are missing on it, and those whose data may continue."""

    state: DayState = DayState.MEASURED
    missing: tuple[str, ...] = ()
    going_on: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all sources reach the end of the day, so that no new data are to be expected."""
        return not (self.missing or self.going_on)

    @property
    def orders_whole(self) -> bool:
        """Whether all orders of the day are known, so that its rate has its denominator."""
        return "orders" not in self.missing and "orders" not in self.going_on


WHOLE = DayKnowledge()
"""Nothing is missing and nothing goes on."""


def known(day: int, today: int, tally: Tally, reaches: Collection[Reach], sources: Collection[str]) -> DayKnowledge:
    """What is known of the day number `day`, given its counts. `today` is the number of the day that is not over
    yet, `sources` are those that the shop is set to have (domain.md §1a)."""
    whole = {reach.source for reach in reaches if reach.first <= day < reach.last and day < today}
    begun = {reach.source for reach in reaches if reach.first <= day <= reach.last}
    if tally.orders:
        begun.add("orders")
    wanted = [source for source in SOURCES if source in sources]
    missing = tuple(source for source in wanted if source not in begun)
    going_on = tuple(source for source in wanted if source in begun - whole)
    return DayKnowledge(_state(tally, missing, going_on), missing, going_on)


def _state(tally: Tally, missing: tuple[str, ...], going_on: tuple[str, ...]) -> DayState:
    if tally.defects and not tally.orders:
        return DayState.UNMEASURABLE
    if not tally.orders and "orders" in missing:
        return DayState.NO_DATA
    if missing:
        return DayState.PARTIAL
    return DayState.PROVISIONAL if going_on else DayState.MEASURED


def usual_orders(days: Mapping[int, Tally], day: int, reach: int) -> int:
    """The median number of orders of those days among the `reach` days before `day` that have orders; 0 when none
    has (domain.md §1a)."""
    counts = [tally.orders for number in range(day - reach, day) if (tally := days.get(number)) and tally.orders]
    return median_high(counts) if counts else 0
