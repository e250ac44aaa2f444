"""Evidence and the facts read in it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.remark import Remark
from bot.domain.text import folded

DEADLINE = "deadline"
"""The kind of evidence that shows the deadline: it is the case's, and no order's."""


CHAT = "chat"
"""A page that is a chat in a program that cannot be told: only a person can say whether it is the platform's."""
OTHER_CHAT = "other_chat"
"""A page that is a chat in another program than the platform's, which no requirement counts."""


class TimeRole(StrEnum):
    """What a time found in evidence is the time of."""

    PICKED_UP = "picked_up"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    MESSAGE = "message"
    CAPTURED = "captured"
    EVENT = "event"
    UNKNOWN = "unknown"


STEPS = (TimeRole.PICKED_UP, TimeRole.OUT_FOR_DELIVERY, TimeRole.DELIVERED, TimeRole.EXCEPTION)
"""Roles of times that are a step of a parcel's journey."""
UNCLEAR_DAY = frozenset({"date_order_ambiguous", "day_relative", "year_missing"})
"""Keys of the reader's remarks on a time, which they name, of which the day is unclear."""


class CaptureSource(StrEnum):
    """Where the capture date of a screenshot comes from, best first."""

    VISIBLE = "visible"
    EXIF = "exif"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class TrackingNumber:
    """A tracking number as printed; `legible` is None when the reader cannot tell."""

    value: str
    carrier: str = ""
    legible: bool | None = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be an order's tracking number, in capitals and digits (domain.md §5 *Numbers*).

    `readings` are what a picture's crop of it says at several scales, or the text itself elsewhere; `agree` says
    whether all of them are `value`. `whole` is False where the number goes on in the next line, ends in dots or
    stars or is cut by the picture's edge. `label` is the text that announces it, `carrier` is named beside it; ""
    where there is none."""

    value: str
    readings: tuple[str, ...] = ()
    agree: bool = True
    whole: bool = True
    label: str = ""
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time as printed (`text`) and, where it can be told, as a UTC instant.

    `offset_minutes` is the UTC offset printed beside it; None when the text names no zone
    (then `at` takes the text for UTC). `day_only` says that no time of day is printed (then `at` is its midnight).
    """

    text: str
    at: datetime | None
    role: TimeRole = TimeRole.UNKNOWN
    offset_minutes: int | None = None
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; `speaker` is "buyer", "seller", "system" or ""."""

    speaker: str
    at: datetime | None
    words: str
    time_text: str = ""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line of an ERP or API log; `error` holds the fault it reports, if any."""

    at: datetime | None
    order_id: str
    words: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data of a buyer as printed; `kind` is "buyer", "recipient", "address", "phone" or "mail"."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a fact stands in a picture: `fact` names the field of Facts it belongs to, `text` is as printed.

    `box` is left, top, right, bottom in pixels of the upright picture, or of page `page` (from 1) of a PDF as it is
    rendered; `confidence` is the recogniser's (0 to 1); `legible` says whether it reads the same at three sizes (for
    times: surely enough), None when that was not tried. `crop` is the SHA-256 of a picture of the place, kept in the
    vault to be shown to a person, "" when there is none; `crop_size` is its size in bytes.
    """

    fact: str
    text: str
    box: tuple[int, int, int, int]
    confidence: float
    legible: bool | None = None
    page: int = 0
    crop: str = ""
    crop_size: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read in one file, text or link; what a person stated is listed by field name in `stated`.

    `parts` names the files that came in it and are evidence of their own, `came_in` the mail or archive that it came
    in. `readable` is False when nothing could be read at all (for example a picture without a reader for it).
    `kind` is the evidence kind (config/scenarios.toml) that the content suggests, "" when none does; `page` says what
    it is instead where it is none of them ("parcel_list", see config/reading.toml). `hosts` are the web addresses
    shown; `seal` is whether a red seal is seen, None when nobody looked (never "there is none");
    `period` is the first and last UTC day that a certificate speaks of; `seen_before` names other cases' evidence
    that shows the same picture.
    """

    media_type: str = ""
    kind: str = ""
    kind_certain: bool = False
    page: str = ""
    readable: bool = True
    tracking_numbers: tuple[TrackingNumber, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    order_ids: tuple[str, ...] = ()
    timestamps: tuple[Timestamp, ...] = ()
    captured_at: datetime | None = None
    captured_from: CaptureSource | None = None
    site: str = ""
    hosts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    gaps: tuple[str, ...] = ()
    log_events: tuple[LogEvent, ...] = ()
    personal: tuple[Personal, ...] = ()
    words: str = ""
    issuer: str = ""
    seal: bool | None = None
    period: tuple[datetime, datetime] | None = None
    pages: int = 0
    pixels_sha256: str = ""
    seen_before: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    traces_of_editing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    stated_by: str = ""
    parts: tuple[str, ...] = ()
    came_in: str = ""

    def times(self, *roles: TimeRole) -> tuple[Timestamp, ...]:
        """The timestamps that have one of `roles`."""
        return tuple(stamp for stamp in self.timestamps if stamp.role in roles)

    @property
    def unsettled_captures(self) -> tuple[str, ...]:
        """Screen clocks or capture dates, as printed, of which it is unclear which day they mean."""
        return tuple(stamp.text for stamp in self.times(TimeRole.CAPTURED) if stamp.at is None)

    @property
    def unsettled_steps(self) -> tuple[Timestamp, ...]:
        """Times of a parcel's steps, as printed, whose day is unclear: day and month may change places, the year is
        missing, or it is told from a day of capture that nobody knows."""
        remarks = [Remark.read(warning) for warning in self.warnings]
        unclear = {remark.value for remark in remarks if remark.key in UNCLEAR_DAY}
        return tuple(stamp for stamp in self.times(*STEPS) if stamp.at is None and stamp.text in unclear)

    def names_buyer(self, buyer: str) -> bool:
        """Whether the content names this buyer; nobody is named by an empty name."""
        return bool(folded(buyer)) and folded(buyer) in map(folded, self.buyers)

    def surely(self, fact: str, text: str) -> bool:
        """Whether a fact is legible, as far as is known."""
        spot = self.spot(fact, text)
        return spot is None or spot.legible is not False

    def spot(self, fact: str, text: str) -> Spot | None:
        """The place of a fact in the picture; None when it was not read in one."""
        return next((spot for spot in self.spots if spot.fact == fact and spot.text == text), None)


class LinkState(StrEnum):
    """The result of checking a link, on entry and again before the window closes."""

    UNCHECKED = "unchecked"
    PUBLIC = "public"
    PRIVATE = "private"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


@dataclass
class Evidence:
    """A stored file, link or text of a case; it may serve several orders (`order_ids`, empty = not filed yet)."""

    id: str
    case_id: str
    sha256: str
    size: int
    file_name: str
    uploader: str
    uploaded_at: datetime
    facts: Facts
    kind: str = ""
    order_ids: list[str] = field(default_factory=list)
    link: str = ""
    link_state: LinkState | None = None
    link_checked_at: datetime | None = None
    withdrawn_at: datetime | None = None
    message_id: str = ""

    @property
    def active(self) -> bool:
        """Whether it counts for requirements: filed and not withdrawn."""
        return self.withdrawn_at is None

    @property
    def only_carries(self) -> bool:
        """Brought other files, which are evidence of their own, and proves nothing itself."""
        return bool(self.facts.parts) and not (self.kind or self.facts.kind)

    @property
    def filed(self) -> bool:
        """Whether its kind and at least one order are known; evidence of a deadline needs no order."""
        return self.kind == DEADLINE or bool(self.kind and self.order_ids)
