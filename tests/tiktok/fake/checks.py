"""What the fake refuses: everything that the platform's contract does not allow."""

import hashlib
import hmac
import json
from typing import Any

from tests.tiktok.fake.operations import PAGE_LIMITS, Known


class Refused(Exception):
    """The answer is this error."""

    def __init__(self, code: int, message: str, status: int = 200, **headers: str) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.headers = code, message, status, headers


def signature(secret: str, path: str, query: dict[str, str], body: bytes) -> str:
    """Written from the platform's description, not from the product's signer."""
    named = [key for key in query if key not in ("sign", "access_token")]
    middle = "".join(f"{key}{query[key]}" for key in sorted(named))
    wrapped = f"{secret}{path}{middle}".encode() + body + secret.encode()
    return hmac.new(secret.encode(), wrapped, hashlib.sha256).hexdigest()


def check_signed(secret: str, app_key: str, path: str, query: dict[str, str], body: bytes, now: float) -> None:
    if query.get("app_key") != app_key:
        raise Refused(106002, "app_key is not known")
    stamp = query.get("timestamp", "")
    if not (stamp.isdigit() and len(stamp) == 10):
        raise Refused(36009004, "timestamp: ten digits expected")
    if not now - 300 <= int(stamp) <= now + 30:
        raise Refused(106001, "timestamp is out of range")
    if query.get("sign") != signature(secret, path, query, body):
        raise Refused(106001, "signature is invalid")


def check_query(known: Known, query: dict[str, str], cipher: str) -> None:
    if known.of_shop and "shop_cipher" not in query:
        raise Refused(106013, "shop_cipher is missing")
    if not known.of_shop and "shop_cipher" in query:
        raise Refused(36009004, "shop_cipher must not be given")
    if known.of_shop and query["shop_cipher"] != cipher:
        raise Refused(106013, "shop_cipher is not of this authorisation")
    extra = set(query) - {"app_key", "timestamp", "sign", "shop_cipher"} - set(known.query)
    if extra:
        raise Refused(36009004, f"unknown parameters: {sorted(extra)}")
    for name, (required, _) in known.query.items():
        if required and name not in query:
            raise Refused(36009004, f"{name} is required")
    _check_page(known, query)
    if query.get("sort_order", "ASC") not in ("ASC", "DESC"):
        raise Refused(36009004, "sort_order: ASC or DESC expected")
    if query.get("sort_field", "create_time") not in ("create_time", "update_time"):
        raise Refused(36009004, "sort_field: create_time or update_time expected")


def _check_page(known: Known, query: dict[str, str]) -> None:
    if "page_size" not in query:
        return
    least, most = PAGE_LIMITS.get(known.path, (1, 100))
    if not query["page_size"].isdigit() or not least <= int(query["page_size"]) <= most:
        raise Refused(36009004, f"page_size: {least} to {most} expected")


def check_body(known: Known, body: bytes) -> dict[str, Any]:
    if known.body is None:
        if body:
            raise Refused(36009004, "no body expected")
        return {}
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise Refused(36009004, "the body is no JSON") from None
    for name, value in given.items():
        schema = known.body.get(name)
        if schema is None or not _fits(value, schema):
            raise Refused(36009004, f"{name}: unknown or of another type")
        if isinstance(value, list) and len(value) > 50:
            raise Refused(36009004, f"{name}: at most 50")
    return dict(given)


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    kind = schema["type"]
    if kind == "array":
        return isinstance(value, list) and all(_fits(item, schema["items"]) for item in value)
    expected: dict[str, Any] = {"integer": int, "string": str, "boolean": bool, "object": dict}
    return isinstance(value, expected[kind]) and not (kind == "integer" and isinstance(value, bool))
