"""Keeps originals and records for as long as the policy says after the outcome, and deletes them then."""

import logging
from datetime import datetime, timedelta

from bot.domain.addresses import NoticeKey
from bot.domain.case import Case, TimelineEvent
from bot.ports.clock import Clock
from bot.ports.retention import Purged
from bot.ports.store import Unit, UnitFactory
from bot.ports.vault import Vault
from bot.services.notifying import Notifier
from bot.services.timeline import ROBOT

log = logging.getLogger(__name__)


class Retention:
    """Deletes what finished cases kept, `days` after their outcome (domain.md §5 `retention`), unless they are on
    hold."""

    def __init__(self, units: UnitFactory, clock: Clock, vault: Vault, days: int, notifier: Notifier) -> None:
        self.units, self.clock, self.vault = units, clock, vault
        self.kept, self.notifier = timedelta(days=days), notifier

    def tick(self) -> list[str]:
        """Purge every case whose retention period is over; returns their ids."""
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
        """Delete rows, queue the report, then delete the originals. Files go last: a fault then leaves at worst
        records without files, which the next run finishes, and never files that no record names."""
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
        unit.trail.purge(case.id)
        gone = {"evidence": list(purged.ids), "sha256": list(purged.sha256), "shared": purged.shared}
        unit.trail.note(case.id, {"purged": gone}, case.id)
        if shop := unit.shops.get(case.shop):
            card = self.notifier.worded(lambda texts, language: texts.purged(language, case, purged))
            key = NoticeKey.of(case.id, f"purged:{case.closed_at:%Y%m%dT%H%M%S}")
            self.notifier.notify(unit, shop.channels, "", key, card)
