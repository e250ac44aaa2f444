"""The feeds of returns and cancellations."""

from contextlib import closing

from bot.ports.tiktok import FeedDeadline, FeedEvent, Portion, Portions
from bot.sources.tiktok import listing
from bot.sources.tiktok.client import TikTokClient
from bot.sources.tiktok.listing import PAGES_A_PORTION, SearchList
from bot.sources.tiktok.operations import CANCELLATIONS, RETURNS
from bot.sources.tiktok.records import ApiRequest

COUNTED = frozenset(
    {
        "RETURN_OR_REFUND_REQUEST_PENDING",
        "RETURN_OR_REFUND_REQUEST_SUCCESS",
        "RETURN_OR_REFUND_REQUEST_COMPLETE",
        "AWAITING_BUYER_SHIP",
        "BUYER_SHIPPED_ITEM",
        "AWAITING_BUYER_RESPONSE",
        "REPLACEMENT_REQUEST_PENDING",
        "REPLACEMENT_REQUEST_REFUND_SUCCESS",
        "REPLACEMENT_REQUEST_COMPLETE",
        "EXCHANGE_REQUEST_PENDING",
        "EXCHANGE_REQUEST_COMPLETE",
        "EXCHANGE_REQUEST_REFUND_SUCCESS",
    }
)
NOT_COUNTED = frozenset(
    {
        "RETURN_OR_REFUND_REQUEST_CANCEL",
        "REFUND_OR_RETURN_REQUEST_REJECT",
        "REJECT_RECEIVE_PACKAGE",
        "REPLACEMENT_REQUEST_REJECT",
        "REPLACEMENT_REQUEST_CANCEL",
        "EXCHANGE_REQUEST_REJECT",
        "EXCHANGE_REQUEST_CANCEL",
    }
)
WON_BY_SELLER = "SUPPORT_SELLER"
CANCELLED = frozenset({"CANCELLATION_REQUEST_SUCCESS", "CANCELLATION_REQUEST_COMPLETE"})


class RequestFeed:
    """What both lists have in common: `name` is "return" or "cancel" in the names of a row's fields."""

    def __init__(self, client: TikTokClient, source: str, listed: SearchList, name: str) -> None:
        self.client, self.source, self.listed, self.name = client, source, listed, name

    def newest(self) -> int:
        """The newest update time in the list, epoch seconds."""
        return listing.newest(self.client, self.listed)

    def made_since(self, since: int) -> Portions:
        """All requests made since then, oldest first."""
        return self._walk("create_time", since, PAGES_A_PORTION)

    def changed_since(self, since: int) -> Portions:
        """All requests changed since then."""
        return self._walk("update_time", since, 1)

    def _walk(self, by: str, since: int, restart: int) -> Portions:
        pages = listing.walk(self.client, self.listed, by, since, restart)
        with closing(listing.gathered(pages, lambda row: ApiRequest.read(row, self.name))) as runs:
            for run in runs:
                yield self._portion(run.records, run.position)

    def _portion(self, given: list[ApiRequest], position: int) -> Portion:
        portion = Portion(len(given), position=position)
        for request in given:
            if request.id and request.order_id and request.created > 0:
                self._add(portion, request)
        return portion

    def _add(self, portion: Portion, request: ApiRequest) -> None:
        if request.status not in COUNTED | NOT_COUNTED and self.name == "return":
            portion.unknown.add(request.status)
        portion.newest = max(portion.newest, request.updated)
        portion.asked.add((self.source, request.id))
        if request.respond_until:
            due = request.respond_until * 1000
            portion.deadlines.append(FeedDeadline(self.source, request.id, request.order_id, due))
        portion.events.append(
            FeedEvent(
                self.source,
                request.id,
                request.order_id,
                request.created * 1000,
                request.updated * 1000,
                self._counts(request),
                status=request.status,
                text=request.reason,
            )
        )

    def _counts(self, request: ApiRequest) -> bool:
        """Whether a return is a defect: it was not refused or withdrawn, and the seller did not win its arbitration.
        One whose status nobody knows is counted. Of a cancellation: whether it was carried out."""
        if self.name == "cancel":
            return request.status in CANCELLED
        return request.status not in NOT_COUNTED and request.arbitration != WON_BY_SELLER


def return_feed(client: TikTokClient) -> RequestFeed:
    """The feed of returns and refunds."""
    return RequestFeed(client, "returns", SearchList(RETURNS, "return_orders", "return_id", 50), "return")


def cancellation_feed(client: TikTokClient) -> RequestFeed:
    """The feed of cancellations, which change no rate themselves: their orders are looked at again."""
    return RequestFeed(client, "cancellations", SearchList(CANCELLATIONS, "cancellations", "cancel_id", 50), "cancel")
