"""The daily check: measuring shops, storing snapshots, opening and updating cases."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.case import CaseOrder, CaseStatus
from bot.domain.odr import Tally, day_number, six_places
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.store import Unit, UnitFactory
from bot.services.anomalies import Anomalies, Change
from bot.services.measuring import Counts, Measurer, ShopCheck, Trend, days_back, last_complete_day
from bot.services.timeline import ROBOT, note

DAILY = "daily_check"
NEWEST_DAYS = 3
"""A day that was never measured is measured for a change of its data while its 72 h can still run."""


def due_at(day: date, zone: str, at: time) -> datetime:
    """When the check of the UTC `day` is due: the first local time `at` of the IANA `zone` after the day's end."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    local = datetime.combine(end.astimezone(ZoneInfo(zone)).date(), at, ZoneInfo(zone))
    due = local if local >= end else datetime.combine(local.date() + timedelta(days=1), at, ZoneInfo(zone))
    return due.astimezone(UTC)


def _figures(tally: Tally) -> dict[str, Any]:
    return {"defects": tally.defects, "orders": tally.orders, "odr": six_places(tally.odr)}


class Monitoring:
    """Measures the days of shops, and opens or updates cases when triggers fire (domain.md §1, §1a, §2)."""

    def __init__(self, units: UnitFactory, measurer: Measurer, anomalies: Anomalies) -> None:
        self.units, self.measurer, self.anomalies = units, measurer, anomalies
        self.clock, self.policy = measurer.clock, measurer.policy

    def save_shops(self, shops: Collection[Shop]) -> None:
        """Store the shops of the settings."""
        with self.units(read_only=True) as unit:
            known = {shop.id: shop for shop in unit.shops.configured()}
        # Most starts change no shop, and then need not wait for an import that is writing.
        if changed := [shop for shop in shops if known.get(shop.id) != shop]:
            with self.units() as unit:
                for shop in changed:
                    unit.shops.save(shop)

    def check(self, day: date, shop_ids: Sequence[str] | None = None, by: str = ROBOT) -> list[ShopCheck]:
        """Measure the UTC `day` for the shops (all when None): snapshots, cases and messages, in one transaction.
        Today is measured with the data so far; raises Refusal for a day in the future."""
        today = self.clock.now().date()
        if day > today:
            raise Refusal("future_day", day=day.isoformat(), today=today.isoformat())
        with self.units() as unit:
            return self._check(unit, [day], shop_ids, Change(by), late=True)

    def check_due(self, at: time, most: int) -> list[tuple[str, str]]:
        """Check every shop whose daily check is due in its time zone, missed days included. Of several replicas
        one does each. Returns (shop, ISO day) pairs."""
        done = []
        for day, shop_ids in self.due(at, most).items():
            with self.units() as unit:
                now = self.clock.now()
                mine = [shop for shop in shop_ids if unit.records.take_run(DAILY, shop, day.isoformat(), now)]
                self._check(unit, [day], mine, Change(why=DAILY), late=True)
            done += [(shop, day.isoformat()) for shop in mine]
        return done

    def remeasure(
        self, unit: Unit, shop: str, days: Collection[date], by: str, why: str, restores: bool = False
    ) -> list[ShopCheck]:
        """Measure UTC days of a shop again because their data changed, in the caller's transaction.

        To be called after the change, by whatever changes orders, defects, exclusions or the days that a source
        covers: an import, its undo, an API, an exclusion. `by` is a person's id or the program's own name; `why`
        is the cause in one word, with its number if it has one ("import 12", "exclusion"). Both are stored with
        each measurement that changes. Every later day that was measured and looks back at these days is measured
        again too. A day that was never measured is measured now as long as its 72 h can run: older days are
        history that nobody can appeal, and future days are left out.

        The shop's open case is updated: orders are added; its deadline moves earlier at once, with a message, and
        later only when a person accepts it or the change `restores` what was before (an undo); it says when no
        limit is crossed any more. A new case is opened only for defect orders whose own 72 h are not over
        (domain.md §1a, §2).

        Returns the checks of the days, oldest first."""
        today = self.clock.now().date()
        changed = {day for day in days if day <= today}
        if not changed:
            return []
        reach = min(today, max(changed) + timedelta(days=days_back(self.policy)))
        measured = unit.records.measured_days(shop, min(changed).isoformat(), reach.isoformat())
        recent = {day for day in changed if day >= today - timedelta(days=NEWEST_DAYS)}
        again = sorted(recent | {date.fromisoformat(day) for day in measured})
        return self._check(unit, again, [shop], Change(by, why, restores), late=False)

    def recount(self, unit: Unit, shop: str, orders: Sequence[CaseOrder], by: str) -> None:
        """Measure again the days of orders that left the statistic or came back into it: the days on which they
        were created and on which their defects occurred (domain.md §1)."""
        made = unit.orders.by_ids(shop, [order.order_id for order in orders]).values()
        days = {order.created_at.date() for order in made} | {order.occurred_at.date() for order in orders}
        self.remeasure(unit, shop, days, by, "exclusion")

    def _check(
        self, unit: Unit, days: Sequence[date], shop_ids: Sequence[str] | None, change: Change, late: bool
    ) -> list[ShopCheck]:
        """Measure the days, oldest first, then bring the shops' open cases in line with all of their data."""
        wanted = None if shop_ids is None else set(shop_ids)
        shops = [shop for shop in unit.shops.all() if wanted is None or shop.id in wanted]
        if not shops or not days:
            return []
        self.measurer.changed(unit)
        counts = self.measurer.counts(unit, min(days), max(days), shop_ids)
        checks = []
        for day in days:
            found = self._check_day(unit, day, shops, counts, late)
            measured = {check.shop.id: self._snapshot(check) for check in found}
            unit.records.save_snapshots(day.isoformat(), self.clock.now(), measured, change.by, change.why)
            checks += found
        by_id = {shop.id: shop for shop in shops}
        for case in unit.cases.listed(list(by_id)):
            if case.status is CaseStatus.OPEN:
                self.anomalies.settle(unit, by_id[case.shop], case, change)
                # What changed is shown on its cards too, where it changes nothing of the case itself.
                unit.cases.save(case)
        return checks

    def _check_day(self, unit: Unit, day: date, shops: Sequence[Shop], counts: Counts, late: bool) -> list[ShopCheck]:
        before = unit.records.snapshots_on((day - timedelta(days=1)).isoformat(), [shop.id for shop in shops])
        checks = []
        for shop in shops:
            check = counts.check(shop, day)
            if check.detection.triggers:
                previous = tuple(before[shop.id]["triggers"]) if shop.id in before else ()
                check = self.anomalies.fired(unit, check, previous, late)
            checks.append(check)
        return checks

    def look(self, day: date, shop_ids: Sequence[str]) -> list[ShopCheck]:
        """Measure a day for showing, without storing anything; each check names the shop's active case, if any."""
        with self.units(read_only=True) as unit:
            shops = [shop for shop in unit.shops.all() if shop.id in shop_ids]
            counts = self.measurer.counts(unit, day, day, shop_ids)
            cases = unit.cases.active_of(shop_ids)
        return [replace(counts.check(shop, day), case_id=cases.get(shop.id, "")) for shop in shops]

    def overview(self, shop_ids: Sequence[str]) -> list[tuple[ShopCheck, list[Tally]]]:
        """The checks of these shops' last complete UTC day, each with the counts of the days of the rolling window
        that ends with it, oldest first."""
        day = last_complete_day(self.clock.now())
        last, none = day_number(day), Tally()
        days = range(last - self.policy.measuring.rolling_days + 1, last + 1)
        with self.units(read_only=True) as unit:
            shops = [shop for shop in unit.shops.all() if shop.id in shop_ids]
            counts, cases = self.measurer.counts(unit, day, day, shop_ids), unit.cases.active_of(shop_ids)
        return [
            (
                replace(counts.check(shop, day), case_id=cases.get(shop.id, "")),
                [counts.adjusted.get(shop.id, {}).get(number, none) for number in days],
            )
            for shop in shops
        ]

    def standing(self, shop_ids: Sequence[str]) -> list[ShopCheck]:
        """The current checks of these shops, for showing: of each its last complete day, then today where a limit
        is exceeded already or a trigger is watched."""
        now = self.clock.now()
        begun = [
            each for each in self.look(now.date(), shop_ids) if each.detection.triggers or each.detection.watched
        ]
        return [*self.look(last_complete_day(now), shop_ids), *begun]

    @staticmethod
    def _snapshot(check: ShopCheck) -> dict[str, Any]:
        measured = check.detection.measurement
        return {
            "state": check.known.state.value,
            "raw": _figures(check.raw),
            "daily": _figures(measured.daily),
            "rolling": _figures(measured.rolling),
            "triggers": list(check.detection.triggers),
        }

    def trend(self, shop: Shop, day: date) -> Trend:
        """The adjusted counts of the shop in the rolling window that ends with `day`, and in the days before that
        it needs."""
        with self.units(read_only=True) as unit:
            return self.shown(unit, [(shop, day)])[shop.id, day][1]

    def shown(
        self, unit: Unit, wanted: Collection[tuple[Shop, date]]
    ) -> dict[tuple[str, date], tuple[ShopCheck, Trend]]:
        """The checks of shops' UTC days and the trends up to them, by shop and day, read in the caller's transaction;
        each day is read once for all of its shops."""
        found = {}
        for day in {day for _, day in wanted}:
            shops = {shop.id: shop for shop, other in wanted if other == day}
            counts, last = self.measurer.counts(unit, day, day, list(shops)), day_number(day)
            for shop in shops.values():
                trend = Trend(counts.adjusted.get(shop.id, {}), last - self.policy.measuring.rolling_days + 1, last)
                found[shop.id, day] = counts.check(shop, day), trend
        return found

    def due(self, at: time, most: int) -> dict[date, list[str]]:
        """The complete UTC days that should have been checked by now and were not, oldest first, each with its
        shops. A check is due at the local time `at` in the shop's zone; at most `most` missed days are caught up.
        A shop into which a file is being written waits for its end: half of a day's orders are no day."""
        with self.units(read_only=True) as unit:
            checked = unit.records.last_runs(DAILY)
            shops = [shop for shop in unit.shops.all() if shop.active and not unit.imports.running(shop.id)]
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
        """Close open cases whose deadline has passed, and open those again that a clock that was ahead has closed.
        Returns the ids of the expired cases."""
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
                    note(unit, self.clock, case_id, ROBOT, "expired")
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
                note(unit, self.clock, case_id, ROBOT, "not_expired")
