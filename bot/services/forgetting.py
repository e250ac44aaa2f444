"""Deleting a person's name on request; what they did stays in the trail under their id (domain.md §7)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.refusal import Refusal
from bot.domain.text import folded
from bot.ports.clock import Clock
from bot.ports.store import UnitFactory
from bot.services.people import KnownPeople

EDITABLE = timedelta(days=13)
"""So long after it was sent every platform lets a message be changed."""


@dataclass(frozen=True)
class Forgotten:
    """Whose name was deleted, and in how many rows it stood, by table. `in_settings` says that the settings hold the
    name, `in_id` that the id itself spells it, and `shared` are names that others have too, so that they stay in
    texts."""

    person: str
    places: Mapping[str, int]
    in_settings: bool
    in_id: bool
    shared: tuple[str, ...]


class Forgetting:
    """Deletes the names of people. It must see everything, because a name stands in every team's texts."""

    def __init__(self, units: UnitFactory, clock: Clock, people: KnownPeople) -> None:
        self.units, self.clock, self.people = units, clock, people

    def forget(self, who: str, further: Collection[str] = ()) -> Forgotten:
        """Delete the name of the person whom the text names, everywhere: in the table of names, and in what was
        written and shown, where the id takes its place. `further` are names that the person had before. Raises
        Refusal for nobody known. Doing it again does no harm."""
        with self.units() as unit:
            known = self.people.directory(unit)
            if not (person := known.find(who)):
                raise Refusal("nobody_known", name=who)
            settled = {each.name for each in self.people.listed if each.id == person} - {""}
            names = {known.get(person).name, *settled, *further} - {""}
            shared = tuple(sorted(name for name in names if not known.called(name) <= {person}))
            wanted = {name for name in names if name not in shared and folded(name) != folded(person)}
            unit.names.forget(person, self.clock.now())
            places = unit.names.take_out(wanted, person, self.clock.now() - EDITABLE)
            unit.trail.note(f"person:{person}", {"places": dict(places)})
        return Forgotten(person, places, bool(settled), any(_spells(person, name) for name in names), shared)


def _spells(person: str, name: str) -> bool:
    """Whether the id is the name, written as ids are."""
    return "".join(folded(name).split()) in folded(person).replace("-", "")
