"""How often the program at work looks after things."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rhythm:
    """Seconds, made for a program that rests when nothing happens: `pauses` between attempts to start (the last one
    again and again), `sweep` for what is in nobody's hands, `beat` to say that this replica lives, `poll` of the
    queues of sending and `slow_poll` of the others. A turn that fails is tried `attempts` times."""

    pauses: Sequence[float] = (1, 2, 4, 8, 16, 30)
    sweep: int = 3
    beat: int = 10
    poll: float = 0.8
    slow_poll: float = 5.0
    attempts: int = 10
