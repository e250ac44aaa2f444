"""Authorisation codes and tokens of sellers."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from bot.domain.backoff import pause
from bot.ports.tiktok import ApiFault, Granted, TokenPair
from bot.sources.tiktok.answers import PASSING, TOO_FAST, number, text

ATTEMPTS = 4
_ABSOLUTE = 1_000_000_000
_ENDINGS = ("/get", "/refresh", "/api/v2/token")
_SECRET_WORDS = ("app_secret", "app secret", "secret")


def code_of(pasted: str) -> str:
    """The authorisation code in what a person pasted: the code, or the address to which the seller was sent back.
    Raises ApiFault for an address that says that the seller refused, and for one without a code."""
    given = pasted.strip().strip("<>")
    if not any(sign in given for sign in ("://", "code=", "error=")):
        return given
    found = parse_qs(urlsplit(given).query or given.rpartition("?")[2] or given)
    if found.get("error"):
        raise ApiFault("denied", message=found["error"][0][:100])
    code = (found.get("code") or found.get("auth_code") or [""])[0]
    if not code:
        raise ApiFault("no_code")
    return code


class Authorisation:
    """Exchanges codes and refresh tokens at the platform's address for tokens."""

    def __init__(
        self,
        app_key: str,
        secret: str,
        auth_url: str,
        http: httpx.Client,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.app_key, self.secret, self.http, self.now, self.sleep = app_key, secret, http, now, sleep
        self.url = _without_endings(auth_url) + "/api/v2/token"

    def granted(self, code: str) -> Granted:
        """The tokens for an authorisation code, which can be used once. Raises ApiFault."""
        return self._ask("get", {"auth_code": code, "grant_type": "authorized_code"}, "code")

    def renewed(self, refresh: str) -> Granted:
        """The tokens for a refresh token. Raises ApiFault."""
        return self._ask("refresh", {"refresh_token": refresh, "grant_type": "refresh_token"}, "authorisation")

    def _ask(self, what: str, params: Mapping[str, str], refused: str) -> Granted:
        query = {"app_key": self.app_key, "app_secret": self.secret, **params}
        for attempt in range(1, ATTEMPTS + 1):
            answer = self._answer(f"{self.url}/{what}?{urlencode(query)}")
            code = number(answer.get("code"), -1)
            if code == 0:
                return self._granted(answer)
            if code != -1 and code not in TOO_FAST | PASSING:
                raise self._refused(code, text(answer.get("message"), 300), refused)
            if attempt < ATTEMPTS:
                self.sleep(pause(attempt, 20))
        raise ApiFault("unreachable")

    def _answer(self, url: str) -> dict[str, Any]:
        try:
            answer = json.loads(self.http.get(url).content)
        except (httpx.HTTPError, ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def _refused(self, code: int, message: str, refused: str) -> ApiFault:
        """The fault that an answer means. The message is repeated without the secret, should it be in it."""
        said = message.replace(self.secret, "…") if self.secret else message
        wrong_secret = any(word in message.lower() for word in _SECRET_WORDS)
        return ApiFault("secret" if wrong_secret else refused, code, said)

    def _granted(self, answer: dict[str, Any]) -> Granted:
        data = answer.get("data")
        if not isinstance(data, dict) or not text(data.get("access_token"), 4_000):
            raise ApiFault("other", message="no token in the answer")
        now = self.now()
        pair = TokenPair(
            text(data["access_token"], 4_000),
            text(data.get("refresh_token"), 4_000),
            now,
            _end(data.get("access_token_expire_in"), now, timedelta(days=7)),
            _end(data.get("refresh_token_expire_in"), now, timedelta(days=30)),
        )
        scopes = data.get("granted_scopes")
        named = tuple(text(item) for item in scopes) if isinstance(scopes, list) else ()
        region = text(data.get("seller_base_region"))
        return Granted(pair, text(data.get("open_id")), text(data.get("seller_name")), region, named)


def _end(value: object, now: datetime, usual: timedelta) -> datetime:
    """The instant at which a token ends: epoch seconds, or seconds from now where the number is small."""
    seconds = number(value)
    if seconds <= 0:
        return now + usual
    if seconds > _ABSOLUTE:
        return datetime.fromtimestamp(min(seconds, 4_000_000_000), UTC)
    return now + timedelta(seconds=seconds)


def _without_endings(url: str) -> str:
    """The address of the server, also where somebody gave that of one of its paths."""
    short = url.rstrip("/")
    for ending in _ENDINGS:
        short = short.removesuffix(ending)
    return short
