"""Whoever has spoken is known: cases are given to known people only."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_SPOKE = """
    INSERT INTO person (id, name, language, timezone, role)
    SELECT DISTINCT spoke.who, '', '', '', '' FROM (
        SELECT person AS who FROM inbound_event
        UNION SELECT who FROM timeline_event WHERE what = 'claimed'
    ) AS spoke
    WHERE spoke.who <> '' AND spoke.who NOT IN (SELECT id FROM person)
"""


def upgrade() -> None:
    """Make everybody known who has spoken. Owners that are nobody known are matched with the people of the settings
    when the program opens the database."""
    op.execute(sa.text(_SPOKE))
