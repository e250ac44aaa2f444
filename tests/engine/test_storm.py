from pathlib import Path

import pytest

from benchmarks.storm import Outcome, Weather, disorder, storm, too_fast

SHORT = Weather(seconds=8, cases=6, channels=2, events=16, calm_seconds=180, kill_every=(2.5, 4.0))


def harmless(outcome: Outcome) -> bool:
    return outcome.good and outcome.kills >= 2 and outcome.shown >= SHORT.events + 2 * SHORT.cases


@pytest.mark.storm
def test_killed_again_and_again_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    outcome = storm(tmp_path, "", SHORT)
    assert harmless(outcome), outcome


@pytest.mark.storm
@pytest.mark.postgres
def test_two_programs_and_a_database_that_crashes(tmp_path: Path, postgres_url: str) -> None:
    outcome = storm(tmp_path, postgres_url, Weather(**{**vars(SHORT), "programs": 2}), restart_database=True)
    assert harmless(outcome) and outcome.restarts == 1, outcome


def test_the_storm_sees_what_goes_wrong() -> None:
    assert disorder([("a", "", 1), ("b", "", 5), ("a", "", 3), ("a", "", 2)]) == 1
    assert too_fast([("a", 1.0), ("a", 1.1), ("b", 1.15), ("b", 1.4)], 0.2) == 1
