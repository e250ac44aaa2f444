"""How fast one shop is asked: no rate is published, so the pace is found out and kept."""

import time
from collections.abc import Callable
from threading import Lock

FIRST, SLOWEST = 5.0, 0.1
KNOWN_GOOD, BEYOND = 0.95, 1.05
RECOVERING, NEAR, FREE = 1.1, 1.0002, 1.01


class Pace:
    """Lets calls begin at a rate that adapts to refusals.

    It begins at `first` calls a second and grows by one hundredth with each call that is answered. A refusal halves
    it; it recovers quickly to just under the rate that was refused, stays near it for some hundred calls, and only
    then looks whether more is allowed. Refusals of one call after another are one incident: they lengthen its pause
    and say nothing new about the rate that is allowed. Several threads may ask at once. `begun` is how
    many calls it has let begin."""

    def __init__(
        self,
        sleep: Callable[[float], object] = time.sleep,
        timer: Callable[[], float] = time.monotonic,
        first: float = FIRST,
    ) -> None:
        self.sleep, self.timer = sleep, timer
        self.rate, self.refused_at = first, 0.0
        self.begun = 0
        self._next, self._refused = 0.0, False
        self._lock = Lock()

    def wait(self) -> None:
        """Wait until the next call may begin."""
        with self._lock:
            now = self.timer()
            begin = max(now, self._next)
            self._next = begin + 1 / self.rate
            self.begun += 1
        if begin > now:
            self.sleep(begin - now)

    def answered(self) -> None:
        """A call was answered: go a little faster."""
        with self._lock:
            self._refused = False
            self.rate *= self._growth()

    def _growth(self) -> float:
        if not self.refused_at or self.rate > self.refused_at * BEYOND:
            return FREE
        if self.rate >= self.refused_at * KNOWN_GOOD:
            return NEAR
        return min(RECOVERING, self.refused_at * KNOWN_GOOD / self.rate + 1e-9)

    def refused(self, seconds: float) -> None:
        """A call came too fast: halve the rate, and begin the next one after `seconds` at the earliest."""
        with self._lock:
            if not self._refused:
                self.refused_at = self.rate
            self._refused = True
            self.rate = max(SLOWEST, self.rate / 2)
            self._next = max(self._next, self.timer() + seconds)
