"""What the core needs of the rows of shops that an API feeds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.feeds import FeedState, Grant, LinkedShop, NoticedDifference, OpenDeadline
from bot.domain.imports import Difference
from bot.domain.orders import DefectType
from bot.ports.tiktok import FeedDeadline, FeedEvent, FoundShop, Granted


class GrantRows(Protocol):
    """The authorisations of sellers and the shops that they cover. Tokens are handed in and out sealed, as text
    that nobody else can read."""

    def grants(self) -> list[Grant]:
        """All authorisations, oldest first."""
        ...

    def grant(self, grant_id: str) -> Grant | None:
        """The authorisation with that id; None for another."""
        ...

    def save_grant(self, granted: Granted, sealed: str) -> str:
        """Add a seller's authorisation, or renew the one of the same open id; returns its id."""
        ...

    def sealed(self, grant_id: str) -> str:
        """The sealed tokens of an authorisation; "" for one that does not exist."""
        ...

    def note_fault(self, grant_id: str, fault: str) -> None:
        """Note what hinders an authorisation, "" for nothing."""
        ...

    def remove_grant(self, grant_id: str) -> None:
        """Delete an authorisation with its tokens and forget the shops that only it covers."""
        ...

    def save_found(self, grant_id: str, shops: Sequence[FoundShop]) -> None:
        """Note which shops an authorisation covers, by what was found now; what is known of them stays. Shops that it
        covered and does no longer are forgotten."""
        ...

    def linked(self) -> list[LinkedShop]:
        """All shops that are covered, by id."""
        ...

    def save_linked(self, shop: LinkedShop) -> None:
        """Overwrite what is known of a covered shop."""
        ...


class FeedRows(Protocol):
    """How far feeds were read, and what they brought beside orders and defects. Shops are named by our own ids."""

    def states(self, shops: Collection[str] | None = None) -> list[FeedState]:
        """The states of these shops' feeds (all when None), by shop and source."""
        ...

    def save_state(self, state: FeedState) -> None:
        """Add the state of a feed or overwrite it."""
        ...

    def forget(self, shop: str) -> None:
        """Forget how far the feeds of a shop were read, and their events and deadlines."""
        ...

    def undone(self, import_id: int) -> list[str]:
        """The shops whose feeds wrote that import, which now has been undone: their feeds begin anew."""
        ...

    def events(self, shop: str, source: str, ids: Collection[str]) -> dict[str, FeedEvent]:
        """The events with these ids, by id."""
        ...

    def save_events(self, shop: str, events: Iterable[FeedEvent]) -> None:
        """Add events or overwrite them, unless what is stored was updated later."""
        ...

    def of_orders(self, shop: str, source: str, order_ids: Collection[str]) -> list[FeedEvent]:
        """All events of these orders."""
        ...

    def unattributed(self, shops: Collection[str]) -> list[tuple[str, FeedEvent]]:
        """The counted events of these shops whose order nobody knows, newest first, each with its shop."""
        ...

    def save_deadlines(
        self, shop: str, asked: Collection[tuple[str, str]], deadlines: Collection[FeedDeadline]
    ) -> None:
        """Of the subjects `asked` (kind, id), only these deadlines are open now."""
        ...

    def deadlines(self, shops: Collection[str], start: datetime, end: datetime) -> list[OpenDeadline]:
        """The open deadlines of these shops after `start`, up to and including `end` (UTC), earliest first."""
        ...

    def told(self, deadlines: Collection[OpenDeadline], hours: int) -> None:
        """Note that these deadlines were told when so many hours were left."""
        ...

    def add_differences(self, shop: str, found: Iterable[Difference], now: datetime) -> None:
        """Keep what a file and the API said differently; the oldest are dropped where there are very many."""
        ...

    def differences(self, shops: Collection[str]) -> list[NoticedDifference]:
        """What files and the API said differently about orders of these shops, newest first."""
        ...

    def save_counted(self, shop: str, counted: Mapping[DefectType, Collection[str]]) -> None:
        """Note the orders that the platform counts against a shop, by defect type."""
        ...

    def counted(self, shop: str) -> dict[DefectType, set[str]]:
        """The orders that the platform counts against a shop, by defect type; a type of which nothing is known is
        absent."""
        ...

    def counted_defects(self, shop: str, kind: DefectType, since: datetime) -> set[str]:
        """The orders of the shop with a counted defect of that type since then (UTC)."""
        ...
