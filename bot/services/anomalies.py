"""What measured days mean for cases: opening cases, adding orders to them, and updating open cases when data
change."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.addresses import NoticeKey
from bot.domain.anomaly import Onset, continues, crossing, onset, scope
from bot.domain.case import Case, CaseOrder, CaseStatus
from bot.domain.deadline import deadline
from bot.domain.odr import day_number
from bot.domain.orders import Defect, Shop
from bot.ports.store import Unit
from bot.services.measuring import Counts, Measurer, ShopCheck
from bot.services.notifying import Notifier
from bot.services.timeline import ROBOT, note

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """Who or what caused days to be measured, and why. `restores` says that data are again as they were before
    something that is being undone, so that a deadline that it moved goes back without asking (domain.md §1a)."""

    by: str = ROBOT
    why: str = "check"
    restores: bool = False


class Anomalies:
    """Keeps one open case for each shop, metric and appeal (domain.md §2)."""

    def __init__(
        self,
        measurer: Measurer,
        on_call: Callable[[Unit, str], str],
        notifier: Notifier,
    ) -> None:
        self.measurer, self.on_call, self.notifier = measurer, on_call, notifier
        self.clock, self.policy = measurer.clock, measurer.policy

    def fired(self, unit: Unit, check: ShopCheck, previous: tuple[str, ...], late: bool) -> ShopCheck:
        """The check of a day on which triggers fired, completed with onset, deadline and case: the open case,
        brought up to date, or a new one. `previous` are the triggers of the day before. With `late` a case is
        opened, and closed at once, even for defect orders whose own 72 h are over."""
        shop, day = check.shop, check.detection.measurement.day
        counts = self._counts(unit, shop.id, day, day)
        case = unit.cases.open_of(shop.id)
        if case:
            began = self._began(unit, counts, check, case.opened_at, case.id)
            self._update(unit, case, check)
        else:
            began = self._began(unit, counts, check, self.clock.now(), "")
            case = self._opened(unit, check, began, previous, late) or self._of_day(unit, shop.id, day)
        end = case.deadline if case else deadline(began.at, self.policy)
        return replace(check, onset=began, deadline=end, case_id=case.id if case else "")

    def _began(self, unit: Unit, counts: Counts, check: ShopCheck, asked_at: datetime, case_id: str) -> Onset:
        """The earliest onset that the data support for the anomaly that the day of `check` shows (domain.md §1a).

        Earlier days belong to the same anomaly while each of them fires and has defects that are in no other case
        than `case_id`. An onset whose 72 h were over at `asked_at` belongs to another appeal, whose entry had
        closed; then the first defect whose own 72 h were not over counts as the onset."""
        day = check.detection.measurement.day
        first = self._when(onset, unit, counts, check)
        found = [first] if first else []
        while self._entry_open(_midnight(day), asked_at):
            day -= ONE_DAY
            before = counts.check(check.shop, day)
            if not before.detection.triggers or not self._defects(unit, check.shop.id, _midnight(day), day, case_id):
                break
            if (own := self._when(crossing, unit, counts, before)) and self._entry_open(own.at, asked_at):
                found.append(own)
        began = min(found, key=lambda each: each.at)
        return (
            began if self._entry_open(began.at, asked_at) else self._first_open(unit, check, asked_at, case_id, began)
        )

    def _entry_open(self, onset_at: datetime, at: datetime) -> bool:
        return deadline(onset_at, self.policy) >= at

    def _first_open(self, unit: Unit, check: ShopCheck, at: datetime, case_id: str, began: Onset) -> Onset:
        defects = self._defects(unit, check.shop.id, began.at, check.detection.measurement.day, case_id)
        times = [defect.occurred_at for defect in defects if self._entry_open(defect.occurred_at, at)]
        return Onset(min(times), exact=True) if times else began

    def _when(
        self, rule: "Callable[..., Onset | None]", unit: Unit, counts: Counts, check: ShopCheck
    ) -> Onset | None:
        """The result of `onset` or `crossing` (bot/domain/anomaly.py) for the day."""
        days, day = counts.adjusted.get(check.shop.id, {}), check.detection.measurement.day
        events = unit.orders.day_events(check.shop.id, day_number(day))
        return rule(check.detection, events, days, self.policy, check.shop.high_risk)

    def _defects(self, unit: Unit, shop: str, start: datetime, last: date, case_id: str) -> list[Defect]:
        """The defects from `start` to the end of the day `last` that are in no case, or in this one."""
        found = unit.orders.defects_between(shop, start, _midnight(last) + ONE_DAY)
        held = unit.cases.holding(shop, {defect.order_id for defect in found})
        return [defect for defect in found if not held.get(defect.order_id, set()) - {case_id}]

    def _in_scope(self, unit: Unit, shop: str, began: datetime, last: date, case_id: str) -> list[CaseOrder]:
        found: dict[str, CaseOrder] = {}
        for defect in self._defects(unit, shop, scope(began, last, self.policy)[0], last, case_id):
            order = CaseOrder(case_id, defect.order_id, [], defect.occurred_at, text=defect.text)
            found.setdefault(defect.order_id, order).defect_types.append(defect.defect_type)
        return list(found.values())

    @staticmethod
    def _of_day(unit: Unit, shop: str, day: date) -> Case | None:
        """The finished case that was opened for that very day, or None."""
        return next((case for case in unit.cases.listed([shop], active=False) if case.day == day.isoformat()), None)

    def _opened(
        self, unit: Unit, check: ShopCheck, began: Onset, previous: tuple[str, ...], late: bool
    ) -> Case | None:
        """A new case, or None. When the defect orders are in no case but their own 72 h are over, only `late`
        opens one; a condition that merely continues opens none without new defects (domain.md §2)."""
        day, shop, now = check.detection.measurement.day, check.shop, self.clock.now()
        orders = self._in_scope(unit, shop.id, began.at, day, "")
        earlier = unit.cases.newest_of(shop.id)
        fresh = any(self._entry_open(order.occurred_at, now) for order in orders)
        goes_on = continues(previous, check.detection.triggers) or bool(earlier and not orders)
        if not fresh and (goes_on or not late):
            return None
        case = Case(
            id="",
            shop=shop.id,
            opened_at=now,
            onset=began.at,
            onset_exact=began.exact,
            deadline=deadline(began.at, self.policy),
            day=day.isoformat(),
            triggers=list(check.detection.triggers),
            earlier_case=earlier.id if earlier and self._recent(earlier, day) else "",
            orders=orders,
        )
        if not case.window_open(now):
            case.move(CaseStatus.EXPIRED, now)
        unit.cases.add(case)
        self._note(unit, case, "opened", triggers=", ".join(case.triggers), orders=str(len(case.orders)))
        called = self.on_call(unit, shop.id) if case.active else ""
        self._note(unit, case, "alerted", channels=", ".join(shop.channels), to=called)
        return case

    def _recent(self, earlier: Case, day: date) -> bool:
        return day - date.fromisoformat(earlier.day) <= timedelta(days=self.policy.measuring.rolling_days)

    def _update(self, unit: Unit, case: Case, check: ShopCheck) -> None:
        """Add the triggers and defect orders of a continuing condition to the open case."""
        had = (list(case.triggers), len(case.orders))
        fired = {*case.triggers, *check.detection.triggers}
        case.triggers = [name for name in self.policy.triggers.enabled if name in fired]
        self._join(unit, case, check.detection.measurement.day)
        if had != (case.triggers, len(case.orders)):
            unit.cases.save(case)
            self._note(unit, case, "updated", triggers=", ".join(case.triggers), orders=str(len(case.orders)))

    def _join(self, unit: Unit, case: Case, day: date) -> None:
        known = {order.order_id for order in case.orders}
        found = self._in_scope(unit, case.shop, case.onset, day, case.id)
        case.orders += [order for order in found if order.order_id not in known]

    def settle(self, unit: Unit, shop: Shop, case: Case, change: Change) -> None:
        """Bring an open case in line with the data as they are now: its deadline moves earlier at once, and later
        only when a person accepts it or `change` restores what was; when no limit is crossed any more, the case
        says so (domain.md §1a)."""
        first, last = self._span(case)
        # A case's own exclusions change the window of today, not whether it had a reason (domain.md §1).
        counts = self._counts(unit, shop.id, first, last, [order.order_id for order in case.orders])
        days = [first + ONE_DAY * number for number in range((last - first).days + 1)]
        fired = {day: check for day in days if (check := counts.check(shop, day)).detection.triggers}
        had = replace(case, orders=[])
        case.crosses = bool(fired)
        if fired:
            main = _main(fired, date.fromisoformat(case.day))
            began = self._began(unit, counts, main, case.opened_at, case.id)
            self._follow(unit, shop, case, began, change)
        else:
            case.onset_found = None
        if had != replace(case, orders=[]):
            if case.crosses != had.crosses:
                self._note(
                    unit, case, "crosses_again" if case.crosses else "crosses_no_more", why=change.why, by=change.by
                )
            unit.cases.save(case)

    def _span(self, case: Case) -> tuple[date, date]:
        """The days that the case is about: from its onset to the end of the 72 h of its own day."""
        own = date.fromisoformat(case.day)
        last = own + timedelta(hours=self.policy.window_hours)
        return min(case.onset.date(), own), min(last, max(own, self.clock.now().date()))

    def _counts(self, unit: Unit, shop: str, first: date, last: date, keeping: Collection[str] = ()) -> Counts:
        """The counts for these days and those before them in which the onset may lie."""
        back = first - timedelta(hours=self.policy.window_hours) - ONE_DAY
        return self.measurer.counts(unit, back, last, [shop], keeping)

    def _follow(self, unit: Unit, shop: Shop, case: Case, began: Onset, change: Change) -> None:
        end, now = deadline(began.at, self.policy), self.clock.now()
        moves = (began.at < case.onset and end >= now) or (began.at > case.onset and change.restores)
        if case.deadline_by or not moves:
            self._keep_in_mind(unit, case, began)
            return
        was, case.onset_found = case.deadline, None
        case.onset, case.onset_exact, case.deadline = began.at, began.exact, end
        self._join(unit, case, date.fromisoformat(case.day))
        moved = {"was": _stamp(was), "deadline": _stamp(end), "why": change.why, "by": change.by}
        self._note(unit, case, "deadline_moved", **moved)
        if end < was:
            self._tell_earlier(unit, shop, case, was)

    def _tell_earlier(self, unit: Unit, shop: Shop, case: Case, was: datetime) -> None:
        to = case.owner or self.on_call(unit, shop.id)
        card = self.notifier.worded(lambda texts, language: texts.earlier(language, case, shop, was, to))
        key = NoticeKey.of(case.id, f"deadline:{_stamp(case.deadline)}")
        self.notifier.notify(unit, shop.channels, case.id, key, card)

    def _keep_in_mind(self, unit: Unit, case: Case, began: Onset) -> None:
        """Note an onset that differs from the one that the deadline follows; a person decides (domain.md §1a)."""
        found = None if began.at == case.onset else began.at
        if found and found != case.onset_found:
            self._note(unit, case, "onset_found", onset=_stamp(found))
        case.onset_found, case.onset_found_exact = found, bool(found) and began.exact

    def _note(self, unit: Unit, case: Case, what: str, **params: str) -> None:
        note(unit, self.clock, case.id, ROBOT, what, **params)


def _main(fired: dict[date, ShopCheck], own: date) -> ShopCheck:
    """The check that represents the case: that of its own day while it fires, else that of the next day that does,
    else that of the day before."""
    later, before = [day for day in fired if day >= own], [day for day in fired if day < own]
    return fired[min(later) if later else max(before)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
