"""Protocols between the core and the world; adapters implement them, app.py wires them."""
# Longer than most files: the whole border of the core in one place, one Protocol after the other, and no code.

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from bot.card import Card
from bot.domain.act import Act
from bot.domain.case import Case, TimelineEvent
from bot.domain.dateorder import WrittenDate
from bot.domain.evidence import Evidence, Facts, LinkState, Spot
from bot.domain.imports import Import
from bot.domain.known import Reach
from bot.domain.odr import Tally
from bot.domain.orders import Defect, Order, Shop
from bot.domain.reminder import Watch
from bot.domain.rota import Shift
from bot.domain.statuses import OpenWord, StatusWord
from bot.incoming import Upload


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """The present instant, UTC with zone."""
        ...


@dataclass(frozen=True)
class Stored:
    """What the vault knows of one original."""

    sha256: str
    size: int


class Altered(KeyError):
    """The original under this SHA-256 is no longer what it was."""


class Vault(Protocol):
    """Originals by SHA-256: written once, fsynced, never overwritten."""

    def put(self, path: Path) -> Stored:
        """Keep the bytes of `path`; the same bytes twice are kept once. Raises OSError when the disk refuses."""
        ...

    def put_bytes(self, data: bytes) -> Stored:
        """Keep `data`."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the original lies; raises KeyError when there is none."""
        ...

    def intact(self, sha256: str) -> Path:
        """The same, once all of it was read and has that SHA-256; raises Altered when it has another."""
        ...

    def kept(self) -> Iterator[str]:
        """The SHA-256 of everything that is kept, by name alone."""
        ...

    def stored(self, sha256: str) -> Stored:
        """What is known of the original; raises KeyError when there is none."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The original for reading; raises KeyError when there is none."""
        ...

    def remove(self, sha256: str) -> None:
        """Delete an original whose time is over; none is no fault. Raises OSError when the disk refuses."""
        ...


class Reader(Protocol):
    """Bytes to facts. Never raises for bad content: what cannot be read says so in the facts' `warnings`."""

    def read(self, path: Path, file_name: str) -> Facts:
        """Read one file; `file_name` is the sender's and only a hint."""
        ...

    def read_text(self, text: str) -> Facts:
        """Read words typed or pasted by a person."""
        ...


class Copies(Protocol):
    """Copies of parts of an original for people to see; the original stays as it is. Never raises for bad content."""

    def crop(self, path: Path, spot: Spot) -> bytes:
        """A PNG of a fact's place with some room around it; b"" when it cannot be made."""
        ...

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        """Where words stand in a picture."""
        ...

    def covered(self, path: Path, boxes: Sequence[tuple[int, int, int, int]], page: int = 0) -> bytes:
        """A PNG copy of a picture with the boxes painted over; b"" when it cannot be made."""
        ...


class LinkChecker(Protocol):
    """Opens links as a stranger would."""

    def check(self, url: str) -> LinkState:
        """PUBLIC when the link opens without signing in; REFUSED for hosts that must not be asked."""
        ...


class TryLater(Exception):
    """The platform asks to wait: nothing more goes to this channel for `seconds`."""

    def __init__(self, seconds: float, reason: str = "the platform asked to wait") -> None:
        super().__init__(reason)
        self.seconds = seconds


class Undeliverable(Exception):
    """This message will never be shown in its channel (archived, bot removed, card refused): says why."""


class Platform(Protocol):
    """A chat platform's way out. `pace_seconds` is the least time between two messages to one channel.

    A call ends within its platform's own time limit. It raises TryLater when told to wait and Undeliverable when
    trying again is useless; any other exception is tried again with growing pauses, and given up after some.
    """

    name: str
    pace_seconds: float

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card; `channel` is the platform's own id, `thread` the case id or "". Returns the message's ref."""
        ...

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Replace the card shown as `ref`; `bump` brings it to the end of its conversation where that is possible.
        Doing it twice shows the same. Returns the ref under which it is shown now: another one when the earlier
        message can no longer be changed."""
        ...

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """The ref of the message that an earlier `post` with this key has shown, asked after a crash; None when
        there is none, or when posting the same key again shows nothing twice."""
        ...


