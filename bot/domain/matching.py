"""Whether numbers read in evidence are an order's own tracking number (domain.md §5 *Numbers*)."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Candidate, Facts, Spot, TrackingNumber
from bot.domain.parcel import bare, own_numbers

_LEAST = 8
"""A shorter number may stand in another by chance."""
_ALMOST = 2
"""So many characters may differ in a number that was perhaps misread."""
_LOOKS_LIKE = str.maketrans("OQDILSBZG", "000115826")
"""The digit that a letter may be misread for; a question only, never taken for the digit."""


class Verdict(StrEnum):
    """Whether an order's own number is there: yes, a person is asked, or no."""

    ACCEPTED = "accepted"
    ASK = "ask"
    NO = "no"


class Why(StrEnum):
    """The reason of a verdict: read alike at all scales and whole; read differently; broken, cut or masked; only a
    part of the number, or the number only a part of what stands there; a few characters different; nothing like
    it."""

    EQUAL = "equal"
    UNSURE = "readings_differ"
    NOT_WHOLE = "not_whole"
    PART = "part"
    ALMOST = "almost"
    ABSENT = "absent"


_BEST = tuple(Why)
_VERDICTS = {Why.EQUAL: Verdict.ACCEPTED, Why.ABSENT: Verdict.NO}


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one own number; `candidate` is what it was compared with, None when nothing is like it."""

    own: str
    why: Why
    candidate: Candidate | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict that follows from the reason `why`."""
        return _VERDICTS.get(self.why, Verdict.ASK)


def match(own: str, candidates: Iterable[Candidate]) -> Match:
    """The best match of an own number among the candidates."""
    number, found = bare(own), Match(own, Why.ABSENT)
    for candidate in candidates:
        why = _compared(number, candidate)
        if _BEST.index(why) < _BEST.index(found.why):
            found = Match(own, why, candidate)
    return found


def _compared(own: str, candidate: Candidate) -> Why:
    if not own:
        return Why.ABSENT
    if candidate.value == own:
        if not candidate.whole:
            return Why.NOT_WHOLE
        return Why.EQUAL if candidate.agree else Why.UNSURE
    if own in candidate.readings:
        return Why.UNSURE
    read = {candidate.value, *candidate.readings}
    if any((len(each) >= _LEAST and each in own) or (len(own) >= _LEAST and own in each) for each in read):
        return Why.PART
    alike = own.translate(_LOOKS_LIKE)
    return Why.ALMOST if any(_almost(alike, each.translate(_LOOKS_LIKE)) for each in read) else Why.ABSENT


def _almost(one: str, two: str) -> bool:
    """Whether at most two characters were exchanged, lost or added."""
    if abs(len(one) - len(two)) > _ALMOST:
        return False
    row = list(range(len(two) + 1))
    for place, char in enumerate(one, 1):
        above, row = row, [place]
        for other, against in enumerate(two, 1):
            row.append(min(row[-1] + 1, above[other] + 1, above[other - 1] + (char != against)))
        if min(row) > _ALMOST:
            return False
    return row[-1] <= _ALMOST


class Naming(StrEnum):
    """How a content names an order (domain.md §5 `order_match`): by its id or one of its tracking numbers; by its
    buyer, who may have other orders; by something like one of its numbers, which a person has to look at; or not
    at all."""

    SURELY = "surely"
    BUYER = "buyer"
    PERHAPS = "perhaps"
    NO = "no"


def naming(facts: Facts, order_id: str, own: Iterable[str], buyer: str) -> Naming:
    """How the content names the order with these own tracking numbers and this buyer ("" when unknown)."""
    shown = {bare(number.value) for number in facts.tracking_numbers}
    numbers = [number for number in map(bare, own) if number]
    found = {match(number, facts.candidates).verdict for number in numbers}
    if order_id in facts.order_ids or shown & set(numbers) or Verdict.ACCEPTED in found:
        return Naming.SURELY
    if facts.names_buyer(buyer):
        return Naming.BUYER
    return Naming.PERHAPS if Verdict.ASK in found else Naming.NO


def names_order(context: CaseContext, order: CaseOrder, facts: Facts) -> bool:
    """Whether the content names the order: its id, a tracking number of its own or its buyer."""
    record = context.orders.get(order.order_id)
    own = own_numbers(context, order)
    return naming(facts, order.order_id, own, record.buyer if record else "") in (Naming.SURELY, Naming.BUYER)


def recognised(facts: Facts, own: Iterable[str]) -> Facts:
    """The facts with those of the orders' own numbers among the tracking numbers that the candidates show: legible
    where they are accepted, with `legible` None where a person is to look. A candidate that is another one of the
    `own` numbers is not a misread one, and a number that a person has read is not asked about again."""
    numbers = {bare(number.value): number for number in facts.tracking_numbers}
    spots = list(facts.spots)
    known = {bare(number) for number in own} - {""}
    read = "tracking_numbers" in facts.stated
    for number in sorted(known):
        found = match(number, facts.candidates)
        asked = found.why is not Why.EQUAL
        if found.candidate is None or (asked and (read or _is_settled(found, known, numbers))):
            continue
        value = found.candidate.value
        legible = True if found.why is Why.EQUAL else None
        before = numbers.get(value)
        numbers[value] = replace(before or TrackingNumber(value, found.candidate.carrier), legible=legible)
        spots = _placed(spots, value, legible)
    return replace(facts, tracking_numbers=tuple(numbers.values()), spots=tuple(spots))


def known_numbers(context: CaseContext) -> CaseContext:
    """The context with what its evidence shows of the own numbers of the case's orders."""
    own = {number for order in context.case.orders for number in own_numbers(context, order)}
    items = (replace(item, facts=recognised(item.facts, own)) for item in context.evidence)
    return replace(context, evidence=tuple(items))


def _is_settled(found: Match, known: AbstractSet[str], numbers: dict[str, TrackingNumber]) -> bool:
    """Whether there is nothing to ask: the number is certain, by a person's word or in another place, or what is
    like it certainly belongs to another order."""
    stated = numbers.get(found.own)
    if stated and stated.legible:
        return True
    other = found.candidate
    return other is not None and other.value in known - {found.own} and other.whole and other.agree


def _placed(spots: list[Spot], value: str, legible: bool | None) -> list[Spot]:
    """The spots, with a candidate's spot marked as that of a tracking number."""
    place = next((spot for spot in spots if spot.fact == "candidates" and spot.text == value), None)
    if place is None:
        return spots
    rest = [spot for spot in spots if not (spot.fact == "tracking_numbers" and spot.text == value)]
    return [*rest, replace(place, fact="tracking_numbers", legible=legible)]
