"""The people who are known: those listed in the settings, those a platform has named, and those who have written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.domain.people import KnownPerson, PeopleIndex
from bot.ports.store import Unit, UnitFactory

Acquaintance = Callable[[Unit], Callable[[str], bool]]
"""(transaction) -> whether whoever is asking may know of the person with an id"""


class KnownPeople:
    """Finds people by what somebody called them. `listed` are the people of the settings; only those are found of
    whom whoever is asking may know."""

    def __init__(
        self,
        units: UnitFactory,
        listed: Sequence[KnownPerson],
        acquaintance: Acquaintance = lambda unit: lambda person: True,
    ) -> None:
        self.units, self.listed, self.acquaintance = units, tuple(listed), acquaintance
        self._made: tuple[list[KnownPerson], PeopleIndex] = ([], PeopleIndex(()))

    def directory(self, unit: Unit) -> PeopleIndex:
        """The directory of the known people, read in the caller's transaction."""
        known = self.acquaintance(unit)
        found = [person for person in self._everybody(unit) if known(person.id)]
        made, index = self._made
        if made != found:
            index = PeopleIndex(found)
            self._made = found, index
        return index

    def _everybody(self, unit: Unit) -> Iterator[KnownPerson]:
        """The people of the settings, then those whom the database knows, all with the accounts linked to them."""
        linked: dict[str, list[str]] = {}
        for row in unit.members.accounts():
            linked.setdefault(row.person, []).append(row.account)
        everybody = unit.records.people()
        forgotten = {met.id: met.name for met in everybody if met.forgotten}
        for person in self.listed:
            name = forgotten.get(person.id, person.name)
            yield replace(person, name=name, accounts=(*person.accounts, *linked.get(person.id, ())))
        for met in everybody:
            yield KnownPerson(met.id, met.name, tuple(linked.get(met.id, ())))

    def everybody(self) -> PeopleIndex:
        """The directory of the known people, read in a transaction of its own."""
        with self.units(read_only=True) as unit:
            return self.directory(unit)
