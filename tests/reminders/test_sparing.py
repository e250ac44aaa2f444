"""The tick runs as often as it is cheap."""

import pytest

from bot.runtime.team import SHARE, ThrottledJob


def test_a_dear_job_pauses_and_a_cheap_one_does_not() -> None:
    time, runs = [1000.0], []

    def job(cost: float) -> None:
        runs.append(time[0])
        time[0] += cost

    costs = iter([0.0, 1.0, 0.0])
    sparing = ThrottledJob(lambda: job(next(costs)), lambda: time[0])
    sparing()
    sparing()
    time[0] = 1000.0 + 1 / SHARE - 0.1
    sparing()
    assert runs == [1000.0, 1000.0], "one second of work is paid for with a pause"
    time[0] = 1000.0 + 1 / SHARE
    sparing()
    assert len(runs) == 3


def test_a_job_that_fails_is_tried_again_at_once() -> None:
    time, runs = [0.0], []

    def job() -> None:
        runs.append(time[0])
        if len(runs) == 1:
            raise OSError

    sparing = ThrottledJob(job, lambda: time[0])
    with pytest.raises(OSError):
        sparing()
    sparing()
    assert len(runs) == 2
