from pathlib import Path

import pytest

from bot.app import App
from bot.serving import Running
from bot.settings import Settings
from bot.wording.phrases import WordingError
from tests.engine.fakes import eventually


def test_a_wrong_text_stops_the_program_and_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App(Settings(data_dir=tmp_path))
    told: list[int] = []
    wrong = WordingError("zh/replies.toml: hello: unexpected end")

    def check() -> None:
        raise wrong

    monkeypatch.setattr(app.phrases, "check", check)
    monkeypatch.setattr("bot.serving.os.kill", lambda pid, signal: told.append(signal))
    running = Running(app)
    running.open()
    running.begin()
    eventually(lambda: told)
    assert running.fault is wrong
    assert app.store.enqueue.__name__ != "enqueue", "nothing was begun"
    running.end()
