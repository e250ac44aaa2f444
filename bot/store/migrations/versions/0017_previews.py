"""Received exports wait until somebody confirms them, and an import is written in many transactions."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table of previews, and say of each import whether it is still being written."""
    op.create_table(
        "import_preview",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("held_by", sa.String(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_preview")),
        sa.UniqueConstraint("group", "number", name=op.f("uq_import_preview_group_number")),
    )
    op.create_index(op.f("ix_import_preview_state"), "import_preview", ["state"], unique=False)
    op.add_column("file_import", sa.Column("running", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "uq_file_import_running",
        "file_import",
        ["shop"],
        unique=True,
        sqlite_where=sa.text("running"),
        postgresql_where=sa.text("running"),
    )
