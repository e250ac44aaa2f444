"""Several pictures of one page: a long carrier's or order's page in pieces, the same page twice, or a part of it
enlarged.

The facts of the pieces are joined, so that each is judged by the whole page (domain.md §5), and counted once."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TypeVar

from bot.domain.context import CaseContext, PagePiece, Relation
from bot.domain.evidence import Evidence, Facts, TimeRole
from bot.domain.parcel import bare

TRACKING_PAGE, ORDER_PAGE = "tracking_page", "order_detail"
KINDS = (TRACKING_PAGE, ORDER_PAGE)
"""The kinds of pages that are long enough to come in pieces, conversations apart."""
_ENOUGH = 2
"""Marks in common that make one page where no number says so: one alone may be a coincidence."""


def relation(one: Facts, other: Facts, kind: str = TRACKING_PAGE) -> Relation | None:
    """What `one` is to `other`, both of one of KINDS; None when nothing says that they show one page. Pages of
    different parcels or orders are not one, whatever they have in common, and neither is an order's page of another
    day, which shows another state."""
    if one.pixels_sha256 and one.pixels_sha256 == other.pixels_sha256:
        return Relation.SAME
    names, others = _names(one, kind), _names(other, kind)
    marks, further = _marks(one, kind), _marks(other, kind)
    common, shared = names & others, marks & further
    strangers = (names and others and not common) or (kind == ORDER_PAGE and _of_two_days(one, other))
    if strangers or not (common or len(shared) >= _ENOUGH):
        return None
    if not marks or (marks < further and names <= others):
        return Relation.PART
    return Relation.SAME if marks == further and names <= others else Relation.GOES_ON


def _names(facts: Facts, kind: str) -> AbstractSet[object]:
    """What says which page it is: the parcel's number, or the order's."""
    return set(facts.order_ids) if kind == ORDER_PAGE else _numbers(facts)


def _marks(facts: Facts, kind: str) -> AbstractSet[object]:
    """What pieces of one page show alike and pages of others do not: times to the minute, on an order's page the
    parcel's number too."""
    steps: set[object] = {
        (stamp.at, stamp.role)
        for stamp in facts.timestamps
        if stamp.at and not stamp.day_only and stamp.role is not TimeRole.CAPTURED
    }
    return steps | _numbers(facts) if kind == ORDER_PAGE else steps


def _numbers(facts: Facts) -> set[object]:
    return {bare(number.value) for number in facts.tracking_numbers if number.legible}


def _of_two_days(one: Facts, other: Facts) -> bool:
    captured = {facts.captured_at.date() for facts in (one, other) if facts.captured_at}
    return len(captured) > 1


def joined(context: CaseContext) -> CaseContext:
    """The context in which each piece of a page also has the facts of the page's other pieces. Facts of
    an undated picture are not taken over by a dated one, because they would get around the rule on capture dates."""
    pieces: dict[str, PagePiece] = {}
    facts: dict[str, Facts] = {}
    for group in _groups(context):
        for place, item in enumerate(group):
            if before := _before(item, group[:place]):
                pieces[item.id] = before
            facts[item.id] = _with_others(item.facts, [other.facts for other in group if other is not item])
    evidence = tuple(replace(item, facts=facts.get(item.id, item.facts)) for item in context.evidence)
    return replace(context, evidence=evidence, pieces=pieces)


def _before(item: Evidence, earlier: Sequence[Evidence]) -> PagePiece | None:
    found = ((relation(item.facts, other.facts, item.kind), other) for other in earlier)
    return next((PagePiece(other.id, how) for how, other in found if how), None)


def _groups(context: CaseContext) -> Iterator[list[Evidence]]:
    """The pieces of each page that has several, oldest first."""
    pages = [item for item in context.evidence if item.active and item.filed and item.kind in KINDS]
    groups: list[list[Evidence]] = []
    for item in pages:
        own = [group for group in groups if any(_belong(item, other) for other in group)]
        groups = [group for group in groups if group not in own]
        groups.append([*(other for group in own for other in group), item])
    yield from (group for group in groups if len(group) > 1)


def _belong(one: Evidence, other: Evidence) -> bool:
    filed_together = one.kind == other.kind and set(one.order_ids) & set(other.order_ids)
    return bool(filed_together) and are_one(one.facts, other.facts, one.kind)


def are_one(one: Facts, other: Facts, kind: str) -> bool:
    """Whether two pictures of a kind show one page."""
    return bool(relation(one, other, kind) or relation(other, one, kind))


def _with_others(facts: Facts, others: Iterable[Facts]) -> Facts:
    donors = [other for other in others if other.captured_at or not facts.captured_at]
    return replace(
        facts,
        tracking_numbers=_once(facts.tracking_numbers, *(other.tracking_numbers for other in donors)),
        candidates=_once(facts.candidates, *(other.candidates for other in donors)),
        order_ids=_once(facts.order_ids, *(other.order_ids for other in donors)),
        buyers=_once(facts.buyers, *(other.buyers for other in donors)),
        timestamps=_once(facts.timestamps, *(other.times(*_TOLD) for other in donors)),
    )


_TOLD = tuple(role for role in TimeRole if role is not TimeRole.CAPTURED)
Item = TypeVar("Item")


def _once(*lists: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def counted_once(context: CaseContext, ids: Sequence[str]) -> tuple[str, ...]:
    """The ids without those of pictures that repeat another of them, whole or in part."""
    known = set(ids)
    again = {
        each
        for each in ids
        if (piece := context.pieces.get(each)) and piece.relation is not Relation.GOES_ON and piece.other in known
    }
    return tuple(each for each in ids if each not in again)
