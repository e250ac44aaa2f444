"""What the board of cases shows: its filters, as they stand in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bot.ports.board import ACTIVE, FINISHED, STATES, BoardQuery, BoardRow

SORTS = ("urgent", "newest", "shop", "owner")
NOBODY = "-"
"""Filter value for cases without an owner."""
LONGEST = 64


@dataclass(frozen=True)
class Filters:
    """What the board shows; "" shows everything, the state "active" the cases that are open or wait for results. With
    `mine` the reader's own cases alone."""

    site: str = ""
    state: str = ACTIVE
    owner: str = ""
    channel: str = ""
    q: str = ""
    sort: str = "urgent"
    mine: str = ""
    start: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """The filters in a page's query; missing and unknown ones keep their default."""
        given = {name: query[name][:LONGEST] for name in ("site", "owner", "channel", "q", "mine") if name in query}
        if query.get("state", ACTIVE) in ("", FINISHED, *STATES):
            given["state"] = query.get("state", ACTIVE)
        if query.get("sort") in SORTS:
            given["sort"] = query["sort"]
        start = query.get("start", "")
        return cls(**given, start=int(start) if start.isascii() and start.isdecimal() and len(start) < 9 else 0)

    def query(self, reader: str) -> BoardQuery:
        """What is looked for, for the reader with that id."""
        owner = None if self.owner == NOBODY else self.owner
        return BoardQuery(
            self.channel, self.site, self.state, reader if self.mine else owner, self.q, self.sort, self.start
        )

    def address(self, start: int) -> str:
        """The board with these filters, from the place `start` on."""
        named = {name: value for name, value in vars(self).items() if name != "start" and value}
        return "/cases?" + urlencode({"state": self.state} | named | ({"start": start} if start else {}))


def state(row: BoardRow, now: datetime) -> str:
    """The stored status, or `overdue` / `ready` for an open case (derived from time and evidence, not stored)."""
    if row.status != "open":
        return row.status
    if row.deadline < now:
        return "overdue"
    return "ready" if row.ready else "open"
