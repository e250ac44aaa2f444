"""The on-call rota: asking who is on call, and changing it by command."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.refusal import Refusal
from bot.domain.rota import Rota, Shift, Source, gaps, overlaps, swap
from bot.ports.clock import Clock
from bot.ports.reminders import OnCallChange
from bot.ports.store import Unit, UnitFactory
from bot.services.people import KnownPeople
from bot.services.timeline import cause

AHEAD = timedelta(days=28)
WITHOUT_ROTA = timedelta(days=1)
LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class Duty:
    """The next shifts of one shop that has a rota of its own, or of the team (`shop` "")."""

    shop: str
    shifts: Sequence[Shift]


@dataclass(frozen=True)
class Fault:
    """A gap in the rota, or two shifts at one time."""

    shift: Shift
    other: Shift | None = None

    def text(self) -> str:
        """The fault in words, for whoever maintains the settings; times are UTC."""
        place = f" for {self.shift.shop}" if self.shift.shop else ""
        if self.other is None:
            return f"nobody is on call{place} from {_utc(self.shift.starts)} to {_utc(self.shift.ends)}"
        both = max(self.shift.starts, self.other.starts)
        return f"{self.shift.person} and {self.other.person} are both on call{place} at {_utc(both)}"


Workers = Callable[[Unit], Callable[[str, str], bool]]
"""(unit) -> whether a person may work for a shop, as (person id, shop id) -> answer"""


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _names(source: Source, now: datetime) -> Iterator[str]:
    scope = next(iter(source.shops), "")
    return (shift.person for shift in Rota((source,)).schedule(scope, now, now + AHEAD))


class OnCall:
    """The rota of the settings, with the changes that people made by command. Only known people are ever on call."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        sources: Sequence[Source],
        people: KnownPeople,
        workers: Workers = lambda unit: lambda person, shop: True,
    ) -> None:
        """`workers(unit)` says who may work for which shop: nobody else is on call for it."""
        self.units, self.clock, self.sources, self.people = units, clock, tuple(sources), people
        self.workers = workers

    def rota(self, unit: Unit) -> Rota:
        """The rota as it is now. An entry whose title or name means no known person puts nobody on call."""
        named = self.people.directory(unit).titled
        return Rota(self.sources, tuple(unit.oncall.ending_after(self.clock.now())), named, self.workers(unit))

    def strangers(self) -> list[str]:
        """The titles and names in the next 28 days of the rota that mean no known person, or several."""
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            named, changed = self.people.directory(unit).titled, tuple(unit.oncall.ending_after(now))
        written = [
            *(shift.person for shift in changed),
            *(name for source in self.sources for name in _names(source, now)),
        ]
        return [name for name in dict.fromkeys(written) if name and not named(name)]

    def on_call(self, unit: Unit, shop: str) -> str:
        """The id of the person who is on call for the shop now, "" for nobody."""
        return self.on_call_now(unit)(shop)

    def on_call_now(self, unit: Unit) -> Callable[[str], str]:
        """(shop) -> the person who is on call for it now, from the rota as it is read once."""
        rota, now = self.rota(unit), self.clock.now()
        return lambda shop: rota.on_call(shop, now)

    def duties(self, shops: Sequence[str]) -> list[Duty]:
        """Who is on call now and in the next 28 days: the team's shifts first, then those of `shops` with a rota
        of their own."""
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            rota = self.rota(unit)
        scopes = ["", *(shop for shop in shops if rota.special(shop))]
        return [Duty(scope, rota.schedule(scope, now, now + AHEAD)) for scope in scopes]

    def faults(self, shops: Sequence[str]) -> list[Fault]:
        """The gaps and contradictions of the rota in the next 28 days."""
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            rota = self.rota(unit)
        special = [shop for shop in shops if rota.special(shop)]
        scopes = special if shops and len(special) == len(shops) else [*special, ""]
        found = [Fault(shift) for scope in scopes for shift in gaps(rota, scope, now, now + AHEAD)]
        return found + [Fault(*pair) for pair in overlaps(rota, now, now + AHEAD)]

    def set(self, person: str, by: str, shop: str = "", until: datetime | None = None) -> Shift:
        """Put somebody on call from now until `until` (UTC), else until the next handover. Raises Refusal for a
        time that is past or more than 90 days away."""
        now = self.clock.now()
        with self.units() as unit:
            end = until or self._handover(self.rota(unit), shop, now)
            if not now < end <= now + LONGEST:
                raise Refusal("bad_until", until=end)
            shift = Shift(person, now, end, shop)
            self._add(unit, by, shift)
        return shift

    @staticmethod
    def _handover(rota: Rota, shop: str, now: datetime) -> datetime:
        running = rota.schedule(shop, now, now + AHEAD)[0]
        return running.ends if running.person and running.ends < now + AHEAD else now + WITHOUT_ROTA

    def swap(self, first: str, second: str, at: datetime, by: str, shop: str = "") -> Sequence[Shift]:
        """Swap two people's turns: the one that lies at `at` (UTC) and the other person's next one. Raises Refusal
        when neither of them is on call at that time."""
        with self.units() as unit:
            shifts = swap(self.rota(unit), shop, first, second, at, self.clock.now())
            for shift in shifts:
                self._add(unit, by, shift)
        return shifts

    def _add(self, unit: Unit, by: str, shift: Shift) -> None:
        unit.oncall.add(OnCallChange(shift, by, self.clock.now(), cause()))
