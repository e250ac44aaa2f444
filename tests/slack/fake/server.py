"""Slack's own HTTP side on loopback: Web API, uploads, private downloads, answer addresses, Socket Mode."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from tests.slack.fake import files, methods, sockets, views  # noqa: F401 - their methods register themselves
from tests.slack.fake.calls import answer
from tests.slack.fake.rates import Rates
from tests.slack.fake.refused import Refused
from tests.slack.fake.sockets import Sockets
from tests.slack.fake.world import File, Message, World

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>" + "x" * 40_000 + "</body></html>"
)
STARTING_SECONDS = 60


class SlackServer:
    """Serves one World at a time; `renew` begins another one on the same port."""

    def __init__(self) -> None:
        self.world, self.rates, self.sockets = World(), Rates(), Sockets()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.home = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.renew()
        # A client of the SDK ends when something comes: pings come often, and no answer is no offence.
        pings = {"ws": "websockets-sansio", "ws_ping_interval": 0.1, "ws_ping_timeout": None}
        config = uvicorn.Config(_application(self), log_level="error", access_log=False, lifespan="off", **pings)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)

    @property
    def base_url(self) -> str:
        """What an app has for `base_url`."""
        return f"{self.home}/api/"

    def renew(self) -> World:
        """Forget everything."""
        self.world, self.rates = World(home=self.home), Rates()
        self.sockets.forget()
        return self.world

    def start(self) -> "SlackServer":
        """Serve in a thread."""
        self._thread.start()
        return self

    def break_lines(self) -> None:
        """End all connections of Socket Mode as a cable that is pulled: the other side hears no word of it."""
        for link in list(self.sockets.links):
            self.sockets._left(link)
        for line in list(self._server.server_state.connections):
            if "WebSocket" in type(line).__name__:
                line.loop.call_soon_threadsafe(line.transport.abort)

    def stop(self) -> None:
        """End."""
        self.sockets.close()
        # Clients may keep connections open for good; nobody waits for them.
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(STARTING_SECONDS)
        self._listener.close()


@contextmanager
def serving() -> Iterator[SlackServer]:
    """A Slack that answers until the block ends."""
    server = SlackServer().start()
    try:
        yield server
    finally:
        server.stop()


def _application(slack: SlackServer) -> Starlette:
    async def call(request: Request) -> Response:
        name = request.path_params["name"]
        given = answer(slack.world, slack.rates, name, *await _asked(request))
        if name == "apps.connections.open" and given.body["ok"]:
            given.body["url"] = slack.sockets.ticket(slack.home)
        return JSONResponse(given.body, given.status, given.headers)

    async def upload(request: Request) -> Response:
        content = await _uploaded(request)
        status = files.put(slack.world, request.path_params["file"], content)
        return PlainTextResponse(f"OK - {len(content)}" if status == 200 else "no such upload", status)

    def download(request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return _download(slack, slack.world.files.get(request.path_params["file"]), token)

    async def answered(request: Request) -> Response:
        return _answered(slack.world, request.path_params["name"], await request.json())

    return Starlette(
        routes=[
            Route("/api/{name}", call, methods=["GET", "POST"]),
            Route("/upload/{file}", upload, methods=["POST"]),
            Route("/files-pri/T0-{file}/download/{name}", download),
            Route("/elsewhere/{name:path}", lambda request: _elsewhere(slack.world, request)),
            Route("/answer/{name}", answered, methods=["POST"]),
            WebSocketRoute("/link", slack.sockets.serve),
        ]
    )


async def _asked(request: Request) -> tuple[str, dict[str, Any]]:
    """The token and the arguments, from JSON, form or query."""
    params: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        params |= json.loads(await request.body() or b"{}")
    elif request.method == "POST":
        params |= dict(await request.form())
    token = request.headers.get("authorization", "").removeprefix("Bearer ") or str(params.pop("token", ""))
    return token, params


async def _uploaded(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body()
    [part] = (await request.form()).values()
    return part.encode() if isinstance(part, str) else await part.read()


def _download(slack: SlackServer, file: File | None, token: str) -> Response:
    if file is None or file.content is None or file.serve == "gone":
        return Response(status_code=404)
    if file.serve == "outage":
        return PlainTextResponse("upstream connect error", 503)
    allowed = "files:read" in slack.world.tokens.get(token, "").split(",")
    if not allowed or file.serve == "login":
        # Slack answers 200 with its login page to who may not have the file.
        return Response(LOGIN_PAGE, 200, media_type="text/html; charset=utf-8")
    if file.serve == "redirect":
        port = slack.home.rpartition(":")[2]
        return RedirectResponse(f"http://localhost:{port}/elsewhere/{file.name}", 302)
    file.bodies += 1
    content = {"short": file.content[: len(file.content) // 2], "long": file.content * 3}.get(
        file.serve, file.content
    )
    if file.serve == "endless":
        return StreamingResponse(iter(lambda: b"x" * 65_536, b""), media_type="application/octet-stream")
    return Response(content, media_type=files.about(slack.world, file, full=True)["mimetype"])


def _elsewhere(world: World, request: Request) -> Response:
    """Another host: whoever brings the token here gives it away."""
    if "authorization" in request.headers:
        world.complain("the token went to another host")
    return Response(b"not yours", media_type="application/octet-stream")


def _answered(world: World, name: str, body: dict[str, Any]) -> Response:
    """What was sent to a response_url, five times at the most."""
    if world.answers.get(name, 0) <= 0:
        return JSONResponse({"ok": False, "error": "used_url"}, 404)
    world.answers[name] -= 1
    try:
        content = methods.content_of(world, body)
    except Refused as refused:
        return JSONResponse({"ok": False, "error": refused.error}, 400)
    channel, user = name.split("-")[:2]
    to = "" if body.get("response_type") == "in_channel" else user
    message = Message(channel, world.ts(), methods.BOT, **content, to=to)
    with world.changed:
        if to:
            world.ephemerals.append(message)
        else:
            world.add(message)
        world.changed.notify_all()
    return JSONResponse({"ok": True})
