"""How many calls of a platform's API were made in a month."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the table; what was called before is not known."""
    op.create_table(
        "call_count",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("calls", sa.BigInteger(), nullable=False),
    )
