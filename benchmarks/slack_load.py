"""Signed events thrown at an HTTP door as fast as it answers, and the two programs that are compared."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.slack.fake.doors import SECRET, signed
from tests.slack.fake.world import APP, BOT, TEAM

CHANNEL, PERSON, PATH = "C0OPS0001", "U0LI00000", "/slack/events"


def request(number: int, run: str = "") -> bytes:
    """One mention as Slack posts it."""
    ts = f"{1_760_000_000 + number // 1000}.{number % 1000:06d}"
    event = {"type": "app_mention", "user": PERSON, "text": f"<@{BOT}> help", "ts": ts, "event_ts": ts}
    body: dict[str, Any] = {
        "type": "event_callback",
        "token": "old",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": {**event, "channel": CHANNEL, "client_msg_id": f"{run}{number}", "team": TEAM},
        "event_id": f"Ev{run}{number:09d}",
        "event_time": 1_760_000_000,
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "enterprise_id": None}],
    }
    data = json.dumps(body).encode()
    headers = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(data))}
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in (headers | signed(data)).items())]
    return "\r\n".join([*lines, "", ""]).encode() + data


async def _client(port: int, mine: list[bytes], delays: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for message in mine:
        began = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
        await reader.readexactly(int(fields.get(b"content-length", b"0")))
        assert head.startswith(b"HTTP/1.1 200"), head
        delays.append(time.perf_counter() - began)
    writer.close()


def rate(port: int, requests: list[bytes], clients: int = 64) -> tuple[float, float]:
    """Events taken per second, and the 99th percentile of the seconds to the answer."""
    delays: list[float] = []

    async def all_of_them() -> None:
        await asyncio.gather(*(_client(port, requests[start::clients], delays) for start in range(clients)))

    began = time.perf_counter()
    asyncio.run(all_of_them())
    return len(requests) / (time.perf_counter() - began), sorted(delays)[len(delays) * 99 // 100]


def bare(port: int) -> None:
    """A bolt app whose only listener does nothing."""
    import uvicorn
    from slack_bolt import App
    from slack_bolt.adapter.starlette import SlackRequestHandler
    from slack_bolt.authorization import AuthorizeResult
    from starlette.applications import Starlette
    from starlette.routing import Route

    me = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-good", bot_user_id=BOT)
    app = App(signing_secret=SECRET, authorize=lambda: me)
    app.event("app_mention")(lambda: None)
    handler = SlackRequestHandler(app)
    web = Starlette(routes=[Route(PATH, handler.handle, methods=["POST"])])
    uvicorn.run(web, port=port, log_level="error", access_log=False)


def ours(port: int, folder: Path, base_url: str) -> None:
    """The program's door; turns are left to others: what counts here is that the event is kept."""
    import uvicorn
    from starlette.responses import PlainTextResponse

    from bot.platforms.console.server import PrefixRouter
    from bot.runtime.bootstrap import App
    from bot.settings.chats import SlackSettings
    from bot.settings.model import Settings
    from tests.engine.fakes import Beginning

    slack = SlackSettings(bot_token="xoxb-good", signing_secret=SECRET, mode="http", base_url=base_url)
    app = App(Settings(data_dir=folder, slack=slack)).open()
    app.engine_proxy.hand_over(Beginning())
    app.platforms["slack"].begin()
    front = PrefixRouter(PlainTextResponse("", 404), app.platforms["slack"].routes)
    uvicorn.run(front, port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare(int(sys.argv[2]))
    else:
        ours(int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
