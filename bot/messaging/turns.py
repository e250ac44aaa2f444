"""Conversations go first: long work in the same process gives way to the turns that are under way."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

CALM_SECONDS = 0.05
"""A turn that ends is soon followed by what it has caused: its answer is sent, and a person's next event comes."""


class Turns:
    """Counts the turns that are under way in this process. `timer` gives seconds that never go back."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self.timer = timer
        self._changed = Condition()
        self._under_way, self._calm_at = 0, 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, or a part of one, is under way inside the block."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._calm_at = self.timer() + CALM_SECONDS
                self._changed.notify_all()

    def give_way(self, most: float) -> None:
        """Wait until no turn is under way, at most so many seconds."""
        end = self.timer() + most
        with self._changed:
            while (left := self._left(end)) > 0:
                self._changed.wait(left)

    def _left(self, end: float) -> float:
        """For how many seconds to wait before looking again."""
        return (end if self._under_way else min(end, self._calm_at)) - self.timer()
