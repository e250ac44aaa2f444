"""Who a person is: name, role, and the language of the answers."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.events import Incoming
from bot.domain.people import Role
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory


class Identity:
    """Joins what the settings list of people with what is stored of them. Only the settings decide the role."""

    def __init__(self, units: UnitFactory, listed: Sequence[Person], default_role: Role, language: str) -> None:
        """`default_role` is the role of people who are not `listed`; `language` is the team's."""
        self.units, self.default_role, self.team_language = units, default_role, language
        self._listed = {person.id: person for person in listed}
        self.led = Role.LEAD in (default_role, *(person.role for person in listed))
        """Whether the settings name leads: somebody, or everybody who is not listed."""

    @property
    def names(self) -> list[str]:
        """The names and ids of the people listed in the settings."""
        return [name for person in self._listed.values() for name in (person.name, person.id) if name]

    def person(self, known: Person | None, person_id: str) -> Person:
        """A person from their stored row `known`, completed from the settings, in the role in which they act:
        where no lead is listed, every member acts as one (domain.md §7)."""
        listed = self._listed.get(person_id) or Person(person_id, role=self.default_role)
        acting = listed if self.led or listed.role is not Role.MEMBER else replace(listed, role=Role.LEAD)
        if known is None:
            return acting
        told = {name: getattr(known, name) or getattr(listed, name) for name in ("name", "language", "timezone")}
        return replace(acting, **told)

    def standing(self, person_id: str) -> str:
        """What a person may do now, in a form that changes with it; "" for somebody who may not come in."""
        return self.person(None, person_id).role.value

    def of(self, unit: Unit, event: Incoming) -> tuple[Person, str]:
        """The sender of an event, and the language in which to answer."""
        person = self.person(unit.records.person(event.person), event.person)
        return person, self._language(unit, event.channel, person)

    def language(self, channel: str, person_id: str) -> str:
        """The language for a person in a channel ("platform:channel")."""
        with self.units(read_only=True) as unit:
            return self._language(unit, channel, self.person(unit.records.person(person_id), person_id))

    def _language(self, unit: Unit, channel: str, person: Person) -> str:
        """The person's own language, else the channel's, else the team's."""
        return person.language or unit.records.channel_language(channel) or self.team_language
