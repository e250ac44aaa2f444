"""Figures for monitoring, in the text format of Prometheus."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property

import prometheus_client as prometheus
from prometheus_client import CollectorRegistry, Gauge, make_asgi_app
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.day_state import DayState
from bot.platforms.console.security import token_matches
from bot.platforms.console.security_client import Client, Surroundings
from bot.ports.clock import Clock
from bot.ports.door import LinkKeeper
from bot.ports.store import UnitFactory
from bot.services.freshness import Freshness
from bot.services.measuring import ShopCheck, last_complete_day

Look = Callable[[date, list[str]], list[ShopCheck]]
"""(UTC day, shop ids) -> their checks, measured for showing without storing anything"""


class Metrics:
    """Counters of this process, and gauges that are read from the database when monitoring asks for them."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        look: Callable[[date, list[str]], list[ShopCheck]],
        freshness: Freshness,
    ) -> None:
        self.units, self.clock, self.registry = units, clock, CollectorRegistry()
        self._waits = prometheus.Counter(
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
        self.registry.register(ShopFigures(units, clock, look, freshness))

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


class ShopFigures(Collector):
    """Gauges about the data of active shops: in which state their last complete UTC day is, whether data are overdue
    (domain.md §1a), and the instant of the newest order. Read anew whenever monitoring asks."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        look: Callable[[date, list[str]], list[ShopCheck]],
        freshness: Freshness,
    ) -> None:
        self.units, self.clock, self.look, self.freshness = units, clock, look, freshness

    def collect(self) -> Iterator[Metric]:
        """The gauges with a value for each shop or state."""
        with self.units(read_only=True) as unit:
            shops = [shop for shop in unit.shops.all() if shop.active]
            data = self.freshness.of(unit, shops)
        checks = self.look(last_complete_day(self.clock.now()), [shop.id for shop in shops])
        found = Counter(check.known.state for check in checks)
        states = GaugeMetricFamily("odr_bot_shops", "Active shops by the state of their last day", labels=["state"])
        for state in DayState:
            states.add_metric([state.value], found[state])
        yield states
        yield self._each(
            "odr_bot_shop_stale", "1: data are overdue", {each.shop.id: float(each.stale) for each in data}
        )
        newest = {each.shop.id: each.orders_until.timestamp() for each in data if each.orders_until}
        yield self._each("odr_bot_shop_orders_until_seconds", "Newest order, seconds since 1970", newest)

    @staticmethod
    def _each(name: str, words: str, values: Mapping[str, float]) -> Metric:
        gauge = GaugeMetricFamily(name, words, labels=["shop"])
        for shop, value in values.items():
            gauge.add_metric([shop], value)
        return gauge


class MetricsEndpoint:
    """An ASGI application for GET /metrics, behind the guards of the console: only under its names, with a token set
    only for `Authorization: Bearer TOKEN`, else only for this machine itself."""

    def __init__(
        self, metrics: Callable[[], Metrics], token: str, surroundings: Surroundings, links: LinkKeeper
    ) -> None:
        """`metrics` is called at the first request: most installations are never asked for metrics. `links` count
        who guesses."""
        self._metrics, self._token, self._surroundings, self._links = metrics, token, surroundings, links

    @cached_property
    def _page(self) -> ASGIApp:
        page: ASGIApp = make_asgi_app(self._metrics().registry)
        return page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the metrics, or say why not."""
        client = self._surroundings.client(scope) if self._surroundings.welcomes(scope) else None
        answer: ASGIApp = _ELSEWHERE
        if client is not None:
            refusal = await run_in_threadpool(self._refusal, client, Headers(scope=scope))
            answer = self._page if refusal is None else refusal
        await answer(scope, receive, send)

    def _refusal(self, client: Client, headers: Headers) -> PlainTextResponse | None:
        if not self._token:
            return None if client.here else _STRANGER
        given = headers.get("authorization", "").removeprefix("Bearer ")
        if given and self._links.waits(client.address):
            return _WAIT
        if token_matches(given, self._token):
            return None
        if given:
            self._links.wrong(client.address)
        return _STRANGER


_ELSEWHERE = PlainTextResponse("This address is not served here.", 421)
_STRANGER = PlainTextResponse("Send the console's token: Authorization: Bearer TOKEN", 401)
_WAIT = PlainTextResponse("Too many wrong tokens; wait ten minutes.", 429)
