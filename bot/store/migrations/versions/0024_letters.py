"""When a person asked the carrier for an order's delay certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the column; nobody was asked so far as is known."""
    op.add_column("case_order", sa.Column("certificate_asked_at", sa.BigInteger()))
