"""Events to a door on the web: encrypted, signed, and brought again when the door does not say 200 in time."""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
from Crypto.Cipher import AES

from tests.feishu.fake.world import Json, World
from tests.loops import run


@dataclass(frozen=True)
class Ack:
    """What the bot answered to one delivery; `status` 0 stands for nothing at all."""

    status: int
    body: Any
    seconds: float

    @property
    def good(self) -> bool:
        """Whether Feishu takes it as delivered."""
        return self.status == 200


@dataclass(frozen=True)
class Parcel:
    """An event as it is posted."""

    body: bytes
    headers: dict[str, str]


def sealed(world: World, event: Json, key: str | None = None, at: float | None = None) -> Parcel:
    """The event encrypted and signed with the app's key, or another; `at` is the Unix time of signing."""
    key = world.encrypt_key if key is None else key
    content = json.dumps(
        {"encrypt": encrypted(json.dumps(event, ensure_ascii=False), key)} if key else event
    ).encode()
    stamp = str(int(world.clock.now().timestamp() if at is None else at))
    nonce = secrets.token_hex(8)
    signature = hashlib.sha256((stamp + nonce + key).encode() + content).hexdigest()
    return Parcel(
        content,
        {
            "Content-Type": "application/json; charset=utf-8",
            "X-Lark-Request-Timestamp": stamp,
            "X-Lark-Request-Nonce": nonce,
            "X-Lark-Signature": signature,
        },
    )


def encrypted(text: str, key: str) -> str:
    """AES-256-CBC under the SHA-256 of the key, the initial vector before the text, in base64."""
    data = text.encode()
    pad = 16 - len(data) % 16
    start = secrets.token_bytes(16)
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, start)
    return base64.b64encode(start + cipher.encrypt(data + bytes([pad]) * pad)).decode()


class Webhook:
    """The way to one door: an ASGI application, or an address."""

    def __init__(self, world: World, door: Any, path: str) -> None:
        self.world, self.door, self.path = world, door, path

    def bring(self, event: Json, limit: float) -> Ack:
        """Post the event; within `limit` seconds, or it does not count."""
        return self.post(sealed(self.world, event), limit)

    def post(self, parcel: Parcel, limit: float = 3) -> Ack:
        """Post what is given, right or wrong."""
        began = time.monotonic()
        try:
            status, content = run(asyncio.wait_for(self._posted(parcel), limit))
        except (TimeoutError, httpx.HTTPError):
            return Ack(0, None, time.monotonic() - began)
        return Ack(status, _loaded(content), time.monotonic() - began)

    async def _posted(self, parcel: Parcel) -> tuple[int, bytes]:
        there = isinstance(self.door, str)
        transport = None if there else httpx.ASGITransport(self.door, raise_app_exceptions=False)
        base = self.door if there else "http://bot.example"
        async with httpx.AsyncClient(transport=transport, base_url=base, trust_env=False, verify=False) as client:
            answer = await client.post(self.path, content=parcel.body, headers=parcel.headers)
        return answer.status_code, answer.content


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
