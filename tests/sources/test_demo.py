"""The demo's story: each trigger in one shop, the others quiet, and evidence that reads as what it is."""

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.anomaly import detect
from bot.domain.odr import Tally, day_number
from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.sources.demo import demo_shops, demo_source
from bot.sources.rehearsal import demo_evidence

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STORY = {
    "US-AURORA": ("single_day", "red"),
    "UK-LINWOOD": ("single_day",),
    "MY-KASIH": ("streak",),
    "TH-SIAMFIT": ("surge",),
    "PH-ISLA": ("rolling",),
    "VN-MOCAN": (),
    "SA-NAJM": (),
    "AE-PALM": (),
}


def red_shop() -> Shop:
    return next(shop for shop in demo_shops() if shop.id == "US-AURORA")


def triggers(shop_id: str, day: date, policy: Policy) -> tuple[str, ...]:
    shop = next(shop for shop in demo_shops() if shop.id == shop_id)
    source = demo_source(shop, NOW)
    orders = Counter(row[2] for row in source.orders if row[3])
    defects = Counter(row[3] for row in source.defects)
    days = {number: Tally(defects[number], count, defects[number]) for number, count in orders.items()}
    return detect(days, day, policy, shop.high_risk).triggers


@pytest.mark.parametrize("shop_id", STORY)
def test_each_shop_shows_its_trigger_yesterday(shop_id: str, policy: Policy) -> None:
    yesterday = NOW.date() - timedelta(days=1)
    assert triggers(shop_id, yesterday, policy) == STORY[shop_id]
    if shop_id != "PH-ISLA":
        assert triggers(shop_id, yesterday - timedelta(days=1), policy) == ()


def test_a_story_is_the_same_all_day_and_lies_before_it() -> None:
    for shop in demo_shops():
        source = demo_source(shop, NOW)
        assert source == demo_source(shop, NOW.replace(hour=23))
        assert max(row[2] for row in source.orders) == day_number(NOW.date()) - 1
        known = {row[0]: row for row in source.orders}
        assert len(known) == len(source.orders)
        assert all(known[row[0]][3] and known[row[0]][1] < row[2] for row in source.defects)
        assert all(len(order_id) == 18 and order_id.startswith("57") for order_id in known)


def test_every_defect_type_occurs() -> None:
    source = demo_source(red_shop(), NOW)
    assert len({row[1] for row in source.defects}) == 3
    assert all(row[6] for row in source.defects)


def test_the_demo_is_made_quickly() -> None:
    start = time.process_time()
    for shop in demo_shops():
        demo_source(shop, NOW)
    assert time.process_time() - start < 2


def test_evidence_names_the_orders_of_the_anomaly() -> None:
    source = demo_source(red_shop(), NOW)
    files = dict(demo_evidence(red_shop(), NOW))
    orders = {row[0]: row for row in source.orders}
    last = [row for row in source.defects if row[3] == day_number(NOW.date()) - 1]
    assert len(last) == 4
    for row in last:
        page = files[f"tracking-{row[0]}.txt"].decode()
        assert orders[row[0]][4] in page and "Captured on 2026-11-22 09:10 UTC" in page
        assert row[6] in files[f"inbox-{row[0]}.txt"].decode()
        assert row[0] in files["erp-sync-log.csv"].decode()


def test_a_quiet_shop_has_nothing_to_prove() -> None:
    quiet = {shop.id: demo_evidence(shop, NOW) for shop in demo_shops() if not STORY[shop.id]}
    assert set(map(len, quiet.values())) == {0}
