"""Ends what nobody decided about received exports, and deletes their rows once nobody needs them any more."""

from datetime import timedelta

from bot.domain.previews import AT_WORK, OPEN, PreviewState
from bot.ports.clock import Clock
from bot.ports.previews import ExportFolder
from bot.ports.store import UnitFactory
from bot.services.import_cards import ImportCards

KEPT = timedelta(days=14)
"""How long the row of a decided export is kept: so long its card is brought up to date when the import is undone, and
whoever presses an old button hears who decided. Undoing itself needs only the rows of the import."""


class PreviewExpiry:
    """Looks after exports that wait, and after those that were decided. It must see everything."""

    def __init__(
        self, units: UnitFactory, clock: Clock, folder: ExportFolder, cards: ImportCards, waits: timedelta
    ) -> None:
        """`waits` is how long a preview waits for a decision."""
        self.units, self.clock, self.folder, self.cards, self.waits = units, clock, folder, cards, waits

    def tick(self) -> None:
        """Let go of what nobody decided about in time, delete the rows of what was decided long ago, and the files
        that a crash left behind."""
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            late = unit.previews.listed(OPEN, before=now - self.waits)
        for each in late:
            with self.units() as unit:
                if unit.previews.decide(each.id, OPEN, PreviewState.EXPIRED, "", now):
                    self.cards.show(unit, each.group)
        with self.units() as unit:
            unit.previews.purge(now - KEPT)
        with self.units(read_only=True) as unit:
            needed = {each.stored for each in unit.previews.listed((*OPEN, *AT_WORK))}
        self.folder.tidy(needed)
