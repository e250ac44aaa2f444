"""The intervals at which the running program looks for work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Intervals:
    """Intervals in seconds, long enough that an idle program uses little processor time. The pauses between
    attempts to start grow from `first_pause` to `longest_pause`; `sweep` lies between looks for work that no
    workflow has taken, `beat` between renewals of this replica's lease, `poll` between looks at the queues of sending
    and `slow_poll` at the others. A turn that fails is tried `attempts` times."""

    first_pause: float = 1
    longest_pause: float = 30
    sweep: int = 3
    beat: int = 10
    poll: float = 0.8
    slow_poll: float = 5.0
    attempts: int = 10
