"""Checks the links of evidence again while their case can be submitted, so that no link is closed when it is
needed."""

import logging
from datetime import timedelta

from bot.domain.addresses import NoticeKey
from bot.domain.case import Case
from bot.domain.evidence import Evidence, LinkState
from bot.ports.clock import Clock
from bot.ports.reading import LinkChecker
from bot.ports.store import Unit, UnitFactory
from bot.services.notifying import Notifier
from bot.services.timeline import ROBOT, note

log = logging.getLogger(__name__)

USUAL, SOON, LAST_HOURS = timedelta(hours=12), timedelta(hours=1), timedelta(hours=6)
"""How old a look may be; how old in the last hours before the deadline and after one that failed."""
AT_ONCE = 20


class LinkWatch:
    """Checks links again, and tells the team when one no longer opens."""

    def __init__(self, units: UnitFactory, clock: Clock, links: LinkChecker, notifier: Notifier) -> None:
        self.units, self.clock, self.links, self.notifier = units, clock, links, notifier

    def tick(self) -> list[str]:
        """Check a few of the links that are due; returns the ids of the evidence whose link state has changed."""
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            due = unit.evidence.links_due(now, now - USUAL, now - SOON, now + LAST_HOURS, AT_ONCE)
        return [item.id for item in due if self._look(item)]

    def _look(self, item: Evidence) -> bool:
        """Check one link. It is opened outside of any transaction, so that changes made meanwhile stay."""
        state = self.links.check(item.link)
        with self.units() as unit:
            known = unit.evidence.get(item.id)
            if known is None or not known.active:
                return False
            before, known.link_state, known.link_checked_at = known.link_state, state, self.clock.now()
            unit.evidence.save(known)
            if before is not state:
                note(unit, self.clock, known.case_id, ROBOT, "link", evidence=known.id, state=state.value)
            if _alarming(before, state) and (case := unit.cases.get(known.case_id)):
                self._tell(unit, case, known)
        return before is not state

    def _tell(self, unit: Unit, case: Case, item: Evidence) -> None:
        if shop := unit.shops.get(case.shop):
            card = self.notifier.worded(lambda texts, language: texts.link(language, case, item))
            key = NoticeKey.of(case.id, f"link:{item.id}:{item.link_state}")
            self.notifier.notify(unit, shop.channels, case.id, key, card)


def _alarming(before: LinkState | None, now: LinkState) -> bool:
    """Whether to tell the team: the link is closed now, or could not be reached twice in a row (once may be the
    network)."""
    closed = now in (LinkState.PRIVATE, LinkState.REFUSED) and before is not now
    return closed or (now is before is LinkState.UNREACHABLE)
