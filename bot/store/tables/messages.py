"""Tables of events and messages, and of what the processes on one database tell each other."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

# Outgoing messages, written with the change that causes them and sent afterwards. `version` rises with every
# new card in the slot; `sent_version` follows, so a stale refresh is never sent after a newer one. `seq` is the order
# of what is new, `begun` says that posting was begun, `refused_at` that it will never succeed.
messages = sa.Table(
    "message",
    metadata,
    key("key"),
    sa.Column("channel", sa.String, nullable=False),
    text("thread"),
    sa.Column("card", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sent_version", sa.Integer, nullable=False),
    sa.Column("bump", sa.Boolean, nullable=False),
    text("ref"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    text("error"),
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
    key("channel"),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    text("error"),
)
# Incoming events by the platform's id: kept before anything is done, handled once, so that a repeat does nothing.
events = sa.Table(
    "inbound_event",
    metadata,
    key(),
    sa.Column("received_at", Instant, nullable=False),
    text("channel"),
    text("person"),
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
# change of an entry and drives the live stream. `in_channel` says that the channel shows it: what is said outside of
# threads, and the first entry of each thread.
console_entries = sa.Table(
    "console_entry",
    metadata,
    serial(),
    sa.Column("key", sa.String, unique=True),
    sa.Column("channel", sa.String, nullable=False),
    text("thread"),
    text("author"),
    text("words"),
    sa.Column("card", sa.JSON(none_as_null=True)),
    sa.Column("at", Instant, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("changed", sa.BigInteger, nullable=False, index=True),
    sa.Column("in_channel", sa.Boolean, nullable=False),
    sa.Index("ix_console_entry_place", "channel", "thread", "position"),
    sa.Index("ix_console_entry_channel", "channel", "in_channel", "position"),
)
# Running replicas, by the database's clock; the holder tells two programs of one name apart.
replicas = sa.Table(
    "replica",
    metadata,
    key(),
    text("holder"),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
)
# Rate limits that all replicas share: when the next call is in order, epoch milliseconds.
rates = sa.Table("rate", metadata, key("name"), sa.Column("next_at", sa.BigInteger, nullable=False))
# Calls of platforms' APIs by platform and month, which all replicas count together.
call_counts = sa.Table("call_count", metadata, key("name"), sa.Column("calls", sa.BigInteger, nullable=False))
# Scheduled work that was done, by its due time: a second replica or a restart finds it done.
runs = sa.Table(
    "scheduled_run",
    metadata,
    key("job"),
    key("subject"),
    key("due"),
    sa.Column("done_at", Instant, nullable=False),
)
