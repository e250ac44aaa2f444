"""The console's web server: refuses unsafe addresses, and stops without waiting for open pages."""

import socket
from collections.abc import Callable, Collection, Mapping

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.platforms.console.security import check_binding

GRACE_SECONDS = 5


class PrefixRouter:
    """Passes requests to the console, or by their path to other applications that the console's access check does
    not cover."""

    def __init__(self, console: ASGIApp, beside: Mapping[str, ASGIApp]) -> None:
        self._console, self._beside = console, beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the application whose prefix its path has, else to the console."""
        path = scope.get("path", "")
        others = (other for prefix, other in self._beside.items() if path.startswith(prefix))
        application = next(others, self._console)
        await application(scope, receive, send)


class ConsoleServer(uvicorn.Server):
    """Serves an application made by `create_app`. `run()` blocks; `should_exit = True` stops it."""

    def __init__(
        self,
        app: Starlette,
        host: str = "127.0.0.1",
        port: int = 0,
        ready: Callable[[], None] = lambda: None,
        beside: Mapping[str, ASGIApp] | None = None,
        proxies: Collection[str] = (),
    ) -> None:
        """Port 0 takes a free one. `ready` is called once requests are answered. `beside` are other applications
        by path prefix, which check requests themselves. Raises UnsafeBinding for an address open to the network
        without a token and without `proxies` that alone are answered."""
        self._console, self._ready = app.state.console, ready
        check_binding(host, self._console.token, proxies)
        super().__init__(
            uvicorn.Config(
                PrefixRouter(app, beside) if beside else app,
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_keep_alive=30,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then call `ready`."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the live streams before the server stops: they never end by themselves, and the server would wait
        for them."""
        await self._console.poller.close()
        await super().shutdown(sockets)

    @property
    def port(self) -> int:
        """The port on which it listens; known once `started`."""
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """The address at which a browser on this machine opens the console."""
        return f"http://127.0.0.1:{self.port}"
