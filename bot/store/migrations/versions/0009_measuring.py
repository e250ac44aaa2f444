"""What is known of each day: how far the sources reach, who had a day measured, and where a deadline comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns and the table; what is stored already reaches from its first day to its last."""
    sources = sa.Column("sources", sa.JSON(), nullable=False, server_default='["orders", "returns"]')
    op.add_column("shop", sources)
    for name in ("caused_by", "why"):
        op.add_column("snapshot", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "source_reach",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_reach")),
        sa.UniqueConstraint("shop", "source", "origin", name="uq_source_reach"),
    )
    for name in ("deadline_by", "earlier_case"):
        op.add_column("appeal_case", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("appeal_case", sa.Column("onset_found", sa.BigInteger(), nullable=True))
    for name, default in (("onset_found_exact", sa.false()), ("crosses", sa.true())):
        op.add_column("appeal_case", sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
    op.execute(
        "INSERT INTO source_reach (shop, source, first_day, last_day, origin) "
        "SELECT shop, 'orders', min(created_day), max(created_day), 'before' FROM shop_order GROUP BY shop"
    )
    op.execute(
        "INSERT INTO source_reach (shop, source, first_day, last_day, origin) "
        "SELECT shop, 'returns', min(occurred_day), max(occurred_day), 'before' FROM defect "
        "WHERE defect_type = 'return_refund' GROUP BY shop"
    )
    op.execute(
        "INSERT INTO source_reach (shop, source, first_day, last_day, origin) "
        "SELECT shop, 'reviews', min(occurred_day), max(occurred_day), 'before' FROM defect "
        "WHERE defect_type = 'negative_review' GROUP BY shop"
    )
    op.execute(
        "INSERT INTO source_reach (shop, source, first_day, last_day, origin) "
        "SELECT shop, 'ratings', min(occurred_day), max(occurred_day), 'before' FROM defect "
        "WHERE defect_type = 'service_rating' GROUP BY shop"
    )
