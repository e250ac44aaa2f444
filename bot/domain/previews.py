"""A received export before it is imported: what it holds, what is to be asked, and how far its import is (domain.md
§1a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.domain.odr import day_number
from bot.domain.statuses import StatusWord


class PreviewState(StrEnum):
    """Where a received export stands."""

    ASKED = "asked"
    READING = "reading"
    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    TAKEN = "taken"
    UNDONE = "undone"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EVIDENCE = "evidence"
    EXPIRED = "expired"


OPEN = (PreviewState.ASKED, PreviewState.READING, PreviewState.WAITING, PreviewState.REFUSED)
"""The states in which somebody is still to decide."""
AT_WORK = (PreviewState.READING, PreviewState.QUEUED, PreviewState.RUNNING)
"""The states in which the program has something to do."""


@dataclass(frozen=True)
class DatesRead:
    """The dates of a file in one order of day and month: the first and the last day, how many days, and how many
    dates name no day."""

    first: date | None
    last: date | None
    days: int
    impossible: int


@dataclass(frozen=True)
class RowNote:
    """A row that is not taken, or taken with a question: its line, the key of the reason, and its parameters."""

    line: int
    reason: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class OpenStatus:
    """A status word of the file that nobody has explained, with the number of its orders."""

    word: StatusWord
    orders: int


@dataclass(frozen=True)
class PreviewFacts:
    """What was found in a file, read for one shop. `days` are the UTC day numbers of its rows, `parts` the number of
    portions in which they are written; `new`, `changed` and `same` compare with what is stored. `dates` is the order
    in which its dates were read, "" when they depend on none; `readings` are both ways to read them where that has to
    be asked. `elsewhere` counts ids that are stored with other shops, `example` is one of them; `newest` is
    the time of the newest row (epoch milliseconds UTC)."""

    rows: int = 0
    orders: int = 0
    defects: Mapping[str, int] = field(default_factory=dict)
    skipped: int = 0
    notes: tuple[RowNote, ...] = ()
    days: tuple[int, ...] = ()
    parts: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    words: tuple[OpenStatus, ...] = ()
    dates: str = ""
    readings: Mapping[str, DatesRead] = field(default_factory=dict)
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    example: str = ""
    newest: int = 0


@dataclass(frozen=True)
class Preview:
    """One received export.

    `group` is the message that brought it: the files of one message are shown together. `file` is the sender's name
    for it, `stored` the name under which it is kept. `kinds` are those that its columns fit and `kind` the one that
    is taken, `sites` those to which it points, `sample` some of its order ids, `offered` the shops that its sender
    sees. `guess` says from what `shop` was guessed ("ids", "channel", "site"; "person" when somebody chose it).
    `chosen` is the order of day and month that a person chose, `move` that they said that orders of other shops
    belong here; `lost` are the UTC day numbers from which those lose something. `written` of `facts.parts` parts are
    stored, and `differences` counts what an API says differently. `problem` is the text key of why it is refused or
    stands still. `exported_at` is the instant (UTC) at which somebody says that it was exported. `came_in` is the
    archive or mail that brought it, "" when it came alone, and `warnings` are the reader's about what it left there.
    """

    id: str
    group: str
    channel: str
    thread: str
    by: str
    at: datetime
    file: str
    stored: str
    size: int
    kinds: tuple[str, ...] = ()
    kind: str = ""
    sites: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    shop: str = ""
    guess: str = ""
    state: PreviewState = PreviewState.READING
    chosen: str = ""
    move: bool = False
    facts: PreviewFacts = PreviewFacts()
    decided_by: str = ""
    decided_at: datetime | None = None
    import_id: str = ""
    written: int = 0
    lost: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    differences: int = 0
    problem: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    exported_at: datetime | None = None
    came_in: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def unsettled(self) -> bool:
        """Whether a question has to be answered before it can be imported as it is."""
        clear = self.shop and self.kind and not self.facts.readings
        return not clear or bool(self.facts.elsewhere and not self.move)

    @property
    def newest(self) -> datetime:
        """The instant (UTC) of its newest row."""
        return datetime.fromtimestamp(self.facts.newest / 1000, UTC)

    @property
    def may_reach_further(self) -> bool:
        """Whether its newest row is of an earlier UTC day than its arrival: it then depends on when it was exported
        whether the days between had nothing, or are unknown."""
        newest = max(self.facts.days, default=0)
        return self.state is PreviewState.WAITING and newest < day_number(self.at.date())
