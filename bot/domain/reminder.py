"""When which reminder of a case is due and to whom it goes. Pure; every instant is UTC with zone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.case import CaseStatus
from bot.domain.refusal import Refusal
from bot.domain.working_days import WorksOn, weekday, working_days_after

LONGEST_SNOOZE = timedelta(days=7)


class Kind(StrEnum):
    """The reason why somebody is reminded."""

    STAGE = "stage"
    UNCLAIMED = "unclaimed"
    RESULT = "result"
    READY = "ready"
    LETTER = "letter"
    STALE = "stale"


class Level(StrEnum):
    """The levels of escalation: the owner, whoever is on call, the leads, and everybody in the case's thread."""

    OWNER = "owner"
    ON_CALL = "on_call"
    LEADS = "leads"
    EVERYBODY = "everybody"


Rung = tuple[Level, tuple[str, ...]]
"""A rung with the people on it; nobody by name on EVERYBODY, which is the case's thread alone."""


@dataclass(frozen=True)
class Quiet:
    """Hours of the day, in an IANA zone, in which reminders wait: from `starts` up to, not including, `ends`."""

    starts: time
    ends: time
    zone: str

    def contains(self, at: datetime) -> bool:
        """Whether the zone's clock is within the quiet hours."""
        clock = at.astimezone(ZoneInfo(self.zone)).time()
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def over(self, at: datetime) -> datetime:
        """The instant `at` itself when it lies outside the quiet hours, else the instant at which they end, in the
        zone of `at`."""
        if not self.contains(at):
            return at
        zone = ZoneInfo(self.zone)
        day = at.astimezone(zone).date()
        # A clock that is set back shows the end twice, one that is set forward perhaps not at all.
        ends = (
            datetime.combine(day + timedelta(days=later), self.ends, zone).replace(fold=fold).astimezone(at.tzinfo)
            for later in (0, 1)
            for fold in (0, 1)
        )
        return min(end for end in ends if end > at and not self.contains(end))


@dataclass(frozen=True)
class Plan:
    """The team's choice of reminders: `stages_hours` before the deadline; how long one level of escalation, or a
    case without owner, may stay silent; how long before the deadline silence would be too long (`margin`); the
    most reminders for a case in a day of `zone`; the working days without a result, on which days the team works and,
    by site, on which days people work there; and how long nobody works on a case before it is looked at."""

    stages_hours: tuple[int, ...]
    escalate: timedelta
    unclaimed: timedelta
    margin: timedelta
    per_day: int
    zone: str
    result_days: tuple[int, ...]
    rest: timedelta
    quiet: Quiet | None = None
    works: WorksOn = weekday
    works_at: Callable[[str], WorksOn] | None = None

    def working(self, site: str) -> WorksOn:
        """On which days an answer may come from the site: the team's working days on which people work there too."""
        there = self.works_at(site) if self.works_at else weekday
        return lambda day: self.works(day) and there(day)


@dataclass(frozen=True)
class Watch:
    """The state of a case for reminders. It has had no owner since `free_since`; a person last changed it at
    `touched_at`; its oldest submission without a result is of `pending_since`, its oldest request to a carrier for
    an order that is not submitted of `asked_since`; `acked` is the stage that somebody acknowledged."""

    case_id: str
    shop: str
    status: CaseStatus
    owner: str
    claimed_at: datetime | None
    opened_at: datetime
    deadline: datetime
    free_since: datetime
    touched_at: datetime
    pending_since: datetime | None = None
    asked_since: datetime | None = None
    site: str = ""
    off: bool = False
    snoozed_until: datetime | None = None
    acked: str = ""


