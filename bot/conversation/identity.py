"""Who a person is: name, and the language of the answers."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.events import Incoming
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory


class Identity:
    """Joins what the settings list of people with what is stored of them. In which role somebody acts is decided
    when it is known what for (see gate.py)."""

    def __init__(self, units: UnitFactory, listed: Sequence[Person], language: str) -> None:
        """`language` is the team's."""
        self.units, self.team_language = units, language
        self._listed = {person.id: person for person in listed}

    @property
    def names(self) -> dict[str, str]:
        """The names and ids of the people listed in the settings, and whose they are."""
        people = self._listed.values()
        return {name: person.id for person in people for name in (person.name, person.id) if name}

    def person(self, known: Person | None, person_id: str) -> Person:
        """A person from their stored row `known`, completed from the settings."""
        listed = self._listed.get(person_id) or Person(person_id)
        if known is None:
            return listed
        told = {name: getattr(known, name) or getattr(listed, name) for name in ("name", "language", "timezone")}
        if known.forgotten:
            told["name"] = known.name
        return replace(listed, **told)

    def of(self, unit: Unit, event: Incoming) -> tuple[Person, str]:
        """The sender of an event, and the language in which to answer: the channel's, else the team's, where others
        read the answer too; their own where nobody else does."""
        person = self.person(unit.records.person(event.person), event.person)
        shared = unit.records.channel_language(event.channel) or self.team_language
        return person, self._language(unit, event.channel, person) if event.direct else shared

    def language(self, channel: str, person_id: str) -> str:
        """The language for what a person alone sees in a channel ("platform:channel")."""
        with self.units(read_only=True) as unit:
            return self._language(unit, channel, self.person(unit.records.person(person_id), person_id))

    def _language(self, unit: Unit, channel: str, person: Person) -> str:
        """The person's own language, else the channel's, else the team's."""
        return person.language or unit.records.channel_language(channel) or self.team_language
