"""Tables of shops that an API feeds."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

# The authorisations of sellers. `sealed` are the tokens, encrypted (bot/store/sealing.py).
grants = sa.Table(
    "api_grant",
    metadata,
    serial(),
    sa.Column("open_id", sa.String, nullable=False, unique=True),
    text("seller"),
    text("region"),
    sa.Column("scopes", sa.JSON, nullable=False),
    text("sealed"),
    sa.Column("obtained_at", Instant, nullable=False),
    sa.Column("access_ends_at", Instant, nullable=False),
    sa.Column("refresh_ends_at", Instant, nullable=False),
    text("fault"),
)
linked_shops = sa.Table(
    "api_shop",
    metadata,
    key(),
    sa.Column("grant", sa.BigInteger, nullable=False, index=True),
    text("name"),
    text("region"),
    text("cipher"),
    text("seller_type"),
    text("code"),
    text("state"),
    sa.Column("versions", sa.JSON, nullable=False),
    sa.Column("tried_at", Instant),
    text("paused"),
    sa.Column("skew", sa.BigInteger, nullable=False, server_default="0"),
)
feed_states = sa.Table(
    "api_feed",
    metadata,
    key("shop"),
    key("source"),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("filled", sa.Boolean, nullable=False),
    sa.Column("newest", sa.BigInteger, nullable=False),
    sa.Column("import_id", sa.BigInteger, nullable=False),
    sa.Column("polled_at", Instant),
    text("fault"),
    sa.Column("code", sa.BigInteger, nullable=False),
    text("message"),
    text("scope"),
    sa.Column("unknown", sa.JSON, nullable=False),
)
# Returns, reviews and rated sessions one by one: an order has one defect of a type, whatever number of them it has.
feed_events = sa.Table(
    "api_event",
    metadata,
    key("shop"),
    key("source"),
    key("id"),
    text("order_id"),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.Column("counted", sa.Boolean, nullable=False),
    text("buyer"),
    text("status"),
    text("text"),
    sa.Index("ix_api_event_order", "shop", "source", "order_id"),
)
feed_deadlines = sa.Table(
    "api_deadline",
    metadata,
    key("shop"),
    key("kind"),
    key("id"),
    text("order_id"),
    sa.Column("due_at", Instant, nullable=False, index=True),
    sa.Column("told", sa.Integer, nullable=False),
)
feed_differences = sa.Table(
    "api_difference",
    metadata,
    serial(),
    sa.Column("shop", sa.String, nullable=False, index=True),
    text("order_id"),
    text("subject"),
    sa.Column("file", sa.Boolean),
    sa.Column("api", sa.Boolean),
    text("kept"),
    sa.Column("at", Instant, nullable=False),
)
# The orders that the platform counts itself (shops in the US); a row without an order says that the list was read.
counted_orders = sa.Table(
    "api_counted",
    metadata,
    key("shop"),
    key("defect_type"),
    key("order_id"),
)
