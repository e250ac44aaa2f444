"""Where somebody has said something is asked whenever they write directly to the bot."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_inbound_event_person", "inbound_event", ["person", "channel"])
