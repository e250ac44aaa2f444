"""A port of its own for the webhooks of platforms: it serves their paths and nothing else, whatever Host a proxy
sends."""

import socket
import threading
from collections.abc import Mapping

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

GRACE_SECONDS, WAITING = 5, 2048


class PathRouter:
    """Passes each path to its application, which checks requests itself; any other path is not found."""

    def __init__(self, routes: Mapping[str, ASGIApp]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request by the application of its path, or with 404."""
        answer = self._routes.get(scope.get("path", ""), PlainTextResponse("There is nothing here.", 404))
        await answer(scope, receive, send)


class WebhookServer(uvicorn.Server):
    """Listens from its construction on, and answers from `begin` to `end` in a thread of its own."""

    def __init__(self, routes: Mapping[str, ASGIApp], host: str, port: int) -> None:
        """Port 0 takes a free one. Raises OSError when the address cannot be had."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=WAITING)
        self._thread = threading.Thread(target=self.run, args=([self._socket],), name="webhooks", daemon=True)
        super().__init__(
            uvicorn.Config(
                PathRouter(routes),
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_keep_alive=30,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @property
    def port(self) -> int:
        """The port on which it listens."""
        port: int = self._socket.getsockname()[1]
        return port

    def begin(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def end(self) -> None:
        """Answer the requests that have arrived, then stop."""
        self.should_exit = True
        if self._thread.ident:
            self._thread.join(2 * GRACE_SECONDS)
        self._socket.close()
