import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import load_settings
from tests.cli.conftest import Cli
from tests.conversations.conftest import ANOMALY, NOW, app, settings, story, talk
from tests.signing import LINE, sign_in

__all__ = ["app", "settings", "talk"]

SETTINGS = f"""
data_dir = "data"
language = "en"
clock.now = {NOW:%Y-%m-%dT%H:%M:%SZ}
limits.upload_bytes = 2_000_000
database.busy_seconds = 20

[[shops]]
id = "us-1"
name = "Bright Home"
site = "US"
opened_on = 2024-01-05
"""


def eventually(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """What `condition` gives as soon as it gives something; fails after `seconds`."""
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "this never came true"
        time.sleep(0.01)
    return found


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings, and data in which the daily check has opened case C1 of shop us-1."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "odr-bot.toml").write_text(SETTINGS, "utf-8")
    settings = load_settings(folder / "odr-bot.toml")
    settings.data_dir = folder / "data"
    app = App(settings, FrozenClock(NOW)).open()
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)
    app.engine.dispose()
    return folder


@pytest.fixture
def home(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in a copy of that folder."""
    home = tmp_path / "home"
    shutil.copytree(told, home)
    monkeypatch.chdir(home)
    return Cli(home)


def count(home: Cli, table: str = "shop_order", where: str = "1=1") -> int:
    """Rows of a table, read past the program."""
    engine = sa.create_engine(f"sqlite:///{home.folder / 'data/odr-bot.sqlite3'}")
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {where}").scalar_one()
    engine.dispose()
    return int(found)


def start(home: Cli, *words: object, **options: Any) -> "subprocess.Popen[bytes]":
    """The program as a process of its own."""
    command = [sys.executable, "-m", "bot", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    path = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(command, cwd=home.folder, env={**os.environ, **path}, **{**pipes, **options})


@dataclass
class Served:
    """`odr-bot serve` in a process, and a browser's way of talking to it."""

    home: Cli
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    logs: list[Path] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def start(self) -> "Served":
        self.logs.append(self.home.folder / f"serve-{len(self.logs)}.log")
        with self.logs[-1].open("wb") as log:
            self.process = start(self.home, "serve", "--port", 0, stdout=log, stderr=log)
        self.port = int(eventually(self.told, 120)[1])
        token = eventually(lambda: LINE.search(self.logs[-1].read_text()))[2]
        self.cookies = dict(sign_in(self.url, token).cookies)
        assert self.get("/cases").status_code == 200
        return self

    @property
    def cookie_line(self) -> str:
        """The header by which a browser shows that it is signed in."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def told(self) -> "re.Match[str] | None":
        """Where it says that it listens."""
        said = self.logs[-1].read_text()
        assert self.process and self.process.poll() is None, said
        return re.search(r"console on http://127\.0\.0\.1:([1-9]\d*)/ ", said)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, headers={"accept": "text/html"}, cookies=self.cookies, timeout=30)

    def say(self, text: str = "", *files: tuple[str, bytes], thread: str = "", event: str = "") -> httpx.Response:
        parts: list[tuple[str, Any]] = [("file", item) for item in files]
        fields = {"channel": "ops", "thread": thread, "text": text, "id": event or uuid4().hex}
        parts += [(name, (None, value)) for name, value in fields.items()]
        own = {"headers": {"origin": self.url}, "cookies": self.cookies}
        return httpx.post(f"{self.url}/say", files=parts, **own, timeout=60)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(60)

    def log(self) -> str:
        return "".join(path.read_text("utf-8", "replace") for path in self.logs)


@pytest.fixture
def server(home: Cli) -> Iterator[Served]:
    served = Served(home)
    try:
        yield served.start()
    finally:
        served.kill()