@dataclass(frozen=True)
class Examination:
    """One thing that was examined: whether it is well, and what was found or has to be done."""

    name: str
    ok: bool
    detail: str


class Chat(Protocol):
    """A chat platform as a whole: its way out, its way in, and the files that lie there."""

    platform: Platform
    routes: Mapping[str, Any]
    """path prefix -> ASGI application for what the platform posts to us; none for a connection of our own"""

    def begin(self) -> None:
        """Take events from now on, in threads of its own. Returns at once; an outage is not raised but waited out."""
        ...

    def end(self) -> None:
        """Take no more events."""
        ...

    def fetch(self, upload: Upload) -> Upload:
        """Bring a remote file to `upload.path`, under the size cap: the upload with its size, or with a `problem`
        that trying again does not mend. Raises OSError for an outage."""
        ...

    def examine(self) -> Sequence[Examination]:
        """Look at tokens, permissions, connection and channels, within time limits of its own; never raises."""
        ...


class UploadTooLarge(ValueError):
    """A file over the size cap; carries the cap in bytes."""


OrderRow = tuple[str, int, int, bool | None, str, str, str]
"""id, created_at (epoch ms UTC), created_day (days since 1970-01-01 UTC), valid (None: unknown), tracking_number,
carrier, buyer"""

DefectRow = tuple[str, str, int, int, bool, bool, str]
"""order_id, defect_type, occurred_at (epoch ms UTC), occurred_day, timed, counted, text"""


@dataclass(frozen=True)
class Skipped:
    """A row that was not taken: its line in the file (1 = first) and why (a wording key with parameters)."""

    line: int
    reason: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass
class Batch:
    """Some rows of a source, ready for the store.

    Each order comes once in `orders` and each defect once in `defects`; what a source says again of an order
    it gave in an earlier batch is in `repeated`, to be merged. `cleared` names (order id, defect type) that the
    source knows to be no defect (any more). `words` are the encoded words (bot/domain/statuses.py), by order id, that
    leave it open whether an order is valid.
    """

    rows: int
    orders: Sequence[OrderRow] = ()
    defects: Sequence[DefectRow] = ()
    skipped: Sequence[Skipped] = ()
    repeated: Sequence[OrderRow] = ()
    cleared: Sequence[tuple[str, str]] = ()
    words: Mapping[str, str] = field(default_factory=dict)


class OrderSource(Protocol):
    """Where orders and defects come from."""

    @property
    def kind(self) -> str:
        """What the rows are: orders, returns, reviews, ratings, defects or demo."""
        ...

    @property
    def dates(self) -> Collection[WrittenDate]:
        """After `batches`: every date whose meaning depended on the order in which the source was read."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The source's rows in order, in batches small enough for memory."""
        ...


@dataclass(frozen=True)
class Person:
    """Somebody of the team; `language` and `timezone` are "" until known. Roles: viewer, member, lead."""

    id: str
    name: str = ""
    language: str = ""
    timezone: str = ""
    role: str = "member"


@dataclass(frozen=True)
class Outgoing:
    """A message that waits to be shown: newer `version` than the one sent. `ref` is "" until it was posted;
    `bump` asks the platform to bring an updated card to the end of its conversation. `begun` says that posting was
    begun before, `attempts` how often this version has failed."""

    key: str
    channel: str
    thread: str
    card: Card
    version: int
    ref: str
    bump: bool
    begun: bool = False
    attempts: int = 0


@dataclass(frozen=True)
class Sight:
    """What somebody sees from where they ask (domain.md §7): the cases, orders and evidence of `shops`, and the
    evidence that waits in `channels` for its case. Everything else is as if it did not exist."""

    shops: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


class ShopRows(Protocol):
    """The shops; `get` and `all` know the channels that were bound by command too."""

    def get(self, shop_id: str) -> Shop | None: ...
    def all(self) -> list[Shop]: ...
    def configured(self) -> list[Shop]: ...
    def save(self, shop: Shop) -> None: ...
    def bind(self, shop_id: str, channel: str, person: str, now: datetime) -> bool: ...
    def unbind(self, shop_id: str, channel: str) -> bool: ...


