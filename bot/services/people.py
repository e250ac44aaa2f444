"""The people who are known: those listed in the settings, those a platform has named, and those who have written."""

from collections.abc import Sequence

from bot.domain.people import KnownPerson, PeopleIndex
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory


class KnownPeople:
    """Finds people by what somebody called them. `listed` are the people of the settings."""

    def __init__(self, units: UnitFactory, listed: Sequence[KnownPerson]) -> None:
        self.units, self.listed = units, tuple(listed)
        self._made: tuple[list[Person], PeopleIndex] = ([], PeopleIndex(self.listed))

    def directory(self, unit: Unit) -> PeopleIndex:
        """The directory of all known people, read in the caller's transaction."""
        met = unit.records.people()
        if met != self._made[0]:
            self._made = met, PeopleIndex([*self.listed, *(KnownPerson(item.id, item.name) for item in met)])
        return self._made[1]

    def everybody(self) -> PeopleIndex:
        """The directory of all known people, read in a transaction of its own."""
        with self.units(read_only=True) as unit:
            return self.directory(unit)
