"""`check`: figures, triggers, onset, deadline and confidence, against arithmetic written a second time."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.cli import arithmetic
from tests.cli.conftest import DAY, NOW, Cli, DayStory, month, order_id

KEYS = {"shop", "date", "state", "missing", "daily", "rolling", "without_unknown", "triggers", "watched"}
KEYS |= {"confidence", "onset", "onset_exact", "deadline", "case"}


def check(cli: Cli, shop: str = "us-1", *args: str) -> dict:
    [found] = cli.json("check", "--shop", shop, *args)["shops"]
    return found


def test_the_keys_and_types_of_the_contract(anomaly: Cli) -> None:
    found = check(anomaly)
    assert set(found) == KEYS
    assert set(found["daily"]) == {"defects", "orders", "odr", "defective_orders"}
    assert set(found["rolling"]) == {"defects", "orders", "odr", "requirement", "exclusions_to_safety"}
    assert set(found["confidence"]) == {"p_value", "wilson95", "low_sample"}
    assert (found["shop"], found["date"], found["case"]) == ("us-1", "2026-11-19", "C1")
    assert (found["daily"]["odr"], found["rolling"]["requirement"]) == ("0.030000", "0.010000")
    assert isinstance(found["confidence"]["p_value"], float) and found["confidence"]["low_sample"] is False
    assert found["onset"].endswith("Z") and found["deadline"].endswith("Z")


def test_without_a_shop_all_are_measured_and_quiet_ones_have_nothing(anomaly: Cli) -> None:
    shops = {item["shop"]: item for item in anomaly.json("check")["shops"]}
    quiet = shops["risky"]
    assert set(shops) == {"us-1", "risky"}
    assert (quiet["triggers"], quiet["onset"], quiet["deadline"], quiet["case"]) == ([], None, None, None)
    assert (quiet["daily"]["odr"], quiet["confidence"]["p_value"]) == (None, None)
    assert quiet["rolling"]["requirement"] == "0.005000"


USUAL = DayStory(200, 1)
STORIES = {
    "exactly 1.0 % does not fire": (month(USUAL, DayStory(200, 2)), False, []),
    "one order fewer and it does": (month(USUAL, DayStory(199, 2)), False, ["single_day"]),
    "1.2 % is not red": (month(DayStory(125, 1), DayStory(250, 3)), False, ["single_day", "streak"]),
    "above 1.2 % is": (month(DayStory(125, 1), DayStory(249, 3)), False, ["single_day", "red", "streak"]),
    "three days above 0.5 %": (month(USUAL, *[DayStory(398, 2)] * 3), False, ["streak"]),
    "0.5 % three times is no streak": (month(USUAL), False, []),
    "a day without orders breaks it": (month(USUAL, DayStory(398, 2), DayStory(0), DayStory(398, 2)), False, []),
    "three times the usual": (month(DayStory(500, 1), DayStory(500, 3)), False, ["surge"]),
    "just below three times": (month(DayStory(500, 1), DayStory(501, 3)), False, []),
    "a rise over two days": (month(DayStory(700, 1), DayStory(700, 3), DayStory(700, 3)), False, ["surge"]),
    "one defect is no surge": (month(DayStory(300), DayStory(300, 1)), False, []),
    "six days of history are too few": (month(DayStory(500), DayStory(500, 2), days=7), False, []),
    "seven are enough": (month(DayStory(500), DayStory(500, 2), days=8), False, ["surge"]),
    "rolling exactly 1.0 %": (month(DayStory(100, 1), DayStory(100, 2), DayStory(100)), False, []),
    "rolling above it": (month(DayStory(100, 1), DayStory(100, 2), DayStory(99)), False, ["rolling"]),
    "high risk: exactly 0.5 %": (month(USUAL, USUAL), True, []),
    "high risk: above it": (month(DayStory(500, 1), DayStory(199, 1)), True, ["single_day"]),
    "high risk: rolling": (month(DayStory(199, 1), DayStory(199, 2), DayStory(199)), True, ["rolling"]),
}


def shops_settings(high_risk: dict[str, bool]) -> str:
    shops = [
        f'[[shops]]\nid = "{shop}"\nsite = "UK"\nhigh_risk = {str(risk).lower()}\n'
        for shop, risk in high_risk.items()
    ]
    return f"clock.now = {NOW}\n" + "".join(shops)


def test_triggers_at_their_limits(cli: Cli) -> None:
    names = {f"shop-{number}": name for number, name in enumerate(STORIES)}
    cli.settings(shops_settings({shop: STORIES[name][1] for shop, name in names.items()}))
    for shop, name in names.items():
        days, risk, expected = STORIES[name]
        counts = {day: (story.orders, story.defects) for day, story in days.items()}
        assert arithmetic.triggers(counts, DAY, risk) == expected, f"{name}: the story is not what it says"
        cli.load(shop, days)
    fired = {names[found["shop"]]: found["triggers"] for found in cli.json("check")["shops"]}
    assert fired == {name: expected for name, (_, _, expected) in STORIES.items()}


def test_twelve_shops_of_any_kind_agree_with_the_arithmetic(cli: Cli) -> None:
    rng = random.Random(4)
    shops = {f"s{number}": rng.random() < 0.5 for number in range(12)}
    cli.settings(shops_settings(shops))
    stories = {
        shop: {
            DAY - timedelta(days=back): DayStory(
                rng.choice((0, 7, 60, 90)), rng.choice((0, 0, 0, 1, rng.randint(0, 4)))
            )
            for back in range(40)
        }
        for shop in shops
    }
    for shop, story in stories.items():
        cli.load(shop, story)
    for found in cli.json("check")["shops"]:
        story, risk = stories[found["shop"]], shops[found["shop"]]
        agrees({day: (each.orders, each.defects) for day, each in story.items()}, risk, found)


def agrees(counts: arithmetic.Counts, high_risk: bool, found: dict) -> None:
    orders, defects = counts[DAY]
    rolling_orders, rolling_defects = arithmetic.pool(counts, DAY, 30)
    requirement = Fraction(5 if high_risk else 10, 1000)
    needed = arithmetic.exclusions_to_safety(rolling_orders, rolling_defects, requirement)
    assert (found["daily"]["orders"], found["daily"]["defects"]) == (orders, defects)
    assert found["daily"]["odr"] == arithmetic.six_places(orders, defects)
    assert (found["rolling"]["orders"], found["rolling"]["defects"]) == (rolling_orders, rolling_defects)
    assert found["rolling"]["odr"] == arithmetic.six_places(rolling_orders, rolling_defects)
    assert found["rolling"]["exclusions_to_safety"] == needed
    assert found["triggers"] == arithmetic.triggers(counts, DAY, high_risk)
    assert found["confidence"]["low_sample"] is (orders < 100)
    if orders:
        expected = arithmetic.chance(orders, defects, arithmetic.baseline_rate(counts, DAY))
        assert found["confidence"]["p_value"] == pytest.approx(expected, rel=1e-9, abs=1e-15)
        assert found["confidence"]["wilson95"] == pytest.approx(arithmetic.wilson(orders, min(defects, orders)))


def test_onset_is_the_crossing_and_the_deadline_72_hours_later(cli: Cli) -> None:
    # 200 orders by 01:00; defects at 10, 11, 12 and 13 h: the third is the first above 1.0 %.
    cli.load("us-1", month(DayStory(400, 2), DayStory(200, 4)))
    found = check(cli)
    assert set(found["triggers"]) >= {"single_day", "red"}
    assert (found["onset"], found["onset_exact"]) == ("2026-11-19T12:00:00Z", True)
    assert found["deadline"] == "2026-11-22T12:00:00Z"


def test_defects_without_a_time_of_day_put_the_onset_at_midnight(cli: Cli) -> None:
    cli.load("us-1", month(DayStory(100)))
    rows = "".join(f"{order_id(DAY, number)},2,2026-11-19,never came\n" for number in range(3))
    reviews = cli.file("reviews.csv", f"Order ID,Review Rating,Review Time,Review\n{rows}")
    imported = cli.json("import", reviews, "--shop", "us-1", "--kind", "reviews")
    assert imported["defects"]["negative_review"] == 3
    found = check(cli)
    assert found["onset_exact"] is False and found["onset"].endswith("T00:00:00Z")
    assert found["deadline"] == f"{date.fromisoformat(found['date']) + timedelta(days=3)}T00:00:00Z"


def test_the_persisting_anomaly_stays_one_case(anomaly: Cli) -> None:
    first, again = check(anomaly), check(anomaly)
    assert first == again
    assert [item["case"] for item in anomaly.json("cases")["cases"]] == ["C1"]


def test_an_order_with_two_defects_counts_twice_and_is_one_order(cli: Cli) -> None:
    cli.load("us-1", month(DayStory(100), DayStory(100, 2, distinct=False)))
    daily = check(cli)["daily"]
    assert (daily["defects"], daily["defective_orders"], daily["odr"]) == (2, 1, "0.020000")


def test_an_excluded_order_leaves_both_sides(cli: Cli) -> None:
    # domain.md §1: 13 / 1000 = 1.300 %, four exclusions to safety; 12 / 999 after one of them.
    days = {DAY - timedelta(days=back): DayStory(33) for back in range(1, 30)}
    days |= {DAY - timedelta(days=back): DayStory(33, 1) for back in range(1, 11)}
    cli.load("us-1", days | {DAY: DayStory(43, 3)})
    before = check(cli)
    assert (before["rolling"]["odr"], before["rolling"]["exclusions_to_safety"]) == ("0.013000", 4)
    cli("say", "submit anyway", "--thread", "C1")
    assert "excluded" in cli("say", f"result {order_id(DAY, 0)} excluded", "--thread", "C1").stdout
    after = check(cli)
    assert (after["rolling"]["defects"], after["rolling"]["orders"]) == (12, 999)
    assert after["rolling"]["odr"] == "0.012012"
    assert (after["daily"]["defects"], after["daily"]["orders"]) == (2, 42)


def test_another_day_can_be_measured(anomaly: Cli) -> None:
    assert check(anomaly, "us-1", "--date", "2026-11-18")["daily"]["odr"] == "0.000000"


def test_for_people_the_answer_is_text_on_stdout(anomaly: Cli) -> None:
    result = anomaly("check")
    assert "Bright Home" in result.stdout and "3.000 %" in result.stdout and not result.stderr
