"""One long connection made with the SDK's client. Importing this module loads that part of the SDK."""

import asyncio
import base64
import json
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from bot.platforms.feishu import api_sdk as sdk
from bot.platforms.feishu.api import ENDPOINT, Api, Call
from bot.platforms.feishu.markup import Json

log = logging.getLogger(__name__)

ws, levels = sdk.load(sdk.CONNECTION), sdk.load("lark_oapi.core.enum").LogLevel


class Client(ws.Client):  # type: ignore[misc, name-defined]
    """One connection. `answer(payload)` gives the answer to an event; `broken` is set when the connection has
    ended."""

    def __init__(self, api: Api, answer: Callable[[bytes], Awaitable[Json]]) -> None:
        settings = api.settings
        secret = settings.app_secret.get_secret_value()
        # Its own log prints the address with its ticket.
        quiet = {"log_level": levels.CRITICAL, "auto_reconnect": False}
        super().__init__(settings.app_id, secret, domain=api.base, **quiet)
        self.api, self.answer = api, answer
        self.broken = asyncio.Event()
        self.pinging: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, and start to receive and to ping."""
        self.address = await asyncio.to_thread(self._ask_address)
        await self._connect()
        self.pinging = asyncio.ensure_future(self._ping_loop())

    async def shut(self) -> None:
        """Close the connection, if it is open."""
        if self.pinging:
            self.pinging.cancel()
        await self._disconnect()

    def _ask_address(self) -> str:
        secret = {"AppID": self._app_id, "AppSecret": self._app_secret}
        given = self.api.open_call(Call("POST", ENDPOINT, {}, body=secret))
        wanted = given.get("ClientConfig")
        if isinstance(wanted, dict) and isinstance(wanted.get("PingInterval"), int):
            self._configure(ws.ClientConfig(wanted))
        return str(given["URL"])

    def _get_conn_url(self) -> str:
        return self.address

    async def _receive_message_loop(self) -> None:
        try:
            await super()._receive_message_loop()
        except Exception as error:
            log.info("the long connection ended: %s", type(error).__name__)
        finally:
            self.broken.set()

    async def _handle_data_frame(self, frame: Any) -> None:
        named = {header.key: header.value for header in frame.headers}
        payload = frame.payload
        if (parts := int(named.get("sum", 1))) > 1:
            payload = self._combine(named["message_id"], parts, int(named["seq"]), payload)
        if payload is None or named.get("type") != "event":
            return
        began = monotonic()
        frame.payload = json.dumps(await self._reply(payload)).encode()
        took = frame.headers.add()
        took.key, took.value = "biz_rt", str(int((monotonic() - began) * 1000))
        await self._write_message(frame.SerializeToString())

    async def _reply(self, payload: bytes) -> Json:
        try:
            answer = json.dumps(await self.answer(payload), ensure_ascii=False).encode()
        except Exception:
            log.exception("an event could not be kept; Feishu will send it again")
            return {"code": 500}
        return {"code": 200, "data": base64.b64encode(answer).decode()}
