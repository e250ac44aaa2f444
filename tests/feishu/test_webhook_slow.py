"""Whoever announces a body and does not send it is let go."""

import asyncio
from datetime import UTC, datetime
from unittest.mock import Mock

from pydantic import SecretStr
from starlette.types import Message

from bot.platforms.feishu.webhook import Webhook
from bot.settings.chats import FeishuSettings


def test_a_body_that_does_not_come_ends_the_request() -> None:
    settings = FeishuSettings(app_id="a", app_secret=SecretStr("s"), encrypt_key=SecretStr("k"))
    made = Webhook(settings, Mock(), lambda: datetime.now(UTC), 0.05)
    sent: list[Message] = []

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/feishu/events", "headers": [(b"content-length", b"9")]}
    asyncio.run(asyncio.wait_for(made(scope, never, send), 10))
    assert sent[0]["status"] == 408
