"""What a look back at the days before a shop was watched finds: days that would have fired (domain.md §2)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.odr import Tally
from bot.domain.orders import Shop


@dataclass(frozen=True)
class ReplayedDay:
    """A UTC day that would have fired: its counts, the triggers, until when (UTC) the entry was open, and the case
    that it belongs to when it still is ("" for none)."""

    day: date
    daily: Tally
    triggers: tuple[str, ...]
    deadline: datetime
    case_id: str = ""


@dataclass(frozen=True)
class LookBack:
    """The UTC days `first` to `last` of a shop, looked back at: those that would have fired, oldest first, and how
    many are not wholly known."""

    shop: Shop
    first: date
    last: date
    fired: tuple[ReplayedDay, ...]
    unknown: int
