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

    def disarm(self, replicas: Sequence[str]) -> int:
        """Cancel waiting work in any form but plain JSON, and such work that one of `replicas` had begun, and
        delete such work that is finished. Returns the number of rows. Nothing is lost: events and messages have
        rows of their own, from which the engine's sweep enqueues them again. What another living replica is
        working on is left to it. A table that an interrupted or a running migration of the engine has not finished,
        or that an older engine has made, is taken with the columns that it has."""
        with self._database.begin() as connection:
            inspector = sa.inspect(connection)
            if not inspector.has_table(self._work.name, self._schema):
                return 0
            there = {column["name"] for column in inspector.get_columns(self._work.name, self._schema)}
            strange = self._strange(there)
            changes = (self._cancelled(replicas, there).where(strange), self._forgotten().where(strange))
            return sum(connection.execute(change).rowcount for change in changes)

    def _strange(self, there: set[str]) -> sa.ColumnElement[bool]:
        """Whether a row is in another form: every row is, where the engine did not yet note the form."""
        return sa.func.coalesce(self._work.c.serialization, "") != PLAIN if "serialization" in there else sa.true()

    def _cancelled(self, replicas: Sequence[str], there: set[str]) -> sa.Update:
        """The statement that cancels work with the same values that the engine itself writes."""
        work, now = self._work.c, int(time.time() * 1000)
        gone = dict.fromkeys(("owner_xid", "queue_name", "deduplication_id", "started_at_epoch_ms"), sa.null())
        theirs = (work.status == _RUNNING) & work.executor_id.in_(replicas)
        values = {"status": "CANCELLED", "updated_at": now, "completed_at": now, **gone}
        change = self._work.update().where(work.status.in_(_WAITING) | theirs)
        return change.values({name: value for name, value in values.items() if name in there})

    def _forgotten(self) -> sa.Delete:
        """The statement that deletes finished work: the engine would load it if its event came again."""
        return self._work.delete().where(self._work.c.status.in_(_DONE))

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
