"""The audit trail, and the settings of the last start."""

import sqlalchemy as sa

from bot.store.tables.cases import cases
from bot.store.tables.columns import Instant, key, metadata, serial, text

# Who changed what. Triggers of the database refuse every deletion, and every change but one of `changes`, which a
# purge empties of contents. `act` joins what several transactions wrote of one act. Names of people stand in
# `person` alone.
audit = sa.Table(
    "audit",
    metadata,
    serial(),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("who", sa.String, nullable=False, index=True),
    text("channel"),
    text("address"),
    text("what"),
    sa.Column("act", sa.String, nullable=False, index=True),
    sa.Column("subject", sa.String, nullable=False, index=True),
    sa.Column("shop", sa.String, nullable=False, index=True, default=""),
    # Where no shop says whose act it is, as with who belongs to a team.
    text("team"),
    sa.Column("case_id", cases.c.id.type, index=True),
    sa.Column("changes", sa.JSON, nullable=False),
)
# The settings with which the program started last: a start with others leaves a line in the trail. Secrets stand
# here as salted digests.
settings_seen = sa.Table("setting", metadata, key("key"), text("value"))
