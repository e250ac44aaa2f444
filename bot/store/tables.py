"""The database tables. Instants are stored as epoch milliseconds UTC, so that SQLite and PostgreSQL agree."""
# Longer than most files: all tables in one place, as migrations compare them.

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def to_ms(at: datetime) -> int:
    """Epoch milliseconds of an instant with zone; raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: times carry a zone here")
    return (at - EPOCH) // timedelta(milliseconds=1)


def from_ms(value: int) -> datetime:
    """The UTC instant of epoch milliseconds."""
    return EPOCH + timedelta(milliseconds=value)


class Instant(sa.types.TypeDecorator[datetime]):
    """A UTC instant as epoch milliseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """To the database."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_ms(value)


def _key(name: str = "id") -> "sa.Column[str]":
    return sa.Column(name, sa.String, primary_key=True)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String, nullable=False, default="")


def _serial() -> "sa.Column[int]":
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


shops = sa.Table(
    "shop",
    metadata,
    _key(),
    _text("name"),
    _text("site"),
    _text("timezone"),
    _text("category"),
    sa.Column("high_risk", sa.Boolean, nullable=False),
    sa.Column("opened_on", sa.Date),
    _text("entity"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("channels", sa.JSON, nullable=False),
    sa.Column("sources", sa.JSON, nullable=False, server_default='["orders", "returns"]'),
)

# The measured facts. `created_day` and `occurred_day` count UTC days since 1970-01-01: the daily check is one
# ordered walk over (day, shop, …) whatever the age of the history.
orders = sa.Table(
    "shop_order",
    metadata,
    _key("shop"),
    _key("id"),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("created_day", sa.Integer, nullable=False),
    # Null while nobody has said what the order's status means.
    sa.Column("valid", sa.Boolean),
    _text("tracking_number"),
    _text("carrier"),
    _text("buyer"),
    # The status words that the configuration does not know (bot/domain/statuses.py), and the import that
    # wrote the row.
    _text("words"),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Index("ix_shop_order_day", "created_day", "shop", "valid"),
    sa.Index(
        "ix_shop_order_words",
        "shop",
        "words",
        sqlite_where=sa.text("words <> ''"),
        postgresql_where=sa.text("words <> ''"),
    ),
    sqlite_with_rowid=False,
)
defects = sa.Table(
    "defect",
    metadata,
    _key("shop"),
    _key("order_id"),
    _key("defect_type"),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("occurred_day", sa.Integer, nullable=False),
    sa.Column("timed", sa.Boolean, nullable=False),
    sa.Column("counted", sa.Boolean, nullable=False),
    _text("text"),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Index("ix_defect_day", "occurred_day", "shop", "counted", "order_id"),
    sqlite_with_rowid=False,
)
# Files that were taken, and the rows of orders and defects as they were before: undoing an import restores them.
imports = sa.Table(
    "file_import",
    metadata,
    _serial(),
    sa.Column("shop", sa.String, nullable=False, index=True),
    _text("kind"),
    _text("file"),
    sa.Column("at", Instant, nullable=False),
    _text("taken_by"),
    _text("dates"),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("first_day", sa.Integer),
    sa.Column("last_day", sa.Integer),
    sa.Column("undone_at", Instant),
    _text("undone_by"),
)
orders_before = sa.Table(
    "order_before",
    metadata,
    sa.Column("changed_by", sa.Integer, nullable=False),
    *(sa.Column(column.name, column.type, nullable=column.nullable) for column in orders.columns),
    sa.PrimaryKeyConstraint("changed_by", "shop", "id"),
    sqlite_with_rowid=False,
)
defects_before = sa.Table(
    "defect_before",
    metadata,
    sa.Column("changed_by", sa.Integer, nullable=False),
    *(sa.Column(column.name, column.type, nullable=column.nullable) for column in defects.columns),
    sa.PrimaryKeyConstraint("changed_by", "shop", "order_id", "defect_type"),
    sqlite_with_rowid=False,
)
# What people of a shop said about status words that the configuration does not know.
status_answers = sa.Table(
    "status_answer",
    metadata,
    _key("shop"),
    _key("field"),
    _key("word"),
    sa.Column("valid", sa.Boolean, nullable=False),
    _text("said_by"),
    sa.Column("said_at", Instant, nullable=False),
)
snapshots = sa.Table(
    "snapshot",
    metadata,
    _serial(),
    sa.Column("shop", sa.String, nullable=False),
    sa.Column("day", sa.String, nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    # Who or what had the day measured, and why.
    sa.Column("caused_by", sa.String, nullable=False, server_default=""),
    sa.Column("why", sa.String, nullable=False, server_default=""),
    sa.Index("ix_snapshot_day", "shop", "day"),
)
# How far each delivery of a source reaches, in UTC day numbers: the days before the last are whole. `origin` is the
# delivery, so that it can be taken back with it.
reaches = sa.Table(
    "source_reach",
    metadata,
    _serial(),
    sa.Column("shop", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("first_day", sa.Integer, nullable=False),
    sa.Column("last_day", sa.Integer, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.UniqueConstraint("shop", "source", "origin", name="uq_source_reach"),
)
cases = sa.Table(
    "appeal_case",
    metadata,
    _serial(),
    sa.Column("shop", sa.String, sa.ForeignKey("shop.id"), nullable=False, index=True),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("onset", Instant, nullable=False),
    sa.Column("onset_exact", sa.Boolean, nullable=False),
    sa.Column("deadline", Instant, nullable=False, index=True),
    _text("day"),
    sa.Column("triggers", sa.JSON, nullable=False),
    sa.Column("status", sa.String, nullable=False, index=True),
    _text("owner"),
    sa.Column("claimed_at", Instant),
    sa.Column("closed_at", Instant),
    _text("reason"),
    _text("cause"),
    sa.Column("hold", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # Who read the deadline in Seller Center; "" while it is computed.
    sa.Column("deadline_by", sa.String, nullable=False, server_default=""),
    # Where the data put the onset now, when that is not what the deadline follows.
    sa.Column("onset_found", Instant),
    sa.Column("onset_found_exact", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("crosses", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("earlier_case", sa.String, nullable=False, server_default=""),
    # When the countdown on the case's cards is drawn anew; null when it does not run.
    sa.Column("refresh_at", Instant, index=True),
)
case_orders = sa.Table(
    "case_order",
    metadata,
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), primary_key=True),
    _key("order_id"),
    sa.Column("defect_types", sa.JSON, nullable=False),
    sa.Column("occurred_at", Instant, nullable=False),
    _text("scenario"),
    _text("scenario_by"),
    _text("root_cause"),
    _text("draft"),
    _text("draft_by"),
    sa.Column("skipped", sa.Boolean, nullable=False),
    sa.Column("appeal", sa.String, nullable=False),
    sa.Column("appeal_at", Instant),
    _text("rejection_code"),
    sa.Column("resubmit_allowed", sa.Boolean, nullable=False),
    _text("text"),
    sa.Index("ix_case_order_order_id", "order_id"),
)
evidence = sa.Table(
    "evidence",
    metadata,
    _serial(),
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), index=True),
    _text("channel"),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    _text("file_name"),
    _text("uploader"),
    sa.Column("uploaded_at", Instant, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    _text("kind"),
    sa.Column("order_ids", sa.JSON, nullable=False),
    _text("link"),
    sa.Column("link_state", sa.String),
    sa.Column("link_checked_at", Instant),
    sa.Column("withdrawn_at", Instant),
    _text("message_id"),
)
timeline = sa.Table(
    "timeline_event",
    metadata,
    _serial(),
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    _text("who"),
    _text("what"),
    sa.Column("params", sa.JSON, nullable=False),
    _text("message_id"),
)
# What people's acts changed, before and after, so that they can be taken back; `undone_at` says that one was.
acts = sa.Table(
    "act",
    metadata,
    _serial(),
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), index=True),
    _text("evidence_id"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.String, nullable=False, index=True),
    _text("what"),
    sa.Column("changes", sa.JSON, nullable=False),
    _text("message_id"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("undone_at", Instant),
    _text("undone_by"),
    _text("undone_message"),
)
# Outgoing messages, written with the change that causes them and sent afterwards. `version` rises with every
# new card in the slot; `sent_version` follows, so a stale refresh is never sent after a newer one. `seq` is the order
# of what is new, `begun` says that posting was begun, `refused_at` that it will never succeed.
messages = sa.Table(
    "message",
    metadata,
    _key("key"),
    sa.Column("channel", sa.String, nullable=False),
    _text("thread"),
    sa.Column("card", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sent_version", sa.Integer, nullable=False),
    sa.Column("bump", sa.Boolean, nullable=False),
    _text("ref"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    _text("error"),
    sa.Column("seq", sa.BigInteger, nullable=False, index=True),
    sa.Column("begun", sa.Boolean, nullable=False),
    sa.Column("refused_at", Instant),
    sa.Index(
        "ix_message_waiting",
        "channel",
        "seq",
        sqlite_where=sa.text("sent_version < version AND refused_at IS NULL"),
        postgresql_where=sa.text("sent_version < version AND refused_at IS NULL"),
    ),
    sa.Index(
        "ix_message_error",
        "channel",
        sqlite_where=sa.text("error <> ''"),
        postgresql_where=sa.text("error <> ''"),
    ),
)
# Channels to which nothing is sent for a while: the platform asked to wait, or does not answer.
holds = sa.Table(
    "hold",
    metadata,
    _key("channel"),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    _text("error"),
)
# Running replicas, by the database's clock; the holder tells two programs of one name apart.
replicas = sa.Table(
    "replica",
    metadata,
    _key(),
    _text("holder"),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
)
# Incoming events by the platform's id: kept before anything is done, handled once, so that a repeat does nothing.
events = sa.Table(
    "inbound_event",
    metadata,
    _key(),
    sa.Column("received_at", Instant, nullable=False),
    _text("channel"),
    _text("person"),
    sa.Column("payload", sa.JSON(none_as_null=True)),
    sa.Column("handled_at", Instant),
    sa.Index("ix_inbound_event_person", "person", "channel"),
    sa.Index(
        "ix_inbound_event_unhandled",
        "received_at",
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    ),
)
# What the local console shows: people's words and the bot's cards, in order of `seq`; `changed` rises with every
# change of an entry and drives the live stream.
console_entries = sa.Table(
    "console_entry",
    metadata,
    _serial(),
    sa.Column("key", sa.String, unique=True),
    sa.Column("channel", sa.String, nullable=False),
    _text("thread"),
    _text("author"),
    _text("words"),
    sa.Column("card", sa.JSON(none_as_null=True)),
    sa.Column("at", Instant, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("changed", sa.BigInteger, nullable=False, index=True),
    sa.Index("ix_console_entry_place", "channel", "thread", "position"),
)
people = sa.Table(
    "person",
    metadata,
    _key(),
    _text("name"),
    _text("language"),
    _text("timezone"),
    _text("role"),
)
channels = sa.Table(
    "channel", metadata, _key(), _text("language"), sa.Column("name", sa.String, nullable=False, server_default="")
)
# Scheduled work that was done, by its due time: a second replica or a restart finds it done.
runs = sa.Table(
    "scheduled_run",
    metadata,
    _key("job"),
    _key("subject"),
    _key("due"),
    sa.Column("done_at", Instant, nullable=False),
)
# What people said about a case's reminders.
reminders = sa.Table(
    "case_reminder",
    metadata,
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), primary_key=True, autoincrement=False),
    sa.Column("off", sa.Boolean, nullable=False),
    sa.Column("snoozed_until", Instant),
    _text("acked"),
)
# Channels that people bound to a shop by command, beside those of the settings.
bindings = sa.Table(
    "channel_shop",
    metadata,
    _key("channel"),
    sa.Column("shop", sa.String, sa.ForeignKey("shop.id"), primary_key=True),
    _text("bound_by"),
    sa.Column("bound_at", Instant, nullable=False),
)
# Rate limits that all replicas share: when the next call is in order, epoch milliseconds.
rates = sa.Table("rate", metadata, _key("name"), sa.Column("next_at", sa.BigInteger, nullable=False))
# Changes of the on-call rota by command; rows are added, never changed, so that they are their own history.
oncall_changes = sa.Table(
    "oncall_change",
    metadata,
    _serial(),
    _text("shop"),
    _text("person"),
    sa.Column("starts", Instant, nullable=False),
    sa.Column("ends", Instant, nullable=False, index=True),
    _text("changed_by"),
    sa.Column("changed_at", Instant, nullable=False),
    _text("message_id"),
)
