"""Durable work: order and refusal of messages, holds, replicas, kept events, the countdown's next refresh."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WAITING = sa.text("sent_version < version AND refused_at IS NULL")
FAULTY = sa.text("error <> ''")
UNHANDLED = sa.text("handled_at IS NULL")

RANKED = """
UPDATE message SET seq = ranked.number
FROM (SELECT key, row_number() OVER (ORDER BY created_at, key) AS number FROM message) AS ranked
WHERE ranked.key = message.key
"""


def upgrade() -> None:
    """Add the columns and tables; what was taken before counts as handled."""
    op.add_column("message", sa.Column("seq", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("begun", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("message", sa.Column("refused_at", sa.BigInteger(), nullable=True))
    op.execute(RANKED)
    op.drop_index("ix_message_due", "message")
    op.create_index(op.f("ix_message_seq"), "message", ["seq"], unique=False)
    op.create_index(
        "ix_message_waiting", "message", ["channel", "seq"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_message_error", "message", ["channel"], sqlite_where=FAULTY, postgresql_where=FAULTY)
    op.add_column("inbound_event", sa.Column("payload", sa.JSON(), nullable=True))
    op.add_column("inbound_event", sa.Column("handled_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE inbound_event SET handled_at = received_at")
    op.create_index(
        "ix_inbound_event_unhandled",
        "inbound_event",
        ["received_at"],
        sqlite_where=UNHANDLED,
        postgresql_where=UNHANDLED,
    )
    op.add_column("appeal_case", sa.Column("refresh_at", sa.BigInteger(), nullable=True))
    # Open cases of an earlier release are drawn once, which plans the rest.
    op.execute("UPDATE appeal_case SET refresh_at = opened_at WHERE status = 'open'")
    op.create_index(op.f("ix_appeal_case_refresh_at"), "appeal_case", ["refresh_at"], unique=False)
    op.create_table(
        "hold",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_hold")),
    )
    op.create_table(
        "replica",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replica")),
    )
