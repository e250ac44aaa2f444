"""The owners of cases: assigning a case to a known person, and telling them wherever the case is shown."""

from collections.abc import Callable

from bot.domain.addresses import NoticeKey
from bot.domain.case import Case, CaseStatus
from bot.domain.people import PeopleIndex
from bot.ports.store import Unit
from bot.services.cases import Cases
from bot.services.notifying import Notifier, Word
from bot.services.people import KnownPeople
from bot.services.timeline import ROBOT, cause, note


class Owners:
    """Assigns cases to people. `on_call(unit, shop)` names who is asked to take a case."""

    def __init__(
        self, cases: Cases, people: KnownPeople, on_call: Callable[[Unit, str], str], notifier: Notifier
    ) -> None:
        self.cases, self.people, self.on_call, self.notifier = cases, people, on_call, notifier

    def assign(self, case_id: str, by: str, to: str, here: str = "", seen: int | None = None) -> Case:
        """Make the person with the id `to` the case's owner, whoever owned it before. They are mentioned in every
        channel of the shop but `here`, where the answer to the command mentions them."""
        with self.cases.change(case_id, seen) as (unit, case):
            self.cases.require_open(case)
            case.owner, case.claimed_at = to, self.cases.clock.now()
            note(unit, self.cases.clock, case.id, by, "assigned", to=to)
            name = self.people.directory(unit).get(to).called
            self._tell(unit, case, "given", lambda texts, language: texts.given(language, case, name), here)
            return case

    def settle(self) -> list[tuple[str, str]]:
        """Match owners that are no known person again. Where the text now names a person, that person becomes the
        owner; otherwise the case loses its owner and the channel is told. Returns (case id, the new owner or "")
        pairs. It may run at any time, and in several processes at once."""
        with self.cases.units(read_only=True) as unit:
            directory, owners = self.people.directory(unit), unit.cases.owners()
        wrong = [case_id for case_id, owner in owners.items() if directory.find(owner) != owner]
        return [settled for case_id in wrong if (settled := self._settle(case_id, directory))]

    def _settle(self, case_id: str, directory: PeopleIndex) -> tuple[str, str] | None:
        with self.cases.change(case_id) as (unit, case):
            earlier, owner = case.owner, directory.find(case.owner)
            if earlier == owner:
                return None
            case.owner = owner
            if owner:
                note(unit, self.cases.clock, case.id, ROBOT, "assigned", to=owner)
            else:
                case.claimed_at = None
                note(unit, self.cases.clock, case.id, ROBOT, "released", owner=earlier)
            if case.status is CaseStatus.OPEN and not owner:
                asked = self.on_call(unit, case.shop)
                self._tell(unit, case, "freed", lambda texts, language: texts.freed(language, case, earlier, asked))
            return case_id, owner

    def _tell(self, unit: Unit, case: Case, what: str, word: Word, here: str = "") -> None:
        shop = unit.shops.get(case.shop)
        if channels := [channel for channel in (shop.channels if shop else ()) if channel != here]:
            key = NoticeKey.of(case.id, f"{what}:{cause() or case.version}")
            self.notifier.notify(unit, channels, case.id, key, self.notifier.worded(word))
