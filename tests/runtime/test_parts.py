from pathlib import Path

import pytest

from bot.messaging.card import Card
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from tests.conversations.conftest import NOW, OpenLinks
from tests.engine.fakes import Chat


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_a_part_that_is_given_is_not_made_and_reaches_who_needs_it(settings: Settings) -> None:
    links = OpenLinks()
    app = App(settings, FrozenClock(NOW), links=links, senders={"fake": Chat(pace_seconds=0)})
    assert app.links is links and app.linkwatch.links is links
    assert list(app.outbox.senders) == ["fake"]
    app.engine.dispose()


def test_what_is_written_before_the_program_is_open_waits(settings: Settings) -> None:
    chat = Chat(pace_seconds=0)
    app = App(settings, FrozenClock(NOW), senders={"fake": chat})
    App(settings, FrozenClock(NOW)).open().engine.dispose()
    for words in ("before", "after"):
        with app.store.unit() as unit:
            unit.messages.put("fake:a", "", words, Card(words), NOW)
        assert chat.titles() == ([] if words == "before" else ["before", "after"])
        app.open()
    app.engine.dispose()
