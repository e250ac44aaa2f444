"""Imports can be taken back, and people say what status words mean."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _serial() -> "sa.types.TypeEngine[int]":
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the imports, the rows as they were before them, and people's answers. What is stored came by no import
    that is known, so none of it can be taken back."""
    op.add_column("shop_order", sa.Column("words", sa.String(), nullable=False, server_default=""))
    op.add_column("shop_order", sa.Column("import_id", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("defect", sa.Column("import_id", sa.Integer(), nullable=False, server_default="0"))
    some = sa.text("words <> ''")
    op.create_index("ix_shop_order_words", "shop_order", ["shop", "words"], sqlite_where=some, postgresql_where=some)
    op.create_table(
        "file_import",
        sa.Column("id", _serial(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("dates", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_import")),
    )
    op.create_index(op.f("ix_file_import_shop"), "file_import", ["shop"], unique=False)
    op.create_table(
        "order_before",
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_day", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=True),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("buyer", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("changed_by", "shop", "id", name=op.f("pk_order_before")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "defect_before",
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("defect_type", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("occurred_day", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("changed_by", "shop", "order_id", "defect_type", name=op.f("pk_defect_before")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "status_answer",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "field", "word", name=op.f("pk_status_answer")),
    )
