"""Keeping originals and records after the outcome for as long as the policy says, and deleting them then."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.addresses import NoticeKey
from bot.domain.case import Case, TimelineEvent
from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.retention import Purged
from bot.ports.store import Unit, UnitFactory
from bot.ports.vault import Vault
from bot.services.timeline import ROBOT

log = logging.getLogger(__name__)

RenderPurge = Callable[[str, Case, Purged], Card]
"""(language, case, what was deleted) -> the report for the shop's channels"""


class Retention:
    """Deletes what finished cases kept, `days` after their outcome (domain.md §5 `retention`), unless held."""

    def __init__(
        self, units: UnitFactory, clock: Clock, vault: Vault, days: int, render: RenderPurge, language: str
    ) -> None:
        self.units, self.clock, self.vault = units, clock, vault
        self.kept, self.render, self.language = timedelta(days=days), render, language

    def tick(self) -> list[str]:
        """Purge every case whose time is over; returns their ids."""
        with self.units(read_only=True) as unit:
            due = unit.retention.over(self._before())
        return [case_id for case_id in due if self._purge_logged(case_id)]

    def _before(self) -> datetime:
        return self.clock.now() - self.kept

    def _purge_logged(self, case_id: str) -> bool:
        try:
            return self._purge(case_id)
        except Exception:
            # The others' time is over too; the next run tries this one again.
            log.exception("purging %s failed", case_id)
            return False

    def _purge(self, case_id: str) -> bool:
        """Rows, report and originals together: the files go last, so that a fault leaves records without files at
        worst, which the next run finishes, and never files that nobody knows of."""
        with self.units() as unit:
            unit.retention.lock()
            case = unit.cases.get(case_id, lock=True)
            if case is None or case_id not in unit.retention.over(self._before()):
                return False
            purged = unit.retention.purge(case_id)
            self._report(unit, case, purged)
            for sha256 in purged.sha256:
                self.vault.remove(sha256)
        return True

    def _report(self, unit: Unit, case: Case, purged: Purged) -> None:
        now = self.clock.now()
        counts = {"files": str(len(purged.sha256)), "evidence": str(purged.evidence), "shared": str(purged.shared)}
        params = {**counts, "sha256": ", ".join(purged.sha256)}
        unit.retention.noted(TimelineEvent(case.id, now, ROBOT, "purged", params))
        shop = unit.shops.get(case.shop)
        for channel in shop.channels if shop else ():
            language = unit.records.channel_language(channel) or self.language
            card = self.render(language, case, purged)
            key = str(NoticeKey(case.id, f"purged:{case.closed_at:%Y%m%dT%H%M%S}", channel))
            unit.messages.put(channel, "", key, card, now)
