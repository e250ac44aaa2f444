"""Measuring days: the counts of shops, read from the store, and what each day shows (domain.md §1, §1a)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.anomaly import Detection, Onset, detect
from bot.domain.known import Known, Reach, known
from bot.domain.odr import Tally, day_number
from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.domain.statuses import OpenWord
from bot.ports.store import Unit

Days = Mapping[int, Tally]
_NOTHING = Tally()


@dataclass(frozen=True)
class ShopCheck:
    """The result of checking one shop and UTC day; onset, deadline and case are set only when a trigger fired."""

    shop: Shop
    detection: Detection
    raw: Tally
    onset: Onset | None = None
    deadline: datetime | None = None
    case_id: str = ""
    known: Known = field(default_factory=Known)


@dataclass(frozen=True)
class Trend:
    """Counts of a shop by UTC day number, and the first and last day to draw."""

    days: Days
    first: int
    last: int


@dataclass(frozen=True)
class Figures:
    """What a case's headline shows beside the case: the figures of its day, the trend up to it, who is on call (a
    person id, "" for nobody), and the status words that nobody has explained."""

    detection: Detection
    trend: Trend
    on_call: str = ""
    words: Sequence[OpenWord] = ()


@dataclass(frozen=True)
class Counts:
    """Counts by shop and UTC day number, with and without excluded orders, and the days that each source covers.
    `today` is the number of the day that is not over yet."""

    policy: Policy
    raw: Mapping[str, Days]
    adjusted: Mapping[str, Days]
    reaches: Mapping[str, Sequence[Reach]]
    today: int

    def check(self, shop: Shop, day: date) -> ShopCheck:
        """The figures of the day and the triggers that fire; opens no case."""
        number, days = day_number(day), self.adjusted.get(shop.id, {})
        raw = self.raw.get(shop.id, {}).get(number, _NOTHING)
        what = known(number, self.today, raw, self.reaches.get(shop.id, ()), shop.sources)
        return ShopCheck(shop, detect(days, day, self.policy, shop.high_risk, what), raw, known=what)


def last_complete_day(now: datetime) -> date:
    """The UTC day before the one in which `now` lies."""
    return now.date() - timedelta(days=1)


def days_back(policy: Policy) -> int:
    """The number of days before the day under test at which the triggers look (domain.md §2)."""
    reach = max(policy.triggers.surge_windows_days) - 1 + policy.measuring.baseline_days
    return max(reach, policy.measuring.rolling_days - 1)


def read_counts(
    unit: Unit,
    policy: Policy,
    first: date,
    last: date,
    today: date,
    shops: Sequence[str] | None,
    keeping: Collection[str] = (),
) -> Counts:
    """The counts with which the days `first` to `last` are measured, for these shops (all when None). Orders that
    the platform excluded are left out of the adjusted counts on both sides (domain.md §1), except the orders in
    `keeping`."""
    window = (day_number(first) - days_back(policy), day_number(last))

    def read(chosen: Sequence[str] | None, without: Collection[str]) -> Mapping[str, Days]:
        measuring = policy.measuring
        return unit.orders.day_counts(chosen, *window, measuring.count, measuring.dated_by, without)

    raw = read(shops, ())
    adjusted = dict(raw)
    for shop, order_ids in unit.cases.excluded_orders(shops).items():
        if out := order_ids - set(keeping):
            adjusted |= read([shop], out)
    return Counts(policy, raw, adjusted, unit.orders.reaches(shops), day_number(today))
