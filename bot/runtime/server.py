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
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.access import CONSOLE, console_homes
from bot.conversation.events import Incoming
from bot.domain.orders import Shop
from bot.platforms.console.desk import BoardRow, ChannelView, DaysView, PersonView, ShopDay
from bot.ports.records import Person
from bot.runtime.bootstrap import App, database_words, upload_dir
from bot.runtime.staffing import completed, person_of
from bot.runtime.webhooks import Webhooks, doors_of
from bot.settings.model import ConfigError, Settings, data_root
from bot.store.database import DatabaseError
from bot.wording.phrases import WordingError
from bot.wording.shops import loud
from bot.wording.work import next_step, open_points

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

    from bot.runtime.engine import Engine
    from bot.store.leases import Leases

log = logging.getLogger(__name__)

SWEEP_SECONDS, BEAT_SECONDS = 3, 10
BREATH_SECONDS = 1.0
PAUSES = (1, 2, 4, 8, 16, 30)
STARTING_SECONDS = 15


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
        homes = console_homes(self.app.access.every_shop())
        shown = {channel.removeprefix(CONSOLE): shops for channel, shops in homes.items() if shops or len(homes) == 1}
        return [
            ChannelView(name, name, tuple(f"{shop.site} {shop.name}" for shop in shops))
            for name, shops in shown.items()
        ]

    def board(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id) or of all, finished ones included."""
        say = self.app.speaker(language)
        homes = self._homes()
        shops = [shop for shop, (_, home) in homes.items() if channel in ("", home)]
        with self.app.access.at_console(), self.app.access.units(read_only=True) as unit:
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
                    ready=item.ready,
                    missing=open_points(item),
                    orders=len(case.appealed),
                    next_step=next_step(say, item),
                )
            )
        return rows

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the last day of the console's shops, and of today where it is watched."""
        homes, say = self._homes(), self.app.speaker(language)
        with self.app.access.at_console():
            checks = self.app.monitoring.standing(list(homes))
        if not checks:
            return DaysView()
        rows = tuple(
            ShopDay(check.shop.name, check.shop.site, homes[check.shop.id][1], check.known.state.value, words)
            for check, words in loud(say, checks)
        )
        return DaysView(checks[0].detection.measurement.day, len({check.shop.id for check in checks}), rows)

    def undelivered(self) -> Sequence[str]:
        """What could not be shown in its channel."""
        with suppress(DatabaseError), self.app.store.unit(read_only=True) as unit:
            return unit.messages.failures()
        return ()

    def _homes(self) -> dict[str, tuple[Shop, str]]:
        """The console's shops by id, each with the first of the channels in which it is shown."""
        found: dict[str, tuple[Shop, str]] = {}
        for channel, shops in console_homes(self.app.access.every_shop()).items():
            for shop in shops:
                found.setdefault(shop.id, (shop, channel.removeprefix(CONSOLE)))
        return found

    def person(self, person_id: str) -> PersonView:
        """A person; an unknown id gives the defaults, and so does any while the database cannot be read: the page
        that says so is for somebody too."""
        settings, known = self.app.settings, None
        with suppress(DatabaseError), self.app.store.unit(read_only=True) as unit:
            known = unit.records.person(person_id)
        listed = next((person_of(item) for item in settings.people if item.id == person_id), None)
        known = completed(known, listed or Person(person_id))
        return PersonView(
            person_id, known.name, known.language or settings.language, known.timezone or settings.timezone
        )

    def save_person(self, person: PersonView) -> None:
        """Keep a person's name, language and zone."""
        with self.app.store.unit() as unit:
            unit.records.save_person(Person(**asdict(person), role=self.app.settings.default_role))

    def known_fault(self, error: BaseException, language: str) -> str:
        """What a fault of the database means and what to do; "" for any other error."""
        if not isinstance(error, DatabaseError):
            return ""
        spoken = language or self.app.settings.language
        cause = database_words(self.app.phrases, spoken, error)
        return self.app.phrases.say("refusals.failed_database", spoken, cause=cause)

    def original(self, sha256: str) -> Path:
        """Where an original lies, a part, a copy or a package; raises KeyError when none of the console's shops has
        such a file, or it is not what it was."""
        with self.app.access.at_console(), self.app.access.units(read_only=True) as unit:
            if not unit.evidence.holds(sha256):
                raise KeyError(sha256)
        return self.app.vault.intact(sha256)


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run until interrupted: console, scheduled jobs and messages. Raises ConfigError for an unsafe binding."""
    from bot.platforms.console.security import UnsafeBinding, check_binding
    from bot.platforms.console.server import ConsoleServer
    from bot.platforms.console.web import create_app
    from bot.runtime.metrics import MetricsDoor
    from bot.store.console import ConsoleLog

    console = settings.console
    try:
        check_binding(console.host, console.token)
    except UnsafeBinding as error:
        raise ConfigError(f"console.host: {error}") from error
    app = App(settings)
    webhooks = Webhooks(settings, doors_of(app))
    running = Running(app)
    try:
        running.open()
        pages = data_root("templates") / "console"
        web = create_app(ConsoleDesk(app), ConsoleLog(app.engine), app.phrases, pages, token=console.token)
        beside = {"/metrics": MetricsDoor(lambda: app.metrics, console.token), **webhooks.beside}

        def ready() -> None:
            tell(f"odr-bot: console on http://{console.host}:{server.port}/  data in {settings.data_dir.absolute()}")
            webhooks.begin(tell)
            running.begin(BREATH_SECONDS)

        server = ConsoleServer(web, console.host, console.port, ready, beside)
        # The server passes on the signal that stopped it: what is under way is finished, as after Ctrl+C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        webhooks.end()
        running.end()
    if running.fault:
        raise running.fault


class Running:
    """What works in the background while the program serves. Raises DatabaseError for a second program on the
    same SQLite file; on PostgreSQL several work together."""

    def __init__(self, app: App) -> None:
        # The engine needs it, and loads in a thread: until it is loaded wholly, statements of other threads fail.
        import sqlalchemy.orm  # noqa: F401

        from bot.store.locking import only_one

        self.app = app
        self.fault: Exception | None = None
        """Why the program stopped by itself."""
        self._lock = only_one(app.engine)
        self._ending = threading.Event()
        self._missed: list[Callable[[], object]] = []
        self._starting: threading.Thread | None = None
        self._scheduler: BackgroundScheduler | None = None
        self._durable: Engine | None = None
        self._leases: Leases | None = None

    def open(self) -> None:
        """Open the program. A database server that does not answer is waited for once everything else runs; until
        then pages say what is the matter. Raises DatabaseError for what no waiting mends."""
        try:
            self.app.open()
        except DatabaseError as error:
            if error.fault != "unreachable":
                raise
            log.critical("%s; tried again until it answers", error)
            self._missed.append(self.app.open)

    def begin(self, breath: float = 0.0) -> None:
        """Start the work in `breath` seconds: loading the engine takes longer than the first requests may wait."""
        self._starting = threading.Thread(target=self._start, args=(breath,), name="engine-start", daemon=True)
        self._starting.start()

    def _start(self, breath: float) -> None:
        self._ending.wait(breath)
        try:
            self.app.phrases.check()
        except WordingError as error:
            self._stop(error)
            return
        steps = [*self._missed, self._work, self._launch, *(chat.begin for chat in self.app.chats.values())]
        all(self._patiently(step) for step in steps)

    def _patiently(self, step: Callable[[], object]) -> bool:
        """Take the step, again with growing pauses while it fails; False when the program ends before it works."""
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            if self._ending.is_set():
                return False
            try:
                step()
                return True
            except Exception as error:
                cause = "" if isinstance(error, DatabaseError) else "the engine cannot start: "
                log.critical("%s%s; chats get nothing until it works, next try in %d s", cause, error, pause)
                log.debug("the cause", exc_info=True)
            self._ending.wait(pause)
        return False

    def _work(self) -> None:
        self._scheduler = self.app.jobs.start()

    def _launch(self) -> None:
        engine = self._engine()
        engine.launch()
        self._durable = engine
        self.app.store.enqueue = engine.enqueue
        assert self._scheduler
        from bot.runtime.jobs import schedule

        for job, seconds in ((engine.sweep, SWEEP_SECONDS), (self._beat, BEAT_SECONDS), (engine.tidy, 86_400)):
            schedule(self._scheduler, job, seconds)

    def _engine(self) -> "Engine":
        from bot.runtime.engine import Engine
        from bot.runtime.inherited import Inherited

        app, wanted = self.app, self.app.settings.engine.replica
        if self._leases is None and app.engine.dialect.name == "postgresql":
            from bot.store.leases import Leases

            self._leases = Leases(app.engine)
        leases = self._leases
        name = leases.claim(wanted or socket.gethostname(), forced=bool(wanted)) if leases else "main"
        return Engine(app.settings.database_url, name, app.intake, app.delivery, leases, Inherited(app.engine))

    def _beat(self) -> None:
        from bot.store.leases import LeaseLost

        assert self._durable
        try:
            self._durable.beat()
        except LeaseLost as error:
            log.critical("%s: this program stops; give each its own engine.replica", error)
            self._stop(None)

    def _stop(self, fault: Exception | None) -> None:
        self.fault = fault
        os.kill(os.getpid(), signal.SIGTERM)

    def end(self) -> None:
        """Finish what is under way."""
        self._ending.set()
        if self._starting:
            self._starting.join(STARTING_SECONDS)
        for chat in self.app.chats.values() if self._durable else ():
            chat.end()
        if self._scheduler:
            self._scheduler.shutdown(wait=False)
        if self._durable:
            self._durable.stop()
        self.app.engine.dispose()
        self._lock.close()
