from bot.domain.backoff import pause


def test_each_pause_is_twice_the_one_before_until_the_longest() -> None:
    assert [pause(failures, 30) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_the_first_pause_may_be_short() -> None:
    assert [pause(failures, 0.1, 0.05) for failures in range(1, 4)] == [0.05, 0.1, 0.1]


def test_who_fails_for_days_is_still_tried_again() -> None:
    assert pause(10**6, 60) == 60
