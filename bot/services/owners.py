"""The owners of cases: assigning a case to a known person, and telling them wherever the case is shown."""

from collections.abc import Callable

from bot.domain.addresses import NoticeKey
from bot.domain.case import Case, CaseStatus
from bot.domain.people import PeopleIndex
from bot.domain.refusal import Refusal
from bot.ports.store import Unit
from bot.services.cases import Cases
from bot.services.notifying import Notifier, Word
from bot.services.oncall import Workers
from bot.services.people import KnownPeople
from bot.services.timeline import ROBOT, cause, note


class Owners:
    """Assigns cases to people. `on_call(unit, shop)` names who is asked to take a case; `workers(unit)` says who may
    work for which shop."""

    def __init__(
        self,
        cases: Cases,
        people: KnownPeople,
        on_call: Callable[[Unit, str], str],
        notifier: Notifier,
        workers: Workers = lambda unit: lambda person, shop: True,
    ) -> None:
        self.cases, self.people, self.on_call, self.notifier = cases, people, on_call, notifier
        self.workers = workers

    def assign(self, case_id: str, by: str, to: str, here: str = "", seen: int | None = None) -> Case:
        """Make the person with the id `to` the case's owner, whoever owned it before. They are mentioned in every
        channel of the shop but `here`, where the answer to the command mentions them. Raises Refusal for somebody
        who does not belong to the team of the shop."""
        with self.cases.change(case_id, seen) as (unit, case):
            self.cases.require_open(case)
            if not self.workers(unit)(to, case.shop):
                raise Refusal("not_of_team", who=self.people.directory(unit).get(to).called, case=case.id)
            case.owner, case.claimed_at = to, self.cases.clock.now()
            note(unit, self.cases.clock, case.id, by, "assigned", to=to)
            name = self.people.directory(unit).get(to).called
            self._tell(unit, case, "given", lambda texts, language: texts.given(language, case, name), here)
            return case

    def settle(self) -> list[tuple[str, str]]:
        """Match again the owners that are no known person, and those who no longer belong to the team. Where the
        text now names a person of the team, that person becomes the owner; otherwise the case loses its owner and
        the channel is told. Returns (case id, the new owner or "") pairs. It may run at any time, and in several
        processes at once."""
        with self.cases.units(read_only=True) as unit:
            directory, works, owned = self.people.directory(unit), self.workers(unit), unit.cases.owned()
        wrong = [item.case for item in owned if self._owner(directory, works, item.owner, item.shop) != item.owner]
        return [settled for case_id in wrong if (settled := self._settle(case_id))]

    @staticmethod
    def _owner(directory: PeopleIndex, works: Callable[[str, str], bool], owner: str, shop: str) -> str:
        """The person of the shop's team whom the stored owner means; "" for nobody."""
        found = directory.find(owner)
        return found if found and works(found, shop) else ""

    def _settle(self, case_id: str) -> tuple[str, str] | None:
        with self.cases.change(case_id) as (unit, case):
            directory, earlier = self.people.directory(unit), case.owner
            owner = self._owner(directory, self.workers(unit), earlier, case.shop)
            if earlier == owner:
                return None
            case.owner = owner
            if owner:
                note(unit, self.cases.clock, case.id, ROBOT, "assigned", to=owner)
            else:
                case.claimed_at = None
                note(unit, self.cases.clock, case.id, ROBOT, "released", owner=earlier)
            if case.status is CaseStatus.OPEN and not owner:
                self._free(unit, case, earlier)
            return case_id, owner

    def _free(self, unit: Unit, case: Case, earlier: str) -> None:
        """Tell the channels that the case has no owner any more, in different words for somebody who was known."""
        asked, known = self.on_call(unit, case.shop), unit.records.person(earlier)
        name = (known and known.name) or earlier
        self._tell(
            unit, case, "freed", lambda texts, language: texts.freed(language, case, name, asked, left=bool(known))
        )

    def _tell(self, unit: Unit, case: Case, what: str, word: Word, here: str = "") -> None:
        shop = unit.shops.get(case.shop)
        if channels := [channel for channel in (shop.channels if shop else ()) if channel != here]:
            key = NoticeKey.of(case.id, f"{what}:{cause() or case.version}")
            self.notifier.notify(unit, channels, case.id, key, self.notifier.worded(word))
