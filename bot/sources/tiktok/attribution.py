"""Finding the order that a review or a service session is about, where it is certain."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress

from bot.sources.tiktok.answers import next_page, number, rows, text
from bot.sources.tiktok.client import TikTokClient
from bot.sources.tiktok.listing import Row, by_token
from bot.sources.tiktok.operations import CONVERSATION, MESSAGES, ORDERS
from bot.sources.tiktok.records import ApiOrder, ApiSession

PAGES_OF_MESSAGES, MESSAGES_A_PAGE = 5, 10
BEFORE_SECONDS = 90 * 86_400
_ORDER_ID = re.compile(r'"order_id"\s*:\s*"?(\d{6,30})')


class Attribution:
    """Looks orders up by their buyer. An order is certain when it is the only one that fits."""

    def __init__(self, client: TikTokClient) -> None:
        self.client = client

    def of_buyer(self, buyer_id: str, product_id: str, at: int) -> str:
        """The only order of the buyer that was made before the epoch second `at` and, where one is given, has the
        product; "" when there is none or more than one."""
        if not buyer_id:
            return ""
        fitting = [order.id for order in self._orders(buyer_id, at) if not product_id or product_id in order.products]
        return fitting[0] if len(fitting) == 1 else ""

    def of_session(self, session: ApiSession) -> str:
        """The order of a service session: the only one of the buyer, else the only one of theirs that a card of the
        conversation names; "" when neither is certain."""
        if session.order_id or not session.conversation_id:
            return session.order_id
        own = [order.id for buyer in self._buyers(session) for order in self._orders(buyer, session.ended)]
        if len(own) == 1:
            return own[0]
        named = set(self._cards(session)) & set(own)
        return next(iter(named)) if len(named) == 1 else ""

    def _orders(self, buyer_id: str, at: int) -> list[ApiOrder]:
        body = {"buyer_user_id": buyer_id, "create_time_ge": max(0, at - BEFORE_SECONDS), "create_time_lt": at + 1}
        found = {}
        for row in by_token(self.client, ORDERS, ("orders",), 50, body):
            order = ApiOrder.read(row)
            found[order.id] = order
        return list(found.values())

    def _buyers(self, session: ApiSession) -> list[str]:
        data = self.client.call(CONVERSATION, id=session.conversation_id)
        conversation = data.get("conversation")
        people = rows(conversation, "participants") if isinstance(conversation, dict) else []
        buyers = [text(person.get("user_id")) for person in people if text(person.get("role")) == "BUYER"]
        return [buyer for buyer in dict.fromkeys(buyers) if buyer]

    def _cards(self, session: ApiSession) -> Iterator[str]:
        """The orders that cards of the session name, newest messages first."""
        token = ""
        for _ in range(PAGES_OF_MESSAGES):
            params = {"page_size": str(MESSAGES_A_PAGE), "sort_field": "create_time", "sort_order": "DESC"}
            params |= {"page_token": token} if token else {}
            data = self.client.call(MESSAGES, params, id=session.conversation_id)
            found = rows(data, "messages")
            yield from (order for message in found for order in _named(message, session))
            token = next_page(data)
            if not token or any(number(message.get("create_time")) < session.began for message in found):
                return


def _named(message: Row, session: ApiSession) -> list[str]:
    """The order ids of a card that was sent during the session."""
    visible = message.get("is_visible") is not False
    during = session.began <= number(message.get("create_time")) <= session.ended
    if not visible or not during or "CARD" not in text(message.get("type")):
        return []
    content = message.get("content")
    with suppress(ValueError, TypeError, RecursionError):
        content = json.dumps(json.loads(str(content)))
    return _ORDER_ID.findall(str(content)[:20_000])
