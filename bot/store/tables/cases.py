"""Cases with their orders, their evidence and their history."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

cases = sa.Table(
    "appeal_case",
    metadata,
    serial(),
    sa.Column("shop", sa.String, sa.ForeignKey("shop.id"), nullable=False, index=True),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("onset", Instant, nullable=False),
    sa.Column("onset_exact", sa.Boolean, nullable=False),
    sa.Column("deadline", Instant, nullable=False, index=True),
    text("day"),
    sa.Column("triggers", sa.JSON, nullable=False),
    sa.Column("status", sa.String, nullable=False, index=True),
    text("owner"),
    sa.Column("claimed_at", Instant),
    sa.Column("closed_at", Instant),
    text("reason"),
    text("cause"),
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
    key("order_id"),
    sa.Column("defect_types", sa.JSON, nullable=False),
    sa.Column("occurred_at", Instant, nullable=False),
    text("scenario"),
    text("scenario_by"),
    text("root_cause"),
    text("draft"),
    text("draft_by"),
    sa.Column("skipped", sa.Boolean, nullable=False),
    sa.Column("appeal", sa.String, nullable=False),
    sa.Column("appeal_at", Instant),
    text("rejection_code"),
    sa.Column("resubmit_allowed", sa.Boolean, nullable=False),
    text("text"),
    sa.Column("certificate_asked_at", Instant),
    sa.Index("ix_case_order_order_id", "order_id"),
)
evidence = sa.Table(
    "evidence",
    metadata,
    serial(),
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), index=True),
    text("channel"),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    text("file_name"),
    text("uploader"),
    sa.Column("uploaded_at", Instant, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    text("kind"),
    sa.Column("order_ids", sa.JSON, nullable=False),
    text("link"),
    sa.Column("link_state", sa.String),
    sa.Column("link_checked_at", Instant),
    sa.Column("withdrawn_at", Instant),
    text("message_id"),
)
timeline = sa.Table(
    "timeline_event",
    metadata,
    serial(),
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    text("who"),
    text("what"),
    sa.Column("params", sa.JSON, nullable=False),
    text("message_id"),
)
# What people's acts changed, before and after, so that they can be taken back; `undone_at` says that one was.
acts = sa.Table(
    "act",
    metadata,
    serial(),
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), index=True),
    text("evidence_id"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.String, nullable=False, index=True),
    text("what"),
    sa.Column("changes", sa.JSON, nullable=False),
    text("message_id"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("undone_at", Instant),
    text("undone_by"),
    text("undone_message"),
)
# What people said about a case's reminders.
reminders = sa.Table(
    "case_reminder",
    metadata,
    sa.Column("case_id", cases.c.id.type, sa.ForeignKey("appeal_case.id"), primary_key=True, autoincrement=False),
    sa.Column("off", sa.Boolean, nullable=False),
    sa.Column("snoozed_until", Instant),
    text("acked"),
)