class OrderRows(Protocol):
    """Orders and defects, the measured facts, and how far each delivery (`origin`) of a source reaches."""

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow]) -> None: ...
    def merge_orders(self, shop: str, rows: Sequence[OrderRow]) -> None: ...
    def explain(self, shop: str, words: Iterable[tuple[str, str]]) -> None: ...
    def upsert_defects(self, shop: str, rows: Sequence[DefectRow]) -> None: ...
    def clear_defects(self, shop: str, pairs: Sequence[tuple[str, str]]) -> None: ...
    def day_counts(
        self, shops: Sequence[str] | None, first: int, last: int, count: str, dated_by: str, excluded: Collection[str]
    ) -> Mapping[str, Mapping[int, Tally]]: ...
    def day_events(self, shop: str, day: int) -> "DayEvents": ...
    def defects_between(self, shop: str, start: datetime, end: datetime) -> list[Defect]: ...
    def by_ids(self, shop: str, ids: Collection[str]) -> dict[str, Order]: ...
    def reached(self, shop: str, reach: Reach, origin: str) -> None: ...
    def unreached(self, shop: str, origin: str) -> None: ...
    def reaches(self, shops: Sequence[str] | None) -> Mapping[str, list[Reach]]: ...


@dataclass(frozen=True)
class DayEvents:
    """What happened in one UTC day, in time order; `timed` is False when a defect carries no time of day."""

    orders: tuple[datetime, ...]
    defects: tuple[datetime, ...]
    timed: bool


class ImportWriter(Protocol):
    """Where the rows of one import go; all calls are in one transaction. `same` and `moved` count the rows known
    before that stay on their day or leave it."""

    import_id: int
    same: int
    moved: int

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow]) -> None: ...
    def merge_orders(self, shop: str, rows: Sequence[OrderRow]) -> None: ...
    def explain(self, shop: str, words: Iterable[tuple[str, str]]) -> None: ...
    def upsert_defects(self, shop: str, rows: Sequence[DefectRow]) -> None: ...
    def clear_defects(self, shop: str, pairs: Sequence[tuple[str, str]]) -> None: ...
    def elsewhere(self, shop: str, ids: Sequence[str]) -> dict[str, list[str]]: ...
    def move(self, shop: str, other: str, ids: Sequence[str]) -> set[int]: ...
    def reached(self, shop: str, reach: Reach, origin: str) -> None: ...


class ImportRows(Protocol):
    """Imported files. `undo` makes every row as it was before and gives the UTC day numbers that change, by shop."""

    def begin(self, shop: str, kind: str, file: str, by: str, now: datetime) -> ImportWriter: ...
    def finish(self, import_id: int, rows: int, days: Collection[int], dates: str) -> None: ...
    def get(self, import_id: int) -> Import | None: ...
    def listed(self, shops: Collection[str] | None = None) -> list[Import]: ...
    def newest_day(self, shop: str) -> int | None: ...
    def undo(self, import_id: int, by: str, now: datetime) -> dict[str, set[int]]: ...


class StatusRows(Protocol):
    """Status words that the configuration does not know, and what people of a shop said about them. `reconsider`
    judges the stored orders anew and gives the UTC day numbers that change."""

    def answers(self, shop: str) -> dict[StatusWord, bool]: ...
    def save_answer(self, shop: str, word: StatusWord, valid: bool, by: str, now: datetime) -> None: ...
    def words(self, shops: Collection[str]) -> list[OpenWord]: ...
    def reconsider(self, shop: str) -> set[int]: ...


class CaseRows(Protocol):
    """Cases with their orders and timeline. `get(lock=True)` keeps others from changing the case meanwhile."""

    def get(self, case_id: str, lock: bool = False) -> Case | None: ...
    def add(self, case: Case) -> Case: ...
    def save(self, case: Case) -> None: ...
    def open_of(self, shop: str) -> Case | None: ...
    def newest_of(self, shop: str) -> Case | None: ...
    def holding(self, shop: str, order_ids: Collection[str]) -> dict[str, set[str]]: ...
    def listed(self, shops: Collection[str], active: bool = True) -> list[Case]: ...
    def with_order(self, order_id: str) -> list[Case]: ...
    def owners(self) -> dict[str, str]: ...
    def overdue(self, now: datetime) -> list[str]: ...
    def closed_early(self, now: datetime) -> list[str]: ...
    def plan_refresh(self, case_id: str, at: datetime | None) -> None: ...
    def refresh_due(self, now: datetime, latest: datetime, limit: int) -> list[str]: ...
    def take_refresh(self, case_id: str, now: datetime, latest: datetime) -> bool: ...
    def excluded_orders(self, shops: Collection[str] | None = None) -> dict[str, set[str]]: ...
    def outcomes(self) -> list[tuple[str, str]]: ...
    def note(self, event: TimelineEvent) -> None: ...
    def last_noted(self, case_id: str) -> TimelineEvent | None: ...
    def timeline(self, case_id: str) -> list[TimelineEvent]: ...


