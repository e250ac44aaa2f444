"""What the page of a case shows one reader: its evidence as a gallery, and the cards of its other tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messaging.card import Card


@dataclass(frozen=True)
class ReadPlace:
    """A place of a picture in which a fact was read: what it is in words, the words there, its box (left, top, right,
    bottom) in pixels of the upright picture, and whether they read surely (None: not tried)."""

    name: str
    words: str
    box: tuple[int, int, int, int]
    sure: bool | None = None


@dataclass(frozen=True)
class EvidenceTile:
    """A piece of evidence in the gallery. `kind` is in words; `state` is "accepted" by the rules of an order, "open"
    while something about it is missing or asked, or "withdrawn"; `picture` says that a browser can show it; `facts`
    are label and value of what was read."""

    id: str
    name: str
    kind: str
    state: str
    by: str
    at: datetime
    sha256: str
    size: int
    picture: bool
    link: str = ""
    places: tuple[ReadPlace, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OrderGallery:
    """The evidence of one order (its id and its scenario in words), or of no order ("")."""

    order: str
    scenario: str
    tiles: tuple[EvidenceTile, ...]


class CaseView(Protocol):
    """What the tabs of a case's page show one reader; None for a case that they do not see, as for one that does not
    exist."""

    def gallery(self, case_id: str, language: str) -> Sequence[OrderGallery] | None:
        """The case's evidence by order, that of no order last; a piece of several orders stands with each."""
        ...

    def cards(self, case_id: str, tab: str, language: str) -> Sequence[Card] | None:
        """The cards of a tab: "work" (what each order needs), "drafts" (what to paste into the form for each order),
        or "timeline"."""
        ...
