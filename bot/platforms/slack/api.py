"""Calls of Slack's Web API: within rate limits that all replicas share, waiting when Slack says so, with faults
told apart."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.slack.limits import Limits
from bot.platforms.slack.markup import Json
from bot.ports.chat import TryLater
from bot.ports.host import RateLimits
from bot.settings.chats import SlackSettings

log = logging.getLogger(__name__)

LONGEST_WAIT = 10.0
"""For a place in a rate limit: a longer wait is better spent elsewhere."""
ADMIN_SECONDS, DEFAULT_SECONDS = 60.0, 5.0

TIER_2, TIER_3, TIER_4 = 20, 50, 100
PER_MINUTE = {
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.info": TIER_3,
    "conversations.open": TIER_3,
    "conversations.members": TIER_4,
    "files.info": TIER_4,
    "files.upload": TIER_4,
    "pins.add": TIER_2,
    "pins.remove": TIER_2,
    "reactions.add": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.publish": TIER_4,
}
"""What is reserved before it is called: chat.postMessage has a pace in each channel, and dialogs cannot wait."""

ADMIN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "no_permission",
    "org_login_required",
    "ekm_access_denied",
    "not_allowed_token_type",
    "team_access_not_granted",
}
"""What an admin has to mend: nothing is lost meanwhile."""
OUTAGE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


class NotAllowed(TryLater):
    """An admin has to change something in Slack first; the message says what."""


class SlackError(Exception):
    """Slack refused a call; `error` is Slack's own code for the reason."""

    def __init__(self, method: str, error: str, detail: str = "") -> None:
        super().__init__(f"{method}: {error}{f' ({detail})' if detail else ''}")
        self.method, self.error = method, error


@dataclass(frozen=True)
class Destination:
    """Where a message is posted: the channel, and the `ts` of the first message of a thread, or ""."""

    channel: str
    thread_ts: str = ""

    def arguments(self) -> dict[str, str]:
        """The place as arguments of the Web API."""
        return {"channel": self.channel} | ({"thread_ts": self.thread_ts} if self.thread_ts else {})


class SlackApi:
    """Calls methods with the bot's token. Every call ends within its limit, and waiting for the rate limit within
    LONGEST_WAIT. Raises TryLater when Slack or the rate limit asks to wait, NotAllowed for what an admin
    has to change, SlackError for any other refusal, and OSError for an outage."""

    def __init__(self, settings: SlackSettings, rates: RateLimits, limits: Limits) -> None:
        token, url = settings.bot_token.get_secret_value(), settings.base_url
        self.rates, self.limits = rates, limits
        seconds = (limits.call, limits.upload, limits.prompt)
        # None of them tries again by itself: whether a message whose answer got lost is shown, has to be looked up.
        clients = [WebClient(token, base_url=url, timeout=each, retry_handlers=[]) for each in seconds]
        self._client, self._uploader, self._prompt = clients
        self._places: dict[tuple[str, str], float] = {}
        self._closed: dict[str, float] = {}
        self._ending = threading.Event()

    def end(self) -> None:
        """Interrupt all waiting for rate limits."""
        self._ending.set()

    def call(self, method: str, **arguments: Any) -> Json:
        """Call a method that changes something, within its rate limit."""
        subject = str(arguments.get("ts") or arguments.get("channel") or "")
        return self._paced(method, subject, lambda: self._client.api_call(method, json=arguments))

    def read(self, method: str, **arguments: Any) -> Json:
        """Call a method that only reads, within its rate limit."""
        return self._paced(method, "", lambda: self._client.api_call(method, http_verb="GET", params=arguments))

    def at_once(self, method: str, **arguments: Any) -> Json:
        """Call a method that changes something while a person waits: at once and without waiting for
        the rate limit."""
        return self._made(method, lambda: self._prompt.api_call(method, json=arguments))

    def ask(self, method: str, **arguments: Any) -> Json:
        """Call a method that only reads while a person waits: at once and without waiting for the
        rate limit."""
        return self._made(method, lambda: self._prompt.api_call(method, http_verb="GET", params=arguments))

    def upload(self, content: Any, **about: Any) -> Json:
        """Upload a file in Slack's three steps, and return its data. Without a channel it is not posted, for
        blocks to show it."""
        send = self._uploader.files_upload_v2
        answer = self._paced("files.upload", "", lambda: send(file=content, request_file_info=False, **about))
        return dict(answer["files"][0])

    def _paced(self, method: str, subject: str, send: Callable[[], Any]) -> Json:
        self._wait(method, subject)
        return self._made(method, send)

    def _made(self, method: str, send: Callable[[], Any]) -> Json:
        try:
            answer = send()
        except SlackApiError as error:
            raise self._fault(method, error) from error
        except SlackClientError as error:
            raise ConnectionError(f"{method}: {error}") from error
        return dict(answer.data)

    def _wait(self, method: str, subject: str) -> None:
        """Wait for the rate limit of the method. A reservation that is too far away is kept for the next try."""
        if (closed := self._closed.get(method, 0.0) - time.monotonic()) > 0:
            raise TryLater(closed, f"{method}: Slack asked to wait")
        if method not in PER_MINUTE:
            return
        due = self._places.pop((method, subject), None)
        if due is None:
            due = time.monotonic() + self.rates.reserve(method, PER_MINUTE[method], self.limits.burst)
        wait = due - time.monotonic()
        if wait > LONGEST_WAIT:
            self._places[method, subject] = due
            raise TryLater(wait, f"{method}: {PER_MINUTE[method]} calls a minute")
        if wait > 0:
            self._ending.wait(wait)

    def _fault(self, method: str, error: SlackApiError) -> Exception:
        status, headers, data = _parts(error)
        name = str(data.get("error") or f"http_{status}")
        if status == 429 or name in ("ratelimited", "rate_limited"):
            return self._limited(method, headers)
        if status >= 500 or name in OUTAGE:
            return ConnectionError(f"{method}: {name}")
        if name in ADMIN:
            needed = f", needs {data['needed']}: reinstall the app" if data.get("needed") else ""
            return NotAllowed(ADMIN_SECONDS, f"{method}: {name}{needed}")
        messages = data.get("response_metadata", {}).get("messages") or data.get("errors") or []
        return SlackError(method, name, "; ".join(map(str, messages))[:500])

    def _limited(self, method: str, headers: Any) -> TryLater:
        self.rates.waited(method)
        given = str(headers.get("Retry-After") or headers.get("retry-after") or "")
        seconds = float(given) if given.isdecimal() else DEFAULT_SECONDS
        if method != "chat.postMessage":
            # That one is limited in each channel by itself; what is limited for all is left alone by all.
            self._closed[method] = time.monotonic() + seconds
        return TryLater(seconds, f"{method}: Slack asked to wait")


def _parts(error: SlackApiError) -> tuple[int, Any, Json]:
    """Status, headers and data of a refusal; empty where there are none."""
    answer: Any = error.response
    data = answer if isinstance(answer, dict) else getattr(answer, "data", None)
    status = getattr(answer, "status_code", None) or (data or {}).get("status") or 500
    headers = getattr(answer, "headers", None) or {}
    return int(status), headers, data if isinstance(data, dict) else {}
