"""Calls to TikTok Shop's API: signed, paced, repeated where that helps."""

import json
import logging
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from bot.domain.backoff import pause
from bot.ports.tiktok import AccessTokens, ApiFault
from bot.sources.tiktok.answers import MOST_BYTES, Expired, NoSuchPath, Passing, TooFast, data_of
from bot.sources.tiktok.operations import Operation
from bot.sources.tiktok.pace import Pace
from bot.sources.tiktok.signing import sign

log = logging.getLogger(__name__)
# The addresses that it tells hold the app's secret.
logging.getLogger("httpx").setLevel(logging.WARNING)

TIMES = httpx.Timeout(20.0, connect=10.0)
LONGEST_PAUSE = 60.0
ATTEMPTS, REFUSALS = 7, 12
SKEW_SECONDS = 30
"""So far a clock may be off: the server takes timestamps from five minutes before to thirty seconds after its own."""


@dataclass(frozen=True)
class ApiApp:
    """The app in whose name requests are signed, and the server they go to."""

    key: str
    secret: str
    base_url: str


@dataclass
class Wire:
    """The connection that the calls of one shop share: the HTTP client, the pace, and the machine's real time, which
    signs whatever the program's own clock says. `skew` is how far the server's clock is ahead, in seconds."""

    http: httpx.Client
    pace: Pace
    time: Callable[[], float] = time.time
    skew: float = 0.0

    @property
    def calls(self) -> int:
        """How many requests were made."""
        return self.pace.begun

    def timestamp(self) -> str:
        """The epoch second with which a request is signed: the server's, where this machine's clock is far off."""
        return str(int(self.time() + (self.skew if abs(self.skew) > SKEW_SECONDS else 0)))

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[httpx.Response, bytes]:
        """One request; raises Passing when no whole answer comes."""
        self.pace.wait()
        try:
            with self.http.stream(method, url, headers=dict(headers), content=body or None) as response:
                read = bytearray()
                for chunk in response.iter_bytes():
                    read += chunk
                    if len(read) > MOST_BYTES:
                        raise Passing("an answer without end")
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Passing(type(error).__name__) from None
        self._compare(response.headers.get("date", ""))
        return response, bytes(read)

    def _compare(self, date: str) -> None:
        try:
            self.skew = parsedate_to_datetime(date).timestamp() - self.time()
        except (ValueError, TypeError):
            return


class TikTokClient:
    """The API for one authorisation and, with its `cipher`, one shop. `versions` remembers the paths of operations
    whose newest version the server does not have."""

    def __init__(
        self,
        app: ApiApp,
        tokens: AccessTokens,
        wire: Wire,
        cipher: str = "",
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self.app, self.tokens, self.wire, self.cipher = app, tokens, wire, cipher
        self.versions: MutableMapping[str, str] = dict(versions or {})

    def call(
        self,
        operation: Operation,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        id: str = "",
    ) -> dict[str, Any]:
        """The data that the operation answers with; `id` fills in its path. Raises ApiFault."""
        known = self.versions.get(operation.name, operation.paths[0])
        for path in (known, *(path for path in operation.paths if path != known)):
            try:
                data = self._patiently(operation, path.replace("{id}", quote(id, safe="")), params or {}, body)
            except NoSuchPath:
                continue
            if path != operation.paths[0] or operation.name in self.versions:
                self.versions[operation.name] = path
            return data
        raise ApiFault("path", message=operation.name)

    def _patiently(
        self, operation: Operation, path: str, params: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        token, renewed, corrected = self.tokens.current(), False, False
        failures = refusals = 0
        while True:
            skew = self.wire.skew
            try:
                data = self._once(operation, path, params, body, token)
            except TooFast as error:
                refusals += 1
                if refusals >= REFUSALS:
                    raise ApiFault("rate") from None
                self.wire.pace.refused(self._rest(error, refusals))
            except Passing as error:
                failures += 1
                log.info("%s: %s, try %d", operation.name, error, failures)
                if failures >= ATTEMPTS:
                    raise ApiFault("unreachable", message=str(error)) from None
                self.wire.pace.sleep(pause(failures, LONGEST_PAUSE, 0.5))
            except Expired:
                if renewed:
                    raise ApiFault("authorisation") from None
                token, renewed = self.tokens.renewed(token), True
            except ApiFault as error:
                # The first answer says what the time is there; what was signed with another is signed again.
                if corrected or abs(self.wire.skew - skew) <= SKEW_SECONDS:
                    raise self._explained(error) from None
                corrected = True
            else:
                self.wire.pace.answered()
                return data

    def _explained(self, error: ApiFault) -> ApiFault:
        """A refused signature of a machine whose clock is far off is the clock's fault."""
        off = error.kind in ("signature", "parameter") and abs(self.wire.skew) > SKEW_SECONDS
        return ApiFault("clock", error.code, error.message) if off else error

    def _rest(self, error: TooFast, refusals: int) -> float:
        """How long to wait after a refusal: what the server says, else a little longer each time."""
        if error.seconds is not None:
            return error.seconds
        return pause(refusals, LONGEST_PAUSE, 1 / self.wire.pace.rate)

    def _once(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str],
        body: Mapping[str, Any] | None,
        token: str,
    ) -> dict[str, Any]:
        sent = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        query = {**params, "app_key": self.app.key, "timestamp": self.wire.timestamp()}
        if operation.of_shop:
            query["shop_cipher"] = self.cipher
        query["sign"] = sign(self.app.secret, path, query, sent)
        url = f"{self.app.base_url}{path}?{urlencode(query)}"
        headers = {"content-type": "application/json", "x-tts-access-token": token}
        response, answer = self.wire.send(operation.method, url, headers, sent)
        return data_of(response, answer, operation)


def http_client() -> httpx.Client:
    """A client for the API's calls; redirects are not followed, because requests are signed for one address."""
    return httpx.Client(timeout=TIMES, follow_redirects=False)
