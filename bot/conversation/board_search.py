"""Finds the cases of a page of the board."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import Case, CaseStatus
from bot.domain.orders import Shop
from bot.domain.text import folded
from bot.ports.board import ACTIVE, FINISHED, BoardQuery
from bot.ports.cases import CaseQuery, CaseSorting
from bot.ports.store import Unit
from bot.services.judgement import Judgement
from bot.services.review import Judge

_GROUPS = {
    "": (),
    ACTIVE: (CaseStatus.OPEN, CaseStatus.SUBMITTED),
    FINISHED: (CaseStatus.CLOSED, CaseStatus.DISMISSED, CaseStatus.EXPIRED),
    "overdue": (CaseStatus.OPEN,),
    "ready": (CaseStatus.OPEN,),
    "open": (CaseStatus.OPEN,),
}
_JUDGED = {"ready": True, "open": False}
"""The states that only a judgement tells, and whether their cases are ready."""
Found = tuple[list[Judgement], int | None, int]
"""the judgements, how many cases fit (None for not known), where the next page starts (0 behind the last)"""


def find(judge: Judge, unit: Unit, query: BoardQuery, shops: Sequence[Shop]) -> Found:
    """The page of the board that is looked for, of these shops."""
    wanted = _cases(judge, query, shops)
    if query.state in _JUDGED:
        return _sought(judge, unit, query, wanted)
    total = unit.cases.count(wanted)
    found = judge.look_all(unit, unit.cases.found(wanted, query.limit, query.start))
    end = query.start + len(found)
    return found, total, end if 0 < end < total else 0


def _sought(judge: Judge, unit: Unit, query: BoardQuery, wanted: CaseQuery) -> Found:
    """Judges cases in their order until the page is full."""
    rows: list[Judgement] = []
    place = query.start
    while cases := unit.cases.found(wanted, query.limit, place):
        for judged in judge.look_all(unit, cases):
            place += 1
            if judged.ready is _JUDGED[query.state]:
                rows.append(judged)
            if len(rows) == query.limit:
                return rows, None, place if _more(unit, wanted, place) else 0
    return rows, None, 0


def _more(unit: Unit, wanted: CaseQuery, place: int) -> list[Case]:
    return unit.cases.found(wanted, 1, place)


def _cases(judge: Judge, query: BoardQuery, shops: Sequence[Shop]) -> CaseQuery:
    now: datetime = judge.clock.now()
    words = query.words.strip().removeprefix("#")
    group = _GROUPS.get(query.state)
    return CaseQuery(
        [shop.id for shop in shops if query.site in ("", shop.site)],
        (CaseStatus(query.state),) if group is None else group,
        owner="" if query.owner is None else query.owner or None,
        since=now if query.state in _JUDGED else None,
        before=now if query.state == "overdue" else None,
        words=words,
        named=[shop.id for shop in shops if words and folded(words) in folded(f"{shop.site} {shop.name} {shop.id}")],
        # Where coverage is checked, nothing is ready without evidence.
        with_evidence=query.state == "ready" and "coverage" in judge.policy.rules,
        sorting=CaseSorting(query.sort),
    )
