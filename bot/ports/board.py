"""What the case board of the console shows: channels with their shops, cases, days, and what could not be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.messaging.card import Card
from bot.ports.case_view import CaseView
from bot.ports.trail import TrailQuery


@dataclass(frozen=True)
class ChannelView:
    """A team channel; `shops` are names for people."""

    id: str
    name: str
    shops: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardRow:
    """One case on the board. `deadline` is UTC; `owner` is a person id or ""; `triggers` are trigger ids
    (domain.md §2); `missing` is the number of unmet requirements and blocking findings; `next_step` is a sentence
    for people."""

    case: str
    channel: str
    shop: str
    site: str
    triggers: tuple[str, ...]
    status: str
    owner: str
    deadline: datetime
    ready: bool
    missing: int
    orders: int
    next_step: str = ""


STATES = ("overdue", "open", "ready", "submitted", "closed", "dismissed", "expired")
"""The states of single cases: the stored ones, and of the open ones `overdue` past the deadline, `ready` when nothing
stops the submission, `open` otherwise."""
ACTIVE, FINISHED = "active", "finished"
"""States of several kinds: open or submitted, and neither."""
PAGE = 50
"""Rows of one page of the board."""


@dataclass(frozen=True)
class BoardQuery:
    """What is looked for: `state` is one of STATES, ACTIVE or FINISHED; `words` are part of an order's id, of a
    tracking number or of a shop's name, or a case id; `owner` is a person id, or None for cases without an owner; ""
    is always anything. `sort` is a ports.cases.CaseSorting. At most `limit` rows come, from the place `start` on, 0
    for the first."""

    channel: str = ""
    site: str = ""
    state: str = ACTIVE
    owner: str | None = ""
    words: str = ""
    sort: str = "urgent"
    start: int = 0
    limit: int = PAGE


@dataclass(frozen=True)
class BoardPage:
    """The rows that were found. `total` counts all cases that fit, None where that would need each to be judged;
    `next` is the place at which the next page starts, 0 behind the last."""

    rows: Sequence[BoardRow] = ()
    total: int | None = 0
    next: int = 0


@dataclass(frozen=True)
class ShopDay:
    """A shop whose last complete UTC day is not known to be quiet, with the reason in words. `state` is the state
    of that day (domain.md §1a)."""

    shop: str
    site: str
    channel: str
    state: str
    words: str


@dataclass(frozen=True)
class ShopFeed:
    """How new a shop's data are, in words; `overdue` says that data should have come and nobody paused that."""

    shop: str
    site: str
    channel: str
    overdue: bool
    words: str


@dataclass(frozen=True)
class DaysView:
    """What is known of the last complete UTC day of all shops: the number of shops, in `open` those whose day is not
    known to be quiet, and how new the data of all are, those that are overdue first."""

    day: date | None = None
    shops: int = 0
    open: tuple[ShopDay, ...] = ()
    feeds: tuple[ShopFeed, ...] = ()


@dataclass(frozen=True)
class ShopRow:
    """A shop in the overview. `rates` are its daily rates in percent over the last 30 complete UTC days, oldest
    first, None for a day without orders; `rolling` is the rate of all of them in words, `limit` the requirement in
    percent; `state` says what is known of the last of them, `data` how new its data are, `overdue` that they
    should have     come; `over` that the rolling rate is above the requirement; `case` is its active case or ""."""

    shop: str
    site: str
    channel: str
    rates: tuple[float | None, ...]
    rolling: str
    limit: float
    state: str
    data: str
    overdue: bool
    over: bool = False
    case: str = ""


