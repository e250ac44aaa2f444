"""The webhook of Feishu: every request is verified before it is believed."""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.platforms.feishu import api_sdk as sdk
from bot.platforms.feishu.markup import Json
from bot.platforms.feishu.receiver import Receiver
from bot.platforms.webhook import BODY_SECONDS, NotTaken, read_body
from bot.settings.chats import FeishuSettings

log = logging.getLogger(__name__)

PATH = "/feishu/events"
KEPT = JSONResponse({})
WINDOW_SECONDS = 300.0
"""How old a signed request may be. Feishu signs every repeat anew."""


class Webhook:
    """An ASGI application that receives events and callbacks of cards."""

    def __init__(
        self,
        settings: FeishuSettings,
        receiver: Receiver,
        now: Callable[[], datetime],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.key = settings.encrypt_key.get_secret_value()
        self.verification = settings.verification_token.get_secret_value()
        self.receiver, self.now, self.body_seconds = receiver, now, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of Feishu."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except NotTaken as error:
            log.warning("a request to %s was not taken: %s", PATH, error)
            response = JSONResponse({"msg": str(error)}, error.status)
        except ClientDisconnect:
            return
        except Exception:
            log.exception("an event could not be kept; Feishu will send it again")
            response = JSONResponse({"msg": "try again"}, 500)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            raise NotTaken(405, "only POST")
        body = await read_body(request, self.body_seconds)
        payload = self._opened(body, dict(request.headers))
        if payload.get("type") == "url_verification":
            return JSONResponse({"challenge": str(payload.get("challenge", ""))[:1000]})
        answer = await self.receiver.receive(payload)
        return JSONResponse(answer) if answer else KEPT

    def _opened(self, body: bytes, headers: dict[str, str]) -> Json:
        """The event in the request, once it is proven to be Feishu's. Raises NotTaken."""
        if not self.key:
            raise NotTaken(503, "feishu.encrypt_key is not set: nothing can be believed")
        payload = self._decrypted(_parsed(body))
        # The challenge of the set-up page comes without a signature; that it could be decrypted is enough.
        if payload.get("type") != "url_verification":
            self._check_signature(body, headers)
        if self.verification and not _same(self.verification, _token(payload)):
            raise NotTaken(401, "wrong verification token")
        return payload

    def _decrypted(self, payload: Json) -> Json:
        sealed = payload.get("encrypt")
        if not isinstance(sealed, str):
            raise NotTaken(401, "not encrypted")
        try:
            return _parsed(sdk.load("lark_oapi.core.utils").AESCipher(self.key).decrypt_str(sealed).encode())
        except ValueError:
            raise NotTaken(401, "cannot be decrypted with feishu.encrypt_key") from None

    def _check_signature(self, body: bytes, headers: dict[str, str]) -> None:
        stamp, nonce = headers.get("x-lark-request-timestamp", ""), headers.get("x-lark-request-nonce", "")
        signed = hashlib.sha256(f"{stamp}{nonce}{self.key}".encode() + body).hexdigest()
        if not _same(signed, headers.get("x-lark-signature", "")):
            raise NotTaken(401, "wrong signature")
        try:
            age = abs(self.now().timestamp() - float(stamp))
        except ValueError:
            raise NotTaken(401, "no time") from None
        if not age <= WINDOW_SECONDS:
            raise NotTaken(401, "too old, or this machine's clock is wrong")


def _parsed(body: bytes) -> Json:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise NotTaken(400, "no JSON") from None
    if not isinstance(payload, dict):
        raise NotTaken(400, "no event")
    return payload


def _token(payload: Json) -> str:
    header = payload.get("header")
    token = header.get("token") if isinstance(header, dict) else payload.get("token")
    return token if isinstance(token, str) else ""


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
