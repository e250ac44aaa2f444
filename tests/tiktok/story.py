"""Shops with a history, made anew for the fake: what they hold and what is to be counted of it."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.tiktok.fake.world import FakeShop

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAY = 86_400
VALID = ["AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "ON_HOLD"]
INVALID = ["UNPAID", "CANCELLED"]
EXCEPTED = ("sample", "replacement", "exchange")


def order_row(number: int, created: int, status: str, updated: int = 0, **more: Any) -> dict[str, Any]:
    """An order as the API gives it."""
    return {
        "id": f"5764{created}{number:06d}",
        "status": status,
        "create_time": created,
        "update_time": updated or created + 3_600,
        "user_id": f"buyer{number}",
        "buyer_nickname": f"nick{number}",
        "is_cod": False,
        "tracking_number": f"GFUS{number:012d}",
        "shipping_provider": "GOFO",
        "line_items": [{"id": f"l{number}", "product_id": f"p{number % 7}"}],
        **more,
    }


class Story:
    """The history of one shop up to NOW; `orders` is what is to be counted, by UTC day."""

    def __init__(self, shop: FakeShop, days: int = 62, each: int = 20, seed: int = 1) -> None:
        self.shop, self.rng = shop, random.Random(seed)
        self.orders: Counter[str] = Counter()
        self.number = 0
        self.start = NOW.replace(hour=0) - timedelta(days=days)
        for index in range(days + 1):
            self._day(int((self.start + timedelta(days=index)).timestamp()), each, last=index == days)

    def _day(self, midnight: int, each: int, last: bool) -> None:
        seconds = int((NOW - NOW.replace(hour=0)).total_seconds()) if last else DAY
        for at in sorted(self.rng.sample(range(seconds), each)):
            created = midnight + at
            self.add(created, self.rng.choice(VALID if self.rng.random() < 0.9 else INVALID))

    def add(self, created: int, status: str, **more: Any) -> dict[str, Any]:
        self.number += 1
        updated = min(created + self.rng.randrange(3_600, 4 * DAY), int(NOW.timestamp()) - 1)
        row = order_row(self.number, created, status, max(created, updated), **more)
        self.shop.orders[row["id"]] = row
        if status in VALID and not any(
            more.get(f"is_{kind}_order") for kind in ("sample", "replacement", "exchange")
        ):
            self.orders[day(created)] += 1
        return row

    def returned(self, order: dict[str, Any], at: int, status: str, **more: Any) -> dict[str, Any]:
        """A return of the order; it counts unless it was withdrawn or lost."""
        number = len(self.shop.returns)
        row = {
            "return_id": f"4035{number:06d}",
            "order_id": order["id"],
            "return_status": status,
            "return_type": "REFUND",
            "return_reason_text": "Damaged",
            "create_time": at,
            "update_time": at + 60,
            **more,
        }
        self.shop.returns[row["return_id"]] = row
        return row


def day(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d}"


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
