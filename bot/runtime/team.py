"""Builds from the settings: the plan of reminders, the people, the sources of the on-call rota, and the periodic
jobs."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Protocol, runtime_checkable

from bot.domain.freshness import Expectation
from bot.domain.instants import in_zone
from bot.domain.people import KnownPerson
from bot.domain.policy import Policy
from bot.domain.reminder import Plan, Quiet
from bot.domain.rota import Agenda, Rotation, Shift, Source
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.reading.public_holidays import WorkingCalendar, calendar_of
from bot.services.linkwatch import LinkWatch
from bot.services.oncall import OnCall
from bot.services.reminders import Reminders
from bot.services.retention import Retention
from bot.settings.model import Settings
from bot.settings.team import OnCallSettings

DAYS = {"day": 1, "week": 7}
REMINDER_SECONDS, CALENDAR_SECONDS, RETENTION_SECONDS, LINK_SECONDS = 1, 900, 3600, 300
SHARE = 0.008


class ThrottledJob:
    """Wraps a job that is called very often: after each run it pauses as long as needed to use at most `SHARE` of
    one core."""

    def __init__(self, job: Callable[[], object], timer: Callable[[], float] = monotonic) -> None:
        self.job, self.timer, self._again_at = job, timer, 0.0

    def __call__(self) -> None:
        """Run the job unless its pause has not ended yet."""
        began = self.timer()
        if began >= self._again_at:
            self.job()
            self._again_at = began + (self.timer() - began) / SHARE


@runtime_checkable
class RefreshableSource(Protocol):
    """A source of the rota that is read from outside, such as a calendar, and can change there."""

    def refresh(self) -> int:
        """Read the source again; returns the number of its shifts. Raises an error that says why it cannot be
        read."""
        ...

    @property
    def faults(self) -> Sequence[str]:
        """The entries that cannot be read and so put nobody on call, in words for whoever maintains the source."""
        ...


def plan(settings: Settings, policy: Policy) -> Plan:
    """The plan of reminders, from the settings and from the policy's usual days of review."""
    chosen = settings.reminders
    zone = chosen.zone or settings.timezone
    return Plan(
        stages_hours=tuple(chosen.stages_hours),
        escalate=timedelta(minutes=chosen.escalate_minutes),
        unclaimed=timedelta(minutes=chosen.unclaimed_minutes),
        margin=timedelta(minutes=chosen.margin_minutes),
        per_day=chosen.per_day,
        zone=zone,
        result_days=policy.form.review_days_usual,
        rest=timedelta(minutes=chosen.rest_minutes),
        quiet=Quiet(chosen.quiet[0], chosen.quiet[1], zone) if chosen.quiet else None,
        works=WorkingCalendar(settings.check.holidays),
        works_at=calendar_of,
    )


def expectation(settings: Settings) -> Expectation:
    """By when data are expected, and when people are told that they did not come."""
    check = settings.check
    works = WorkingCalendar(check.holidays)
    return Expectation(settings.timezone, check.due, hours=(check.hours[0], check.hours[1]), works=works)


def listed(settings: Settings) -> list[Person]:
    """The people listed in the settings, as rows."""
    return [Person(item.id, item.name, item.language, item.timezone) for item in settings.people]


PLATFORMS = ("slack", "feishu")
"""The chats for which the settings of a person have an account."""


def accounts(settings: Settings) -> dict[str, dict[str, str]]:
    """The accounts that the settings give, by person and platform."""
    found = {item.id: {name: str(getattr(item, name)) for name in PLATFORMS} for item in settings.people}
    return {person: kept for person, given in found.items() if (kept := {p: a for p, a in given.items() if a})}


def people(settings: Settings) -> list[KnownPerson]:
    """The people listed in the settings, with their names and accounts."""
    return [
        KnownPerson(item.id, item.name, tuple(filter(None, (item.slack, item.feishu)))) for item in settings.people
    ]


def jobs(
    settings: Settings, reminders: Reminders, retention: Retention, oncall: OnCall, links: LinkWatch
) -> list[tuple[Callable[[], object], int]]:
    """The periodic jobs of reminders, retention, links and calendars, each with its interval in seconds."""
    reminding = [(ThrottledJob(reminders.tick), REMINDER_SECONDS)] if settings.reminders.enabled else []
    calendars = [
        (source.refresh, CALENDAR_SECONDS) for source in oncall.sources if isinstance(source, RefreshableSource)
    ]
    kept = [(retention.tick, RETENTION_SECONDS), (links.tick, LINK_SECONDS)]
    return [*reminding, *kept, *calendars]


def sources(settings: Settings, clock: Clock) -> list[Source]:
    """The rotations and calendars of the settings, in the order in which they are listed."""
    return [
        _calendar(item, settings, clock) if item.calendar else _rotation(item, item.zone or settings.timezone)
        for item in settings.oncall
    ]


def _rotation(item: OnCallSettings, zone: str) -> Rotation:
    assert item.start, "the settings ask for it"
    overrides = tuple(
        Shift(each.person, in_zone(each.starts, zone), in_zone(each.ends, zone)) for each in item.overrides
    )
    shops = tuple(item.shops)
    return Rotation(
        tuple(item.people), DAYS[item.every], zone, item.start, item.handover, shops, Agenda(overrides, shops)
    )


def _calendar(item: OnCallSettings, settings: Settings, clock: Clock) -> Source:
    from bot.reading.calendar import CalendarSource

    copy = settings.data_dir / f"oncall-{hashlib.sha256(item.calendar.encode()).hexdigest()[:16]}.ics"
    zone = item.zone or settings.timezone
    return CalendarSource(item.calendar, zone, clock, copy, tuple(item.shops))
