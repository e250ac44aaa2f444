"""Calls of Feishu's API with the app's own token; tells refusals (by Feishu's codes) from outages."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import Any

from bot.platforms.feishu import api_errors as errors
from bot.platforms.feishu import api_sdk as sdk
from bot.platforms.feishu.api_errors import FeishuError, Outage
from bot.platforms.feishu.limits import Limits
from bot.platforms.feishu.markup import Json
from bot.ports.chat import TryLater
from bot.settings.chats import FeishuSettings

ENDPOINT = "/callback/ws/endpoint"
"""Where the address of a long connection is given."""

HOSTS = {"feishu": "https://open.feishu.cn", "lark": "https://open.larksuite.com"}
TOKEN_SPARE_SECONDS = 600
LONGEST_WAIT_SECONDS = 600.0


@dataclass(frozen=True)
class Call:
    """One request: HTTP method, path with `:names`, and the values of these names."""

    method: str
    path: str
    names: Mapping[str, str]
    query: Sequence[tuple[str, str]] = ()
    body: Any = None
    media_type: str = "application/json; charset=utf-8"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Api:
    """Feishu's API for one app. `waited(call)` is called when Feishu asks to wait, `called()` before each request. A
    call ends within `seconds`, or else within its limit."""

    def __init__(
        self,
        settings: FeishuSettings,
        waited: Callable[[str], None] = lambda call: None,
        limits: Limits | None = None,
        called: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings, self.waited, self.limits = settings, waited, limits or Limits()
        self.called = called
        self.base = settings.base_url or HOSTS[settings.brand]
        # Not the SDK's store: that is one for the whole process and keeps a token that Feishu has called invalid.
        self._token, self._until, self._asking = "", 0.0, threading.Lock()

    @cached_property
    def _core(self) -> Any:
        return sdk.load("lark_oapi.core.http")

    def get(self, path: str, *query: tuple[str, str], seconds: float | None = None, **names: str) -> Json:
        """Read something with GET. Raises FeishuError, Outage or TryLater."""
        return self.call(Call("GET", path, names, query), seconds)

    def send(self, method: str, path: str, body: Any = None, *query: tuple[str, str], **names: str) -> Json:
        """Change something. Raises FeishuError, Outage or TryLater."""
        return self.call(Call(method, path, names, query, body))

    def call(self, call: Call, seconds: float | None = None) -> Json:
        """The data of the answer. When Feishu does not accept the token, a new one is requested, once."""
        token = self.token(seconds)
        answer, wait = self._ask(call, token, seconds)
        if answer["code"] in errors.TOKEN:
            self.forget(token)
            answer, wait = self._ask(call, self.token(seconds), seconds)
        return self._data(call, answer, wait)

    def open_call(self, call: Call, seconds: float | None = None) -> Json:
        """The data of the answer to a call that needs no token."""
        return self._data(call, *self._ask(call, "", seconds))

    def _data(self, call: Call, answer: Json, wait: float) -> Json:
        code = answer["code"]
        if code in errors.RATE:
            self.waited(call.path)
            raise TryLater(wait, f"{call}: Feishu asked to wait ({code})")
        if code:
            raise FeishuError(code, str(answer.get("msg", ""))[:300], str(call))
        data = answer.get("data")
        return data if isinstance(data, dict) else answer

    def _ask(self, call: Call, token: str, seconds: float | None) -> tuple[Json, float]:
        """The parsed answer, and the seconds to wait if it asks for that."""
        self.called()
        raw = self._core.Transport.execute(self._config(seconds), self._request(call), self._option(call, token))
        headers = {str(name).lower(): str(value) for name, value in raw.headers.items()}
        wait = _seconds(headers.get("x-ogw-ratelimit-reset") or headers.get("retry-after", ""))
        try:
            answer = json.loads(raw.content)
            code = int(answer["code"])
        except (ValueError, TypeError, KeyError, RecursionError):
            if raw.status_code == 429:
                return {"code": 99991400}, wait
            raise Outage(f"{call}: HTTP {raw.status_code} and no answer of Feishu's API") from None
        if raw.status_code >= 500 and not code:
            raise Outage(f"{call}: HTTP {raw.status_code}")
        return {**answer, "code": 99991400 if raw.status_code == 429 else code}, wait

    def _config(self, seconds: float | None) -> Any:
        config = sdk.load("lark_oapi.core.model").Config()
        config.app_id, config.app_secret = self.settings.app_id, self.settings.app_secret.get_secret_value()
        config.domain, config.timeout, config.enable_set_token = self.base, seconds or self.limits.call, True
        return config

    def _request(self, call: Call) -> Any:
        request = sdk.load("lark_oapi.core.model").BaseRequest()
        enum = sdk.load("lark_oapi.core.enum")
        request.http_method, request.uri = enum.HttpMethod[call.method], call.path
        request.paths, request.queries, request.body = dict(call.names), list(call.query), call.body
        return request

    def _option(self, call: Call, token: str) -> Any:
        option = sdk.load("lark_oapi.core.model").RequestOption()
        option.headers = {"Content-Type": call.media_type} if call.body is not None else {}
        if token:
            option.headers["Authorization"] = f"Bearer {token}"
        return option

    def token(self, seconds: float | None = None) -> str:
        """The app's access token. Raises Outage also for wrong credentials: what waits can be sent once they are
        corrected."""
        with self._asking:
            if monotonic() >= self._until:
                secret = {"app_id": self.settings.app_id, "app_secret": self.settings.app_secret.get_secret_value()}
                call = Call("POST", "/open-apis/auth/v3/tenant_access_token/internal", {}, body=secret)
                try:
                    answer = self.open_call(call, seconds)
                except FeishuError as refused:
                    raise Outage(f"app_id or app_secret is not accepted: {refused}") from refused
                self._token = str(answer.get("tenant_access_token", ""))
                lasts = float(answer.get("expire", 0))
                self._until = monotonic() + max(lasts - TOKEN_SPARE_SECONDS, lasts / 2)
            return self._token

    def forget(self, token: str) -> None:
        """Drop the token, because Feishu no longer accepts it."""
        with self._asking:
            if self._token == token:
                self._until = 0.0


def _seconds(text: str) -> float:
    try:
        return min(max(float(text), 0.5), LONGEST_WAIT_SECONDS)
    except ValueError:
        return 1.0
