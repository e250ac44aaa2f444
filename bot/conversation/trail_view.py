"""The audit trail of a reader's teams, for the console's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.conversation.access import Access
from bot.domain.people import PeopleIndex, Role
from bot.domain.trail import AuditLine
from bot.ports.board import TrailRow
from bot.ports.store import Sight
from bot.ports.trail import TrailQuery
from bot.services.trail import Trail
from bot.wording.localizer import Localizer
from bot.wording.trail import changes_told, what_told, who_told


@dataclass(frozen=True)
class ConsoleTrail:
    """Implements ports.board.TrailView: leads read of the shops of their teams, and the admins of an installation
    without teams read everything."""

    access: Access
    trail: Trail
    everybody: Callable[[], PeopleIndex]
    localizer: Callable[[str], Localizer]
    reader: str

    def page(self, query: TrailQuery, language: str) -> Sequence[TrailRow]:
        """The newest lines that fit and that the reader may read, newest first."""
        say = self.localizer(language)
        with self.access.at_console(self.reader):
            people = self.everybody()
            who = people.find(query.who) or query.who
            lines = self._lines(replace(query, who=who))
        return [_row(say, line, lambda person: people.get(person).called) for line in reversed(lines)]

    def _lines(self, query: TrailQuery) -> list[AuditLine]:
        sight, roster = self.access.current() or Sight(), self.access.roster()
        if not roster.teams.declared and any(role.may(Role.ADMIN) for role in sight.teams.values()):
            with self.access.whole(read_only=True) as unit:
                return unit.trail.listed(query)
        led = [shop.id for shop in self.access.leading()]
        with self.access.narrowed(led):
            return self.trail.page(query) if led else []


def _row(say: Localizer, line: AuditLine, called: Callable[[str], str]) -> TrailRow:
    who = who_told(say, line.actor.who, called)
    changes = tuple(changes_told(say, line))
    return TrailRow(line.id, line.at, who, line.place, what_told(say, line.actor.what), line.subject, changes)
