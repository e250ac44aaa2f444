"""Measuring days: the counts of shops, read from the store, and what each day shows (domain.md §1, §1a)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from bot.domain.anomaly import Detection, Onset, detect
from bot.domain.day_state import DayKnowledge, Reach, known
from bot.domain.odr import Tally, day_number
from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.domain.statuses import OpenWord
from bot.ports.clock import Clock
from bot.ports.store import Unit

Days = Mapping[int, Tally]
Measured = tuple[str, frozenset[str], date]
"""shop, orders left out, UTC day"""
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
    known: DayKnowledge = field(default_factory=DayKnowledge)


@dataclass(frozen=True)
class Trend:
    """Counts of a shop by UTC day number, and the first and last day to draw."""

    days: Days
    first: int
    last: int


@dataclass(frozen=True)
class Figures:
    """What a case's headline shows beside the case: the figures of its day, the trend up to it, who is on call (a
    person id, "" for nobody), the status words that nobody has explained, and what is known of the day."""

    detection: Detection
    trend: Trend
    on_call: str = ""
    words: Sequence[OpenWord] = ()
    known: DayKnowledge = field(default_factory=DayKnowledge)


@dataclass(frozen=True)
class Counts:
    """Counts by shop and UTC day number, with and without `excluded` orders, and the days that each source covers.
    `today` is the number of the day that is not over yet; `found` keeps the checks that were made, so that each day
    is measured once."""

    policy: Policy
    raw: Mapping[str, Days]
    adjusted: Mapping[str, Days]
    reaches: Mapping[str, Sequence[Reach]]
    today: int
    excluded: Mapping[str, frozenset[str]]
    found: dict[Measured, ShopCheck]

    def check(self, shop: Shop, day: date) -> ShopCheck:
        """The figures of the day and the triggers that fire; opens no case."""
        key = (shop.id, self.excluded.get(shop.id, frozenset()), day)
        if key not in self.found:
            self.found[key] = self._check(shop, day)
        return self.found[key]

    def _check(self, shop: Shop, day: date) -> ShopCheck:
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


class Measurer:
    """Reads the counts with which days are measured. In one transaction each day is measured once, whoever asks,
    until somebody says that its data `changed`."""

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self.clock, self.policy = clock, policy
        self._found: WeakKeyDictionary[Unit, dict[Measured, ShopCheck]] = WeakKeyDictionary()

    def changed(self, unit: Unit) -> None:
        """Forget what was measured in this transaction: data have changed."""
        self._found.pop(unit, None)

    def counts(
        self, unit: Unit, first: date, last: date, shops: Sequence[str] | None, keeping: Collection[str] = ()
    ) -> Counts:
        """The counts with which the days `first` to `last` are measured, for these shops (all when None). Orders that
        the platform excluded are left out of the adjusted counts on both sides (domain.md §1), except the orders in
        `keeping`."""
        excluded = {shop: frozenset(ids - set(keeping)) for shop, ids in unit.cases.excluded_orders(shops).items()}
        window = (day_number(first) - days_back(self.policy), day_number(last))
        raw = self._read(unit, shops, window, ())
        adjusted = dict(raw)
        for shop, out in excluded.items():
            if out:
                adjusted |= self._read(unit, [shop], window, out)
        today, found = day_number(self.clock.now().date()), self._found.setdefault(unit, {})
        return Counts(self.policy, raw, adjusted, unit.orders.reaches(shops), today, excluded, found)

    def _read(
        self, unit: Unit, shops: Sequence[str] | None, window: tuple[int, int], without: Collection[str]
    ) -> Mapping[str, Days]:
        measuring = self.policy.measuring
        return unit.orders.day_counts(shops, *window, measuring.count, measuring.dated_by, without)
