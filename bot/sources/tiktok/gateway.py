"""TikTok Shop's API with the credentials of the app: authorisations, shops, and the API of one shop."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from bot.domain.orders import DefectType
from bot.domain.policy import Measuring
from bot.ports.tiktok import AccessTokens, ApiFault, Feed, FoundShop, Granted, Portion, ShopContext
from bot.settings.tiktok import TikTokSettings
from bot.sources.tiktok.answers import rows, text
from bot.sources.tiktok.attribution import Attribution
from bot.sources.tiktok.authorisation import Authorisation, code_of
from bot.sources.tiktok.client import ApiApp, TikTokClient, Wire, http_client
from bot.sources.tiktok.operations import COUNTED, SHOPS, STATUS
from bot.sources.tiktok.orders import OrderFeed
from bot.sources.tiktok.pace import Pace
from bot.sources.tiktok.ratings import ReviewFeed, SessionFeed
from bot.sources.tiktok.requests import cancellation_feed, return_feed

AHEAD_SECONDS = 3_600
"""What is made while a list is read belongs to it, also where a clock is behind."""
METRICS = {
    "NBFR": (DefectType.RETURN_REFUND, "nbfr_problem_order_items"),
    "NRR": (DefectType.NEGATIVE_REVIEW, "nrr_problem_order_items"),
}
"""The metrics of the US whose orders the platform lists, the defect type that each stands for, and the list's key."""


class TikTokGateway:
    """Implements ports.tiktok.TikTok. `now` is the program's own clock, which may stand still; `real` the machine's,
    epoch seconds."""

    def __init__(
        self,
        settings: TikTokSettings,
        measuring: Measuring,
        now: Callable[[], datetime],
        real: Callable[[], float] = time.time,
    ) -> None:
        self.settings, self.measuring, self.now, self.real = settings, measuring, now, real
        self.app = ApiApp(settings.app_key, settings.app_secret.get_secret_value(), settings.base_url.rstrip("/"))

    @cached_property
    def http(self) -> httpx.Client:
        """The connections to the platform, made at their first use."""
        return http_client()

    @cached_property
    def _authorisation(self) -> Authorisation:
        return Authorisation(self.app.key, self.app.secret, self.settings.auth_url, self.http, self._real_now)

    def _real_now(self) -> datetime:
        return datetime.fromtimestamp(self.real(), UTC)

    def link(self) -> str:
        """The page on which a seller authorises the app; the app's key is named where the link names no service."""
        url = self.settings.authorize_url
        if "service_id" in parse_qs(urlsplit(url).query):
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode({'app_key': self.app.key})}"

    def granted(self, code: str) -> Granted:
        """The tokens for a code, or for the address to which the seller was sent back."""
        return self._authorisation.granted(code_of(code))

    def renewed(self, refresh: str) -> Granted:
        """New tokens for a refresh token."""
        return self._authorisation.renewed(refresh)

    def shops(self, tokens: AccessTokens) -> list[FoundShop]:
        """The shops that the authorisation covers."""
        client = TikTokClient(self.app, tokens, Wire(self.http, Pace(), self.real))
        return [_found(row) for row in rows(client.call(SHOPS), "shops") if text(row.get("id"))]

    def open(self, shop: FoundShop, tokens: AccessTokens, context: ShopContext) -> "TikTokShopApi":
        """The API for one shop."""
        wire = Wire(self.http, Pace(context.pause, first=self.settings.calls_per_second), self.real)
        client = TikTokClient(self.app, tokens, wire, shop.cipher, context.versions)
        return TikTokShopApi(client, context, self.measuring, self._until)

    def _until(self) -> int:
        return int(max(self.real(), self.now().timestamp())) + AHEAD_SECONDS


class TikTokShopApi:
    """Implements ports.tiktok.ShopApi for one shop."""

    def __init__(
        self, client: TikTokClient, context: ShopContext, measuring: Measuring, until: Callable[[], int]
    ) -> None:
        self.client = client
        attribution = Attribution(client)
        self._orders = OrderFeed(client, context.answers)
        reviews, ratings = measuring.negative_review_max_stars, measuring.negative_rating_max_stars
        self.feeds: Sequence[Feed] = (
            self._orders,
            cancellation_feed(client),
            return_feed(client),
            ReviewFeed(client, attribution, context.attributed, reviews, until),
            SessionFeed(client, attribution, context.attributed, ratings, until),
        )

    @property
    def calls(self) -> int:
        """How many requests were made."""
        return self.client.wire.calls

    @property
    def skew_seconds(self) -> float:
        """How far the server's clock is ahead of this machine's."""
        return self.client.wire.skew

    @property
    def versions(self) -> Mapping[str, str]:
        """The paths of operations whose newest version the server does not have."""
        return self.client.versions

    def orders(self, ids: Collection[str]) -> Portion:
        """These orders as they are now."""
        return self._orders.by_ids(ids)

    def statuses(self) -> dict[str, str]:
        """The states of the seller's shops by the platform's id."""
        data = self.client.call(STATUS).get("seller_status_data")
        found = rows(data, "shop_statuses") if isinstance(data, dict) else []
        return {text(row.get("shop_id")): text(row.get("shop_status")) for row in found}

    def counted_orders(self) -> dict[DefectType, frozenset[str]]:
        """The orders that the platform counts against a shop in the US, by defect type; a metric that it does not
        give is absent."""
        found = {}
        for code, (kind, key) in METRICS.items():
            try:
                found[kind] = self._problem_orders(code, key)
            except ApiFault as fault:
                if fault.kind not in ("path", "parameter"):
                    raise
        return found

    def _problem_orders(self, code: str, key: str) -> frozenset[str]:
        found, token, passed = set[str](), "", set[str]()
        while token not in passed:
            passed.add(token)
            params = {"page_size": "50", **({"page_token": token} if token else {})}
            data = self.client.call(COUNTED, params, id=code)
            found |= {text(row.get("order_id")) for row in rows(data, key)} - {""}
            token = text(data.get("next_page_token"), 4_000)
        return frozenset(found)


def _found(row: dict[str, object]) -> FoundShop:
    names = ("id", "name", "region", "cipher", "seller_type", "code")
    return FoundShop(**{name: text(row.get(name)) for name in names})
