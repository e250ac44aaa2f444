"""Builds the parts that take exports: from conversations, and from a watched folder."""

import os
import socket
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from uuid import uuid4

from bot.domain.people import Role
from bot.messaging.turns import Turns
from bot.runtime.clock import SystemClock
from bot.runtime.import_runner import ImportRunner
from bot.runtime.services import Services
from bot.services.import_work import ImportWork, ImportWorker
from bot.services.importing import Importing
from bot.services.preview_expiry import PreviewExpiry
from bot.services.previews import Previews
from bot.services.watched_folder import WatchedFolder


class ImportParts(Services):
    """The services, and the parts that receive exports and import them beside the conversations."""

    @cached_property
    def import_work(self) -> ImportWork:
        """Reads received exports and imports those that were confirmed."""
        worker = ImportWorker(f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}", SystemClock())
        importing = Importing(self.access.whole, self.clock, self.measure_again, self.import_cards.undone)
        parts = (self.exports, self.export_folder, importing, self.import_cards)
        return ImportWork(self.access.whole, worker, *parts, self.import_runner.give_way)

    @cached_property
    def turns(self) -> Turns:
        """The turns that are under way here, to which long work gives way."""
        return Turns()

    @cached_property
    def import_runner(self) -> ImportRunner:
        """Runs that work, at once or in the background."""
        return ImportRunner(lambda: self.import_work, self.turns)

    @cached_property
    def previews(self) -> Previews:
        """Receives exports, and carries out what people decide about them."""
        role = Role(self.settings.data.import_role)
        parts = (self.arriving.looked_at, self.export_folder, self.import_cards, self.import_runner.begin, role)
        return Previews(self.access.units, self.clock, *parts)

    @cached_property
    def preview_expiry(self) -> PreviewExpiry:
        """Ends previews that nobody decides about, and deletes their rows later."""
        waits = timedelta(hours=self.settings.data.preview_hours)
        return PreviewExpiry(self.access.whole, self.clock, self.export_folder, self.import_cards, waits)

    @cached_property
    def watched_folder(self) -> WatchedFolder | None:
        """Takes exports from a folder, where the settings name one."""
        if not self.settings.data.inbox:
            return None
        say = partial(self.phrases.say, lang=self.settings.language)
        parts = (self.arriving.looked_at, self.export_folder, self.import_cards, self.import_work.run, say)
        return WatchedFolder(Path(self.settings.data.inbox), self.access.whole, self.clock, *parts)
