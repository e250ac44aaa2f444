"""Tables of what people said about missing data, and of the messages that tell of them."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

# Who paused telling of a shop's missing data until when; rows are kept after their end.
data_pauses = sa.Table(
    "data_pause",
    metadata,
    serial(),
    sa.Column("shop", sa.String, nullable=False, index=True),
    sa.Column("until", Instant, nullable=False),
    text("said_by"),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    text("ended_by"),
)
# The message in a channel that tells of missing data as long as any is missing, with the state of each shop in it.
stale_notices = sa.Table(
    "stale_notice",
    metadata,
    key("channel"),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("shops", sa.JSON, nullable=False),
)
