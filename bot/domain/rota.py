"""The on-call rota: rotations in a named zone, calendars, and changes by people. Pure; instants are UTC with zone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.refusal import Refusal

SWAP_DAYS = 120


@dataclass(frozen=True)
class Shift:
    """`person` is on call from `starts` up to, not including, `ends`; for one `shop`, or for the team ("").
    `person` "" is a gap."""

    person: str
    starts: datetime
    ends: datetime
    shop: str = ""

    def covers(self, at: datetime) -> bool:
        """Whether `at` lies in the shift."""
        return self.starts <= at < self.ends


class Source(Protocol):
    """A part of the rota that says who is on call; `shops` is empty when it is for the whole team."""

    @property
    def shops(self) -> tuple[str, ...]:
        """The ids of the shops that the source is for; empty for the whole team."""
        ...

    def on_call(self, at: datetime) -> str:
        """The person who is on call at that instant, "" for nobody."""
        ...

    def changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every instant between `start` and `end` at which the answer may change."""
        ...

    def overlaps(self) -> Iterator[tuple[Shift, Shift]]:
        """Pairs of shifts at one time that put different people on call."""
        ...


@dataclass(frozen=True)
class Agenda:
    """Shifts as they are written down, in a calendar or as overrides; of several at one time the last one counts."""

    shifts: tuple[Shift, ...]
    shops: tuple[str, ...] = ()

    def on_call(self, at: datetime) -> str:
        """The person who is on call at that instant, "" for nobody."""
        return next((shift.person for shift in reversed(self.shifts) if shift.covers(at)), "")

    def changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every instant between `start` and `end` at which the answer may change."""
        edges = {edge for shift in self.shifts for edge in (shift.starts, shift.ends)}
        return (edge for edge in edges if start < edge < end)

    def overlaps(self) -> Iterator[tuple[Shift, Shift]]:
        """Pairs of shifts at one time that put different people on call."""
        for one, other in combinations(sorted(self.shifts, key=lambda shift: shift.starts), 2):
            if other.starts < one.ends and one.person != other.person:
                yield one, other


@dataclass(frozen=True)
class Rotation:
    """`people` take turns of `days` days from `start` on; each turn starts when the clocks of `zone` show
    `handover`. `overrides` win over turns."""

    people: tuple[str, ...]
    days: int
    zone: str
    start: date
    handover: time
    shops: tuple[str, ...] = ()
    overrides: Agenda = Agenda(())

    def turn(self, number: int) -> Shift:
        """The turn with that number; the first one is 0."""
        first = self.start + timedelta(days=number * self.days)
        person = self.people[number % len(self.people)]
        return Shift(person, self._handover(first), self._handover(first + timedelta(days=self.days)))

    def _handover(self, day: date) -> datetime:
        return datetime.combine(day, self.handover, ZoneInfo(self.zone)).astimezone(UTC)

    def number_at(self, at: datetime) -> int:
        """The number of the turn in which `at` lies; negative before the start."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        if at < self._handover(day):
            day -= timedelta(days=1)
        return (day - self.start).days // self.days

    def on_call(self, at: datetime) -> str:
        """The person who is on call at that instant, "" for nobody."""
        number = self.number_at(at)
        return self.overrides.on_call(at) or (self.turn(number).person if number >= 0 else "")

    def changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every instant between `start` and `end` at which the answer may change."""
        yield from self.overrides.changes(start, end)
        for number in range(max(0, self.number_at(start)), self.number_at(end) + 1):
            if start < (at := self.turn(number).starts) < end:
                yield at

    def overlaps(self) -> Iterator[tuple[Shift, Shift]]:
        """Pairs of overrides at one time that put different people on call."""
        return self.overrides.overlaps()


@dataclass(frozen=True)
class Rota:
    """All sources, and the changes that people made by command, oldest first. What is for a shop wins over what is
    for the team, a change over a source, a later change over an earlier one. `named(text)` gives the id of the
    person that a source's text names, "" when it names nobody; `works(person, shop)` whether that person may be on
    call for the shop."""

    sources: tuple[Source, ...] = ()
    changed: tuple[Shift, ...] = ()
    named: Callable[[str], str] = str
    works: Callable[[str, str], bool] = lambda person, shop: True

    def on_call(self, shop: str, at: datetime) -> str:
        """Who is on call for the shop, "" for nobody."""
        return next((found for source in self.of(shop) if (found := self._named(source.on_call(at), shop))), "")

    def _named(self, written: str, shop: str) -> str:
        person = self.named(written) if written else ""
        return person if person and self.works(person, shop) else ""

    def special(self, shop: str) -> bool:
        """Whether the shop has a source or change of its own."""
        own = [item.shop for item in self.changed] + [name for source in self.sources for name in source.shops]
        return shop in own

    def of(self, shop: str) -> list[Source]:
        """The sources that count for the shop ("" for the team); the first that puts somebody on call wins."""
        own: list[Source] = [source for source in self.sources if shop in source.shops] if shop else []
        team = [source for source in self.sources if not source.shops]
        return [*([self._changed(shop), *own] if shop else []), self._changed(""), *team]

    def _changed(self, shop: str) -> Source:
        return Agenda(tuple(item for item in self.changed if item.shop == shop))

    def schedule(self, shop: str, start: datetime, end: datetime) -> list[Shift]:
        """Who is on call from `start` to `end`, without a break; gaps are shifts of nobody."""
        edges = {start, end}
        for source in self.of(shop):
            edges.update(source.changes(start, end))
        times = sorted(edges)
        parts = [Shift(self.on_call(shop, at), at, until, shop) for at, until in pairwise(times)]
        return list(_joined(parts))


def _joined(parts: Iterable[Shift]) -> Iterator[Shift]:
    """The shifts, with neighbouring shifts of one person joined."""
    last: Shift | None = None
    for part in parts:
        if last and last.person == part.person:
            last = Shift(last.person, last.starts, part.ends, last.shop)
        else:
            if last:
                yield last
            last = part
    if last:
        yield last


def gaps(rota: Rota, shop: str, start: datetime, end: datetime) -> list[Shift]:
    """The shifts between `start` and `end` in which nobody is on call for the shop."""
    return [shift for shift in rota.schedule(shop, start, end) if not shift.person]


def overlaps(rota: Rota, start: datetime, end: datetime) -> list[tuple[Shift, Shift]]:
    """Pairs of shifts between `start` and `end` that put different people on call at one time, inside one source
    or in two sources for the same shops."""
    inside = (pair for source in rota.sources for pair in source.overlaps())
    pairs = ((one, other) for one, other in inside if min(one.ends, other.ends) > start and other.starts < end)
    found = [pair for pair in pairs if rota.named(pair[0].person) != rota.named(pair[1].person)]
    for one, other in combinations(rota.sources, 2):
        if set(one.shops) & set(other.shops) or (not one.shops and not other.shops):
            found += _contradictions(rota, one, other, start, end)
    return found


def _contradictions(
    rota: Rota, one: Source, other: Source, start: datetime, end: datetime
) -> list[tuple[Shift, Shift]]:
    mine, theirs = (
        Rota((source,), named=rota.named).schedule(next(iter(source.shops), ""), start, end)
        for source in (one, other)
    )
    both = ((left, right) for left in mine for right in theirs)
    clashes = [pair for pair in both if _clash(*pair)]
    return clashes[:1]


def _clash(left: Shift, right: Shift) -> bool:
    together = left.starts < right.ends and right.starts < left.ends
    return bool(together and left.person and right.person and left.person != right.person)


def swap(rota: Rota, shop: str, first: str, second: str, at: datetime, now: datetime) -> Sequence[Shift]:
    """The changes by which two people swap: the turn that lies at `at` (of either) goes to the other one, whose
    next turn after it is given in return. Raises Refusal when neither is on call at that time."""
    schedule = rota.schedule(shop, at - timedelta(days=SWAP_DAYS), at + timedelta(days=SWAP_DAYS))
    turn = next(shift for shift in schedule if shift.covers(at))
    if turn.person not in (first, second) or first == second or turn.ends <= now:
        raise Refusal("nothing_to_swap", first=first, second=second)
    other = second if turn.person == first else first
    given = Shift(other, max(turn.starts, now), turn.ends, shop)
    later = next((shift for shift in schedule if shift.person == other and shift.starts >= turn.ends), None)
    return (given, Shift(turn.person, later.starts, later.ends, shop)) if later else (given,)
