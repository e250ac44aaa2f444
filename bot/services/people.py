"""The people who are known: those listed in the settings, those a platform has named, and those who have written."""

from collections.abc import Sequence

from bot.domain.people import Directory, Known
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory


class People:
    """Finds people by what somebody called them. `listed` are the people of the settings."""

    def __init__(self, units: UnitFactory, listed: Sequence[Known]) -> None:
        self.units, self.listed = units, tuple(listed)
        self._made: tuple[list[Person], Directory] = ([], Directory(self.listed))

    def directory(self, unit: Unit) -> Directory:
        """The directory of all known people, read in the caller's transaction."""
        met = unit.records.people()
        if met != self._made[0]:
            self._made = met, Directory([*self.listed, *(Known(item.id, item.name) for item in met)])
        return self._made[1]

    def everybody(self) -> Directory:
        """The directory of all known people, read in a transaction of its own."""
        with self.units(read_only=True) as unit:
            return self.directory(unit)