class EvidenceRows(Protocol):
    """Evidence by case; `unfiled` is what waits in a channel for somebody to say where it belongs.

    `showing` are other cases' pieces whose facts hold one of `keys`. `links_due` are the links of open cases last
    looked at before `usual`; or before `soon`, when the deadline comes before `last_hours` or the last look failed.
    `named` are the ids of evidence by the SHA-256 of its original and of the pictures of its parts, `made` the
    SHA-256 of copies and packages; `holds` says whether any file of that SHA-256 is among them.
    """

    def add(self, item: Evidence, channel: str) -> Evidence: ...
    def get(self, evidence_id: str) -> Evidence | None: ...
    def received(self, message_id: str, sha256: str, file_name: str) -> Evidence | None: ...
    def save(self, item: Evidence) -> None: ...
    def of_case(self, case_id: str) -> list[Evidence]: ...
    def unfiled(self, channel: str) -> list[Evidence]: ...
    def holds(self, sha256: str) -> bool: ...
    def named(self) -> dict[str, list[str]]: ...
    def made(self) -> set[str]: ...
    def same_bytes(self, sha256: Collection[str], case_id: str) -> dict[str, list[str]]: ...
    def showing(self, keys: Sequence[str], case_id: str, limit: int) -> list[Evidence]: ...
    def links_due(
        self, now: datetime, usual: datetime, soon: datetime, last_hours: datetime, limit: int
    ) -> list[Evidence]: ...


class MessageRows(Protocol):
    """Outgoing messages. A card in a slot replaces the earlier one; without a slot `key` is used once.

    What is new waits for its turn in the order it was put; a refresh of a card that is shown waits behind it, and
    until the card has settled: `settled` is the instant before which its first unshown change must lie.
    """

    def put(self, channel: str, thread: str, key: str, card: Card, now: datetime, bump: bool = False) -> None: ...
    def waiting(self, now: datetime, settled: datetime | None = None) -> list[str]: ...
    def next_of(self, channel: str, now: datetime, settled: datetime | None = None) -> Outgoing | None: ...
    def begin(self, key: str) -> None: ...
    def sent(self, key: str, version: int, ref: str, now: datetime) -> None: ...
    def seen(self, event_id: str, ref: str, now: datetime) -> None: ...
    def failed(self, key: str, error: str, unexplained: int) -> None: ...
    def refused(self, key: str, version: int, error: str, now: datetime) -> None: ...
    def failures(self) -> list[str]: ...
    def hold(self, channel: str, now: datetime, until: datetime, error: str) -> None: ...


EventRow = tuple[str, datetime, str, str, dict[str, Any]]
"""id, received at (UTC), channel, person, the event as JSON data"""


