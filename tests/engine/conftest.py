import pytest

from bot.runtime import engine


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine looks into its queues more often than a program at rest should."""
    monkeypatch.setattr(engine, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(engine, "SLOW_POLL_SECONDS", 0.2)
