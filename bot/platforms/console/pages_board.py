"""Sorting and filtering the case board."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.ports.board import BoardRow

ACTIVE = ("open", "submitted")
STATES = ("overdue", "open", "ready", "submitted", "closed", "dismissed", "expired")
NOBODY = "-"
"""Filter value for cases without an owner."""


@dataclass(frozen=True)
class Filters:
    """What the board shows; "" shows everything, the state "active" the cases that are open or wait for results."""

    site: str = ""
    state: str = "active"
    owner: str = ""
    channel: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """The filters in a page's query; missing ones keep their default."""
        return cls(**{name: query[name][:64] for name in ("site", "state", "owner", "channel") if name in query})


def state(row: BoardRow, now: datetime) -> str:
    """The stored status, or `overdue` / `ready` for an open case (derived from time and evidence, not stored)."""
    if row.status != "open":
        return row.status
    if row.deadline < now:
        return "overdue"
    return "ready" if row.ready else "open"


def arrange(rows: Iterable[BoardRow], filters: Filters, now: datetime) -> list[BoardRow]:
    """The rows that pass the filters: first cases whose deadline runs, then those that wait for the platform, then
    finished ones, newest first."""
    chosen = sorted((row for row in rows if _passes(row, filters, now)), key=lambda row: row.deadline)
    running, waiting = ([row for row in chosen if row.status == status] for status in ACTIVE)
    return [*running, *waiting, *(row for row in reversed(chosen) if row.status not in ACTIVE)]


def _passes(row: BoardRow, filters: Filters, now: datetime) -> bool:
    owner = "" if filters.owner == NOBODY else filters.owner
    return (
        filters.site in ("", row.site)
        and filters.channel in ("", row.channel)
        and (filters.owner == "" or row.owner == owner)
        and (filters.state in ("", state(row, now)) or (filters.state == "active" and row.status in ACTIVE))
    )
