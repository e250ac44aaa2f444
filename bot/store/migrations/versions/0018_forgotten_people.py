"""Of a person whose name was deleted on request it is known that it was."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the column; nobody was forgotten before."""
    op.add_column("person", sa.Column("forgotten_at", sa.BigInteger(), nullable=True))
