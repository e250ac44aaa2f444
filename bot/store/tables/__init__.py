"""The tables of the database. Migrations compare `metadata` with the tables that exist."""

from bot.store.tables.cases import acts, case_orders, cases, evidence, reminders, timeline
from bot.store.tables.columns import EPOCH, Instant, from_ms, metadata, to_ms
from bot.store.tables.feeds import (
    counted_orders,
    feed_deadlines,
    feed_differences,
    feed_events,
    feed_states,
    grants,
    linked_shops,
)
from bot.store.tables.freshness import data_pauses, stale_notices
from bot.store.tables.messages import call_counts, console_entries, events, holds, messages, rates, replicas, runs
from bot.store.tables.orders import (
    defects,
    defects_before,
    imports,
    orders,
    orders_before,
    reaches,
    shops,
    snapshots,
    status_answers,
)
from bot.store.tables.people import accounts, bindings, channels, memberships, oncall_changes, people
from bot.store.tables.previews import previews
from bot.store.tables.sign_in import attempts, sessions, sign_in_links
from bot.store.tables.trail import audit, settings_seen

__all__ = [
    "EPOCH",
    "Instant",
    "accounts",
    "acts",
    "attempts",
    "audit",
    "bindings",
    "call_counts",
    "case_orders",
    "cases",
    "channels",
    "console_entries",
    "counted_orders",
    "data_pauses",
    "defects",
    "defects_before",
    "events",
    "evidence",
    "feed_deadlines",
    "feed_differences",
    "feed_events",
    "feed_states",
    "from_ms",
    "grants",
    "holds",
    "imports",
    "linked_shops",
    "memberships",
    "messages",
    "metadata",
    "oncall_changes",
    "orders",
    "orders_before",
    "people",
    "previews",
    "rates",
    "reaches",
    "reminders",
    "replicas",
    "runs",
    "sessions",
    "settings_seen",
    "shops",
    "sign_in_links",
    "snapshots",
    "stale_notices",
    "status_answers",
    "timeline",
    "to_ms",
]
