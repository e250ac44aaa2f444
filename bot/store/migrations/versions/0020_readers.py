"""Which accounts read a channel is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column; until a platform has told, it is not known who reads a channel."""
    op.add_column("channel", sa.Column("readers", sa.JSON(), nullable=True))
