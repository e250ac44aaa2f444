"""The operations of the fake: those of the contract file, and those of which only names are known."""

import copy
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTRACT = json.loads((Path(__file__).parent / "contract.json").read_text("utf-8"))
PAGE_LIMITS = {
    "/order/202309/orders/search": (1, 100),
    "/return_refund/202602/returns/search": (10, 50),
    "/return_refund/202309/returns/search": (10, 50),
    "/return_refund/202602/cancellations/search": (10, 50),
    "/return_refund/202309/cancellations/search": (10, 50),
    "/review_rating/202605/product_reviews/search": (1, 100),
    "/customer_service/202602/sessions/search": (1, 50),
    "/customer_service/202309/conversations": (1, 20),
    "/customer_service/202309/conversations/{conversation_id}/messages": (1, 10),
    "/analytics/202606/shop_performances/metrics/{code}/problem_details": (1, 50),
}
DEFAULT_SIZES = {"returns": 10, "cancellations": 10, "product_reviews": 50, "sessions": 20}
SCOPES = {
    "order": "seller.order.info",
    "return_refund": "seller.return_refund.basic",
    "review_rating": "seller.review.info",
    "customer_service": "seller.customer_service",
    "analytics": "data.shop_analytics.public.read",
}
_INT, _TEXT = {"type": "integer", "format": "int64"}, {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


@dataclass(frozen=True)
class Known:
    """An operation: its path pattern, its query parameters and the properties of its body."""

    method: str
    path: str
    query: dict[str, tuple[bool, dict[str, Any]]]
    body: dict[str, dict[str, Any]] | None

    @property
    def of_shop(self) -> bool:
        return not self.path.startswith(("/authorization/", "/seller/"))

    @property
    def family(self) -> str:
        return self.path.split("/")[1]


def _query(parameters: list[dict[str, Any]]) -> dict[str, tuple[bool, dict[str, Any]]]:
    return {item["name"]: (item["required"], item["schema"]) for item in parameters if item["in"] == "query"}


def _of_contract(key: str, definition: dict[str, Any]) -> Known:
    method, path = key.split(" ")
    body = definition.get("requestBody")
    schema = next(iter(body["content"].values()))["schema"] if body else None
    return Known(method, path, _query(definition["parameters"]), schema["properties"] if schema else None)


def _paged(**more: dict[str, Any]) -> dict[str, tuple[bool, dict[str, Any]]]:
    names = {"page_size": _TEXT, "page_token": _TEXT, "shop_cipher": _TEXT, **more}
    return {name: (False, schema) for name, schema in names.items()}


@cache
def known() -> tuple[Known, ...]:
    found = [_of_contract(key, definition) for key, definition in CONTRACT.items()]
    for kind in ("returns", "cancellations"):
        older = next(item for item in found if item.path == f"/return_refund/202309/{kind}/search")
        found.append(Known("POST", older.path.replace("202309", "202602"), older.query, copy.deepcopy(older.body)))
    reviews = {"review_start_time": _TEXT, "review_end_time": _TEXT, "review_ids": _TEXTS, "product_ids": _TEXTS}
    found.append(Known("POST", "/review_rating/202605/product_reviews/search", _paged(), reviews))
    sessions = {"begin_time_ge": _INT, "begin_time_lt": _INT, "buyer_nickname": _TEXT}
    found.append(Known("POST", "/customer_service/202602/sessions/search", _paged(), sessions))
    problems = "/analytics/202606/shop_performances/metrics/{code}/problem_details"
    found.append(Known("GET", problems, _paged(), None))
    return tuple(found)


def matching(method: str, path: str) -> tuple[Known, dict[str, str]] | None:
    """The operation of a request, with what stands in its path."""
    for item in known():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", item.path)
        if item.method == method and (found := re.fullmatch(pattern, path)):
            return item, found.groupdict()
    return None
