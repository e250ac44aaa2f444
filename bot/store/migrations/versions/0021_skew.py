"""How far the platform's clock was from ours is known at the last reading of a shop."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the column; until a shop is read again nothing is known of its clock."""
    op.add_column("api_shop", sa.Column("skew", sa.BigInteger(), nullable=False, server_default="0"))
