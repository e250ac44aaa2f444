"""Figures for monitoring, in the text format of Prometheus."""

import hmac
from collections.abc import Callable
from functools import cached_property

from prometheus_client import CollectorRegistry, Counter, Gauge, make_asgi_app
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.ports.clock import Clock
from bot.ports.store import UnitFactory


class Metrics:
    """Counters of this process, and gauges that are read from the database when monitoring asks for them."""

    def __init__(self, units: UnitFactory, clock: Clock) -> None:
        self.units, self.clock, self.registry = units, clock, CollectorRegistry()
        self._waits = Counter(
            "odr_bot_rate_limited", "Times a platform asked to wait", ("platform", "method"), registry=self.registry
        )
        gauges: dict[str, tuple[str, Callable[[], float]]] = {
            "odr_bot_channels_waiting": ("Channels to which something waits to be sent", self._waiting),
            "odr_bot_messages_failed": ("Messages that could not be sent", self._failed),
            "odr_bot_events_waiting": ("Events that nobody has answered yet", self._events),
            "odr_bot_cases_active": ("Cases that are open or submitted", self._active),
        }
        for name, (words, read) in gauges.items():
            Gauge(name, words, registry=self.registry).set_function(read)

    def waited(self, platform: str, method: str) -> None:
        """Count that the platform asked to wait (HTTP 429)."""
        self._waits.labels(platform, method).inc()

    def _waiting(self) -> float:
        with self.units(read_only=True) as unit:
            return len(unit.messages.waiting(self.clock.now()))

    def _failed(self) -> float:
        with self.units(read_only=True) as unit:
            return len(unit.messages.failures())

    def _events(self) -> float:
        with self.units(read_only=True) as unit:
            return len(unit.records.waiting_events())

    def _active(self) -> float:
        with self.units(read_only=True) as unit:
            return len(unit.reminders.active())


class MetricsEndpoint:
    """An ASGI application for GET /metrics. With a token set it requires `Authorization: Bearer TOKEN`."""

    def __init__(self, metrics: Callable[[], Metrics], token: str) -> None:
        """`metrics` is called at the first request: most installations are never asked for metrics."""
        self._metrics, self._token = metrics, token

    @cached_property
    def _page(self) -> ASGIApp:
        page: ASGIApp = make_asgi_app(self._metrics().registry)
        return page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the metrics, or with 401 when a token is set and the request does not carry it."""
        await (self._page if self._welcome(Headers(scope=scope)) else _STRANGER)(scope, receive, send)

    def _welcome(self, headers: Headers) -> bool:
        given = headers.get("authorization", "").removeprefix("Bearer ")
        return not self._token or hmac.compare_digest(given.encode(), self._token.encode())


_STRANGER = PlainTextResponse("Send the console's token: Authorization: Bearer TOKEN", 401)
