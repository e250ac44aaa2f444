"""How often a day that goes on raises an alarm by chance: the simulation of domain.md §1a."""

from bisect import bisect
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest

from bot.domain.anomaly import detect
from bot.domain.day_state import DayKnowledge, DayState
from bot.domain.odr import Tally, day_number
from tests.domain.profile import POLICY

RATE, ORDERS, MINUTES, EVERY = 0.004, 300, 1440, 20
DAY = date(2026, 11, 20)
LIMIT = POLICY.model_copy(update={"triggers": POLICY.triggers.model_copy(update={"enabled": ("single_day",)})})
BEFORE = {day_number(DAY) - step: Tally(1, ORDERS, 1) for step in range(1, 40)}
GOES_ON = DayKnowledge(DayState.PROVISIONAL, (), ("orders", "returns"))


@dataclass
class Found:
    """On how many of the days an alarm was raised: by the limit alone, by the rule, and by the whole day."""

    plain: int = 0
    rule: int = 0
    whole: int = 0


def instants(random: Random, each_day: float) -> list[float]:
    """Minutes of the day at which something happens that happens so often a day, at any time alike."""
    found, passed = [], random.expovariate(each_day)
    while passed < 1:
        found.append(passed * MINUTES)
        passed += random.expovariate(each_day)
    return found


def fires(defects: int, orders: int, known: DayKnowledge) -> bool:
    days = BEFORE | {day_number(DAY): Tally(defects, orders, defects)}
    return bool(detect(days, DAY, LIMIT, False, known).triggers)


def one_day(random: Random, found: Found) -> None:
    # A day's defects are mostly of earlier orders: they come when they come.
    made, hurt = instants(random, ORDERS), instants(random, ORDERS * RATE)
    polls = [(bisect(hurt, now), bisect(made, now)) for now in range(EVERY, MINUTES, EVERY)]
    # A poll without a new defect fires only if the one before it did.
    polls = [each for before, each in zip([(0, 0), *polls], polls, strict=False) if each[0] > before[0]]
    found.plain += any(fires(*each, DayKnowledge()) for each in polls)
    found.rule += any(fires(*each, GOES_ON) for each in polls)
    found.whole += fires(len(hurt), len(made), DayKnowledge())


def test_the_rule_is_rarely_wrong_where_the_plain_limit_is_wrong_on_every_third_day() -> None:
    random, found, days = Random(20261128), Found(), 1500
    for _ in range(days):
        one_day(random, found)
    assert found.plain / days == pytest.approx(0.38, abs=0.04)
    assert found.rule / days == pytest.approx(0.03, abs=0.015)
    assert found.whole / days == pytest.approx(0.08, abs=0.02)


def test_what_the_rule_alarms_about_no_further_order_takes_back() -> None:
    """Whatever fires while the day goes on would fire at a usual day's end too."""
    random = Random(7)
    for _ in range(300):
        defects, orders = random.randrange(1, 9), random.randrange(1, 2 * ORDERS)
        if fires(defects, orders, GOES_ON):
            assert fires(defects, max(orders, ORDERS), DayKnowledge())
