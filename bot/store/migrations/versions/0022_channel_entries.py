"""Which entries of the console's conversations a channel shows is noted once, not found out for each reader."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

ENTRIES = sa.table(
    "console_entry", sa.column("id"), sa.column("channel"), sa.column("thread"), sa.column("in_channel")
)


def upgrade() -> None:
    """Add the column, true for what stands outside of threads and for the first entry of each thread."""
    op.add_column("console_entry", sa.Column("in_channel", sa.Boolean(), nullable=False, server_default=sa.false()))
    first = sa.select(sa.func.min(ENTRIES.c.id)).group_by(ENTRIES.c.channel, ENTRIES.c.thread)
    shown = (ENTRIES.c.thread == "") | ENTRIES.c.id.in_(first)
    op.execute(ENTRIES.update().where(shown).values(in_channel=True))
    op.create_index("ix_console_entry_channel", "console_entry", ["channel", "in_channel", "position"])
