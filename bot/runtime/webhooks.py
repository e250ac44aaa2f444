"""Where chats post to: a port of their own, or the console's when that asks for a token."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from bot.runtime.bootstrap import App
from bot.settings.model import ConfigError, Settings

if TYPE_CHECKING:
    from bot.platforms.webhook_server import DoorServer


def doors_of(app: App) -> dict[str, Any]:
    """path -> ASGI application for what chats post to us"""
    return {path: door for platform in app.platforms.values() for path, door in platform.routes.items()}


def are_shared(settings: Settings, doors: Collection[str]) -> bool:
    """Whether chats post to the console's own port. Raises ConfigError when that would open the console: a proxy
    leads strangers there, and may tell it any host."""
    if not doors or not settings.webhooks.port or settings.webhooks.port != settings.console.port:
        return False
    if settings.console.token.strip():
        return True
    raise ConfigError(
        f"webhooks.port: {settings.webhooks.port} is the console's port, and whoever reaches {', '.join(doors)} "
        "there could open the console too; expected another port, or a console.token"
    )


class Webhooks:
    """The way in for what chats post. Raises ConfigError for a port that is not to be had, or that would open the
    console."""

    def __init__(self, settings: Settings, doors: Mapping[str, Any]) -> None:
        self._settings, self._doors = settings.webhooks, doors
        self.beside = doors if are_shared(settings, doors) else {}
        """What the console's port takes too."""
        self._server = self._listen() if doors and not self.beside else None

    def _listen(self) -> "DoorServer":
        from bot.platforms.webhook_server import DoorServer

        host, port = self._settings.host, self._settings.port
        try:
            return DoorServer(self._doors, host, port)
        except OSError as error:
            cause = error.strerror or error
            raise ConfigError(
                f"webhooks.port: cannot listen on {host}, port {port}: {cause}; expected an address of this machine "
                "and a port that nobody uses"
            ) from error

    def begin(self, tell: Callable[[str], None]) -> None:
        """Take what comes from now on, and say where."""
        if self._server:
            self._server.begin()
            tell(f"odr-bot: {', '.join(self._doors)} on http://{self._settings.host}:{self._server.port}")

    def end(self) -> None:
        """Take no more."""
        if self._server:
            self._server.end()
