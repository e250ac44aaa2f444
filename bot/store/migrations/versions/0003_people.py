"""Reminders and the on-call rota."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _serial() -> "sa.types.TypeEngine[int]":
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what people said about a case's reminders, and their changes of the rota."""
    op.create_table(
        "case_reminder",
        sa.Column("case_id", _serial(), nullable=False, autoincrement=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.Column("acked", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["appeal_case.id"], name=op.f("fk_case_reminder_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_reminder")),
    )
    op.create_table(
        "oncall_change",
        sa.Column("id", _serial(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oncall_change")),
    )
    op.create_index(op.f("ix_oncall_change_ends"), "oncall_change", ["ends"], unique=False)
