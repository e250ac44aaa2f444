"""Receiving webhooks of chat platforms: on a port of their own, or on the console's port when that requires a
token."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from bot.runtime.bootstrap import App
from bot.settings.files import ConfigError
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.platforms.webhook_server import WebhookServer


def routes_of(app: App) -> dict[str, Any]:
    """The ASGI applications to which platforms post, by path."""
    return {path: application for platform in app.platforms.values() for path, application in platform.routes.items()}


def are_shared(settings: Settings, routes: Collection[str]) -> bool:
    """Whether webhooks come to the console's own port. Raises ConfigError when that would open the console to
    strangers: a proxy that passes webhooks on reaches the console too, with any Host header."""
    if not routes or not settings.webhooks.port or settings.webhooks.port != settings.console.port:
        return False
    if settings.console.token.strip():
        return True
    raise ConfigError(
        f"webhooks.port: {settings.webhooks.port} is the console's port, and whoever reaches {', '.join(routes)} "
        "there could open the console too; expected another port, or a console.token"
    )


class Webhooks:
    """The port to which platforms post their webhooks. Raises ConfigError when the port cannot be had, or when
    sharing it would open the console."""

    def __init__(self, settings: Settings, routes: Mapping[str, Any]) -> None:
        self._settings, self._routes = settings.webhooks, routes
        self.beside = routes if are_shared(settings, routes) else {}
        """What the console's port takes too."""
        self._server = self._listen() if routes and not self.beside else None

    def _listen(self) -> "WebhookServer":
        from bot.platforms.webhook_server import WebhookServer

        host, port = self._settings.host, self._settings.port
        try:
            return WebhookServer(self._routes, host, port)
        except OSError as error:
            cause = error.strerror or error
            raise ConfigError(
                f"webhooks.port: cannot listen on {host}, port {port}: {cause}; expected an address of this machine "
                "and a port that nobody uses"
            ) from error

    def begin(self, tell: Callable[[str], None]) -> None:
        """Answer requests from now on, and tell the address."""
        if self._server:
            self._server.begin()
            tell(f"odr-bot: {', '.join(self._routes)} on http://{self._settings.host}:{self._server.port}")

    def end(self) -> None:
        """Stop listening; requests that have arrived are answered."""
        if self._server:
            self._server.end()
