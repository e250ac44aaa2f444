"""What the API answers: data, or why there are none."""

import json
import re
from typing import Any

import httpx

from bot.ports.tiktok import ApiFault
from bot.sources.tiktok.operations import Operation

MOST_BYTES = 32_000_000
_SCOPE = re.compile(r"\b(?:seller|data)\.[a-z_]+(?:\.[a-z_]+)*")
_FAULTS = {
    36009004: "parameter",
    36009033: "address",
    105004: "region",
    105005: "scope",
    32002017: "scope",
    106001: "signature",
    106013: "cipher",
}
EXPIRED, NO_PATH = 105002, 36009009
TOO_FAST = frozenset({36009002, 36009037})
PASSING = frozenset({36009003, 36009007})


class Passing(Exception):
    """The server did not answer, or not with what it should, which passes by itself."""


class TooFast(Exception):
    """The call came too soon. `seconds` is how long the server asks to wait, None when it does not say."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class Expired(Exception):
    """The access token is no longer valid."""


class NoSuchPath(Exception):
    """This version of the operation does not exist on the server."""


def data_of(response: httpx.Response, body: bytes, operation: Operation) -> dict[str, Any]:
    """The data of an answer. Raises ApiFault, or one of the exceptions of this module."""
    answer = _parsed(body)
    code = number(answer.get("code"), -1)
    if response.status_code == 429 or code in TOO_FAST:
        raise TooFast(_seconds(response.headers.get("retry-after", "")))
    if code == NO_PATH or (response.status_code == 404 and code in (-1, 0)):
        raise NoSuchPath
    if response.status_code >= 500 or code == -1 or code in PASSING:
        raise Passing(f"HTTP {response.status_code}, code {code}")
    if code == EXPIRED:
        raise Expired
    if code:
        message = str(answer.get("message") or "")[:300]
        raise fault(code, message, operation.scope)
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def fault(code: int, message: str, scope: str) -> ApiFault:
    """The fault for an error code. A scope that the message names is more certain than `scope`, the one that the
    operation is known to need."""
    kind = _FAULTS.get(code, "other")
    named = _SCOPE.search(message)
    return ApiFault(kind, code, message, (named[0] if named else scope) if kind == "scope" else "")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(text: str) -> float | None:
    """The seconds of a Retry-After header; None for none, and for one that cannot be read."""
    try:
        return min(max(float(text), 0.0), 600.0)
    except ValueError:
        return None


def number(value: object, default: int = 0) -> int:
    """A whole number that may be written as text; `default` for anything else."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return int(value) if abs(value) < 1e18 else default
    if isinstance(value, str):
        try:
            return int(value) if len(value) < 19 else default
        except ValueError:
            return default
    return default


def text(value: object, most: int = 200) -> str:
    """A text or a number as text, shortened to `most` characters; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").strip()[:most]


def flag(value: object) -> bool:
    """Whether a value says yes; it may be written as text."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in ("true", "1"))


def rows(data: dict[str, Any], *keys: str) -> list[dict[str, Any]]:
    """The rows of a list in an answer; its key is absent when the list is empty, and data may stand once more in
    data."""
    nested = data.get("data")
    for place in (data, nested if isinstance(nested, dict) else {}):
        for key in keys:
            found = place.get(key)
            if isinstance(found, list):
                return [row for row in found if isinstance(row, dict)]
    return []


def next_page(data: dict[str, Any]) -> str:
    """The token of the next page; "" at the end of the list."""
    nested = data.get("data")
    inner = nested.get("next_page_token") if isinstance(nested, dict) else None
    return text(data.get("next_page_token") or inner, 4_000)
