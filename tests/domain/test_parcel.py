"""What the evidence of a parcel shows: its own numbers, a long way, a delay."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.evidence import Facts, TimeRole, TrackingNumber
from bot.domain.parcel import long_on_the_way, meets, own_numbers, says_not_received, says_not_shipped, was_read
from bot.domain.policy import Requirement
from tests.domain.profile import POLICY
from tests.rules.build import (
    NOW,
    ONSET,
    ORDER,
    ORDER_DETAIL,
    OTHER,
    PICKED_UP,
    RECORD,
    TRACKING,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    evidence,
    stamp,
)

DELAY = Requirement(id="delay", kinds=("tracking_page", "delay_certificate"), shows="delay")
LONG = timedelta(days=POLICY.evidence.on_the_way_days)
SECOND = timedelta(seconds=1)


def certificate(day: datetime, role: str = "unknown", number: str = "") -> bool | None:
    numbers = (TrackingNumber(number),) if number else ()
    item = evidence("delay_certificate", timestamps=(stamp(day, TimeRole(role)),), tracking_numbers=numbers)
    whole = context(item)
    return meets(whole, whole.case.orders[0], DELAY, item)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (RECORD.created_at - timedelta(days=1), False),
        (RECORD.created_at, True),
        (NOW, True),
        (NOW + timedelta(days=1), False),
    ],
)
def test_a_certificate_speaks_of_a_day_between_the_order_and_now(day: datetime, shown: bool) -> None:
    assert certificate(day) is shown
    assert certificate(day, number=TRACKING) is True, "or of the order's own number"
    assert certificate(day, "captured") is False, "its own scan says nothing of the journey"


@pytest.mark.parametrize(("days_before", "shown"), [(31, False), (30, True), (0, True)])
def test_without_a_record_the_rolling_days_before_the_defect_count(days_before: int, shown: bool) -> None:
    order = case_order(occurred_at=ONSET)
    item = evidence("delay_certificate", timestamps=(stamp(ONSET - timedelta(days=days_before), "unknown"),))
    whole = context(item, order=order, orders={})
    assert meets(whole, order, DELAY, item) is shown


@pytest.mark.parametrize(("way", "long"), [(LONG, False), (LONG + SECOND, True)])
def test_a_way_is_long_beyond_the_profile_s_days(way: timedelta, long: bool) -> None:
    there = Facts(timestamps=(stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP + way, "delivered")))
    assert long_on_the_way(there, POLICY, NOW) is long
    assert long_on_the_way(Facts(timestamps=there.timestamps[:1]), POLICY, PICKED_UP + way) is long
    assert not long_on_the_way(Facts(timestamps=there.timestamps[1:]), POLICY, NOW)


def test_a_delivery_at_an_unknown_time_is_not_still_under_way() -> None:
    unknown = replace(stamp(NOW, "delivered"), at=None)
    assert not long_on_the_way(Facts(timestamps=(stamp(PICKED_UP, "picked_up"), unknown)), POLICY, NOW)


def test_own_numbers_come_from_the_record_and_pages_about_this_order_alone() -> None:
    number = (TrackingNumber("JT 0001 2345 6789"),)
    page = changed(ORDER_DETAIL, order_ids=(ORDER,), tracking_numbers=number)
    assert own_numbers(context(page), case_order()) == {TRACKING, "JT000123456789"}
    for other in (
        changed(page, order_ids=(ORDER, OTHER)),
        changed(page, order_ids=()),
        changed(page, tracking_numbers=(replace(number[0], legible=None),)),
        replace(page, kind="conversation"),
    ):
        assert own_numbers(context(other), case_order()) == {TRACKING}
    assert own_numbers(context(orders={ORDER: replace(RECORD, tracking_number="")}), case_order()) == frozenset()


def test_what_nobody_read_can_neither_meet_nor_miss() -> None:
    link = replace(TRACKING_PAGE, link="https://drive.google.com/x", facts=Facts())
    order = case_order()
    assert not was_read(link) and meets(context(link), order, DELAY, link) is None
    assert not was_read(changed(TRACKING_PAGE, readable=False)) and was_read(replace(link, link=""))
    assert meets(context(link), order, DELAY, replace(link, kind="conversation")) is False


@pytest.mark.parametrize(
    ("words", "received", "shipped"),
    [
        ("I have NOT received it", False, True),
        ("it hasn't yet arrived", False, True),
        ("belum terima", False, True),
        ("received, thank you", True, True),
        ("Awaiting shipment", True, False),
        ("待揽收", True, False),
        ("Shipped", True, True),
    ],
)
def test_words_that_deny(words: str, received: bool, shipped: bool) -> None:
    assert says_not_received(words) is not received and says_not_shipped(words) is not shipped
