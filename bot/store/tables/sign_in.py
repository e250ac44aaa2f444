"""Signing in to the console: links, sessions, wrong attempts. Secrets stand here as SHA-256 only.

Backups hold none of these tables (`stays`): a restored session would outlive the change that ended it.
"""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

sign_in_links = sa.Table(
    "sign_in_link",
    metadata,
    key(),
    text("hash"),
    text("purpose"),
    sa.Column("person", sa.String, nullable=False, index=True),
    text("team"),
    text("role"),
    text("channel"),
    sa.Column("created_at", Instant, nullable=False),
    text("created_by"),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    text("used_from"),
    sa.Column("refused_at", Instant),
    text("refused_from"),
    info={"stays": True},
)
sessions = sa.Table(
    "console_session",
    metadata,
    serial(),
    sa.Column("hash", sa.String, nullable=False, unique=True),
    sa.Column("earlier_hash", sa.String, nullable=False, index=True, default=""),
    sa.Column("renewed_at", Instant),
    sa.Column("person", sa.String, nullable=False, index=True),
    text("standing"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("used_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    text("address"),
    text("browser"),
    sa.Column("ended_at", Instant),
    text("why"),
    info={"stays": True},
)
attempts = sa.Table(
    "sign_in_attempt",
    metadata,
    serial(),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_sign_in_attempt_subject", "subject", "at"),
    info={"stays": True},
)
