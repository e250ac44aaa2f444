"""What is known of shops that an API feeds: who authorised it, how far each feed was read, and what hinders it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

RENEWED_AT = 0.8
"""The share of a token's life after which it is renewed."""


@dataclass(frozen=True)
class Grant:
    """A seller's authorisation of the app, without its tokens. Instants are UTC; `fault` names what hinders it (see
    ApiFault), "" for nothing."""

    id: str
    open_id: str
    seller: str
    region: str
    scopes: tuple[str, ...]
    obtained_at: datetime
    access_ends_at: datetime
    refresh_ends_at: datetime
    fault: str = ""

    @property
    def renew_at(self) -> datetime:
        """When the access token is renewed: after `RENEWED_AT` of its life. Where its end lies before its beginning,
        two clocks do not agree: it is used until the server refuses it."""
        life = self.access_ends_at - self.obtained_at
        return self.obtained_at + life * RENEWED_AT if life > timedelta(0) else self.refresh_ends_at


@dataclass(frozen=True)
class LinkedShop:
    """A shop that a grant covers; `id` and `region` are the platform's. `state` is "2" for an active shop, "3" for a
    deactivated one, "" while unknown. `versions` are the paths of operations whose newest version does not exist.
    `paused` says why the shop is not read by itself, "" where it is. `skew` is by how many seconds the
    platform's clock was ahead of this machine's at the last reading."""

    id: str
    grant: str
    name: str
    region: str
    cipher: str
    seller_type: str = ""
    code: str = ""
    state: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    tried_at: datetime | None = None
    paused: str = ""
    skew: int = 0

    def due(self, now: datetime, every: timedelta) -> bool:
        """Whether the shop is to be read again at `now` (UTC)."""
        return not self.paused and (self.tried_at is None or now - self.tried_at >= every or self.tried_at > now)


@dataclass(frozen=True)
class FeedState:
    """How far one feed of a shop was read. Epoch seconds: `since` is where its first filling began, `position` how
    far that has come, `newest` the newest update seen. `fault`, `code`, `message` and `scope` are those of the
    ApiFault that hinders it, `unknown` the status words that nobody knows. `import_id` is the import to which its
    rows go."""

    shop: str
    source: str
    since: int = 0
    position: int = 0
    filled: bool = False
    newest: int = 0
    import_id: int = 0
    polled_at: datetime | None = None
    fault: str = ""
    code: int = 0
    message: str = ""
    scope: str = ""
    unknown: tuple[str, ...] = ()

    def cleared(self) -> "FeedState":
        """The state of a feed that nothing hinders any more."""
        return replace(self, fault="", code=0, message="", scope="")


@dataclass(frozen=True)
class NoticedDifference:
    """What a file and the API said differently about an order of a shop, and which is believed; `at` is UTC."""

    shop: str
    order_id: str
    subject: str
    file: bool | None
    api: bool | None
    kept: str
    at: datetime


@dataclass(frozen=True)
class OpenDeadline:
    """Something that a shop has to do for an order until `due_at` (UTC): dispatch, delivery, returns or
    cancellations. `told` is the least number of hours left at which it was told, 0 for not yet."""

    shop: str
    kind: str
    id: str
    order_id: str
    due_at: datetime
    told: int = 0
