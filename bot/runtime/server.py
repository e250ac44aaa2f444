"""Running the program as a server: the console's web server, the scheduled jobs and the chat platforms."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from bot.domain.backoff import pause
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.runtime.intervals import Intervals
from bot.runtime.webhooks import Webhooks, routes_of
from bot.settings.files import ConfigError
from bot.settings.model import Settings
from bot.wording.phrases import WordingError

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

    from bot.runtime.engine import Engine
    from bot.store.leases import Leases

log = logging.getLogger(__name__)

BREATH_SECONDS = 1.0
STARTING_SECONDS = 15
TIDY_SECONDS = 86_400
USUAL = Intervals()


def interrupt() -> None:
    """Stop this process in the same way as somebody who sends it SIGTERM."""
    os.kill(os.getpid(), signal.SIGTERM)


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run the console, the scheduled jobs and the platforms until interrupted. Raises ConfigError when the console
    would be open to the network without a token, and DatabaseError when another process serves the same SQLite
    file."""
    from bot.platforms.console.security import UnsafeBinding, check_binding
    from bot.platforms.console.server import ConsoleServer
    from bot.runtime.console import console_app, how_to_sign_in, surroundings
    from bot.runtime.metrics import MetricsEndpoint

    console = settings.console
    try:
        check_binding(console.host, console.token, console.trusted_proxies)
    except UnsafeBinding as error:
        raise ConfigError(f"console.host: {error}") from error
    app = App(settings)
    webhooks = Webhooks(settings, routes_of(app))
    running = Running(app)
    try:
        running.open()
        web = console_app(app)
        figures = MetricsEndpoint(lambda: app.metrics, console.token, surroundings(settings), app.sign_in)
        beside = {"/metrics": figures, **webhooks.beside}

        def ready() -> None:
            if unseen := [shop.id for shop in settings.shops if not app.rosters.teams.of(shop.id)]:
                tell(f"odr-bot: nobody sees {', '.join(unseen)}: name each in the shops of one of the [[teams]]")
            tell(f"odr-bot: console on http://{console.host}:{server.port}/  data in {settings.data_dir.absolute()}")
            app.console_address.listens(server.port)
            webhooks.begin(tell)
            tell(how_to_sign_in(app))
            running.begin(BREATH_SECONDS)

        server = ConsoleServer(web, console.host, console.port, ready, beside, console.trusted_proxies)
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
    """The background work of the serving program. The constructor raises DatabaseError when another process serves
    the same SQLite file; on PostgreSQL several processes may serve together."""

    def __init__(self, app: App, intervals: Intervals = USUAL, stop: Callable[[], None] = interrupt) -> None:
        """`stop` ends the serving program and may be called from any thread."""
        # The engine needs it, and loads in a thread: until it is loaded wholly, statements of other threads fail.
        import sqlalchemy.orm  # noqa: F401

        from bot.store.locking import only_one

        self.app, self.intervals, self.stop = app, intervals, stop
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
        """Open the program. When the database server does not answer, opening is tried again in the background,
        and until then the console's pages explain what is wrong. Raises DatabaseError for a fault that waiting
        cannot mend."""
        try:
            self.app.open()
        except DatabaseError as error:
            if error.fault != "unreachable":
                raise
            log.critical("%s; tried again until it answers", error)
            self._missed.append(self.app.open)

    def begin(self, breath: float = 0.0) -> None:
        """Start the background work after `breath` seconds, so that loading the engine does not delay the first
        requests."""
        self._starting = threading.Thread(target=self._start, args=(breath,), name="engine-start", daemon=True)
        self._starting.start()

    def _start(self, breath: float) -> None:
        self._ending.wait(breath)
        try:
            self.app.phrases.check()
        except WordingError as error:
            self._stop(error)
            return
        steps = [
            *self._missed,
            self._work,
            self._launch,
            *(platform.begin for platform in self.app.platforms.values()),
        ]
        all(self._patiently(step) for step in steps)

    def _patiently(self, step: Callable[[], object]) -> bool:
        """Run the step, and again with growing pauses while it fails. Returns False when the program ends before
        it succeeds."""
        for failures in count(1):
            if self._ending.is_set():
                return False
            try:
                step()
                return True
            except Exception as error:
                cause = "" if isinstance(error, DatabaseError) else "the engine cannot start: "
                seconds = pause(failures, self.intervals.longest_pause, self.intervals.first_pause)
                log.critical("%s%s; chats get nothing until it works, next try in %d s", cause, error, seconds)
                log.debug("the cause", exc_info=True)
                self._ending.wait(seconds)
        return False

    def _work(self) -> None:
        self._scheduler = self.app.jobs.start()

    def _launch(self) -> None:
        engine = self._engine()
        engine.launch()
        self._durable = engine
        self.app.engine_proxy.hand_over(engine)
        self.app.import_runner.start()
        assert self._scheduler
        from bot.runtime.jobs import schedule

        intervals = self.intervals
        for job, seconds in (
            (engine.sweep, intervals.sweep),
            (self._beat, intervals.beat),
            (engine.tidy, TIDY_SECONDS),
        ):
            schedule(self._scheduler, job, seconds)

    def _engine(self) -> "Engine":
        from bot.runtime.engine import Engine
        from bot.runtime.engine_tables import EngineTables

        app, wanted = self.app, self.app.settings.engine.replica
        if self._leases is None and app.engine.dialect.name == "postgresql":
            from bot.store.leases import Leases

            self._leases = Leases(app.engine)
        leases = self._leases
        name = leases.claim(wanted or socket.gethostname(), forced=bool(wanted)) if leases else "main"
        parts = (app.inbox, app.outbox, leases, EngineTables(app.engine))
        return Engine(app.settings.database_url, name, *parts, self.intervals)

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
        self.stop()

    def end(self) -> None:
        """Stop the platforms, the jobs and the engine, and let running work finish."""
        self._ending.set()
        self.app.ending.set()
        if self._starting:
            self._starting.join(STARTING_SECONDS)
        for platform in self.app.platforms.values() if self._durable else ():
            platform.end()
        if self._scheduler:
            self._scheduler.shutdown(wait=False)
        if self._durable:
            self.app.import_runner.stop()
            self._durable.stop()
        self.app.engine.dispose()
        self._lock.close()
