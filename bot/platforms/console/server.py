"""The console's web server: refuses unsafe addresses, and stops without waiting for open pages."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from bot.platforms.console.security import check_binding

GRACE_SECONDS = 5


class ConsoleServer(uvicorn.Server):
    """Serves an application made by `create_app`; `run()` blocks, `should_exit = True` stops it."""

    def __init__(
        self, app: Starlette, host: str = "127.0.0.1", port: int = 0, ready: Callable[[], None] = lambda: None
    ) -> None:
        """Port 0 takes a free one; `ready` is called once requests are answered. Raises UnsafeBinding for an open
        address without a token."""
        self._console, self._ready = app.state.console, ready
        check_binding(host, self._console.token)
        super().__init__(
            uvicorn.Config(
                app,
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
        """Listen, then say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the live streams first: they never end by themselves, and the server would wait for them."""
        await self._console.pulse.close()
        await super().shutdown(sockets)

    @property
    def address(self) -> str:
        """Where a browser on this machine opens it; known once `started`."""
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"
