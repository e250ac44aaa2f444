"""Socket Mode: a connection from here to Slack, kept up by the client of slack_sdk; no public address is needed."""

import logging
import threading
from collections.abc import Callable
from itertools import count

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.internals import send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.domain.backoff import pause
from bot.platforms.slack.markup import Json
from bot.settings.chats import SlackSettings

log = logging.getLogger(__name__)

THREADS = 8
LONGEST_PAUSE_SECONDS, ENDING_SECONDS = 30, 10
PING_SECONDS = 0.4
"""Between two pings. The client takes a connection for dead that has not answered for 4 of them, or that 6 of them
could not be sent to: so one that was cut without a word is made anew within 3 seconds."""


class Connection:
    """Connects in a thread of its own, and again whenever the connection breaks; payloads go to `take`."""

    def __init__(self, settings: SlackSettings, take: Callable[[Json], BoltResponse]) -> None:
        self._settings, self._take = settings, take
        self._client: SocketModeClient | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._connect, name="slack-socket", daemon=True)

    def begin(self) -> None:
        """Start connecting, without waiting for it."""
        self._thread.start()

    def end(self) -> None:
        """Close the connection; what has arrived is handled first."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(ENDING_SECONDS)
        if self._client:
            _close(self._client)

    def _connect(self) -> None:
        token, url = self._settings.app_token.get_secret_value(), self._settings.base_url
        client = SocketModeClient(
            token, web_client=WebClient(base_url=url, timeout=10), concurrency=THREADS, ping_interval=PING_SECONDS
        )
        client.socket_mode_request_listeners.append(self._receive)
        self._client = client
        for failures in count(1):
            if self._ending.is_set():
                return
            try:
                client.connect()
                return
            except (SlackApiError, SlackClientError, OSError) as error:
                seconds = pause(failures, LONGEST_PAUSE_SECONDS)
                log.error("Socket Mode: %s; next try in %.0f s", _why(error), seconds)
                self._ending.wait(seconds)

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """Store a payload, then acknowledge it. Slack sends a payload again that was not stored."""
        if not isinstance(request.payload, dict) or not isinstance(request.payload.get("event", {}), dict):
            log.warning("Socket Mode: a payload that is no object was dropped")
            return
        send_response(client, request, self._take(request.payload), 0.0)


def _close(client: SocketModeClient) -> None:
    try:
        client.close()
    except AttributeError:
        # Its own thread has closed the connection at the same moment; what else there is has not ended yet.
        client.close()


def _why(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return str(error)
