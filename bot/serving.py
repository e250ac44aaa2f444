"""Running odr-bot: the console's desk on the core, the scheduled jobs and the web server."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import App, open_app, upload_dir
from bot.incoming import Incoming
from bot.jobs import schedule
from bot.platforms.console.desk import BoardRow, ChannelView, PersonView
from bot.ports import Person
from bot.settings import Settings, data_root
from bot.staffing import person_of
from bot.store.leases import LeaseLost, Leases
from bot.wording.work import next_step, open_points

if TYPE_CHECKING:
    from bot.engine import Engine

log = logging.getLogger(__name__)

PLATFORM = "console"
FIRST_CHANNEL = "ops"
SWEEP_SECONDS, BEAT_SECONDS = 3, 10


class ConsoleDesk:
    """The core as the console sees it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.upload_dir = upload_dir(app.settings)
        self.max_upload_bytes = app.settings.limits.upload_bytes

    def now(self) -> datetime:
        """The present instant of the program's clock, UTC."""
        return self.app.clock.now()

    def receive(self, event: Incoming) -> None:
        """Run one whole turn; the uploads' files are removed once it is over."""
        self.app.intake.receive(event)

    def channels(self) -> Sequence[ChannelView]:
        """The console's channels with their shops; one that everybody has when no shop names any."""
        with self.app.store.unit(read_only=True) as unit:
            shops = unit.shops.all()
        names: dict[str, list[str]] = {FIRST_CHANNEL: []}
        for shop in shops:
            for channel in shop.channels:
                platform, _, name = channel.partition(":")
                if platform == PLATFORM:
                    names.setdefault(name, []).append(f"{shop.site} {shop.name}")
        shown = {name: listed for name, listed in names.items() if listed or len(names) == 1}
        return [ChannelView(name, name, tuple(listed)) for name, listed in shown.items()]

    def board(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id) or of all, finished ones included."""
        say = self.app.speaker(language)
        with self.app.store.unit(read_only=True) as unit:
            homes = {shop.id: (shop, self._home(shop.channels)) for shop in unit.shops.all()}
            shops = [shop for shop, (_, home) in homes.items() if channel in ("", home)]
            judged = [self.app.judge.look(unit, case.id) for case in unit.cases.listed(shops, active=False)]
        rows = []
        for item in judged:
            case, (shop, home) = item.case, homes[item.case.shop]
            rows.append(
                BoardRow(
                    case=case.id,
                    channel=home,
                    shop=shop.name,
                    site=shop.site,
                    triggers=tuple(case.triggers),
                    status=case.status.value,
                    owner=case.owner,
                    deadline=case.deadline,
                    ready=item.review.ready,
                    missing=open_points(item),
                    orders=len(case.appealed),
                    next_step=next_step(say, item),
                )
            )
        return rows

    @staticmethod
    def _home(channels: Sequence[str]) -> str:
        own = [channel.partition(":")[2] for channel in channels if channel.startswith(f"{PLATFORM}:")]
        return own[0] if own else FIRST_CHANNEL

    def person(self, person_id: str) -> PersonView:
        """A person; an unknown id gives the defaults."""
        settings = self.app.settings
        with self.app.store.unit(read_only=True) as unit:
            known = unit.records.person(person_id)
        listed = next((person_of(item) for item in settings.people if item.id == person_id), None)
        known = known or listed or Person(person_id)
        return PersonView(
            person_id, known.name, known.language or settings.language, known.timezone or settings.timezone
        )

    def save_person(self, person: PersonView) -> None:
        """Keep a person's name, language and zone."""
        with self.app.store.unit() as unit:
            unit.records.save_person(Person(**asdict(person), role=self.app.settings.default_role))

    def original(self, sha256: str) -> Path:
        """Where an original lies; raises KeyError when there is none."""
        return self.app.vault.path(sha256)


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run until interrupted: console, scheduled jobs and messages. Raises ConfigError for an unsafe binding."""
    from bot.platforms.console.security import UnsafeBinding, check_binding
    from bot.platforms.console.server import ConsoleServer
    from bot.platforms.console.web import create_app
    from bot.settings import ConfigError
    from bot.store.console import ConsoleLog

    console = settings.console
    try:
        check_binding(console.host, console.token)
    except UnsafeBinding as error:
        raise ConfigError(f"console.host: {error}") from error
    app = open_app(settings)
    app.phrases.check()
    desk = ConsoleDesk(app)
    web = create_app(
        desk, ConsoleLog(app.engine), app.phrases, data_root("templates") / "console", token=console.token
    )
    running = Running(app)
    try:
        doors = {path: door for chat in app.chats.values() for path, door in chat.routes.items()}
        server = ConsoleServer(web, console.host, console.port, running.begin, doors)
        tell(f"odr-bot: console on http://{console.host}:{console.port}/  data in {settings.data_dir.absolute()}")
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        running.end()


class Running:
    """What works in the background while the program serves. Raises DatabaseError for a second program on the
    same SQLite file; on PostgreSQL several work together."""

    def __init__(self, app: App) -> None:
        # Loaded before any thread works: while the engine's thread loads it, statements of others would fail.
        import sqlalchemy.orm  # noqa: F401

        from bot.store.locking import only_one

        self.app = app
        self._lock = only_one(app.engine)
        self._scheduler = app.jobs.start()
        self._starting = threading.Thread(target=self._launch, name="engine-start", daemon=True)
        self._durable: Engine | None = None

    def begin(self) -> None:
        """Start the engine beside the first requests: loading it takes longer than they may wait."""
        self._starting.start()

    def _launch(self) -> None:
        try:
            engine = self._durable = self._engine()
            engine.launch()
        except Exception:
            log.critical("the engine cannot start: what comes in is answered, chats get nothing", exc_info=True)
            return
        self.app.store.enqueue = engine.enqueue
        for chat in self.app.chats.values():
            chat.begin()
        for job, seconds in ((engine.sweep, SWEEP_SECONDS), (self._beat, BEAT_SECONDS), (engine.tidy, 86_400)):
            schedule(self._scheduler, job, seconds)

    def _engine(self) -> "Engine":
        from bot.engine import Engine

        app, wanted = self.app, self.app.settings.engine.replica
        leases = Leases(app.engine) if app.engine.dialect.name == "postgresql" else None
        name = leases.claim(wanted or socket.gethostname(), forced=bool(wanted)) if leases else "main"
        return Engine(app.settings.database_url, name, app.intake, app.delivery, leases)

    def _beat(self) -> None:
        assert self._durable
        try:
            self._durable.beat()
        except LeaseLost as error:
            log.critical("%s: this program stops; give each its own engine.replica", error)
            os.kill(os.getpid(), signal.SIGTERM)

    def end(self) -> None:
        """Finish what is under way."""
        for chat in self.app.chats.values() if self._durable else ():
            chat.end()
        self._scheduler.shutdown(wait=False)
        if self._durable:
            self._durable.stop()
        self.app.engine.dispose()
        self._lock.close()
