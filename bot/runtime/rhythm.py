"""The intervals at which the running program looks for work."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rhythm:
    """Intervals in seconds, long enough that an idle program uses little processor time. `pauses` lie between
    attempts to start (the last one repeats), `sweep` between looks for work that no workflow has taken, `beat`
    between renewals of this replica's lease, `poll` between looks at the queues of sending and `slow_poll` at the
    others. A turn that fails is tried `attempts` times."""

    pauses: Sequence[float] = (1, 2, 4, 8, 16, 30)
    sweep: int = 3
    beat: int = 10
    poll: float = 0.8
    slow_poll: float = 5.0
    attempts: int = 10
