"""What the core needs of TikTok Shop's API: authorisations, and feeds of orders and defects."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.orders import DefectType
from bot.domain.statuses import Answers
from bot.ports.sources import OrderRow


class ApiFault(Exception):
    """The API refuses, or cannot be reached, and asking again at once is of no use.

    `kind` names the text `tiktok.fault_<kind>`: scope (a permission of the app is missing: `scope`), authorisation
    (the shop must be connected again), code (the authorisation code is used, wrong or too old), no_code, denied,
    secret, signature, clock, region, address (this machine's is not on the app's list), parameter, path, cipher,
    rate, unreachable, or other. `code` and `message` are the API's own; they hold no secret."""

    def __init__(self, kind: str, code: int = 0, message: str = "", scope: str = "") -> None:
        super().__init__(f"{kind} {code} {message}".strip())
        self.kind, self.code, self.message, self.scope = kind, code, message, scope


@dataclass(frozen=True)
class TokenPair:
    """An access token and the token that renews it, with the UTC instants at which they begin and end."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    obtained_at: datetime
    access_ends_at: datetime
    refresh_ends_at: datetime


@dataclass(frozen=True)
class Granted:
    """What a seller's authorisation gives: the tokens, who the seller is ("open id", name, region), and the scopes
    that the app was given."""

    tokens: TokenPair
    open_id: str
    seller: str = ""
    region: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundShop:
    """A shop that an authorisation covers; `id` is the platform's, `region` its ISO code (GB for the site UK)."""

    id: str
    name: str
    region: str
    cipher: str
    seller_type: str = ""
    code: str = ""


@dataclass(frozen=True)
class FeedEvent:
    """A return, a review or the rating of a service session, as the API tells it.

    `kind` is the source of domain.md §1a (returns, reviews, ratings); `order_id` is "" while nobody knows of which
    order it is; `occurred_at` and `updated_at` are epoch milliseconds UTC; `counted` says that it is a defect."""

    kind: str
    id: str
    order_id: str
    occurred_at: int
    updated_at: int
    counted: bool
    buyer: str = ""
    status: str = ""
    text: str = ""


@dataclass(frozen=True)
class FeedDeadline:
    """Something that a shop has to do for an order until `due_at` (epoch milliseconds UTC): dispatch, delivery,
    return or cancellation. `id` is the order's, the return's or the cancellation's."""

    kind: str
    id: str
    order_id: str
    due_at: int


@dataclass
class Portion:
    """Some rows of a feed, to be stored in one transaction with the position from which the feed goes on.

    `orders` come each once; `updated` are their update times (epoch milliseconds UTC), `words` the encoded status
    words that leave their validity open. `asked` are all subjects of which a deadline would be known, by kind, and
    `deadlines` those that are open. `position` and `newest` are epoch seconds: where an interrupted reading goes on
    (0 where it must begin again), and the newest update seen. `unknown` are status words that nobody knows."""

    rows: int = 0
    orders: list[OrderRow] = field(default_factory=list)
    updated: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    events: list[FeedEvent] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    deadlines: list[FeedDeadline] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    position: int = 0
    newest: int = 0


Portions = Generator[Portion, None, None]


class Feed(Protocol):
    """One kind of rows of one shop."""

    @property
    def source(self) -> str:
        """What the rows are: orders, returns, cancellations, reviews or ratings."""
        ...

    def newest(self) -> int:
        """The newest update time in the feed (epoch seconds), 0 when it is empty. Raises ApiFault."""
        ...

    def made_since(self, since: int) -> Portions:
        """All rows made at the epoch second `since` or later, oldest first; the end is always a portion, empty if
        need be. What comes next may be fetched meanwhile, until the generator is closed. Raises ApiFault."""
        ...

    def changed_since(self, since: int) -> Portions:
        """All rows that were changed at the epoch second `since` or later. Rows may come more than once. What comes
        next may be fetched meanwhile, until the generator is closed. Raises ApiFault."""
        ...


class ShopApi(Protocol):
    """The API as seen by one shop."""

    @property
    def feeds(self) -> Sequence[Feed]:
        """The shop's feeds, orders first: defects are divided by them."""
        ...

    @property
    def calls(self) -> int:
        """How many requests were made."""
        ...

    @property
    def skew_seconds(self) -> float:
        """How far the server's clock is ahead of this machine's; 0 until it has answered."""
        ...

    @property
    def versions(self) -> Mapping[str, str]:
        """The paths that were found for operations whose newest version does not exist there, to be remembered."""
        ...

    def orders(self, ids: Collection[str]) -> Portion:
        """These orders as they are now. Raises ApiFault."""
        ...

    def statuses(self) -> dict[str, str]:
        """The states of the seller's shops by the platform's id: "2" active, "3" deactivated. Raises ApiFault."""
        ...

    def counted_orders(self) -> Mapping[DefectType, Collection[str]]:
        """The orders that the platform counts against the shop, by the defect type they stand for; a metric that
        is not given is absent. Only for shops in the US. Raises ApiFault."""
        ...


@dataclass(frozen=True)
class ShopContext:
    """What is known of a shop before its API is asked: the `versions` of operations (see ShopApi.versions), what its
    people said about status words, and, by `attributed(source, event ids)`, the orders of events that came before
    ("" for one whose order was not certain). `pause(seconds)` waits, and may raise to end the work."""

    versions: Mapping[str, str]
    answers: Answers
    attributed: Callable[[str, Collection[str]], Mapping[str, str]]
    pause: Callable[[float], object]


class AccessTokens(Protocol):
    """The access token of one authorisation, renewed when it ages."""

    def current(self) -> str:
        """A token that is valid for a while yet. Raises ApiFault when the seller has to authorise anew."""
        ...

    def renewed(self, stale: str) -> str:
        """Another token after the API refused `stale` as expired; of all callers one renews it. Raises
        ApiFault."""
        ...


class TikTok(Protocol):
    """The API of TikTok Shop, with the credentials of the app."""

    def link(self) -> str:
        """The page on which a seller authorises the app."""
        ...

    def granted(self, code: str) -> Granted:
        """Exchange an authorisation code, or the address to which the seller was sent back. Raises ApiFault."""
        ...

    def renewed(self, refresh: str) -> Granted:
        """Exchange a refresh token for new tokens. Raises ApiFault."""
        ...

    def shops(self, tokens: AccessTokens) -> list[FoundShop]:
        """The shops that the authorisation covers. Raises ApiFault."""
        ...

    def open(self, shop: FoundShop, tokens: AccessTokens, context: ShopContext) -> ShopApi:
        """The API for one shop."""
        ...
