"""The feed of orders: which are valid, and what has to be done for them until when (domain.md §1, §1a)."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from itertools import islice

from bot.domain.statuses import Answers, StatusWord, encoded, verdict
from bot.domain.text import folded
from bot.ports.sources import OrderRow
from bot.ports.tiktok import FeedDeadline, Portion, Portions
from bot.sources.tiktok import listing
from bot.sources.tiktok.answers import rows
from bot.sources.tiktok.client import TikTokClient
from bot.sources.tiktok.listing import PAGES_A_PORTION, Row, SearchList
from bot.sources.tiktok.operations import ORDER, ORDERS
from bot.sources.tiktok.records import ApiOrder

DAY_SECONDS = 86_400
LISTED = SearchList(ORDERS, "orders", "id", 100)
IDS_AT_ONCE = 50
WAITING = frozenset({"AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "ON_HOLD"})
UNDERWAY = frozenset({"AWAITING_COLLECTION", "IN_TRANSIT"})
VALID = WAITING | UNDERWAY | {"DELIVERED", "COMPLETED"}
INVALID = frozenset({"UNPAID", "CANCELLED", "CANCELED", "CANCEL"})


class OrderFeed:
    """The orders of one shop. `answers` are what people of the shop said about status words."""

    source = "orders"

    def __init__(self, client: TikTokClient, answers: Answers) -> None:
        self.client, self.answers = client, answers

    def newest(self) -> int:
        """The newest update time of an order, epoch seconds."""
        return listing.newest(self.client, LISTED)

    def made_since(self, since: int) -> Portions:
        """All orders made since then, oldest first."""
        return self._walk("create_time", since, PAGES_A_PORTION)

    def changed_since(self, since: int) -> Portions:
        """All orders changed since then."""
        return self._walk("update_time", since, 1)

    def _walk(self, by: str, since: int, restart: int) -> Portions:
        pages = listing.walk(self.client, LISTED, by, since, restart)
        with closing(listing.gathered(pages, ApiOrder.read)) as runs:
            for run in runs:
                portion = self.portion(run.records)
                portion.position = run.position
                yield portion

    def by_ids(self, ids: Collection[str]) -> Portion:
        """These orders as they are now."""
        found: list[Row] = []
        remaining = iter(sorted(ids))
        while part := list(islice(remaining, IDS_AT_ONCE)):
            found += rows(self.client.call(ORDER, {"ids": ",".join(part)}), "orders")
        return self.portion(ApiOrder.read(row) for row in found)

    def portion(self, given: Iterable[ApiOrder]) -> Portion:
        """Each order once: as it was updated last."""
        portion, latest = Portion(), dict[str, ApiOrder]()
        for order in given:
            portion.rows += 1
            known = latest.get(order.id)
            if order.id and order.created > 0 and (known is None or known.updated <= order.updated):
                latest[order.id] = order
        for order in sorted(latest.values(), key=lambda each: each.id):
            self._add(portion, order)
        return portion

    def _add(self, portion: Portion, order: ApiOrder) -> None:
        valid, words = self._judge(order)
        texts = (order.tracking_number, order.carrier, order.buyer)
        row: OrderRow = (order.id, order.created * 1000, order.created // DAY_SECONDS, valid, *texts)
        portion.orders.append(row)
        portion.updated[order.id] = order.updated * 1000
        portion.newest = max(portion.newest, order.updated)
        if words:
            portion.words[order.id] = words
            portion.unknown.add(order.status)
        portion.asked |= {("dispatch", order.id), ("delivery", order.id)}
        portion.deadlines += _deadlines(order) if valid is not False else ()

    def _judge(self, order: ApiOrder) -> tuple[bool | None, str]:
        """Whether the order is valid, and the encoded word that leaves it open."""
        if order.excepted or order.status in INVALID:
            return False, ""
        if order.status in VALID:
            return True, ""
        if order.cancelled:
            return False, ""
        word = StatusWord("status", folded(order.status))
        return verdict([word], self.answers), encoded([word])


def _deadlines(order: ApiOrder) -> Iterator[FeedDeadline]:
    if order.status in WAITING and order.dispatch_until:
        yield FeedDeadline("dispatch", order.id, order.id, order.dispatch_until * 1000)
    if order.status in UNDERWAY and order.deliver_until:
        yield FeedDeadline("delivery", order.id, order.id, order.deliver_until * 1000)
