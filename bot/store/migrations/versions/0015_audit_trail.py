"""Who changed what is kept in a trail to which lines are only added; and so are the settings of the last start."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("who", "channel", "address", "what", "act", "subject", "shop", "team")
FOUND_BY = ("at", "who", "act", "subject", "shop", "case_id")
KEPT = "id, at, who, channel, address, what, act, subject, shop, team, case_id"
REFUSAL = "lines of the audit trail are not changed"


def upgrade() -> None:
    """Add the tables, and have the database itself refuse to change lines or to delete them. A purge may empty
    `changes`."""
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TEXTS),
        sa.Column("case_id", NUMBER, nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for name in FOUND_BY:
        op.create_index(op.f(f"ix_audit_{name}"), "audit", [name], unique=False)
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    for statement in _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(sa.text(statement))


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER audit_unchanged BEFORE UPDATE OF {KEPT} ON audit {refuse}",
        f"CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit {refuse}",
    ]


def _postgresql() -> list[str]:
    refuse = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
    return [
        f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
        f"CREATE TRIGGER audit_unchanged BEFORE UPDATE OF {KEPT} ON audit FOR EACH ROW "
        "EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    ]
