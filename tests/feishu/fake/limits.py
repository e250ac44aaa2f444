"""Rates: so many calls a second and a minute, by the fake's clock."""

import math
from collections import defaultdict, deque

from tests.feishu.fake.clock import Advanced
from tests.feishu.fake.refusal import Refused

API_A_SECOND, API_A_MINUTE, PLACE_A_SECOND = 50, 1000, 5


class Rates:
    """Counts calls in sliding windows; refused ones do not count."""

    def __init__(self, clock: Advanced) -> None:
        self.clock = clock
        self._seen: dict[tuple[str, float], deque[float]] = defaultdict(deque)

    def api(self, name: str) -> None:
        """A call of an API; the gateway refuses it with the seconds to wait."""
        waits = [self._wait(name, 1, API_A_SECOND), self._wait(name, 60, API_A_MINUTE)]
        if (wait := max(waits)) > 0:
            reset = {"x-ogw-ratelimit-limit": str(API_A_MINUTE), "x-ogw-ratelimit-reset": str(math.ceil(wait))}
            raise Refused(99991400, "request trigger frequency limit", 429, reset)
        self._count(name, 1, 60)

    def place(self, name: str) -> None:
        """A message to a group or person, or a change of a card."""
        if self._wait(name, 1, PLACE_A_SECOND) > 0:
            raise Refused(230020, "This operation triggers the frequency limit.")
        self._count(name, 1)

    def _wait(self, name: str, window: float, most: int) -> float:
        calls, now = self._seen[name, window], self.clock.seconds()
        while calls and calls[0] <= now - window:
            calls.popleft()
        return calls[0] + window - now if len(calls) >= most else 0

    def _count(self, name: str, *windows: float) -> None:
        for window in windows:
            self._seen[name, window].append(self.clock.seconds())
