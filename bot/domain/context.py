"""Everything that is known of a case at one instant: the only thing that rules and drafts look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.case import Case, CaseOrder
from bot.domain.evidence import Evidence
from bot.domain.orders import Order, Shop
from bot.domain.policy import Catalogue, Lexicon, Policy


class Relation(StrEnum):
    """What a picture is to another picture: the same page again, a part of it, or a piece that continues where it
    ends."""

    SAME = "same"
    PART = "part"
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True)
class PagePiece:
    """The earlier evidence to which a piece belongs, and how it is related."""

    other: str
    relation: Relation


@dataclass(frozen=True)
class CaseContext:
    """Everything known of a case at the instant `now` (UTC). `orders` holds the imported records of orders, by id
    (an order may be absent); `reused` maps an evidence id to the ids of other cases' evidence with the same
    picture or bytes, where "" stands for evidence of other shops; `pieces` maps evidence that shows the page of
    earlier evidence to that."""

    policy: Policy
    catalogue: Catalogue
    lexicons: Mapping[str, Lexicon]
    now: datetime
    shop: Shop
    case: Case
    orders: Mapping[str, Order]
    evidence: tuple[Evidence, ...]
    reused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pieces: Mapping[str, PagePiece] = field(default_factory=dict)

    @property
    def proposals(self) -> tuple[str, ...]:
        """What the shop's site allows to propose for the defects of the appealed orders, as text keys (domain.md
        §6)."""
        return self.policy.proposals(self.shop.site, self.case.defects)

    def filed_to(self, order: CaseOrder) -> tuple[Evidence, ...]:
        """The active evidence filed to that order, oldest first."""
        return tuple(
            item for item in self.evidence if item.active and item.filed and order.order_id in item.order_ids
        )
