"""What the core needs of the rows of shops, orders and defects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.known import Reach
from bot.domain.odr import Tally
from bot.domain.orders import DayEvents, Defect, Order, Shop
from bot.ports.sources import DefectRow, OrderRow


class ShopRows(Protocol):
    """The shops, and the channels that hear of them. A shop's channels stand in its settings or were bound by
    command; `get` and `all` give both."""

    def get(self, shop_id: str) -> Shop | None:
        """The shop with all its channels: those of the settings, then the bound ones, longest bound first; None when
        there is none or it is out of sight."""
        ...

    def all(self) -> list[Shop]:
        """All shops in sight by id, each as `get` gives it."""
        ...

    def configured(self) -> list[Shop]:
        """All shops in sight by id, with the channels of the settings alone: what `save` stored."""
        ...

    def save(self, shop: Shop) -> None:
        """Add the shop or overwrite the one with its id; the bound channels stay. Give it a shop of `configured`:
        a bound channel would become one of the settings."""
        ...

    def bind(self, shop_id: str, channel: str, person: str, now: datetime) -> bool:
        """Let the channel hear of the shop from `now` (UTC), by that person's word. False, and nothing changed, when
        it was bound before; of two at once one is told True."""
        ...

    def unbind(self, shop_id: str, channel: str) -> bool:
        """Let a bound channel hear no more; False when it was not bound. Channels of the settings stay."""
        ...


class OrderWriter(Protocol):
    """Writing orders and defects; `rows` come in batches of any size. An order is known by shop and id, a defect by
    shop, order id and type."""

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow]) -> None:
        """Add the orders or overwrite the known ones, each id at most once in `rows`. Words kept by `explain` for
        these orders are forgotten: the row says anew whether they are valid."""
        ...

    def merge_orders(self, shop: str, rows: Sequence[OrderRow]) -> None:
        """Add further lines of orders, each id at most once in `rows`: created at the earlier time; valid if any line
        is, else unknown if any is unknown; of each text the first that is not empty."""
        ...

    def explain(self, shop: str, words: Iterable[tuple[str, str]]) -> None:
        """Keep with orders (by id) the encoded words (bot/domain/statuses.py) that leave open whether they are valid.
        Ids that no order has are passed over."""
        ...

    def upsert_defects(self, shop: str, rows: Sequence[DefectRow]) -> None:
        """Add the defects or overwrite the known ones, each (order id, type) at most once in `rows`. Their orders
        need not be known."""
        ...

    def clear_defects(self, shop: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Count these defects (order id, type) no longer; the rows stay. Unknown pairs are passed over."""
        ...

    def reached(self, shop: str, reach: Reach, origin: str) -> None:
        """Note that the delivery `origin` of a source has data of the UTC days of `reach`. A delivery that is noted
        again reaches from the earliest of its first days to the latest of its last ones."""
        ...


class OrderRows(OrderWriter, Protocol):
    """Orders and defects of all shops, the counts by day, and how far each delivery (`origin`) of a source reaches.

    Days are UTC day numbers, counted from 1970-01-01. Outside of an import nothing is kept of what a row was before
    it was overwritten.
    """

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

    def unreached(self, shop: str, origin: str) -> None:
        """Forget how far a delivery reached: it was taken back. The rows it brought stay."""
        ...

    def reaches(self, shops: Sequence[str] | None) -> Mapping[str, list[Reach]]:
        """How far each delivery reaches, by shop and in no promised order; a shop without any is absent. `shops` None
        means all."""
        ...
