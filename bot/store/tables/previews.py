"""The table of received exports that wait for a decision or for their import."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, metadata, serial, text

# `held_by` is the process that works on it, by the machine's real time until `held_until`.
previews = sa.Table(
    "import_preview",
    metadata,
    serial(),
    sa.Column("group", sa.String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    text("decided_by"),
    sa.Column("decided_at", Instant),
    text("held_by"),
    sa.Column("held_until", Instant),
    sa.Column("data", sa.JSON, nullable=False),
    sa.UniqueConstraint("group", "number"),
)
