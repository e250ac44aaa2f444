"""The daily check: measure shops, keep snapshots, open or update cases."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.anomaly import Detection, Onset, continues, detect, onset, scope
from bot.domain.case import Case, CaseOrder, CaseStatus
from bot.domain.deadline import deadline
from bot.domain.odr import Tally, day_number, six_places
from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.ports import Clock, Unit, UnitFactory
from bot.services.timeline import ROBOT, note

Days = Mapping[int, Tally]


@dataclass(frozen=True)
class ShopCheck:
    """What the check of one shop and UTC day gave; onset, deadline and case only when a trigger fired."""

    shop: Shop
    detection: Detection
    raw: Tally
    onset: Onset | None = None
    deadline: datetime | None = None
    case_id: str = ""


def last_complete_day(now: datetime) -> date:
    """The UTC day before the one of `now`."""
    return now.date() - timedelta(days=1)


def days_back(policy: Policy) -> int:
    """How many days before the day under test the triggers look at."""
    reach = max(policy.triggers.surge_windows_days) - 1 + policy.measuring.baseline_days
    return max(reach, policy.measuring.rolling_days - 1)


def due_at(day: date, zone: str, at: time) -> datetime:
    """When the check of the UTC `day` is due: the first local time `at` of the IANA `zone` after the day's end."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    local = datetime.combine(end.astimezone(ZoneInfo(zone)).date(), at, ZoneInfo(zone))
    due = local if local >= end else datetime.combine(local.date() + timedelta(days=1), at, ZoneInfo(zone))
    return due.astimezone(UTC)


def _figures(tally: Tally) -> dict[str, Any]:
    return {"defects": tally.defects, "orders": tally.orders, "odr": six_places(tally.odr)}


