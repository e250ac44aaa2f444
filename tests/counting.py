"""Counting what a program does, without putting anything in the way of it."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import sqlalchemy as sa


@contextmanager
def calls(*functions: Callable[..., object]) -> Iterator[Counter[str]]:
    """How often this thread calls each of the functions inside the block, by their names."""
    names = {each.__code__: each.__qualname__ for each in functions}  # type: ignore[attr-defined]
    counted: Counter[str] = Counter()

    def seen(frame: FrameType, what: str, _: object) -> None:
        if what == "call" and frame.f_code in names:
            counted[names[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        yield counted
    finally:
        sys.setprofile(before)


@contextmanager
def transactions(engine: sa.Engine) -> Iterator[list[str]]:
    """The transactions that begin inside the block, in order: "read" or "write"."""
    begun: list[str] = []

    def begins(connection: sa.Connection) -> None:
        begun.append("read" if connection.get_execution_options().get("read_only") else "write")

    sa.event.listen(engine, "begin", begins)
    try:
        yield begun
    finally:
        sa.event.remove(engine, "begin", begins)


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database inside the block, without their values."""
    sent: list[str] = []

    def sends(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(" ".join(statement.split()))

    sa.event.listen(engine, "before_cursor_execute", sends)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", sends)


@contextmanager
def steps(engine: sa.Engine) -> Iterator[Counter[str]]:
    """How much SQLite works inside the block: under "steps" the tens of instructions of its virtual machine."""
    counted: Counter[str] = Counter()

    def step() -> int:
        counted["steps"] += 1
        return 0

    def watch(connection: sa.Connection) -> None:
        connection.connection.driver_connection.set_progress_handler(step, 10)  # type: ignore[union-attr]

    sa.event.listen(engine, "begin", watch)
    try:
        yield counted
    finally:
        sa.event.remove(engine, "begin", watch)
