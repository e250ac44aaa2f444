"""Shops are fed by the platform's API too: who authorised it, how far each feed was read, what it brought."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    """Add the tables, and the times by which a file and an API are compared. What is stored came in files whose
    time nobody knows: the API is believed over them."""
    op.add_column("shop", sa.Column("tiktok", sa.String(), nullable=False, server_default=""))
    op.add_column("file_import", sa.Column("as_of", sa.BigInteger(), nullable=False, server_default="0"))
    for table in ("shop_order", "order_before", "defect", "defect_before"):
        op.add_column(table, sa.Column("updated_at", sa.BigInteger(), nullable=False, server_default="0"))
    _add_grants()
    _add_feeds()


def _add_grants() -> None:
    op.create_table(
        "api_grant",
        sa.Column("id", NUMBER, nullable=False),
        _text("open_id"),
        _text("seller"),
        _text("region"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _text("sealed"),
        _number("obtained_at"),
        _number("access_ends_at"),
        _number("refresh_ends_at"),
        _text("fault"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_grant")),
        sa.UniqueConstraint("open_id", name=op.f("uq_api_grant_open_id")),
    )
    op.create_table(
        "api_shop",
        _text("id"),
        _number("grant"),
        _text("name"),
        _text("region"),
        _text("cipher"),
        _text("seller_type"),
        _text("code"),
        _text("state"),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        _text("paused"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_shop")),
    )
    op.create_index(op.f("ix_api_shop_grant"), "api_shop", ["grant"], unique=False)


def _add_feeds() -> None:
    op.create_table(
        "api_feed",
        _text("shop"),
        _text("source"),
        _number("since"),
        _number("position"),
        sa.Column("filled", sa.Boolean(), nullable=False),
        _number("newest"),
        _number("import_id"),
        sa.Column("polled_at", sa.BigInteger(), nullable=True),
        _text("fault"),
        _number("code"),
        _text("message"),
        _text("scope"),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "source", name=op.f("pk_api_feed")),
    )
    op.create_table(
        "api_event",
        _text("shop"),
        _text("source"),
        _text("id"),
        _text("order_id"),
        _number("occurred_at"),
        _number("updated_at"),
        sa.Column("counted", sa.Boolean(), nullable=False),
        _text("buyer"),
        _text("status"),
        _text("text"),
        sa.PrimaryKeyConstraint("shop", "source", "id", name=op.f("pk_api_event")),
    )
    op.create_index("ix_api_event_order", "api_event", ["shop", "source", "order_id"], unique=False)
    op.create_table(
        "api_deadline",
        _text("shop"),
        _text("kind"),
        _text("id"),
        _text("order_id"),
        _number("due_at"),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "kind", "id", name=op.f("pk_api_deadline")),
    )
    op.create_index(op.f("ix_api_deadline_due_at"), "api_deadline", ["due_at"], unique=False)
    op.create_table(
        "api_difference",
        sa.Column("id", NUMBER, nullable=False),
        _text("shop"),
        _text("order_id"),
        _text("subject"),
        sa.Column("file", sa.Boolean(), nullable=True),
        sa.Column("api", sa.Boolean(), nullable=True),
        _text("kept"),
        _number("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_difference")),
    )
    op.create_index(op.f("ix_api_difference_shop"), "api_difference", ["shop"], unique=False)
    op.create_table(
        "api_counted",
        _text("shop"),
        _text("defect_type"),
        _text("order_id"),
        sa.PrimaryKeyConstraint("shop", "defect_type", "order_id", name=op.f("pk_api_counted")),
    )
