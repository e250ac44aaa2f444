"""Several pictures of one carrier's page: a long page in pieces, the same page twice, or a part of it enlarged.

The facts of the pieces are joined, so that each is judged by the whole page (domain.md §5), and counted once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain.context import CaseContext, PagePiece, Relation
from bot.domain.evidence import Evidence, Facts, TimeRole
from bot.domain.parcel import bare

KIND = "tracking_page"
_ENOUGH = 2
"""Steps in common that make one page where no number says so: one alone may be a coincidence."""


def relation(one: Facts, other: Facts) -> Relation | None:
    """What `one` is to `other`; None when nothing says that they show one page. Pages of different parcels are not
    one, whatever times they have in common."""
    if one.pixels_sha256 and one.pixels_sha256 == other.pixels_sha256:
        return Relation.SAME
    numbers, others = _numbers(one), _numbers(other)
    common = numbers & others
    steps, further = _steps(one), _steps(other)
    shared = steps & further
    if (numbers and others and not common) or not (common or len(shared) >= _ENOUGH):
        return None
    if not steps or (steps < further and numbers <= others):
        return Relation.PART
    return Relation.SAME if steps == further and numbers <= others else Relation.GOES_ON


def _numbers(facts: Facts) -> set[str]:
    return {bare(number.value) for number in facts.tracking_numbers if number.legible}


def _steps(facts: Facts) -> set[tuple[object, TimeRole]]:
    return {
        (stamp.at, stamp.role)
        for stamp in facts.timestamps
        if stamp.at and not stamp.day_only and stamp.role is not TimeRole.CAPTURED
    }


def joined(context: CaseContext) -> CaseContext:
    """The context in which each piece of a carrier's page also has the facts of the page's other pieces. Facts of
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
    found = ((relation(item.facts, other.facts), other) for other in earlier)
    return next((PagePiece(other.id, how) for how, other in found if how), None)


def _groups(context: CaseContext) -> Iterator[list[Evidence]]:
    """The pieces of each page that has several, oldest first."""
    pages = [item for item in context.evidence if item.active and item.filed and item.kind == KIND]
    groups: list[list[Evidence]] = []
    for item in pages:
        own = [group for group in groups if any(_belong(item, other) for other in group)]
        groups = [group for group in groups if group not in own]
        groups.append([*(other for group in own for other in group), item])
    yield from (group for group in groups if len(group) > 1)


def _belong(one: Evidence, other: Evidence) -> bool:
    filed_together = set(one.order_ids) & set(other.order_ids)
    return bool(filed_together) and bool(relation(one.facts, other.facts) or relation(other.facts, one.facts))


def _with_others(facts: Facts, others: Iterable[Facts]) -> Facts:
    donors = [other for other in others if other.captured_at or not facts.captured_at]
    return replace(
        facts,
        tracking_numbers=_once(facts.tracking_numbers, *(other.tracking_numbers for other in donors)),
        candidates=_once(facts.candidates, *(other.candidates for other in donors)),
        order_ids=_once(facts.order_ids, *(other.order_ids for other in donors)),
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
