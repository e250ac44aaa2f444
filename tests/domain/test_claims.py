"""Times in every way that people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.claims import ClaimedTime, KnownFacts, claims
from bot.domain.evidence import LogEvent, Message, TimeRole, Timestamp
from tests.rules.build import case_order, context, evidence, stamp, variants

WRITTEN = [
    ("2026-11-18 11:05 UTC", "2026-11-18", "11:05"),
    ("2026/11/8, 9:05", "2026-11-08", "09:05"),
    ("Nov 18, 2026 11:05 PM", "2026-11-18", "23:05"),
    ("November 18 2026 at 12:05 a.m.", "2026-11-18", "00:05"),
    ("18 Nov 2026, 11:05", "2026-11-18", "11:05"),
    ("18th November 2026", "2026-11-18", ""),
    ("Nov 18", "--11-18", ""),
    ("18 Nov at 11:05", "--11-18", "11:05"),
    ("2026年11月18日 11:05", "2026-11-18", "11:05"),
    ("11月18日11:05", "--11-18", "11:05"),
    ("11:05 pm", "", "23:05"),
    ("11:05", "", "11:05"),
]


@pytest.mark.parametrize(("text", "day", "clock"), WRITTEN)
def test_a_time_is_understood(text: str, day: str, clock: str) -> None:
    said = claims(f"Delivered {text}, signed.")
    assert [(moment.day, moment.clock) for moment in said.moments] == [(day, clock)]
    assert said.numbers == ()


@pytest.mark.parametrize("text", ["may 3 parcels", "mayor 12", "march on", "order 577120 Decor 2"])
def test_other_words_are_no_times(text: str) -> None:
    assert not [moment for moment in claims(text).moments if moment.day.startswith("2")]


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        ("Picked up Nov 2, 2026 3:05 AM UTC", []),
        ("Picked up 2 November 2026", []),
        ("Picked up Nov 2", []),
        ("2026年11月2日 03:05 揽收", []),
        ("Picked up Dec 2, 2026 3:05 AM UTC", ["moment"]),
        ("Picked up Nov 2, 2026 3:05 PM UTC", ["moment"]),
        ("Picked up 3 November", ["moment"]),
        ("2026年11月3日揽收", ["moment"]),
    ],
)
def test_a_time_in_words_is_checked_like_any_other(draft: str, answer: list[str]) -> None:
    assert variants(context(order=case_order(draft=draft)), "explanation_facts") == answer


def test_a_long_text_without_times_is_quickly_done() -> None:
    assert claims("jan 1 " * 30_000).moments[0] == ClaimedTime("jan 1", "--01-01", "")


START = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("apart", "hours", "days"),
    [
        (timedelta(hours=1), 1, []),
        (timedelta(hours=1, minutes=59), 1, []),
        (timedelta(hours=23, minutes=59), 23, [1]),
        (timedelta(hours=24), 24, [1]),
        (timedelta(hours=47), 47, [1, 2]),
        (timedelta(days=3, hours=20), 92, [3]),
    ],
)
def test_a_distance_is_whole_hours_or_days_by_length_or_date(apart: timedelta, hours: int, days: list[int]) -> None:
    page = evidence("tracking_page", timestamps=(stamp(START, "picked_up"), stamp(START + apart, "delivered")))
    order = case_order(occurred_at=START)
    known = KnownFacts(context(page, order=order, orders={}, evidence=(page,)), order)
    assert [count for count in range(1, 200) if known.lasted(count)] == [hours]
    assert [count for count in range(1, 9) if known.lasted(-count)] == days
    assert known.lasted(0)


def test_a_capture_is_known_and_no_event() -> None:
    page = evidence("tracking_page", captured_at=START, timestamps=(stamp(START, TimeRole.CAPTURED),))
    order = case_order(occurred_at=START + timedelta(hours=5))
    known = KnownFacts(context(page, order=order, orders={}, evidence=(page,)), order)
    assert known.happened(ClaimedTime("x", "2026-11-02", "03:00")) and not known.lasted(5)


@pytest.mark.parametrize(
    ("quotation", "said"),
    [
        ("I want to return one", True),
        ("i ordered twice … return one!", True),
        ("I ordered twice ... refund it", False),
        ("...", False),
        ("", False),
    ],
)
def test_a_quotation_may_leave_words_out_and_add_none(quotation: str, said: bool) -> None:
    whole = context()
    assert KnownFacts(whole, whole.case.orders[0]).quoted(quotation) is said


@pytest.mark.parametrize(
    ("text", "zones"),
    [("UTC+8", (480,)), ("GMT -05:30", (-330,)), ("UTC+0", ()), ("UTC +0530, UTC-3", (330, -180)), ("UTC", ())],
)
def test_offsets_that_a_text_names(text: str, zones: tuple[int, ...]) -> None:
    assert claims(f"at 09:00 {text}.").zones == zones


def test_spans_in_days_and_hours_stay_apart() -> None:
    said = claims("2 days, 48 hours, 3天, 5 小时, 1 day and 12-hour delays, 7 daylight lamps")
    assert [hours for _, hours in said.spans] == [-2, 48, -3, 5, -1, 12]
    assert said.numbers == ("7",)


def test_what_has_no_time_is_no_event() -> None:
    order = case_order(occurred_at=START)
    log = evidence(
        "api_log",
        order_ids=(order.order_id,),
        log_events=(LogEvent(None, order.order_id, "", "when?"), LogEvent(START + timedelta(hours=5), "", "", "")),
        messages=(Message("buyer", None, "hello"),),
        timestamps=(Timestamp("?", None, TimeRole.DELIVERED),),
    )
    known = KnownFacts(context(log, order=order, orders={}, evidence=(log,)), order)
    assert None not in known.events and known.lasted(5) and not known.lasted(4)