@dataclass(frozen=True)
class Step:
    """One reminder to send. `stage` tells it from others of its kind; a key is sent once for a case."""

    kind: Kind
    stage: str
    level: Level
    people: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key under which the step is claimed before it is sent."""
        return f"{self.stage}.{self.level.value}" if self.kind is Kind.STAGE else self.stage


def ladder(owner: str, on_call: str, leads: Sequence[str]) -> tuple[Rung, ...]:
    """The levels of escalation: owner, person on call, leads, without empty levels and without asking anybody
    twice; never empty."""
    rungs: list[Rung] = []
    asked: set[str] = {""}
    for level, people in ((Level.OWNER, (owner,)), (Level.ON_CALL, (on_call,)), (Level.LEADS, tuple(leads))):
        if new := tuple(person for person in people if person not in asked):
            rungs.append((level, new))
            asked.update(new)
    return tuple(rungs) or ((Level.EVERYBODY, ()),)


def stage_at(watch: Watch, plan: Plan, now: datetime) -> str:
    """The stage that began last, such as "24h"; "" before the first stage and after the deadline. Stages that had
    begun when the case was opened do not count, because the alert itself has said it."""
    begun = [hours for hours in plan.stages_hours if watch.opened_at < watch.deadline - timedelta(hours=hours) <= now]
    return f"{min(begun)}h" if begun and now <= watch.deadline else ""


def next_step(
    watch: Watch, plan: Plan, rungs: Sequence[Rung], sent: Mapping[str, datetime], now: datetime
) -> Step | None:
    """The reminder that is due at `now`, or None; `sent` maps the keys that were sent to their instants."""
    due = (step for step in _due(watch, plan, rungs, sent, now) if may_send(watch, plan, step, sent, now))
    return next(due, None)


def _due(
    watch: Watch, plan: Plan, rungs: Sequence[Rung], sent: Mapping[str, datetime], now: datetime
) -> Iterator[Step]:
    if watch.status is CaseStatus.OPEN and now <= watch.deadline:
        if step := _stage_step(watch, plan, rungs, sent, now):
            yield step
        # A stage that has just been sent says the same and climbs by itself.
        if not watch.owner and max([watch.free_since, *sent.values()]) + plan.unclaimed <= now:
            yield Step(Kind.UNCLAIMED, f"unclaimed@{watch.free_since:%Y%m%dT%H%M%S}", *rungs[-1])
        if watch.asked_since and letter_due(watch.asked_since, watch.deadline, plan.working(watch.site), plan) <= now:
            yield Step(Kind.LETTER, f"letter@{watch.asked_since:%Y%m%dT%H%M%S}", *rungs[0])
    if days := _days_without_result(watch, plan, now):
        yield Step(Kind.RESULT, f"result{days}@{watch.pending_since:%Y%m%dT%H%M%S}", *rungs[0])


def _stage_step(
    watch: Watch, plan: Plan, rungs: Sequence[Rung], sent: Mapping[str, datetime], now: datetime
) -> Step | None:
    """The first level at once; the next one when nobody has acknowledged the stage or claimed the case since."""
    stage = stage_at(watch, plan, now)
    if not stage or watch.acked == stage:
        return None
    done = {key: at for key, at in sent.items() if key.startswith(f"{stage}.")}
    if done and watch.claimed_at and watch.claimed_at >= min(done.values()):
        return None
    if done and max(done.values()) + plan.escalate > now:
        return None
    steps = (Step(Kind.STAGE, stage, level, people) for level, people in rungs)
    return next((step for step in steps if step.key not in done), None)


def letter_due(asked: datetime, deadline: datetime, works: WorksOn, plan: Plan) -> datetime:
    """When to ask after a carrier's answer: a working day after the request, or when half of the time to the deadline
    is over if that is earlier."""
    return min(working_days_after(asked, 1, plan.zone, works), asked + max(deadline - asked, timedelta(0)) / 2)


def _days_without_result(watch: Watch, plan: Plan, now: datetime) -> int:
    """The greatest of the plan's numbers of working days that a submission has waited (domain.md §6); 0 for none."""
    since = watch.pending_since
    if since is None:
        return 0
    return max(
        (days for days in plan.result_days if _result_due(watch, plan, since, days) <= now),
        default=0,
    )


def _result_due(watch: Watch, plan: Plan, since: datetime, days: int) -> datetime:
    return working_days_after(since, days, plan.zone, plan.working(watch.site))


