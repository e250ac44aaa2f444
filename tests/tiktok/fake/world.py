"""What the fake platform knows: sellers, their authorisations and shops, and what happened in them."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
ALL_SCOPES = frozenset(
    {
        "seller.order.info",
        "seller.return_refund.basic",
        "seller.review.info",
        "seller.customer_service",
        "data.shop_analytics.public.read",
    }
)


@dataclass
class FakeShop:
    """One shop of a seller; its lists are kept by id."""

    id: str
    name: str = "Bright Home"
    region: str = "US"
    status: int = 2
    orders: dict[str, Row] = field(default_factory=dict)
    returns: dict[str, Row] = field(default_factory=dict)
    cancellations: dict[str, Row] = field(default_factory=dict)
    reviews: dict[str, Row] = field(default_factory=dict)
    sessions: dict[str, Row] = field(default_factory=dict)
    conversations: dict[str, Row] = field(default_factory=dict)
    messages: dict[str, list[Row]] = field(default_factory=dict)
    problems: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def cipher(self) -> str:
        return f"ROW_{self.id}_+/="


@dataclass
class Seller:
    """Who authorises the app, for all of their shops; `scopes` are what the app was given."""

    name: str
    shops: list[FakeShop] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    permits: Callable[[str], bool] | None = None


@dataclass
class Fault:
    """Something that goes wrong at the next `times` calls whose path holds `path`."""

    path: str
    kind: str
    times: int = 1
    seconds: str = ""


@dataclass
class World:
    """The platform. `rate` is how many calls a second each shop may make, 0 for any; `missing` are paths that do not
    exist; `ahead` is how far its clock is ahead of this machine's, in seconds; `settled` says that its lists change
    no more, so that it may be quick."""

    app_key: str = "29a39d"
    secret: str = "e59af819cc"
    sellers: dict[str, Seller] = field(default_factory=dict)
    access_seconds: int = 7 * 86_400
    rate: float = 0.0
    retry_after: str = ""
    missing: set[str] = field(default_factory=set)
    nested: bool = False
    texts: bool = False
    empty_token: bool = False
    ahead: float = 0.0
    settled: bool = False
    sorted: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)
    latency: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    before_page: Callable[[str, int], None] | None = None
    calls: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    refreshes: int = 0
    codes: dict[str, str] = field(default_factory=dict)
    access: dict[str, tuple[str, float]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _next: dict[str, float] = field(default_factory=dict)
    _numbers: Any = field(default_factory=itertools.count)

    def now(self) -> float:
        return time.time() + self.ahead

    def seller(self, name: str, *shops: FakeShop) -> str:
        """A seller who has authorised the app; gives the code, which can be used once."""
        self.sellers[name] = Seller(name, list(shops))
        return self.code(name)

    def code(self, name: str) -> str:
        code = f"TTP_{name}_{next(self._numbers)}=="
        self.codes[code] = name
        return code

    def expire(self) -> None:
        """All access tokens end now."""
        self.access = {token: (name, 0.0) for token, (name, _) in self.access.items()}

    def pair(self, name: str) -> Row:
        """New tokens; earlier refresh tokens of the seller end."""
        number = next(self._numbers)
        access, refresh = f"access-{name}-{number}", f"refresh-{name}-{number}"
        ends = self.now() + self.access_seconds
        self.access[access] = (name, ends)
        self.refresh = {token: owner for token, owner in self.refresh.items() if owner != name} | {refresh: name}
        return {
            "access_token": access,
            "access_token_expire_in": int(ends),
            "refresh_token": refresh,
            "refresh_token_expire_in": int(self.now()) + 300 * 86_400,
            "open_id": f"open-{name}",
            "seller_name": name,
            "seller_base_region": "CN",
            "user_type": 0,
            "granted_scopes": sorted(self.sellers[name].scopes),
        }

    def too_fast(self, cipher: str) -> bool:
        """Whether a call of the shop comes too soon: two may come at once, the others at the rate."""
        if not self.rate:
            return False
        now = time.monotonic()
        due = self._next.get(cipher, 0.0)
        if now < due - 1 / self.rate:
            return True
        self._next[cipher] = max(now, due) + 1 / self.rate
        return False

    def fault(self, path: str) -> Fault | None:
        """The next fault for a call of that path, if any."""
        for fault in self.faults:
            if fault.path in path and fault.times > 0:
                fault.times -= 1
                return fault
        return None
