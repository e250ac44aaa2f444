"""The webhook of Slack: what is too large, too slow, not Slack's or malformed never reaches the Bolt app."""

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from slack_bolt import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.messaging.batching import Batcher, Kept
from bot.platforms.slack.markup import Json
from bot.platforms.slack.setup import PATH
from bot.platforms.webhook import NotTaken, read_body

log = logging.getLogger(__name__)

MOST_FIELDS = 100
THREADS = 32
"""Those who wait for the database gather into one write."""


class Webhook:
    """An ASGI application for one path. `take` stores a payload and answers it, `keep` does so with many events."""

    def __init__(
        self,
        signing_secret: str,
        take: Callable[[Json], BoltResponse],
        keep: Callable[[list[Json], Kept[BoltResponse]], None],
    ) -> None:
        # Without a secret nothing is Slack's; the doctor says so.
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None
        self._take, self._events = take, Batcher(keep)
        self._threads: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of Slack."""
        try:
            response = await self._answer(Request(scope, receive))
        except NotTaken as reason:
            log.warning("a request to %s was refused: %s", PATH, reason)
            # What was not read must not stand before the next request.
            response = Response(status_code=reason.status, headers={"connection": "close"})
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.url.path != PATH:
            raise NotTaken(404, "another path")
        if request.method != "POST":
            raise NotTaken(405, f"method {request.method}")
        stamp, signature = _signature(request)
        body = await _body(request)
        if not (self._verifier and self._verifier.is_valid(body, stamp, signature)):
            raise NotTaken(401, "signature")
        payload = parsed(body, request.headers.get("content-type", ""))
        answer = await self._taken(payload)
        return Response(answer.body, answer.status, media_type=_first(answer.headers, "content-type"))

    async def _taken(self, payload: Json) -> BoltResponse:
        if payload.get("type") == "event_callback":
            return await self._events.take(payload)
        if self._threads is None:
            self._threads = CapacityLimiter(THREADS)
        return await to_thread.run_sync(self._take, payload, limiter=self._threads)


def _signature(request: Request) -> tuple[str, str]:
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and signature.isascii()):
        raise NotTaken(401, "no timestamp or signature")
    return stamp, signature


async def _body(request: Request) -> str:
    try:
        return (await read_body(request)).decode()
    except UnicodeDecodeError as error:
        raise NotTaken(400, "not UTF-8") from error


def parsed(body: str, content_type: str) -> Json:
    """The payload of a body; raises NotTaken for a body without one. The text of a command may contain any word."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _data(body)
    if kind != "application/x-www-form-urlencoded":
        raise NotTaken(415, f"content type {kind[:50]!r}")
    try:
        form: dict[str, Any] = dict(parse_qsl(body, True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise NotTaken(400, f"form: {error}") from error
    return _data(form["payload"]) if "payload" in form and "command" not in form else form


def _data(text: str) -> Json:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotTaken(400, f"JSON: {type(error).__name__}") from error
    if not isinstance(data, dict) or not isinstance(data.get("event", {}), dict):
        raise NotTaken(400, "JSON: not an object")
    return data


def _first(headers: Any, name: str) -> str | None:
    return next(iter(headers.get(name) or ()), None)
