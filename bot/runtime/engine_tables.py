"""Protects the program from foreign rows in the engine's tables.

DBOS unpickles any row that claims to be pickled, and unpickling can run code. The program writes its rows as plain
JSON only, and no row in another form is ever loaded."""

import time
from collections.abc import Sequence

import sqlalchemy as sa

PLAIN = "portable_json"
"""The engine's name for the form in which this program writes its rows."""
SCHEMA = "dbos"
_COLUMNS = (
    *("status", "executor_id", "serialization", "owner_xid", "queue_name", "deduplication_id"),
    *("started_at_epoch_ms", "updated_at", "completed_at"),
)
# On SQLite they stand among our own; those that refer to others come first.
_TABLES = (
    *("notifications", "workflow_events", "workflow_events_history", "streams", "operation_outputs"),
    *("workflow_input", "workflow_output", "workflow_schedules", "application_versions", "queues"),
    *("event_dispatch_kv", "workflow_status", "dbos_migrations"),
)
_WAITING, _RUNNING = ("ENQUEUED", "DELAYED"), "PENDING"
_DONE = ("SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class EngineTables:
    """The tables of the DBOS engine in the program's own database, looked at before the engine reads them."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._schema = SCHEMA if database.dialect.name == "postgresql" else None
        self._work = sa.table("workflow_status", *map(sa.column, _COLUMNS), schema=self._schema)
        self._strange = sa.func.coalesce(self._work.c.serialization, "") != PLAIN

    def disarm(self, replicas: Sequence[str]) -> int:
        """Cancel waiting work in any form but plain JSON, and such work that one of `replicas` had begun, and
        delete such work that is finished. Returns the number of rows. Nothing is lost: events and messages have
        rows of their own, from which the engine's sweep enqueues them again. What another living replica is
        working on is left to it."""
        with self._database.begin() as connection:
            if not sa.inspect(connection).has_table(self._work.name, self._schema):
                return 0
            done = [connection.execute(change) for change in (self._cancelled(replicas), self._forgotten())]
            return sum(each.rowcount for each in done)

    def _cancelled(self, replicas: Sequence[str]) -> sa.Update:
        """The statement that cancels such work with the same values that the engine itself writes."""
        work, now = self._work.c, int(time.time() * 1000)
        gone = dict.fromkeys(("owner_xid", "queue_name", "deduplication_id", "started_at_epoch_ms"), sa.null())
        theirs = (work.status == _RUNNING) & work.executor_id.in_(replicas)
        change = self._work.update().where(self._strange, work.status.in_(_WAITING) | theirs)
        return change.values({"status": "CANCELLED", "updated_at": now, "completed_at": now, **gone})

    def _forgotten(self) -> sa.Delete:
        """The statement that deletes finished work of that kind: the engine would load it if its event came again."""
        return self._work.delete().where(self._strange, self._work.c.status.in_(_DONE))

    def drop(self) -> None:
        """Remove the engine's tables; it makes them anew at its next start."""
        with self._database.begin() as connection:
            if self._schema:
                connection.execute(sa.schema.DropSchema(SCHEMA, cascade=True, if_exists=True))
                return
            for name in _TABLES:
                connection.execute(sa.schema.DropTable(sa.Table(name, sa.MetaData()), if_exists=True))


def refuse(_form: object, _text: str) -> object:
    """Replaces the engine's function for unpickling; always raises ValueError."""
    raise ValueError("this row is not in the form in which the program writes: it is not loaded")