class Board(Protocol):
    """Read-only views of the cases, shops and channels of one platform."""

    def channels(self) -> Sequence[ChannelView]:
        """The channels in the order in which they are shown."""
        ...

    def cases(self, query: BoardQuery, language: str = "zh") -> BoardPage:
        """A page of the cases that are looked for. Its work grows with its rows, not with all cases."""
        ...

    def case(self, case_id: str, language: str = "zh") -> BoardRow | None:
        """One case in any state; None when there is none that is seen."""
        ...

    def owners(self) -> Sequence[str]:
        """The person ids of the owners of cases, in any state."""
        ...

    def sites(self) -> Sequence[str]:
        """The sites of the shops, in order."""
        ...

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the last day of the shops, and of today where it is watched."""
        ...

    def shops(self, language: str = "zh") -> Sequence[ShopRow]:
        """The shops with their rates and how new their data are, those over the requirement first."""
        ...

    def undelivered(self) -> Sequence[str]:
        """Messages that could not be shown in their channel, on any platform: one line for each, with the channel
        and the cause. Empty while the database cannot be read."""
        ...


@dataclass(frozen=True)
class PersonRow:
    """Somebody of a team. `accounts` are written "platform:account", and given to admins alone; `fixed` says that
    the settings decide the role."""

    person: str
    name: str
    role: str
    accounts: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True)
class TeamView:
    """A team and who is listed in it. `listed` says that nobody else belongs to it, `mine` that the reader is its
    admin; `name` is "" for the one team that nobody named."""

    id: str
    name: str
    listed: bool
    mine: bool
    people: tuple[PersonRow, ...] = ()


@dataclass(frozen=True)
class InvitationView:
    """Who was invited, as what; `link` signs them in once and `code` joins their account in a chat, both "" for
    somebody who can sign in already."""

    name: str
    team: str
    role: str
    link: str = ""
    code: str = ""


class PeopleView(Protocol):
    """The teams of one reader. What they may not do raises Refusal; another's team is as one that does not exist."""

    def teams(self) -> Sequence[TeamView]:
        """The teams to which the reader belongs."""
        ...

    def invite(self, team: str, who: str, role: str) -> InvitationView:
        """Give somebody a role in a team of which the reader is an admin."""
        ...

    def remove(self, team: str, person: str) -> Sequence[str]:
        """Take somebody out of it; returns the ids of the cases that nobody has any more."""
        ...


@dataclass(frozen=True)
class ImportsShownHere:
    """The card of received exports on the page of imports, and the conversation in which it stands: the channel's own
    id, and a case id or ""."""

    id: str
    channel: str
    thread: str
    card: Card


class ImportsView(Protocol):
    """The received exports and the imports of the shops that one reader sees."""

    def waiting(self, language: str) -> Sequence[ImportsShownHere]:
        """Those about which somebody has to decide and those that are being imported, newest first."""
        ...

    def history(self, language: str) -> Card:
        """The newest imports, each with the button that undoes it."""
        ...


@dataclass(frozen=True)
class TrailRow:
    """One act in words for people: when (UTC), who, from where, what, about what, and what changed by it."""

    id: int
    at: datetime
    who: str
    place: str
    what: str
    subject: str
    changes: tuple[str, ...]


class TrailView(Protocol):
    """The audit trail as far as one reader may read it."""

    def page(self, query: TrailQuery, language: str) -> Sequence[TrailRow]:
        """The newest acts that fit, newest first; a person is named by id, name or account."""
        ...


class Boards(Protocol):
    """Makes the views for whoever looks at them."""

    def seen_by(self, person: str) -> Board:
        """The views of what the person with that id may see; those of what is not seen are as if it did not exist."""
        ...

    def cases_seen_by(self, person: str) -> CaseView:
        """What that person sees of single cases."""
        ...

    def imports_seen_by(self, person: str) -> ImportsView:
        """The received exports and imports of what that person sees."""
        ...

    def shops_seen_by(self, person: str, language: str, may_change: bool) -> Sequence[Card]:
        """The cards of the shops that the person sees: the list with where each comes from and, with `may_change`,
        the forms that add and change shops."""
        ...

    def trail_seen_by(self, person: str) -> TrailView:
        """What was done in the teams that the person leads."""
        ...

    def people_seen_by(self, person: str) -> PeopleView:
        """The people of the teams to which that person belongs."""
        ...
