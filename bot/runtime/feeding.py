"""Builds the parts that read shops through the platform's API."""

import threading
from datetime import timedelta
from functools import cached_property

from bot.domain.orders import Shop
from bot.ports.store import Unit
from bot.ports.tiktok import TikTok
from bot.runtime.clock import SystemClock
from bot.runtime.importing import ImportParts
from bot.services.connections import Connections
from bot.services.feed_clock import DeadlineWarnings, FeedClock
from bot.services.feed_writing import FeedWriter
from bot.services.feeding import Feeding, ProgramEnds
from bot.services.tokens import TokenVault
from bot.store.locking import WorkLocks
from bot.store.sealing import Seal


class FeedingParts(ImportParts):
    """The services, and the parts that read shops through the API. They see all shops: they work for nobody."""

    @cached_property
    def ending(self) -> threading.Event:
        """Set when the program ends: what is being read stops at the next request."""
        return threading.Event()

    @cached_property
    def tiktok(self) -> TikTok:
        """TikTok Shop's API, with the app's credentials."""
        from bot.sources.tiktok.gateway import TikTokGateway

        return TikTokGateway(self.settings.tiktok, self.config.policy.measuring, self.clock.now)

    @cached_property
    def work_locks(self) -> WorkLocks:
        """Locks on work that one process at a time may do."""
        return WorkLocks(self.engine, self.settings.data_dir / "locks")

    @cached_property
    def token_vault(self) -> TokenVault:
        """The tokens of sellers. They age by the machine's time, whatever the program's own clock says."""
        seal = Seal(self.settings.tiktok.token_key.get_secret_value(), self.settings.data_dir)
        return TokenVault(self.access.whole, self.tiktok, seal, self.work_locks.held, SystemClock())

    @cached_property
    def connections(self) -> Connections:
        """Connects the shops of sellers who authorise the app."""
        sites, zones = self.config.policy.sites, self.config.zones
        return Connections(self.access.whole, self.tiktok, self.token_vault, sites, zones)

    @cached_property
    def feeding(self) -> Feeding:
        """Reads shops through the API."""
        units, days = self.access.whole, self.settings.tiktok.first_days
        writer = FeedWriter(units, self.clock, self.measure_again)
        locks, parts = self.work_locks.held, (self.tiktok, self.token_vault, writer)
        return Feeding(units, self.clock, SystemClock(), *parts, locks, self._tell_deactivated, days, self._pause)

    def _pause(self, seconds: float) -> None:
        if self.ending.wait(seconds):
            raise ProgramEnds

    def _tell_deactivated(self, unit: Unit, shop: Shop) -> None:
        card = self.notifier.worded(lambda texts, language: texts.deactivated(language, shop))
        key = f"deactivated:{shop.id}:{self.clock.now().isoformat()}"
        self.notifier.notify(unit, shop.channels, "", lambda channel: f"{key}@{channel}", card)

    @cached_property
    def feed_clock(self) -> FeedClock:
        """Reads every connected shop every so often."""
        every = timedelta(minutes=self.settings.tiktok.every_minutes)
        return FeedClock(self.feeding, every, self.ending.is_set)

    @cached_property
    def deadline_warnings(self) -> DeadlineWarnings:
        """Tells deadlines of orders and returns that come near."""
        hours = self.settings.tiktok.warn_hours
        return DeadlineWarnings(self.access.whole, self.clock, self.notifier, hours)
