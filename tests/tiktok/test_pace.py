"""The pace of calls, over a server whose limit nobody knows."""

import pytest

from bot.sources.tiktok.pace import FIRST, Pace


class Time:
    """A time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def timer(self) -> float:
        return self.now


def run(allowed: float, calls: int, pause: float = 0.0) -> tuple[float, int]:
    """The seconds and refusals that so many answers take where `allowed` calls a second are taken; a refused caller
    is kept out for `pause` seconds."""
    time = Time()
    pace = Pace(time.sleep, time.timer)
    free, refusals, answers = 0.0, 0, 0
    while answers < calls:
        pace.wait()
        if time.now < free - 1e-9:
            refusals += 1
            free = max(free, time.now + pause)
            pace.refused(1 / pace.rate)
        else:
            free = time.now + 1 / allowed
            answers += 1
            pace.answered()
    return time.now, refusals


def test_it_begins_at_five_a_second() -> None:
    time = Time()
    pace = Pace(time.sleep, time.timer)
    for _ in range(5):
        pace.wait()
    assert time.now == pytest.approx(4 / FIRST) and FIRST <= 5


@pytest.mark.parametrize("allowed", [1, 2, 4.2, 5, 8, 20])
def test_it_finds_what_is_allowed_and_wastes_little(allowed: float) -> None:
    seconds, refusals = run(allowed, 3000)
    assert seconds <= 1.15 * 3000 / allowed and refusals <= 0.05 * 3000


def test_a_refusal_that_lasts_does_not_slow_down_what_follows() -> None:
    """For ten seconds all calls are refused; afterwards the rate is soon what it was."""
    time = Time()
    pace = Pace(time.sleep, time.timer)
    while time.now < 10:
        pace.wait()
        pace.refused(1 / pace.rate)
    for _ in range(60):
        pace.wait()
        pace.answered()
    assert pace.rate >= 0.9 * FIRST


def test_it_waits_as_long_as_the_server_asks() -> None:
    time = Time()
    pace = Pace(time.sleep, time.timer)
    pace.wait()
    pace.refused(30)
    pace.wait()
    assert time.now >= 30 and pace.rate == pytest.approx(FIRST / 2)
