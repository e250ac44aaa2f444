"""The fake as a whole, served by a thread of its own with its own loop."""

import threading
from collections.abc import Callable

import uvicorn
from starlette.types import Receive, Scope, Send

from tests.feishu.fake.api import Api
from tests.feishu.fake.clock import Advanced
from tests.feishu.fake.connection import Connections
from tests.feishu.fake.people import Hands
from tests.feishu.fake.post import Post
from tests.feishu.fake.webhook import Webhook
from tests.feishu.fake.world import World

PATIENCE = 60


class FakeFeishu:
    """One Feishu for one app. Its parts: `world` what there is, `api` what the bot calls, `post` what it is told,
    `connections` the long ones, `hands` what people do."""

    def __init__(self, app_id: str, clock: Advanced | None = None) -> None:
        self.clock = clock or Advanced()
        self.world = World(app_id, self.clock)
        self.world.person(self.world.bot, "odr-bot")
        self.api, self.connections = Api(self.world), Connections(self.world)
        self.post = Post(self.world)
        self.hands = Hands(self.world, self.post)
        config = uvicorn.Config(self, port=0, log_level="critical", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name=f"feishu-{app_id}", daemon=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "websocket":
            await self.connections(scope, receive, send)
        elif scope["path"] == "/callback/ws/endpoint":
            await self.connections.endpoint(scope, receive, send)
        else:
            await self.api(scope, receive, send)

    def start(self) -> "FakeFeishu":
        """Serve on a free port of this machine."""
        self._thread.start()
        begun = threading.Event()
        for _ in range(PATIENCE * 100):
            if self._server.started:
                break
            begun.wait(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.connections.address = f"http://127.0.0.1:{port}"
        return self

    @property
    def address(self) -> str:
        """The base address of its API."""
        return self.connections.address

    def stop(self) -> None:
        """Serve no more; its thread ends by itself soon after."""
        self._server.force_exit = self._server.should_exit = True

    def knock_at(self, door: object, path: str) -> Webhook:
        """Bring events to a door on the web from now on."""
        webhook = Webhook(self.world, door, path)
        self.post.way = webhook.bring
        return webhook

    def wait_for(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Until something has happened here; raises TimeoutError."""
        with self.world.changed:
            if not self.world.changed.wait_for(condition, seconds):
                raise TimeoutError("it did not happen")

    def wait_for_lines(self, count: int) -> None:
        """Until so many clients are connected; events go over the long connection from now on."""
        self.wait_for(lambda: len(self.connections.lines) == count)
        self.post.way = self.connections.bring
