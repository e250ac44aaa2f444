import subprocess
import sys
from pathlib import Path

from bot.runtime.bootstrap import App
from bot.runtime.server import Running
from bot.settings.files import data_root
from bot.settings.model import Settings
from bot.wording.phrases import Phrases, WordingError
from tests.engine.fakes import eventually


class Misspelt(Phrases):
    """Texts of which one is wrong."""

    wrong = WordingError("zh/replies.toml: hello: unexpected end")

    def check(self) -> None:
        raise self.wrong


def test_a_wrong_text_stops_the_program_and_is_the_reason(tmp_path: Path) -> None:
    app = App(Settings(data_dir=tmp_path), phrases=Misspelt(data_root("templates"), "UTC"))
    told: list[str] = []
    running = Running(app, stop=lambda: told.append("stop"))
    running.open()
    running.begin()
    eventually(lambda: told)
    assert running.fault is Misspelt.wrong
    assert not app.engine_proxy.durable, "nothing was begun"
    running.end()


def test_what_the_engine_loads_in_its_thread_breaks_no_statement_meanwhile() -> None:
    """SQLAlchemy's half-loaded ORM fails statements of other threads, so it is there before the engine's thread."""
    code = "import sys, bot.runtime.server as s; a = type('A', (), {'engine': sa.create_engine('sqlite://')})()\ns.Running(a)\n"
    done = subprocess.run(
        [sys.executable, "-c", f"import sqlalchemy as sa\n{code}print('sqlalchemy.orm' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "True"
