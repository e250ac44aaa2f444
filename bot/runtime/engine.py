"""Durable execution of turns and sending on DBOS: what was begun is finished once, by this process or another."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Protocol

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, SetWorkflowID
from dbos._serialization import DBOSPortableJSON, DefaultSerializer

from bot.messaging.inbox import EventInbox
from bot.messaging.outbox import Outbox
from bot.runtime.engine_tables import EngineTables, refuse
from bot.runtime.intervals import Intervals

log = logging.getLogger(__name__)

VERSION = "2"
"""Raised when workflows change so that older ones cannot be finished by this program. Pinned, because work of
another version is left alone."""
OUTGOING, TURNS = "outgoing", "turns"
SLICE_SECONDS = 30.0
USUAL = Intervals()
CONNECTIONS = 6
LATE = timedelta(seconds=10)
KEEP_SECONDS = 3 * 86_400
RECOVERIES = 10_000
"""A killed program is no fault of the work: it is never given up for having been interrupted."""
AGAIN_SECONDS = 600
"""A turn that fails is tried for almost nine minutes (`Intervals.attempts`); when a fault lasts longer, it is begun
anew."""
_UNFINISHED, _FINISHED = ["ENQUEUED", "PENDING", "DELAYED"], ["SUCCESS", "ERROR", "CANCELLED"]
_GIVEN_UP = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Replicas(Protocol):
    """The processes that work on the same database, each of which renews a lease."""

    def beat(self) -> None:
        """Renew the lease of this process. Raises an error when another process has taken it."""
        ...

    def dead(self) -> list[str]:
        """The names of the processes that have not renewed their lease in time."""
        ...

    def expire(self) -> None:
        """Give up the lease of this process, so that others may take over its work at once."""
        ...


class Engine:
    """Runs turns and sending as DBOS workflows in the program's own database. There is one engine in a process."""

    def __init__(
        self,
        url: str,
        replica: str,
        inbox: EventInbox,
        outbox: Outbox,
        replicas: Replicas | None,
        tables: EngineTables,
        intervals: Intervals = USUAL,
    ) -> None:
        """`replica` is unique among the programs on the database; `replicas` is None where there is only one;
        `tables` are the engine's tables there."""
        self.url, self.replica, self.inbox, self.outbox, self.replicas = url, replica, inbox, outbox, replicas
        self.tables, self.intervals = tables, intervals
        # It tells more than anybody reads, from its first moment on.
        logging.getLogger("dbos").setLevel(logging.ERROR)
        self._active, self._idle = Counter[str](), set[str]()
        self._client = DBOSClient(
            system_database_url=url, application_name="odr-bot", serializer=DBOSPortableJSON, lazy=True
        )
        # Rows say themselves how they are to be read, whatever is configured. This holds for what somebody writes
        # into the tables while the program runs, and for every way that the engine has to load a row.
        DefaultSerializer.deserialize = refuse  # type: ignore[method-assign,assignment]

    def launch(self) -> None:
        """Migrate the engine's tables, resume what this replica left unfinished, and start the queues. Raises what
        went wrong; another Engine may then be launched."""
        config: DBOSConfig = {
            "name": "odr-bot",
            "system_database_url": self.url,
            "application_version": VERSION,
            "executor_id": self.replica,
            "log_level": "ERROR",
            "enable_otlp": False,
            "serializer": DBOSPortableJSON,
            "sys_db_pool_size": CONNECTIONS,
            # The listener has nothing to look for here, and its sleep is what an end waits for.
            "notification_listener_polling_interval_sec": 0.5,
            # An idle program should be idle: a SQLite file needs no test of the connection before each use.
            "db_engine_kwargs": {"pool_pre_ping": not self.url.startswith("sqlite")},
        }
        self._disarm([self.replica, *(self.replicas.dead() if self.replicas else ())])
        try:
            DBOS(config=config)
            self._register()
            DBOS.launch()
            DBOS.register_queue(OUTGOING, partition_concurrency=1, polling_interval_sec=self.intervals.poll)
            DBOS.register_queue(TURNS, polling_interval_sec=self.intervals.slow_poll)
        except Exception:
            DBOS.destroy(destroy_registry=True)
            self._client.destroy()
            raise

    def _disarm(self, replicas: Sequence[str]) -> None:
        if count := self.tables.disarm(replicas):
            log.warning(
                "%d of the engine's rows are of another form and are not loaded; their work begins anew", count
            )

    def _register(self) -> None:
        @DBOS.workflow(name="send", max_recovery_attempts=RECOVERIES)
        def send(channel: str) -> None:
            with self._counted():
                while DBOS.run_step({"name": "drain"}, self.outbox.drain, channel, SLICE_SECONDS):
                    pass

        @DBOS.workflow(name="turn", max_recovery_attempts=RECOVERIES)
        def turn(event_id: str) -> None:
            attempts = self.intervals.attempts
            patient = {"name": "turn", "retries_allowed": True, "interval_seconds": 1.0, "max_attempts": attempts}
            with self._counted():
                DBOS.run_step(patient, self.inbox.run, event_id)  # type: ignore[call-overload]

        self._turn: Callable[[str], None] = turn

    @contextmanager
    def _counted(self) -> Iterator[None]:
        name = str(DBOS.workflow_id)
        self._active[name] += 1
        try:
            yield
        finally:
            self._active[name] -= 1
            if not self._active[name]:
                del self._active[name]

    def stop(self, patience: int = 10) -> None:
        """Let running work finish within `patience` seconds. The rest is resumed at the next start, or by other
        replicas."""
        self.outbox.stop.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        self._client.destroy()
        if self.replicas:
            self.replicas.expire()

    def enqueue(self, connection: sa.Connection, touched: Mapping[str, tuple[str, bool]]) -> None:
        """Enqueue sending for the touched channels that keep a pace, in the transaction that queued the messages.
        An update of a card that is already shown is sent after the settling time."""
        for channel, (name, refresh) in touched.items():
            if self.outbox.paced(channel):
                delay = self.outbox.settings.settle_seconds if refresh else 0
                self._client.enqueue_in_transaction(connection, _sending(channel, f"send:{name}", delay), channel)

    def begin(self, event_id: str) -> Callable[[], None]:
        """Start the turn of a stored event. Returns a function that waits for the end of the turn and raises what
        went wrong."""
        # Started here and not through a queue, which would be polled: somebody waits for the answer.
        with SetWorkflowID(f"turn:{event_id}"):
            handle = DBOS.start_workflow(self._turn, event_id)
        return lambda: handle.get_result(polling_interval_sec=0.2)

    def sweep(self) -> None:
        """Enqueue waiting work that no workflow has taken: messages queued by a command-line program, channels
        whose hold has ended, turns that a fault left behind. Work that is enqueued already is not enqueued twice,
        however many replicas sweep."""
        waiting = [channel for channel in self.outbox.waiting(paced=True) if self.outbox.paced(channel)]
        if waiting:
            work = DBOS.list_workflows(queue_name=OUTGOING, status=_UNFINISHED, load_input=False, load_output=False)
            busy = {item.queue_partition_key for item in work}
            for channel in waiting:
                if channel not in busy:
                    self._client.enqueue(_sending(channel, f"sweep:{channel}:{time.time_ns()}", 0), channel)
        with self.inbox.units(read_only=True) as unit:
            late = unit.records.unhandled(self.outbox.clock.now() - LATE)
        failed = self._failed(late)
        period = int(time.time() // AGAIN_SECONDS)
        for event_id in late:
            # A workflow that ended with a fault keeps its id for good; the period in the new id keeps the pause.
            name = f"again:{event_id}:{period}" if event_id in failed else f"turn:{event_id}"
            turn = EnqueueOptions(workflow_name="turn", queue_name=TURNS, workflow_id=name, app_version=VERSION)
            self._client.enqueue(turn, event_id)

    @staticmethod
    def _failed(event_ids: Sequence[str]) -> set[str]:
        """The ids of those events whose turn the engine has given up."""
        if not event_ids:
            return set()
        names = [f"turn:{event_id}" for event_id in event_ids]
        ended = DBOS.list_workflows(workflow_ids=names, status=_GIVEN_UP, load_input=False, load_output=False)
        return {item.workflow_id.removeprefix("turn:") for item in ended}

    def beat(self) -> None:
        """Renew this replica's lease, and take over the work of dead replicas and work of its own that was
        dropped. Repeated at every beat, because more of it may appear after the last look. Raises what
        `Replicas.beat` raises when this replica must stop."""
        if self.replicas:
            self.replicas.beat()
            if dead := self.replicas.dead():
                self._disarm(dead)
                DBOS._recover_pending_workflows(dead)
        self._revive()

    def _revive(self) -> None:
        """Put workflows back in their queue that are recorded as running here but are not, because their end could
        not be written (for example while the database was away). Until then they would block their channel."""
        pending = DBOS.list_workflows(status="PENDING", executor_id=self.replica, load_input=False, load_output=False)
        idle = {item.workflow_id for item in pending if item.workflow_id not in self._active}
        # Seen twice: between two looks, what has just ended or is about to begin has moved on.
        for item in pending:
            if item.workflow_id in idle & self._idle:
                DBOS.resume_workflow(item.workflow_id, queue_name=OUTGOING if item.name == "send" else TURNS)
        self._idle = idle

    def tidy(self) -> None:
        """Delete the records of finished workflows that are older than three days. The rows they worked on stay."""
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - KEEP_SECONDS))
        finished = partial(DBOS.list_workflows, status=_FINISHED, load_input=False, load_output=False)
        while old := finished(end_time=end, limit=1000):
            DBOS.delete_workflows([item.workflow_id for item in old])


def _sending(channel: str, workflow_id: str, delay: float) -> EnqueueOptions:
    options = EnqueueOptions(workflow_name="send", queue_name=OUTGOING, workflow_id=workflow_id, app_version=VERSION)
    options["queue_partition_key"] = channel
    if delay:
        options["delay_seconds"] = delay
    return options
