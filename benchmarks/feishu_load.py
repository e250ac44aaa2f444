"""Sealed events as Feishu posts them, and the two programs whose doors are compared."""

import json
import sys
from pathlib import Path

from benchmarks.slack_load import rate
from bot.settings.chats import FeishuSettings
from tests.feishu.fake.clock import Advanced
from tests.feishu.fake.events import Events, mention
from tests.feishu.fake.webhook import sealed
from tests.feishu.fake.world import Message, World

APP, CHAT, PERSON, PATH = "cli_benchmark", "oc_ops", "ou_li", "/feishu/events"

__all__ = ["APP", "CHAT", "PERSON", "feishu", "rate", "request", "world"]


def world() -> World:
    """An app, a group and somebody in it."""
    made = World(APP, Advanced())
    made.person(made.bot, "odr-bot")
    made.chat(CHAT, PERSON)
    return made


def request(world: World, number: int, run: str) -> bytes:
    """One message that calls the bot, encrypted and signed."""
    called = [mention("@_user_1", world.bot, "odr-bot")]
    text = {"text": "@_user_1 帮助"}
    message = Message(f"om_{run}_{number}", CHAT, PERSON, "text", [text], world.clock.seconds(), mentions=called)
    parcel = sealed(world, Events(world).received(message, f"{run}-{number}"))
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(parcel.body))} | parcel.headers
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + parcel.body


def feishu(address: str) -> FeishuSettings:
    """The settings of the app."""
    there = world()
    secrets = {"encrypt_key": there.encrypt_key, "verification_token": there.verification_token}
    return FeishuSettings(app_id=APP, app_secret=there.app_secret, mode="webhook", base_url=address, **secrets)


def bare(port: int) -> None:
    """The kit's own dispatcher with a handler that does nothing, called where the request arrives."""
    import lark_oapi
    import uvicorn
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    there = world()
    builder = lark_oapi.EventDispatcherHandler.builder(there.encrypt_key, there.verification_token)
    dispatcher = builder.register_p2_im_message_receive_v1(lambda event: None).build()

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await send({"type": "http.response.start", "status": 405, "headers": _headers(b"")})
            await send({"type": "http.response.body"})
            return
        asked, given = Request(scope, receive), lark_oapi.RawRequest()
        given.uri, given.body = scope["path"], await asked.body()
        # The dispatcher knows the names in Feishu's own spelling only.
        given.headers = {name.title(): value for name, value in asked.headers.items()}
        answer = dispatcher.do(given)
        await send({"type": "http.response.start", "status": answer.status_code, "headers": _headers(answer.content)})
        await send({"type": "http.response.body", "body": answer.content or b""})

    uvicorn.run(door, port=port, log_level="error", access_log=False, lifespan="off")


def _headers(content: bytes | None) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", b"application/json"), (b"content-length", str(len(content or b"")).encode())]


def ours(port: int, folder: Path, address: str) -> None:
    """The program's door; turns are left to others: what counts here is that the event is kept."""
    import uvicorn
    from starlette.responses import PlainTextResponse

    from bot.platforms.console.server import PrefixRouter
    from bot.runtime.bootstrap import App
    from bot.settings.model import Settings
    from tests.engine.fakes import Beginning

    app = App(Settings(data_dir=folder, feishu=feishu(address))).open()
    app.engine_proxy.hand_over(Beginning())
    app.platforms["feishu"].begin()
    front = PrefixRouter(PlainTextResponse("", 404), app.platforms["feishu"].routes)
    uvicorn.run(front, port=port, log_level="error", access_log=False, lifespan="off")


def environment(folder: Path, address: str, mode: str) -> dict[str, str]:
    """For `odr-bot serve` with the app configured."""
    there = feishu(address)
    named = {
        "DATA_DIR": str(folder),
        "FEISHU__APP_ID": there.app_id,
        "FEISHU__APP_SECRET": there.app_secret.get_secret_value(),
        "FEISHU__ENCRYPT_KEY": there.encrypt_key.get_secret_value(),
        "FEISHU__VERIFICATION_TOKEN": there.verification_token.get_secret_value(),
        "FEISHU__MODE": mode,
        "FEISHU__BASE_URL": address,
        "SHOPS": json.dumps([{"id": "us-1", "name": "Bright Home", "site": "US", "channels": [f"feishu:{CHAT}"]}]),
    }
    return {f"ODR_BOT_{name}": value for name, value in named.items()}


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare(int(sys.argv[2]))
    else:
        ours(int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
