import threading

import pytest

from bot.runtime.engine_proxy import EngineProxy


class Engine:
    """Keeps what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def enqueue(self, connection: object, touched: object) -> None:
        self.asked.append(touched)

    def begin(self, event_id: str) -> object:
        self.asked.append(event_id)
        return lambda: None


def run(work: EngineProxy, event_id: str, ran: list[tuple[str, bool]]) -> None:
    work.begin(event_id, lambda name: ran.append((name, threading.current_thread() is threading.main_thread())))()


def test_without_an_engine_a_turn_runs_in_a_thread_and_nothing_is_enqueued() -> None:
    work, ran = EngineProxy(), list[tuple[str, bool]]()
    work.enqueue(None, {"fake:a": ("one", False)})
    run(work, "e1", ran)
    assert ran == [("e1", False)] and not work.durable


def test_whoever_waits_for_a_turn_hears_what_went_wrong() -> None:
    with pytest.raises(ZeroDivisionError):
        EngineProxy().begin("e1", lambda event_id: 1 / 0)()


def test_an_engine_takes_over_and_gives_back() -> None:
    work, engine, ran = EngineProxy(), Engine(), list[tuple[str, bool]]()
    work.hand_over(engine)
    work.enqueue(None, {"fake:a": ("one", False)})
    run(work, "e1", ran)
    assert work.durable and engine.asked == [{"fake:a": ("one", False)}, "e1"] and ran == []
    work.hand_over(None)
    run(work, "e2", ran)
    assert not work.durable and ran == [("e2", False)]
