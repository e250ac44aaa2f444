"""What the core needs of the rows of shops, orders and defects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from bot.domain.day_state import Reach
from bot.domain.odr import Tally
from bot.domain.orders import DayEvents, Defect, Order, Shop
from bot.ports.sources import DefectRow, OrderRow

NO_TIMES: Mapping[Any, int] = MappingProxyType({})
"""The update times of a file's rows: it has none."""


class ShopRows(Protocol):
    """The rows of shops and of the channels bound to them. A channel is bound to a shop in the settings or by
    command; `get` and `all` give both kinds."""

    def get(self, shop_id: str) -> Shop | None:
        """The shop with all its channels: those of the settings first, then those bound by command, longest bound
        first. None when there is no such shop or it is out of sight."""
        ...

    def all(self) -> list[Shop]:
        """All shops in sight, ordered by id, each as `get` returns it."""
        ...

    def those(self, ids: Collection[str]) -> dict[str, Shop]:
        """The shops with these ids, each as `get` returns it, by id; absent where `get` gives None."""
        ...

    def configured(self) -> list[Shop]:
        """All shops in sight, ordered by id, with the channels of the settings alone, as `save` stored them."""
        ...

    def save(self, shop: Shop) -> None:
        """Add the shop or overwrite the one with its id; channels bound by command stay. Pass a shop as
        `configured` returns it: otherwise a channel bound by command would become one of the settings."""
        ...

    def bind(self, shop_id: str, channel: str, person: str, now: datetime) -> bool:
        """Bind the channel to the shop from `now` (UTC) on, by order of that person. Returns False and changes
        nothing when it was bound before; of two callers at once exactly one gets True."""
        ...

    def unbind(self, shop_id: str, channel: str) -> bool:
        """Remove a channel that was bound by command; False when it was not. Channels of the settings stay."""
        ...


class OrderWriter(Protocol):
    """Writes orders and defects in batches of any size. An order is identified by shop and order id, a defect by
    shop, order id and type."""

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow], updated: Mapping[str, int] = NO_TIMES) -> None:
        """Add the orders or overwrite the known ones; each id at most once in `rows`. Status words that `explain`
        kept for these orders are deleted, because the new row says anew whether the order is valid.

        `updated` are the times by id (epoch milliseconds UTC) at which an API says that its orders were updated last;
        a file has none. What a file and an API say differently is that of the one that knows newer things."""
        ...

    def merge_orders(self, shop: str, rows: Sequence[OrderRow]) -> None:
        """Add further lines of orders, each id at most once in `rows`: created at the earlier time; valid if any line
        is, else unknown if any is unknown; of each text the first that is not empty."""
        ...

    def explain(self, shop: str, words: Iterable[tuple[str, str]]) -> None:
        """Keep for orders, by id, the encoded status words (bot/domain/statuses.py) that leave their validity
        open. Unknown order ids are ignored."""
        ...

    def upsert_defects(
        self, shop: str, rows: Sequence[DefectRow], updated: Mapping[tuple[str, str], int] = NO_TIMES
    ) -> None:
        """Add the defects or overwrite the known ones, each (order id, type) at most once in `rows`. Their orders
        need not be known. `updated` are an API's times, as for orders."""
        ...

    def clear_defects(
        self, shop: str, pairs: Sequence[tuple[str, str]], updated: Mapping[tuple[str, str], int] = NO_TIMES
    ) -> None:
        """Stop counting these defects (order id, type); their rows stay. Unknown pairs are ignored. `updated` are an
        API's times, as for orders."""
        ...

    def reached(self, shop: str, reach: Reach, origin: str) -> None:
        """Note that the delivery `origin` of a source has data for the UTC days of `reach`. When the same delivery
        is noted again, its days are joined: from the earliest first day to the latest last day."""
        ...


class OrderRows(OrderWriter, Protocol):
    """The orders and defects of all shops, their counts by day, and the days that each delivery (`origin`) of a
    source covers.

    Days are UTC day numbers, counted from 1970-01-01. Only an import keeps what a row was before it was
    overwritten."""

    def day_counts(
        self, shops: Sequence[str] | None, first: int, last: int, count: str, dated_by: str, excluded: Collection[str]
    ) -> Mapping[str, Mapping[int, Tally]]:
        """The counts by shop and day, `first` to `last` both included; a day without anything has no entry, nor has a
        shop. `shops` None means all.

        `count` and `dated_by` are those of the policy's measuring (domain.md §1); dated by order, defects whose order
        is not known have no day and are left out. Orders whose ids are in `excluded` are out on both sides. Orders
        that are not valid are not counted, those of unknown status are and stand in `Tally.unknown`.
        """
        ...

    def day_events(self, shop: str, day: int) -> DayEvents:
        """The instants of that day's orders that are valid, of those that may be, and of its counted defects."""
        ...

    def defects_between(self, shop: str, start: datetime, end: datetime) -> list[Defect]:
        """Counted defects that occurred from `start` up to, not including, `end` (UTC): by time, then by order id,
        then by type."""
        ...

    def by_ids(self, shop: str, ids: Collection[str]) -> dict[str, Order]:
        """The shop's orders with these ids, by id; unknown ones are absent."""
        ...

    def of_shops(self, ids: Mapping[str, Collection[str]]) -> dict[tuple[str, str], Order]:
        """Orders of several shops, by shop and order id; `ids` are the order ids that are wanted of each shop.
        Unknown ones are absent."""
        ...

    def update_times(self, shop: str, ids: Collection[str]) -> dict[str, int]:
        """When an API says that these orders were updated last (epoch milliseconds UTC), by id; 0 for an order that
        came in a file, unknown ones are absent."""
        ...

    def owners(self, shops: Collection[str], ids: Collection[str]) -> dict[str, int]:
        """How many of these order ids each of these shops has, as an order or as a defect's; shops without any are
        absent."""
        ...

    def unreached(self, shop: str, origin: str) -> None:
        """Forget which days a delivery covered, because it was undone. The rows that it brought stay."""
        ...

    def reaches(self, shops: Sequence[str] | None) -> Mapping[str, list[Reach]]:
        """The days that each delivery covers, by shop and in no promised order; a shop without any is absent.
        `shops` None means all."""
        ...
