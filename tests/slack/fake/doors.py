"""How Slack brings something to an app: signed over HTTP with retries, or over Socket Mode."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from tests.slack.fake.sockets import Sockets

Json = dict[str, Any]
SECRET = "shhh-it-is-a-secret"
PATIENCE_SECONDS = 3
RETRIES = 3
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class NotTaken(Exception):
    """The app did not take it, retries included."""


class Door(Protocol):
    """A way to the app; what comes back is what the app answered with, {} for nothing."""

    def event(self, body: Json, retry: int = 0) -> None: ...
    def command(self, form: dict[str, str]) -> Json: ...
    def interaction(self, payload: Json) -> Json: ...


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers of Slack's signature."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


@dataclass
class HttpDoor:
    """Posts to `url`. `answers_lost` is how many good answers get lost on their way, so that Slack tries again."""

    url: str
    patience: float = PATIENCE_SECONDS
    answers_lost: int = 0
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """One client for all; without certificates, whose reading takes its time."""
        self.client = httpx.Client(timeout=self.patience, verify=False)

    def post(
        self, body: bytes, kind: str = JSON, secret: str = SECRET, at: float | None = None, **more: str
    ) -> httpx.Response:
        """One signed request; `more` are further headers."""
        headers = {"content-type": kind, **signed(body, secret, at), **more}
        response = self.client.post(self.url, content=body, headers=headers)
        self.statuses.append(response.status_code)
        return response

    def event(self, body: Json, retry: int = 0) -> None:
        """Deliver an event, again with the retry headers until it is taken."""
        data = json.dumps(body).encode()
        for number in range(retry, RETRIES + 1):
            reason = "http_timeout" if number else ""
            more = {"x-slack-retry-num": str(number), "x-slack-retry-reason": reason} if number else {}
            if self.post(data, **more).is_success:
                if not self.answers_lost:
                    return
                self.answers_lost -= 1
        raise NotTaken(f"statuses {self.statuses[-4:]}")

    def command(self, form: dict[str, str]) -> Json:
        """A slash command; never tried again."""
        return self._once(urlencode(form).encode())

    def interaction(self, payload: Json) -> Json:
        """A button, form or shortcut; never tried again."""
        return self._once(urlencode({"payload": json.dumps(payload)}).encode())

    def _once(self, data: bytes) -> Json:
        response = self.post(data, FORM)
        if not response.is_success:
            raise NotTaken(f"status {response.status_code}: {response.text[:200]}")
        return json.loads(response.text) if response.text.strip().startswith("{") else {}

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


@dataclass
class SocketDoor:
    """Brings payloads over whichever connection Slack picks."""

    sockets: Sockets

    def event(self, body: Json, retry: int = 0) -> None:
        """An event."""
        self.sockets.deliver("events_api", body, retry)

    def command(self, form: dict[str, str]) -> Json:
        """A slash command."""
        return dict(self.sockets.deliver("slash_commands", form).get("payload") or {})

    def interaction(self, payload: Json) -> Json:
        """A button, form or shortcut."""
        return dict(self.sockets.deliver("interactive", payload).get("payload") or {})

    def close(self) -> None:
        """Nothing: the connections are the app's."""
