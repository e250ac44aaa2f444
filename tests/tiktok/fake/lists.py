"""The lists of the fake: filtered, sorted and cut into pages anew at every request, as they stand at that moment."""

import base64
import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tests.tiktok.fake.checks import Refused
from tests.tiktok.fake.world import FakeShop, Row, World


def searched(
    world: World, path: str, kind: str, found: Sequence[Row], query: Row, body: Row
) -> tuple[list[Row], str]:
    """The rows of a page, and the token of the next one."""
    asked = {name: value for name, value in query.items() if name not in ("page_token", "timestamp", "sign")}
    digest = hashlib.sha256(json.dumps([path, asked, body], sort_keys=True).encode()).hexdigest()[:12]
    start = _start(query.get("page_token", ""), digest)
    if world.before_page:
        world.before_page(path, start)
    field = query.get("sort_field", "create_time")
    default = {"orders": "DESC"}.get(kind, "ASC")
    backwards = query.get("sort_order", default) == "DESC"
    size = int(query.get("page_size", 20))
    if world.settled and set(body) == {f"{field}_ge"} and not backwards:
        rows = _kept(world, path, field, found)
        rows = rows[bisect_left(rows, body[f"{field}_ge"], key=lambda row: row[field]) :][: start + size + 1]
    else:
        rows = sorted((row for row in found if _wanted(row, body)), key=_order(field), reverse=backwards)
    more = start + size < len(rows)
    token = base64.urlsafe_b64encode(f"{start + size}:{digest}".encode()).decode() if more else ""
    return rows[start : start + size], token


def _order(field: str) -> Callable[[Row], tuple[int, str]]:
    return lambda row: (int(row.get(field, 0)), str(row.get("id")))


def _kept(world: World, path: str, field: str, found: Sequence[Row]) -> list[Row]:
    """The rows of a list that changes no more, sorted once; by the path and the first row."""
    key = (path, field, str(found[0]) if found else "")
    if key not in world.sorted:
        world.sorted[key] = sorted(found, key=_order(field))
    return world.sorted[key]


def _start(token: str, digest: str) -> int:
    if not token:
        return 0
    start, _, same = base64.urlsafe_b64decode(token).decode().partition(":")
    if same != digest:
        raise Refused(36009004, "page_token is of another query")
    return int(start)


def _wanted(row: Row, body: Row) -> bool:
    for name, value in body.items():
        field, _, end = name.rpartition("_")
        if end == "ge" and int(row.get(field, 0)) < value:
            return False
        if end == "lt" and int(row.get(field, 0)) >= value:
            return False
        if name == "buyer_user_id" and row.get("user_id") != value:
            return False
        if name == "order_ids" and row.get("order_id") not in value:
            return False
    return True


def reviews(shop: FakeShop, body: Row) -> list[Row]:
    """The reviews in the time asked for, which both ends belong to."""
    first, last = (_second(body[name]) for name in ("review_start_time", "review_end_time"))
    return [row for row in shop.reviews.values() if first <= row["create_time"] <= last]


def _second(text: str) -> float:
    if not text.endswith("Z"):
        raise Refused(36009004, "a time in ISO-8601 with Z is expected")
    return datetime.fromisoformat(text).timestamp()


def sessions(world: World, shop: FakeShop, body: Row) -> list[Row]:
    """The sessions of the last ninety days in the time asked for."""
    if body.get("begin_time_ge", 0) < world.now() - 90 * 86_400 - 60:
        raise Refused(36009004, "begin_time_ge: at most 90 days back")
    return [row for row in shop.sessions.values() if _wanted({**row, "begin_time": row["begin_time"]}, body)]


def as_texts(value: Any) -> Any:
    """The same with every number written as text."""
    if isinstance(value, dict):
        return {name: as_texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
