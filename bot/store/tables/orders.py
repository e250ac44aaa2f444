"""Tables of shops, orders, defects, imported files, and the measurements of days."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

shops = sa.Table(
    "shop",
    metadata,
    key(),
    text("name"),
    text("site"),
    text("timezone"),
    text("category"),
    sa.Column("high_risk", sa.Boolean, nullable=False),
    sa.Column("opened_on", sa.Date),
    text("entity"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("channels", sa.JSON, nullable=False),
    sa.Column("sources", sa.JSON, nullable=False, server_default='["orders", "returns"]'),
    # The shop's id on TikTok Shop, where its API is read.
    sa.Column("tiktok", sa.String, nullable=False, server_default=""),
)
# The measured facts. `created_day` and `occurred_day` count UTC days since 1970-01-01: the daily check is one
# ordered walk over (day, shop, …) whatever the age of the history.
orders = sa.Table(
    "shop_order",
    metadata,
    key("shop"),
    key("id"),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("created_day", sa.Integer, nullable=False),
    # Null while nobody has said what the order's status means.
    sa.Column("valid", sa.Boolean),
    text("tracking_number"),
    text("carrier"),
    text("buyer"),
    # When an API says that the order was updated last, epoch milliseconds; 0 for what came in a file.
    sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"),
    # The status words that the configuration does not know (bot/domain/statuses.py), and the import that
    # wrote the row.
    text("words"),
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
    key("shop"),
    key("order_id"),
    key("defect_type"),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("occurred_day", sa.Integer, nullable=False),
    sa.Column("timed", sa.Boolean, nullable=False),
    sa.Column("counted", sa.Boolean, nullable=False),
    text("text"),
    sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Index("ix_defect_day", "occurred_day", "shop", "counted", "order_id"),
    sqlite_with_rowid=False,
)
# Files that were taken, and the rows of orders and defects as they were before: undoing an import restores them.
imports = sa.Table(
    "file_import",
    metadata,
    serial(),
    sa.Column("shop", sa.String, nullable=False, index=True),
    text("kind"),
    text("file"),
    sa.Column("at", Instant, nullable=False),
    text("taken_by"),
    text("dates"),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("first_day", sa.Integer),
    sa.Column("last_day", sa.Integer),
    # How new a file is: its newest row, epoch milliseconds. 0 for what an API gave, whose rows say it themselves.
    sa.Column("as_of", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("undone_at", Instant),
    text("undone_by"),
    # While its rows are being written, in many transactions: one import of a shop at a time.
    sa.Column("running", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index(
        "uq_file_import_running",
        "shop",
        unique=True,
        sqlite_where=sa.text("running"),
        postgresql_where=sa.text("running"),
    ),
)
orders_before = sa.Table(
    "order_before",
    metadata,
    sa.Column("changed_by", sa.Integer, nullable=False),
    *(
        sa.Column(column.name, column.type, nullable=column.nullable, server_default=column.server_default)
        for column in orders.columns
    ),
    sa.PrimaryKeyConstraint("changed_by", "shop", "id"),
    sqlite_with_rowid=False,
)
defects_before = sa.Table(
    "defect_before",
    metadata,
    sa.Column("changed_by", sa.Integer, nullable=False),
    *(
        sa.Column(column.name, column.type, nullable=column.nullable, server_default=column.server_default)
        for column in defects.columns
    ),
    sa.PrimaryKeyConstraint("changed_by", "shop", "order_id", "defect_type"),
    sqlite_with_rowid=False,
)
# What people of a shop said about status words that the configuration does not know.
status_answers = sa.Table(
    "status_answer",
    metadata,
    key("shop"),
    key("field"),
    key("word"),
    sa.Column("valid", sa.Boolean, nullable=False),
    text("said_by"),
    sa.Column("said_at", Instant, nullable=False),
)
snapshots = sa.Table(
    "snapshot",
    metadata,
    serial(),
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
    serial(),
    sa.Column("shop", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("first_day", sa.Integer, nullable=False),
    sa.Column("last_day", sa.Integer, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.UniqueConstraint("shop", "source", "origin", name="uq_source_reach"),
)
