"""The arithmetic of reminders: which, when, to whom."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import CaseStatus
from bot.domain.refusal import Refusal
from bot.domain.reminder import (
    Kind,
    Level,
    Plan,
    Quiet,
    Step,
    Watch,
    ladder,
    letter_due,
    may_send,
    next_look,
    next_step,
    rests,
    snooze_until,
    stage_at,
)
from bot.domain.working_days import weekday
from bot.reading.public_holidays import WorkingCalendar, calendar_of

OPENED = datetime(2026, 11, 20, 2, tzinfo=UTC)
DEADLINE = OPENED + timedelta(hours=72)
QUIET = Quiet(time(22), time(8), "Asia/Shanghai")
PLAN = Plan(
    stages_hours=(48, 24, 12, 6, 3, 1),
    escalate=timedelta(minutes=30),
    unclaimed=timedelta(minutes=30),
    margin=timedelta(hours=3),
    per_day=10,
    zone="Asia/Shanghai",
    result_days=(3, 7),
    rest=timedelta(hours=2),
)
WATCH = Watch("C1", "us-1", CaseStatus.OPEN, "li", OPENED, OPENED, DEADLINE, OPENED, OPENED)
RUNGS = ladder("li", "wang", ("boss",))


def at(hours_left: float) -> datetime:
    return DEADLINE - timedelta(hours=hours_left)


def due(watch: Watch = WATCH, now: datetime = OPENED, plan: Plan = PLAN, **sent: datetime) -> Step | None:
    return next_step(watch, plan, RUNGS, sent, now)


def test_the_ladder_goes_from_owner_to_on_call_to_leads() -> None:
    assert ladder("li", "wang", ("boss", "li")) == (
        (Level.OWNER, ("li",)),
        (Level.ON_CALL, ("wang",)),
        (Level.LEADS, ("boss",)),
    )


def test_nobody_is_asked_twice_and_nobody_at_all_means_the_thread() -> None:
    assert ladder("li", "li", ("li",)) == ((Level.OWNER, ("li",)),)
    assert ladder("", "", ()) == ((Level.EVERYBODY, ()),)
    assert ladder("", "wang", ())[0][0] is Level.ON_CALL


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (72, ""),
        (48.001, ""),
        (48, "48h"),
        (24.001, "48h"),
        (24, "24h"),
        (3, "3h"),
        (1, "1h"),
        (0, "1h"),
        (-0.001, ""),
    ],
)
def test_a_stage_begins_at_its_instant_and_lasts_until_the_next(left: float, stage: str) -> None:
    assert stage_at(WATCH, PLAN, at(left)) == stage


def test_stages_before_the_opening_do_not_count() -> None:
    late = replace(WATCH, opened_at=at(24))
    assert stage_at(late, PLAN, at(23)) == "" and stage_at(late, PLAN, at(12)) == "12h"


def test_each_stage_asks_the_owner_first() -> None:
    assert due(now=at(48)) == Step(Kind.STAGE, "48h", Level.OWNER, ("li",))
    assert due(now=at(48) - timedelta(milliseconds=1)) is None


def test_silence_escalates_and_the_ladder_ends() -> None:
    sent = {"48h.owner": at(48)}
    assert next_step(WATCH, PLAN, RUNGS, sent, at(47.51)) is None
    assert next_step(WATCH, PLAN, RUNGS, sent, at(47.5)).level is Level.ON_CALL
    sent["48h.on_call"] = at(47.5)
    assert next_step(WATCH, PLAN, RUNGS, sent, at(47)).level is Level.LEADS
    sent["48h.leads"] = at(47)
    assert next_step(WATCH, PLAN, RUNGS, sent, at(25)) is None


def test_acknowledging_stops_one_stage_and_the_next_starts_anew() -> None:
    sent, seen = {"48h.owner": at(48)}, replace(WATCH, acked="48h")
    assert next_step(seen, PLAN, RUNGS, sent, at(40)) is None
    assert next_step(seen, PLAN, RUNGS, sent, at(24)).key == "24h.owner"


def test_taking_the_case_answers_a_reminder() -> None:
    sent = {"48h.on_call": at(48)}
    taken = replace(WATCH, claimed_at=at(47.9))
    assert next_step(taken, PLAN, RUNGS, sent, at(40)) is None
    assert next_step(replace(taken, claimed_at=at(60)), PLAN, RUNGS, sent, at(40)) is not None


def test_after_downtime_only_the_present_stage_is_sent() -> None:
    assert due(now=at(5)).key == "6h.owner"


def test_a_free_case_goes_to_the_last_rung_after_the_agreed_time() -> None:
    free = replace(WATCH, owner="", claimed_at=None)
    rungs = ladder("", "wang", ("boss",))
    assert next_step(free, PLAN, rungs, {}, OPENED + timedelta(minutes=29)) is None
    step = next_step(free, PLAN, rungs, {}, OPENED + timedelta(minutes=30))
    assert (step.kind, step.people) == (Kind.UNCLAIMED, ("boss",))
    assert next_step(free, PLAN, rungs, {step.key: OPENED + timedelta(minutes=30)}, at(60)) is None
    staged = {"48h.on_call": at(48)}
    assert next_step(free, PLAN, (rungs[0],), staged, at(47.51)) is None, "a stage has just said so"
    assert next_step(free, PLAN, (rungs[0],), staged, at(47.5)).kind is Kind.UNCLAIMED
    again = replace(free, free_since=at(60))
    assert next_step(again, PLAN, rungs, {step.key: OPENED}, at(59)).kind is Kind.UNCLAIMED
    assert due(now=OPENED + timedelta(minutes=30)) is None, "a case that somebody has is not free"


@pytest.mark.parametrize("status", [item for item in CaseStatus if item is not CaseStatus.OPEN])
def test_only_open_cases_have_stages(status: CaseStatus) -> None:
    assert due(replace(WATCH, status=status, owner=""), at(12)) is None


def test_results_are_asked_for_after_working_days() -> None:
    friday = datetime(2026, 11, 20, 4, tzinfo=UTC)
    sent = replace(WATCH, status=CaseStatus.SUBMITTED, pending_since=friday)
    assert due(sent, friday + timedelta(days=5, seconds=-1)) is None, "Wednesday is the third working day"
    three = due(sent, friday + timedelta(days=5))
    assert three.kind is Kind.RESULT and three.stage.startswith("result3@")
    assert next_step(sent, PLAN, RUNGS, {three.key: friday}, friday + timedelta(days=10)) is None
    seven = next_step(sent, PLAN, RUNGS, {three.key: friday}, friday + timedelta(days=11))
    assert seven.stage.startswith("result7@")
    anew = replace(sent, pending_since=friday + timedelta(days=20))
    assert due(anew, friday + timedelta(days=40)) is not None, "a second submission is waited for anew"


def test_off_and_snoozed_cases_are_silent() -> None:
    assert due(replace(WATCH, off=True), at(1)) is None
    snoozed = replace(WATCH, snoozed_until=at(10))
    assert due(snoozed, at(10.01)) is None and due(snoozed, at(10)) is not None


def test_a_snooze_yields_when_the_deadline_has_moved_closer() -> None:
    assert due(replace(WATCH, snoozed_until=at(1)), at(2)) is not None


def test_a_submitted_case_is_silent_for_as_long_as_it_was_snoozed() -> None:
    waits = replace(WATCH, status=CaseStatus.SUBMITTED, pending_since=OPENED - timedelta(days=30))
    snoozed = replace(waits, snoozed_until=DEADLINE + timedelta(days=2))
    assert due(waits, DEADLINE + timedelta(days=1)) is not None
    assert due(snoozed, at(1)) is None and due(snoozed, DEADLINE + timedelta(days=1)) is None
    assert due(snoozed, DEADLINE + timedelta(days=2)) is not None


def test_the_cap_holds_until_it_would_be_too_late() -> None:
    plan = replace(PLAN, per_day=1)
    sent = {"48h.owner": at(4) - timedelta(minutes=1)}
    assert next_step(WATCH, plan, RUNGS, sent, at(4)) is None
    assert next_step(WATCH, plan, RUNGS, sent, at(3)) is not None
    assert next_step(WATCH, replace(plan, per_day=2), RUNGS, sent, at(4)) is not None


def test_quiet_hours_hold_what_can_wait_and_nothing_else() -> None:
    plan = replace(PLAN, quiet=QUIET)
    night = datetime(2026, 11, 20, 15, tzinfo=UTC)  # 23:00 in Shanghai; quiet until 00:00 UTC
    waits = replace(WATCH, deadline=night + timedelta(hours=12), opened_at=night - timedelta(hours=1))
    assert due(waits, night, plan) is None
    assert due(waits, night + timedelta(hours=9), plan) is not None
    hurries = replace(waits, deadline=night + timedelta(hours=12) - timedelta(seconds=1))
    assert due(hurries, night, plan) is not None, "after the night less than the margin would be left"
    result = replace(WATCH, status=CaseStatus.SUBMITTED, pending_since=night - timedelta(days=30))
    assert due(result, night, plan) is None, "a result never hurries"


@pytest.mark.parametrize(
    ("quiet", "inside", "outside"),
    [
        (QUIET, [(22, 0), (23, 59), (0, 0), (7, 59)], [(8, 0), (21, 59), (12, 0)]),
        (Quiet(time(12), time(14), "UTC"), [(12, 0), (13, 59)], [(14, 0), (11, 59), (0, 0)]),
    ],
)
def test_quiet_hours_start_inclusive_and_end_exclusive(quiet: Quiet, inside: list, outside: list) -> None:
    def local(hour: int, minute: int) -> datetime:
        return datetime(2026, 11, 20, hour, minute, tzinfo=ZoneInfo(quiet.zone))

    assert all(quiet.contains(local(*clock)) for clock in inside)
    assert not any(quiet.contains(local(*clock)) for clock in outside)


ZONES = st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "UTC"])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))


@given(CLOCKS, CLOCKS, ZONES, MOMENTS)
def test_quiet_hours_end_at_a_later_instant_that_is_not_quiet(
    starts: time, ends: time, zone: str, moment: datetime
) -> None:
    quiet = Quiet(starts, ends, zone)
    if starts == ends:
        return
    over = quiet.over(moment)
    assert not quiet.contains(over) and moment <= over <= moment + timedelta(hours=26)
    assert (over == moment) is not quiet.contains(moment)


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=30)), st.floats(-5, 72))
def test_a_snooze_never_lasts_until_it_is_too_late(wish: timedelta, left: float) -> None:
    try:
        until = snooze_until(WATCH, PLAN, wish, at(left))
    except Refusal as refusal:
        assert refusal.key == "too_late_to_snooze" and left <= 3
    else:
        assert at(left) < until <= DEADLINE - PLAN.margin and until <= at(left) + wish


def test_a_submitted_case_is_snoozed_for_a_week_at_most() -> None:
    submitted = replace(WATCH, status=CaseStatus.SUBMITTED)
    assert snooze_until(submitted, PLAN, timedelta(days=99), DEADLINE) == DEADLINE + timedelta(days=7)


def test_a_case_rests_when_nobody_has_touched_it_for_a_while() -> None:
    assert not rests(WATCH, PLAN, OPENED + timedelta(hours=2) - timedelta(seconds=1))
    assert rests(WATCH, PLAN, OPENED + timedelta(hours=2))
    assert not rests(WATCH, PLAN, at(-1)) and not rests(replace(WATCH, status=CaseStatus.SUBMITTED), PLAN, at(9))


LIVES = st.fixed_dictionaries(
    {
        "onset_lag": st.integers(0, 70),
        "owner": st.sampled_from(["", "li"]),
        "on_call": st.sampled_from(["", "wang", "li"]),
        "leads": st.sampled_from([(), ("boss",), ("boss", "wang")]),
        "zone": ZONES,
        "start": MOMENTS,
        "ticks": st.lists(st.integers(1, 240), min_size=30, max_size=120),
        "acks": st.sets(st.integers(0, 119)),
        "per_day": st.integers(1, 12),
    }
)


@given(LIVES)
def test_a_whole_life_of_any_case_keeps_every_promise(life: dict) -> None:
    """Ticks come as they like; people acknowledge as they like."""
    quiet = Quiet(time(22), time(8), life["zone"])
    plan = replace(PLAN, quiet=quiet, zone=life["zone"], per_day=life["per_day"])
    opened = life["start"] + timedelta(hours=life["onset_lag"])
    deadline = life["start"] + timedelta(hours=72)
    watch = Watch("C1", "s", CaseStatus.OPEN, life["owner"], None, opened, deadline, opened, opened)
    rungs = ladder(life["owner"], life["on_call"], life["leads"])
    sent: dict[str, datetime] = {}
    now = opened
    for number, minutes in enumerate(life["ticks"]):
        now += timedelta(minutes=minutes)
        step = next_step(watch, plan, rungs, sent, now)
        if step:
            assert step.key not in sent and now <= deadline
            hurries = quiet.over(now) > deadline - plan.margin
            assert hurries or not quiet.contains(now)
            today = Counter(moment.astimezone(ZoneInfo(plan.zone)).date() for moment in [*sent.values(), now])
            assert now >= deadline - plan.margin or max(today.values()) <= plan.per_day
            if step.kind is Kind.STAGE:
                assert step.stage == stage_at(watch, plan, now) != watch.acked
                assert (
                    now
                    - max(
                        (at for key, at in sent.items() if key.startswith(f"{step.stage}.")),
                        default=opened - plan.escalate,
                    )
                    >= plan.escalate
                )
            sent[step.key] = now
        if number in life["acks"]:
            watch = replace(watch, acked=stage_at(watch, plan, now))
    stages = Counter(key for key in sent)
    assert all(count == 1 for count in stages.values())


@given(LIVES, st.booleans())
def test_nothing_becomes_due_before_the_planned_look(life: dict, snoozed: bool) -> None:
    quiet = Quiet(time(22), time(8), life["zone"])
    plan = replace(PLAN, quiet=quiet, zone=life["zone"], per_day=life["per_day"])
    opened = life["start"] + timedelta(hours=life["onset_lag"])
    watch = Watch(
        "C1", "s", CaseStatus.OPEN, life["owner"], None, opened, life["start"] + timedelta(hours=72), opened, opened
    )
    if snoozed:
        watch = replace(watch, snoozed_until=opened + timedelta(minutes=7 * life["per_day"]))
    rungs = ladder(life["owner"], life["on_call"], life["leads"])
    sent: dict[str, datetime] = {}
    now = look = opened
    for minutes in life["ticks"]:
        step = next_step(watch, plan, rungs, sent, now)
        assert step is None or now >= look, (step, look)
        if step:
            sent[step.key] = now
            look = now
        elif now >= look:
            look = next_look(watch, plan, sent, now) or datetime.max.replace(tzinfo=UTC)
        now += timedelta(minutes=minutes)


@given(MOMENTS, st.integers(0, 4000), st.integers(0, 4000))
def test_stages_only_ever_come_closer(start: datetime, first: int, second: int) -> None:
    watch = replace(WATCH, opened_at=start, deadline=start + timedelta(hours=72))
    one, other = sorted((first, second))
    stages = [stage_at(watch, PLAN, start + timedelta(minutes=minutes)) for minutes in (one, other)]
    hours = [int(stage.removesuffix("h")) for stage in stages if stage]
    assert hours == sorted(hours, reverse=True)


def test_what_was_sent_is_never_sent_again_whatever_the_clock_does() -> None:
    step = due(now=at(24))
    assert not may_send(WATCH, PLAN, step, {step.key: at(24)}, at(24) - timedelta(hours=2))
    assert due(now=at(23), **{"24h.owner": at(22)}) is None, "the clock was set back"


def test_results_wait_for_working_days_of_the_team_and_of_the_site() -> None:
    submitted = datetime(2026, 9, 28, 2, tzinfo=UTC)
    waiting = replace(WATCH, status=CaseStatus.SUBMITTED, pending_since=submitted, deadline=submitted, site="US")
    plan = replace(PLAN, works=WorkingCalendar(["CN"]), works_at=calendar_of)
    holiday = datetime(2026, 10, 6, 2, tzinfo=UTC)
    assert due(waiting, holiday) is not None and due(waiting, holiday, plan) is None, "国庆 is no time to answer in"
    thanksgiving = replace(waiting, pending_since=datetime(2026, 11, 24, 2, tzinfo=UTC))
    friday = datetime(2026, 11, 27, 2, tzinfo=UTC)
    assert due(thanksgiving, friday) is not None and due(thanksgiving, friday, plan) is None
    assert due(replace(thanksgiving, site="UK"), friday, plan) is not None


@pytest.mark.parametrize(("hours_left", "after"), [(72, 24), (30, 15), (1, 0.5), (-5, 0)])
def test_a_carrier_is_asked_after_in_a_working_day_or_half_of_the_time(hours_left: float, after: float) -> None:
    asked = datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert letter_due(asked, asked + timedelta(hours=hours_left), weekday, PLAN) == asked + timedelta(hours=after)


def test_an_unanswered_request_is_due_once_and_looked_for_in_time() -> None:
    asked = replace(WATCH, asked_since=OPENED, claimed_at=OPENED)
    when = letter_due(OPENED, DEADLINE, weekday, PLAN)
    assert due(asked, when - timedelta(seconds=1), **{"48h.owner": when}) is None
    step = due(replace(asked, acked="48h"), when)
    assert step is not None and step.kind is Kind.LETTER
    assert due(replace(asked, acked="48h"), when, **{step.key: when}) is None
    assert next_look(asked, PLAN, {}, OPENED) <= when
