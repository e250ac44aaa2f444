"""What an app offers Slack on the HTTP side, behind a real socket."""

import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

import uvicorn
from starlette.responses import PlainTextResponse

from bot.platforms.console.server import PrefixRouter

STARTING_SECONDS = 60


class Served:
    """A server whose doors change with the app under test."""

    def __init__(self) -> None:
        self.doors: Mapping[str, Any] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.home = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(self._call, interface="asgi3", log_level="error", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)
        self._thread.start()
        limit = time.monotonic() + STARTING_SECONDS
        while not self._server.started:
            assert time.monotonic() < limit and self._thread.is_alive()
            time.sleep(0.005)

    async def _call(self, scope: Any, receive: Any, send: Any) -> None:
        await PrefixRouter(PlainTextResponse("no such door", 404), self.doors)(scope, receive, send)

    def stop(self) -> None:
        """End."""
        # Clients may keep connections open for good; nobody waits for them.
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(STARTING_SECONDS)
        self._listener.close()