def next_look(watch: Watch, plan: Plan, sent: Mapping[str, datetime], now: datetime) -> datetime | None:
    """The first instant after `now` at which something may become due that is not due now, as long as nobody
    changes anything; None when nothing ever will. It may be too early, never too late."""
    last_call = watch.deadline - plan.margin
    instants = [watch.deadline - timedelta(hours=hours) for hours in plan.stages_hours]
    instants += [at + plan.escalate for at in sent.values()]
    instants += [max([watch.free_since, *sent.values()]) + plan.unclaimed, watch.touched_at + plan.rest, last_call]
    if watch.pending_since:
        instants += [_result_due(watch, plan, watch.pending_since, days) for days in plan.result_days]
    if watch.asked_since:
        instants.append(letter_due(watch.asked_since, watch.deadline, plan.working(watch.site), plan))
    if watch.snoozed_until:
        instants.append(watch.snoozed_until)
    if plan.quiet and plan.quiet.contains(now):
        instants.append(plan.quiet.over(now))
    if plan.quiet and not plan.quiet.contains(now):
        # What comes in the quiet hours may hurry, which they themselves decide.
        instants.append(_clock_time(plan.quiet.starts, plan.quiet.zone, now))
    instants.append(_clock_time(time(), plan.zone, now))
    return min((at for at in instants if at > now), default=None)


def _clock_time(at: time, zone: str, now: datetime) -> datetime:
    """The next instant at which the zone's clocks show `at`, or a little earlier on days on which the clocks are
    changed."""
    local = now.astimezone(ZoneInfo(zone))
    days = (local.date() + timedelta(days=later) for later in (0, 1, 2))
    shown = (datetime.combine(day, at, ZoneInfo(zone)).astimezone(now.tzinfo) for day in days)
    return next(instant for instant in shown if instant > now)


def rests(watch: Watch, plan: Plan, now: datetime) -> bool:
    """Whether nobody has worked on the open case for a while, so that it is time to look whether it is ready or
    its evidence is growing too old."""
    return watch.status is CaseStatus.OPEN and watch.touched_at + plan.rest <= now <= watch.deadline


def may_send(watch: Watch, plan: Plan, step: Step, sent: Mapping[str, datetime], now: datetime) -> bool:
    """Whether the step may be sent: it was not sent before, and reminders are neither switched off, snoozed, over
    the day's cap nor in quiet hours. What would otherwise come too late is sent in quiet hours and over the cap
    all the same."""
    if step.key in sent or watch.off or _snoozed(watch, plan, now):
        return False
    hurries = step.kind is not Kind.RESULT
    last_call = watch.deadline - plan.margin
    if _sent_today(plan, sent, now) >= plan.per_day and not (hurries and now >= last_call):
        return False
    return plan.quiet is None or not plan.quiet.contains(now) or (hurries and plan.quiet.over(now) > last_call)


def _snoozed(watch: Watch, plan: Plan, now: datetime) -> bool:
    if watch.snoozed_until is None or now >= watch.snoozed_until:
        return False
    # The deadline may have moved closer since.
    return watch.status is not CaseStatus.OPEN or now < watch.deadline - plan.margin


def _sent_today(plan: Plan, sent: Mapping[str, datetime], now: datetime) -> int:
    zone = ZoneInfo(plan.zone)
    today = now.astimezone(zone).date()
    return sum(at.astimezone(zone).date() == today for at in sent.values())


def snooze_until(watch: Watch, plan: Plan, wish: timedelta, now: datetime) -> datetime:
    """The instant (UTC) until which reminders stay silent: as wished, at most seven days, but never until it would
    be too late. Raises Refusal when it is too late already."""
    until = now + min(wish, LONGEST_SNOOZE)
    if watch.status is CaseStatus.OPEN:
        until = min(until, watch.deadline - plan.margin)
    if until <= now:
        raise Refusal("too_late_to_snooze", case=watch.case_id)
    return until
