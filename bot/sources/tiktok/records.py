"""The rows of the API that are used, as typed records; numbers may come as texts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.sources.tiktok.answers import flag, number, text

_TEXT = 500
_EXCEPTIONS = ("is_sample_order", "is_replacement_order", "is_exchange_order")
_DISPATCH = ("rts_sla_time", "shipping_due_time", "tts_sla_time")
_DELIVERY = ("delivery_sla_time", "delivery_due_time")
_STAMPS = ("create_time", "review_time", "review_create_time", "created_at", "update_time")


class ApiOrder(NamedTuple):
    """An order; times are epoch seconds UTC, 0 where the API has none. A tuple, because very many are read."""

    id: str
    status: str
    created: int
    updated: int
    cancelled: int
    excepted: bool
    """whether it is a sample, a replacement or an exchange"""
    tracking_number: str
    carrier: str
    buyer: str
    dispatch_until: int
    deliver_until: int
    products: frozenset[str]

    @classmethod
    def read(cls, row: dict[str, Any]) -> "ApiOrder":
        """The order of a row of the API."""
        items = [item for item in row.get("line_items") or () if isinstance(item, dict)]
        created = number(row.get("create_time"))
        return cls(
            text(row.get("id")),
            text(row.get("status")),
            created,
            number(row.get("update_time")) or created,
            number(row.get("cancel_time")),
            any(flag(row.get(name)) for name in _EXCEPTIONS),
            text(row.get("tracking_number")) or _first(items, "tracking_number"),
            text(row.get("shipping_provider")) or _first(items, "shipping_provider_name"),
            text(row.get("buyer_nickname")),
            _earliest(row, _DISPATCH),
            _earliest(row, _DELIVERY),
            frozenset([text(item.get("product_id")) for item in items]),
        )


def _first(items: list[dict[str, Any]], name: str) -> str:
    return next((found for item in items if (found := text(item.get(name)))), "")


def _earliest(row: dict[str, Any], names: tuple[str, ...]) -> int:
    return min([found for name in names if name in row and (found := number(row[name])) > 0], default=0)


@dataclass(frozen=True)
class ApiRequest:
    """A return or a cancellation; times are epoch seconds UTC. `respond_until` is when the seller has to have
    answered, 0 for never."""

    id: str
    order_id: str
    status: str
    arbitration: str
    reason: str
    created: int
    updated: int
    respond_until: int

    @classmethod
    def read(cls, row: dict[str, Any], name: str) -> "ApiRequest":
        """The return or cancellation of a row; `name` is "return" or "cancel"."""
        steps = [step for step in row.get("seller_next_action_response") or () if isinstance(step, dict)]
        created = number(row.get("create_time"))
        return cls(
            text(row.get(f"{name}_id")),
            text(row.get("order_id")),
            text(row.get(f"{name}_status")),
            text(row.get("arbitration_status")),
            text(row.get(f"{name}_reason_text"), _TEXT) or text(row.get(f"{name}_reason"), _TEXT),
            created,
            number(row.get("update_time")) or created,
            min((at for step in steps if (at := number(step.get("deadline"))) > 0), default=0),
        )


@dataclass(frozen=True)
class ApiReview:
    """A review; `made` and `updated` are epoch seconds UTC."""

    id: str
    order_id: str
    stars: int
    buyer_id: str
    product_id: str
    made: int
    updated: int
    words: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> "ApiReview":
        """The review of a row, which holds it under "review" or is the review itself."""
        inner = row.get("review")
        review = {**row, **inner} if isinstance(inner, dict) else row
        made = next((at for name in _STAMPS if (at := instant(review.get(name)))), 0)
        return cls(
            text(review.get("review_id") or review.get("id")),
            text(review.get("order_id")),
            number(review.get("rating")),
            text(review.get("buyer_user_id") or review.get("user_id")),
            text(review.get("product_id")),
            made,
            instant(review.get("update_time")) or made,
            text(review.get("content"), _TEXT),
        )


@dataclass(frozen=True)
class ApiSession:
    """A session of the shop's service with a buyer; `score` is 0 while it is not rated."""

    id: str
    conversation_id: str
    order_id: str
    buyer: str
    score: int
    began: int
    ended: int
    words: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> "ApiSession":
        """The session of a row of the API."""
        began = instant(row.get("begin_time"))
        reasons = row.get("dissatisfaction_reason")
        words = "; ".join(map(str, reasons)) if isinstance(reasons, list) else reasons
        return cls(
            text(row.get("id")),
            text(row.get("conversation_id")),
            text(row.get("order_id")),
            text(row.get("buyer_nickname")),
            number(row.get("satisfaction_score")),
            began,
            instant(row.get("end_time")) or began,
            text(words, _TEXT),
        )


def instant(value: object) -> int:
    """The epoch second of a time that is written as epoch seconds, milliseconds or ISO-8601 (UTC without a zone); 0
    for none."""
    found = number(value)
    if found:
        return found // 1000 if found > 100_000_000_000 else found
    try:
        at = datetime.fromisoformat(text(value))
    except ValueError:
        return 0
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
