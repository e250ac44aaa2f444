"""People belong to teams in a role, and have accounts on platforms."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables. They are empty: until somebody is invited, the settings alone say who may do what."""
    op.create_table(
        "person_account",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", name=op.f("pk_person_account")),
        sa.UniqueConstraint("person", "platform", name="uq_person_account"),
    )
    op.create_table(
        "membership",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person", "team", name=op.f("pk_membership")),
    )
