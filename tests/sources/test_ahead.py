"""Reading ahead: order, bound, errors, and an end that is not the end of the source."""

from collections.abc import Iterator
from contextlib import closing
from contextvars import ContextVar
from threading import Event

import pytest

from bot.sources.ahead import ahead

ASKER: ContextVar[str] = ContextVar("asker", default="nobody")


class Source:
    """Numbers, of which it knows how many were asked for; the one called `gate` waits until it may come."""

    def __init__(self, count: int, gate: int = -1) -> None:
        self.count, self.gate = count, gate
        self.asked, self.askers = 0, set[str]()
        self.opened, self.reached, self.left = Event(), Event(), Event()

    def numbers(self) -> Iterator[int]:
        try:
            for number in range(self.count):
                self.asked += 1
                self.askers.add(ASKER.get())
                if number == self.gate:
                    self.reached.set()
                    assert self.opened.wait(10)
                yield number
        finally:
            self.left.set()


def test_everything_comes_once_and_in_order() -> None:
    assert list(ahead(iter(range(100)), 3)) == list(range(100))
    assert list(ahead(iter(()), 1)) == []


def test_no_more_wait_than_may() -> None:
    source, behind = Source(50), 0
    for taken, _ in enumerate(ahead(source.numbers(), 4), 1):
        behind = max(behind, source.asked - taken)
    assert behind <= 4 and source.asked == 50


def test_the_next_are_fetched_while_one_is_used() -> None:
    source = Source(10, gate=3)
    with closing(ahead(source.numbers(), 3)) as coming:
        assert next(coming) == 0
        assert source.reached.wait(10), "nobody has asked for them yet"
        source.opened.set()
        assert list(coming) == list(range(1, 10))


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt()])
def test_an_error_comes_after_what_came_before_it(error: BaseException) -> None:
    def failing() -> Iterator[int]:
        yield from (1, 2)
        raise error

    found: list[int] = []
    with pytest.raises(type(error)):
        found.extend(ahead(failing(), 9))
    assert found == [1, 2]


def test_whoever_ends_early_ends_the_fetching() -> None:
    source = Source(50, gate=2)
    with closing(ahead(source.numbers(), 5)) as coming:
        next(coming)
        assert source.reached.wait(10)
    source.opened.set()
    assert source.left.wait(10) and source.asked == 3, "the one that was being fetched was the last"


def test_the_fetching_is_done_in_the_name_of_whoever_asks() -> None:
    source = Source(3)
    token = ASKER.set("li")
    try:
        list(ahead(source.numbers(), 1))
    finally:
        ASKER.reset(token)
    assert source.askers == {"li"}
