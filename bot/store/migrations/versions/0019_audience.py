"""Who reads a channel is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column; until a platform is asked, nobody but the team is known to read a channel."""
    op.add_column("channel", sa.Column("audience", sa.String(), nullable=False, server_default=""))
