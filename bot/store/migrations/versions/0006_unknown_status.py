"""An order's status may be unknown until somebody says what its words mean."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COLUMNS = "shop, id, created_at, created_day, valid, tracking_number, carrier, buyer"


def upgrade() -> None:
    """Let `valid` be null; every order that is stored keeps what it has."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("shop_order", "valid", existing_type=sa.Boolean(), nullable=True)
        return
    # SQLite cannot loosen a column: the table is written anew.
    op.create_table(
        "shop_order_new",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_day", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=True),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("buyer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_shop_order")),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO shop_order_new ({_COLUMNS}) SELECT {_COLUMNS} FROM shop_order")  # noqa: S608
    op.drop_table("shop_order")
    op.rename_table("shop_order_new", "shop_order")
    op.create_index("ix_shop_order_day", "shop_order", ["created_day", "shop", "valid"], unique=False)