class RecordRows(Protocol):
    """Small records: measurements, people, channels, taken events, finished scheduled work. `places_of` are the
    channels in which a person has said or done something."""

    def keep_events(self, rows: Sequence[EventRow]) -> None: ...
    def event(self, event_id: str) -> dict[str, Any] | None: ...
    def unhandled(self, before: datetime, limit: int = 100) -> list[str]: ...
    def waiting_events(self) -> list[dict[str, Any]]: ...
    def has_event(self, event_id: str) -> bool: ...
    def places_of(self, person: str) -> Collection[str]: ...
    def wrote_directly(self, person: str, channel: str) -> bool: ...
    def take_event(self, event_id: str, now: datetime, channel: str, person: str) -> bool: ...
    def snapshots_on(self, day: str, shop_ids: Collection[str] | None = None) -> dict[str, dict[str, Any]]: ...
    def save_snapshots(
        self, day: str, now: datetime, measured: Mapping[str, dict[str, Any]], by: str = "", why: str = ""
    ) -> None: ...
    def measured_days(self, shop: str, first: str, last: str) -> list[str]: ...
    def last_runs(self, job: str) -> dict[str, str]: ...
    def person(self, person_id: str) -> Person | None: ...
    def people(self) -> list[Person]: ...
    def save_person(self, person: Person) -> None: ...
    def channel_language(self, channel: str) -> str: ...
    def save_channel_language(self, channel: str, language: str) -> None: ...
    def channel_names(self) -> dict[str, str]: ...
    def save_channel_name(self, channel: str, name: str) -> None: ...
    def take_run(self, job: str, subject: str, due: str, now: datetime) -> bool: ...


class ReminderRows(Protocol):
    """What reminders look at in the active cases, and what people said about them."""

    def watched(self, robot: str, case_ids: Collection[str]) -> list[Watch]: ...
    def active(self) -> list[str]: ...
    def changed(self, since: int) -> tuple[set[str], int]: ...
    def set(self, case_id: str, **changes: Any) -> None: ...
    def sent(self, case_ids: Collection[str]) -> Mapping[str, Mapping[str, datetime]]: ...


@dataclass(frozen=True)
class OnCallChange:
    """A change of the rota: who made it, when (UTC), by which message."""

    shift: Shift
    by: str
    at: datetime
    message_id: str = ""


class OnCallRows(Protocol):
    """Changes of the rota by command."""

    def add(self, change: OnCallChange) -> None: ...
    def ending_after(self, at: datetime) -> Sequence[Shift]: ...


class ActRows(Protocol):
    """What people's acts changed: those that were not taken back, newest first, of a case, by a person or about a
    piece of evidence."""

    def add(self, act: Act) -> None: ...
    def recent(self, case_id: str = "", who: str = "", evidence_id: str = "", limit: int = 200) -> list[Act]: ...
    def undone(self, act_id: int, at: datetime, by: str, message_id: str) -> None: ...
    def undone_by(self, message_id: str) -> list[Act]: ...


@dataclass(frozen=True)
class Purged:
    """What was deleted with a case: SHA-256 of its originals and packages that nothing else needs, with how many
    other originals stay because other cases share them, and the number of evidence records."""

    sha256: tuple[str, ...]
    shared: int
    evidence: int


class RetentionRows(Protocol):
    """Finished cases whose time is over. Between `lock` and the end of the transaction nobody adds evidence."""

    def lock(self) -> None: ...
    def over(self, closed_before: datetime) -> list[str]: ...
    def purge(self, case_id: str) -> Purged: ...
    def noted(self, event: TimelineEvent) -> None: ...


class Unit(Protocol):
    """One transaction: everything written through it is there together or not at all."""

    @property
    def shops(self) -> ShopRows:
        """The shops."""
        ...

    @property
    def orders(self) -> OrderRows:
        """Orders and defects."""
        ...

    @property
    def imports(self) -> ImportRows:
        """Imported files."""
        ...

    @property
    def statuses(self) -> StatusRows:
        """Status words and their meaning."""
        ...

    @property
    def cases(self) -> CaseRows:
        """Cases."""
        ...

    @property
    def evidence(self) -> EvidenceRows:
        """Evidence."""
        ...

    @property
    def messages(self) -> MessageRows:
        """Outgoing messages."""
        ...

    @property
    def records(self) -> RecordRows:
        """Small records."""
        ...

    @property
    def reminders(self) -> ReminderRows:
        """Reminders."""
        ...

    @property
    def oncall(self) -> OnCallRows:
        """Changes of the rota."""
        ...

    @property
    def acts(self) -> ActRows:
        """What people's acts changed."""
        ...

    @property
    def retention(self) -> RetentionRows:
        """Finished cases whose time is over."""
        ...


class UnitFactory(Protocol):
    """Opens transactions; `read_only` ones take no lock. Leaving the block commits, an exception rolls back."""

    def __call__(self, read_only: bool = False) -> AbstractContextManager[Unit]: ...
