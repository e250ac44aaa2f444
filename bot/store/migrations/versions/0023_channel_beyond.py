"""For which teams a channel's cards were last drawn as being read by people beyond the team."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the column; channels that are read so are found, and drawn anew, when the program starts."""
    op.add_column("channel", sa.Column("beyond", sa.String(), nullable=False, server_default=""))
