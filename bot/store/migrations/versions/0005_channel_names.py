"""Channels have names, for people who read of them elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the names; none is known yet."""
    op.add_column("channel", sa.Column("name", sa.String(), nullable=False, server_default=""))