class Monitoring:
    """Measures shops and turns fired triggers into cases (domain.md §1, §2)."""

    def __init__(self, units: UnitFactory, clock: Clock, policy: Policy, on_call: Callable[[Unit, str], str]) -> None:
        self.units, self.clock, self.policy, self.on_call = units, clock, policy, on_call

    def save_shops(self, shops: Collection[Shop]) -> None:
        """Make the configured shops known to the store."""
        with self.units(read_only=True) as unit:
            known = {shop.id: shop for shop in unit.shops.configured()}
        # Most starts change no shop, and then need not wait for an import that is writing.
        if changed := [shop for shop in shops if known.get(shop.id) != shop]:
            with self.units() as unit:
                for shop in changed:
                    unit.shops.save(shop)

    def check(self, day: date, shop_ids: Sequence[str] | None = None) -> list[ShopCheck]:
        """Measure `day` (UTC) for the shops (all when None): snapshots, cases, messages in one transaction."""
        with self.units() as unit:
            return self._check(unit, day, shop_ids)

    def check_due(self, at: time, most: int) -> list[tuple[str, str]]:
        """The daily check: what is due in each shop's zone, missed days included; several replicas do each once.
        Returns (shop, ISO day) pairs."""
        done = []
        for day, shop_ids in self.due(at, most).items():
            with self.units() as unit:
                now = self.clock.now()
                mine = [shop for shop in shop_ids if unit.records.take_run("daily_check", shop, day.isoformat(), now)]
                self._check(unit, day, mine)
            done += [(shop, day.isoformat()) for shop in mine]
        return done

    def _check(self, unit: Unit, day: date, shop_ids: Sequence[str] | None) -> list[ShopCheck]:
        wanted = None if shop_ids is None else set(shop_ids)
        shops = [shop for shop in unit.shops.all() if wanted is None or shop.id in wanted]
        if not shops:
            return []
        counts = self.adjusted_counts(unit, day, shop_ids)
        before = unit.records.snapshots_on((day - timedelta(days=1)).isoformat(), shop_ids)
        checks = [
            self._check_shop(unit, shop, day, counts.adjusted.get(shop.id, {}), counts, before.get(shop.id))
            for shop in shops
        ]
        measured = {check.shop.id: self._snapshot(check) for check in checks}
        unit.records.save_snapshots(day.isoformat(), self.clock.now(), measured)
        return checks

    def look(self, day: date, shop_ids: Sequence[str]) -> list[ShopCheck]:
        """Measure without keeping anything, for showing; each check names the shop's active case, if any."""
        with self.units(read_only=True) as unit:
            shops = [shop for shop in unit.shops.all() if shop.id in shop_ids]
            counts = self.adjusted_counts(unit, day, shop_ids)
            cases = {case.shop: case.id for case in unit.cases.listed(shop_ids)}
        checks = []
        for shop in shops:
            detection = detect(counts.adjusted.get(shop.id, {}), day, self.policy, shop.high_risk)
            raw = counts.raw.get(shop.id, {}).get(day_number(day), Tally())
            checks.append(ShopCheck(shop, detection, raw, case_id=cases.get(shop.id, "")))
        return checks

    def adjusted_counts(self, unit: Unit, day: date, shop_ids: Sequence[str] | None) -> "_Counts":
        """Counts by shop and day number up to `day`, raw and without excluded orders (domain.md §1)."""
        last = day_number(day)
        excluded = unit.cases.excluded_orders(shop_ids)

        def read(shops: Sequence[str] | None, without: Collection[str]) -> Mapping[str, Days]:
            measuring = self.policy.measuring
            first = last - days_back(self.policy)
            return unit.orders.day_counts(shops, first, last, measuring.count, measuring.dated_by, without)

        raw = read(shop_ids, ())
        adjusted = dict(raw)
        for shop, order_ids in excluded.items():
            adjusted |= read([shop], order_ids)
        return _Counts(raw, adjusted)

    def _check_shop(
        self, unit: Unit, shop: Shop, day: date, days: Days, counts: "_Counts", before: dict[str, Any] | None
    ) -> ShopCheck:
        detection = detect(days, day, self.policy, shop.high_risk)
        raw = counts.raw.get(shop.id, {}).get(day_number(day), Tally())
        if not detection.triggers:
            return ShopCheck(shop, detection, raw)
        events = unit.orders.day_events(shop.id, day_number(day))
        began = onset(detection, events.orders, events.defects, events.timed, days, self.policy, shop.high_risk)
        case = self._case_for(unit, shop, detection, began, before)
        end = case.deadline if case else deadline(began.at, self.policy)
        return ShopCheck(shop, detection, raw, began, end, case.id if case else "")

    def _case_for(
        self, unit: Unit, shop: Shop, detection: Detection, began: Onset, before: dict[str, Any] | None
    ) -> Case | None:
        """The open case brought up to date, a new one, or none when the episode's case is already finished."""
        if case := unit.cases.open_of(shop.id):
            return self._update(unit, case, detection, began)
        if case := self._same_day(unit, shop.id, detection.measurement.day):
            return case
        if continues(before["triggers"] if before else (), detection.triggers):
            return None
        return self._open(unit, shop, detection, began)

    @staticmethod
    def _same_day(unit: Unit, shop: str, day: date) -> Case | None:
        """A case of that very day that is finished already: checking the day again opens no second one."""
        return next((case for case in unit.cases.listed([shop], active=False) if case.day == day.isoformat()), None)

    def _open(self, unit: Unit, shop: Shop, detection: Detection, began: Onset) -> Case:
        now = self.clock.now()
        case = Case(
            id="",
            shop=shop.id,
            opened_at=now,
            onset=began.at,
            onset_exact=began.exact,
            deadline=deadline(began.at, self.policy),
            day=detection.measurement.day.isoformat(),
            triggers=list(detection.triggers),
        )
        case.orders = self._in_scope(unit, case, began, detection.measurement.day)
        if not case.window_open(now):
            case.move(CaseStatus.EXPIRED, now)
        unit.cases.add(case)
        self._note(unit, case, "opened", triggers=", ".join(case.triggers), orders=str(len(case.orders)))
        called = self.on_call(unit, shop.id) if case.active else ""
        self._note(unit, case, "alerted", channels=", ".join(shop.channels), to=called)
        return case

    def _update(self, unit: Unit, case: Case, detection: Detection, began: Onset) -> Case:
        day = detection.measurement.day
        earlier = (case.onset, set(case.triggers), len(case.orders))
        if case.day == day.isoformat() and case.onset != began.at:
            case.onset, case.onset_exact = began.at, began.exact
            case.deadline = deadline(began.at, self.policy)
        fired = {*case.triggers, *detection.triggers}
        case.triggers = [name for name in self.policy.triggers.enabled if name in fired]
        known = {order.order_id for order in case.orders}
        started = Onset(case.onset, case.onset_exact)
        case.orders += [order for order in self._in_scope(unit, case, started, day) if order.order_id not in known]
        if earlier != (case.onset, set(case.triggers), len(case.orders)):
            unit.cases.save(case)
            self._note(unit, case, "updated", triggers=", ".join(case.triggers), orders=str(len(case.orders)))
        return case

    def _in_scope(self, unit: Unit, case: Case, began: Onset, day: date) -> list[CaseOrder]:
        found: dict[str, CaseOrder] = {}
        for defect in unit.orders.defects_between(case.shop, *scope(began.at, day, self.policy)):
            order = found.setdefault(
                defect.order_id, CaseOrder(case.id, defect.order_id, [], defect.occurred_at, text=defect.text)
            )
            order.defect_types.append(defect.defect_type)
        return list(found.values())

    def _note(self, unit: Unit, case: Case, what: str, **params: str) -> None:
        note(unit, self.clock, case.id, ROBOT, what, **params)

    @staticmethod
    def _snapshot(check: ShopCheck) -> dict[str, Any]:
        measured = check.detection.measurement
        return {
            "raw": _figures(check.raw),
            "daily": _figures(measured.daily),
            "rolling": _figures(measured.rolling),
            "triggers": list(check.detection.triggers),
        }

    def trend(self, shop: str, day: date) -> tuple[Days, int, int]:
        """Adjusted counts of the shop up to `day`, with the first and last day number of the rolling window."""
        with self.units(read_only=True) as unit:
            return self.trend_in(unit, shop, day)

    def trend_in(self, unit: Unit, shop: str, day: date) -> tuple[Days, int, int]:
        """The same inside somebody's transaction."""
        last = day_number(day)
        counts = self.adjusted_counts(unit, day, [shop])
        return counts.adjusted.get(shop, {}), last - self.policy.measuring.rolling_days + 1, last

    def due(self, at: time, most: int) -> dict[date, list[str]]:
        """The complete UTC days that should have been checked by now and were not, oldest first, with their shops:
        a check is due at the local time `at` of the shop's zone; missed days are caught up, `most` at the most."""
        with self.units(read_only=True) as unit:
            checked = unit.records.last_days()
            shops = [shop for shop in unit.shops.all() if shop.active]
        found: dict[date, list[str]] = {}
        for shop in shops:
            for day in self._due_days(shop, checked.get(shop.id, ""), at, most):
                found.setdefault(day, []).append(shop.id)
        return dict(sorted(found.items()))

    def _due_days(self, shop: Shop, checked: str, at: time, most: int) -> list[date]:
        now = self.clock.now()
        last = last_complete_day(now)
        while due_at(last, shop.timezone, at) > now:
            last -= timedelta(days=1)
        first = date.fromisoformat(checked) + timedelta(days=1) if checked else last
        first = max(first, last - timedelta(days=most - 1))
        return [first + timedelta(days=step) for step in range((last - first).days + 1)]

    def close_overdue(self) -> list[str]:
        """The deadline sweep: open cases whose window has closed become expired, and open again when the clock was
        only ahead. Returns the ids of the expired."""
        now, closed = self.clock.now(), []
        with self.units(read_only=True) as unit:
            due, early = unit.cases.overdue(now), unit.cases.closed_early(now)
        for case_id in early:
            self._open_again(case_id)
        for case_id in due:
            with self.units() as unit:
                case = unit.cases.get(case_id, lock=True)
                if case and case.status is CaseStatus.OPEN and not case.window_open(now):
                    case.move(CaseStatus.EXPIRED, now)
                    case.version += 1
                    unit.cases.save(case)
                    self._note(unit, case, "expired")
                    closed.append(case_id)
        return closed

    def _open_again(self, case_id: str) -> None:
        now = self.clock.now()
        with self.units() as unit:
            case = unit.cases.get(case_id, lock=True)
            if (
                case
                and case.status is CaseStatus.EXPIRED
                and case.window_open(now)
                and not unit.cases.open_of(case.shop)
            ):
                case.move(CaseStatus.OPEN, now)
                case.version += 1
                unit.cases.save(case)
                self._note(unit, case, "not_expired")


@dataclass(frozen=True)
class _Counts:
    raw: Mapping[str, Days]
    adjusted: Mapping[str, Days]
