"""People, channels and the on-call rota."""

import sqlalchemy as sa

from bot.store.tables.columns import Instant, key, metadata, serial, text

people = sa.Table(
    "person",
    metadata,
    key(),
    text("name"),
    text("language"),
    text("timezone"),
    text("role"),
    # The person's name was deleted because they asked for it; none that a platform tells is kept any more.
    sa.Column("forgotten_at", Instant),
)
channels = sa.Table(
    "channel",
    metadata,
    key(),
    text("language"),
    sa.Column("name", sa.String, nullable=False, server_default=""),
    sa.Column("audience", sa.String, nullable=False, server_default=""),
    # The accounts of those who read it; null while the platform has not told.
    sa.Column("readers", sa.JSON(none_as_null=True)),
    # The ids of the teams for which somebody beyond them read it when its cards were drawn, with commas between.
    sa.Column("beyond", sa.String, nullable=False, server_default=""),
)
# Channels that people bound to a shop by command, beside those of the settings.
bindings = sa.Table(
    "channel_shop",
    metadata,
    key("channel"),
    sa.Column("shop", sa.String, sa.ForeignKey("shop.id"), primary_key=True),
    text("bound_by"),
    sa.Column("bound_at", Instant, nullable=False),
)
# Changes of the on-call rota by command; rows are added, never changed, so that they are their own history.
oncall_changes = sa.Table(
    "oncall_change",
    metadata,
    serial(),
    text("shop"),
    text("person"),
    sa.Column("starts", Instant, nullable=False),
    sa.Column("ends", Instant, nullable=False, index=True),
    text("changed_by"),
    sa.Column("changed_at", Instant, nullable=False),
    text("message_id"),
)
# The accounts by which people are known on platforms, beside those of the settings; a person has one on each.
accounts = sa.Table(
    "person_account",
    metadata,
    key("platform"),
    key("account"),
    sa.Column("person", sa.String, nullable=False),
    sa.Column("since", Instant, nullable=False),
    text("added_by"),
    sa.UniqueConstraint("person", "platform", name="uq_person_account"),
)
# Who belongs to which team in which role, beside those of the settings; with `until` no more.
memberships = sa.Table(
    "membership",
    metadata,
    key("person"),
    key("team"),
    text("role"),
    sa.Column("since", Instant, nullable=False),
    text("given_by"),
    sa.Column("until", Instant),
)
