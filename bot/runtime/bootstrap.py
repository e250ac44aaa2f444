"""The composition root: the only file that knows every part. It wires and decides nothing."""

import threading
from collections.abc import Collection, Mapping
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Unpack

from bot.conversation.board import ConsoleBoards
from bot.conversation.events import Upload
from bot.domain.addresses import ChannelId
from bot.domain.audience import Audience
from bot.domain.people import PeopleIndex
from bot.domain.places import CONSOLE
from bot.messaging.card import Card
from bot.messaging.inbox import EventInbox
from bot.messaging.outbox import Outbox, OutboxSettings
from bot.ports.chat import Platform, Sender
from bot.ports.clock import Clock
from bot.ports.door import Door
from bot.ports.host import Host
from bot.ports.store import Unit
from bot.runtime import team
from bot.runtime.accounts import Accounts
from bot.runtime.call_counts import CallCounts
from bot.runtime.clock import SystemClock
from bot.runtime.configured import described
from bot.runtime.conversing import ConversationParts
from bot.runtime.foundation import Adapter, Parts
from bot.runtime.hosting import HostDirectory, HostFiles, HostInbox, HostRates, HostTexts, HostThreads
from bot.services.trail import at_console, starting
from bot.settings.model import Settings
from bot.settings.teams import with_channels
from bot.store.cleanup import FileCleanup
from bot.store.database import upgrade
from bot.store.rates import Rates
from bot.store.threads import Threads

if TYPE_CHECKING:
    from bot.runtime.jobs import Jobs
    from bot.runtime.metrics import Metrics

DAY_SECONDS, STALE_SECONDS, HEARTBEAT_SECONDS = 86_400, 60, 30
EXPIRY_SECONDS, FOLDER_SECONDS = 300, 5
FEED_SECONDS, WARNING_SECONDS = 30, 300

PLATFORMS = {
    "slack": "bot.platforms.slack.platform:SlackPlatform",
    "feishu": "bot.platforms.feishu.platform:FeishuPlatform",
}
"""The chat platforms: the name of the section in the settings, and what is made of that section and a host."""


class App(ConversationParts):
    """All parts of the program, built from the settings. The base classes hold the foundation, the services and
    the conversation; this class adds the platforms, the inbox, the outbox and the scheduled jobs."""

    def __init__(self, settings: Settings, clock: Clock | None = None, **parts: Unpack[Parts]) -> None:
        super().__init__(settings, clock, **parts)
        self._opened = False

    def publish(self, unit: Unit, case_ids: Collection[str]) -> None:
        """Queue the cards of the cases that changed, in the transaction that changes them."""
        self.publisher.publish(unit, case_ids)

    def committed(self) -> None:
        """Send waiting messages at once after a commit, provided that `open` has been called."""
        if self._opened:
            self.outbox.deliver()

    def open(self) -> "App":
        """Migrate the database, store the configured shops, and allow sending. Raises DatabaseError."""
        upgrade(self.engine)
        shops = with_channels(self.settings.teams, self.settings.shops)
        with starting():
            self.monitoring.save_shops([self.config.shop(item) for item in shops])
            self._note_settings()
        self.owners.settle()
        self._opened = True
        return self

    def _note_settings(self) -> None:
        """Store what the program starts with; what differs from the last start leaves a line in the trail."""
        with self.store.unit(read_only=True) as unit:
            known = unit.trail.settings()
        if (now := described(self.settings, known)) != known:
            with self.store.unit() as unit:
                unit.trail.keep_settings(now)

    @cached_property
    def inbox(self) -> EventInbox:
        """Receives events from the platforms and runs their turns."""
        return EventInbox(
            self.store.unit,
            self.dispatcher.handle,
            self.arriving.ahead,
            self.upload_dir,
            self.fetch,
            self.engine_proxy.begin,
            lambda names: self.reader.expect(names),
            self.turns,
        )

    def fetch(self, channel: str, upload: Upload) -> Upload:
        """Download a file from the platform of its channel."""
        return self.platforms[ChannelId.read(channel).platform].fetch(upload)

    def audience(self, channel: str) -> Audience:
        """Who reads the channel, as its platform tells now. Raises OSError when it does not."""
        place = ChannelId.read(channel)
        platform = self.platforms.get(place.platform)
        return platform.audience(place.id) if platform else Audience.UNKNOWN

    def list_readers(self, channel: str) -> Collection[str]:
        """The accounts of those who read the channel. Raises OSError when its platform does not tell."""
        place = ChannelId.read(channel)
        if (platform := self.platforms.get(place.platform)) is None:
            raise OSError(f"no platform {place.platform!r} is configured")
        return platform.readers(place.id)

    def is_direct(self, channel: ChannelId) -> bool:
        """Whether the channel's id says that it is a conversation between one person and the bot."""
        platform = self.platforms.get(channel.platform)
        return platform is not None and platform.is_direct(channel.id)

    @cached_property
    def outbox(self) -> Outbox:
        """Sends the messages that wait in the database."""
        engine = self.settings.engine
        settings = OutboxSettings(engine.call_seconds, engine.settle_seconds, engine.fallback_channel)
        notice, holds = self.card_factory.elsewhere, self.transport
        parts = (self.store.unit, self.senders, self.clock, notice, settings, holds)
        narrow, refuge, patience = self.card_factory.inside, self.rosters.refuge, self.call_counts.patience
        return Outbox(*parts, stop=self.pauses, narrow=narrow, refuge=refuge, patience=patience)

    @cached_property
    def call_counts(self) -> CallCounts:
        """Counts the calls of platforms that allow so many a month."""
        return CallCounts(Rates(self.engine), self.clock, {"feishu": self.settings.feishu.monthly_calls})

    @cached_property
    def transport(self) -> Clock:
        """Measures how long a channel is on hold, in the platforms' own time."""
        return SystemClock()

    @cached_property
    def pauses(self) -> threading.Event:
        """On this the pauses between messages are waited for; once it is set, sending stops."""
        return threading.Event()

    @cached_property
    def senders(self) -> dict[str, Sender]:
        """The senders of the console and of the configured platforms, by the platform's name."""
        from bot.platforms.console.sender import ConsoleSender
        from bot.store.console import ConsoleLog

        console = ConsoleSender(ConsoleLog(self.engine), self.clock)
        return {"console": console} | {name: platform.sender for name, platform in self.platforms.items()}

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """The configured chat platforms by name."""
        return {name: make(getattr(self.settings, name), self.host(name)) for name, make in self.adapters.items()}

    @cached_property
    def adapters(self) -> Mapping[str, Adapter]:
        """What makes each configured platform; the code of one that is not configured is not loaded."""
        return {
            name: resolve_name(made) for name, made in PLATFORMS.items() if getattr(self.settings, name).configured
        }

    def inside(self, channel: str, thread: str, card: Card) -> Card:
        """What of a card may be shown in the channel."""
        with self.store.unit(read_only=True) as unit:
            return self.card_factory.inside(unit, channel, thread, card)

    def acquainted(self, person: str) -> PeopleIndex:
        """Everybody of whom the person may know at the console."""
        with self.access.at_console(person):
            return self.people.everybody()

    def host(self, platform: str) -> Host:
        """What the core offers to the adapter of a platform."""
        settings, identity, units = self.settings, self.identity, self.store.unit
        shown = (self.access.console_may_show,) if platform == CONSOLE else ()
        return Host(
            HostInbox(lambda: self.inbox, units, self.clock),
            HostThreads(
                platform,
                Threads(self.engine),
                self.access.hears,
                self.inside,
                lambda channel, case: self.bindings.redraw(channel, case),
            ),
            HostDirectory(
                platform,
                units,
                Accounts(settings, platform, units),
                identity,
                settings.timezone,
                self.acquainted,
                lambda channel, audience: self.audiences.learn(channel, audience),
                lambda channel: self.bindings.returned(channel),
            ),
            HostRates(platform, Rates(self.engine), lambda: self.metrics, self.call_counts),
            HostTexts(platform, self.phrases, self.home.card, self.forms.check, settings.language),
            HostFiles(self.upload_dir, settings.limits.upload_bytes, lambda: self.vault, *shown),
            self.clock,
            at_console,
        )

    @cached_property
    def boards(self) -> ConsoleBoards:
        """Answers the queries of the console's case board."""
        parts = (self.access, self.judge, self.monitoring, self.freshness, self.card_factory.localizer)
        of_people = (self.memberships, self.import_cards, self.trail, lambda: self.people.everybody())
        return ConsoleBoards(*parts, *of_people, self.settings_shops, self.console_address.link)

    @cached_property
    def door(self) -> Door:
        """Knows who reads the console."""
        return Door(self.sessions, self.sign_in)

    @cached_property
    def metrics(self) -> "Metrics":
        """The counters and gauges that monitoring reads at /metrics."""
        from bot.runtime.metrics import Metrics

        return Metrics(self.store.unit, self.clock, self.monitoring.look, self.freshness)

    @cached_property
    def jobs(self) -> "Jobs":
        """The jobs that run at intervals: checks, reminders, retention, clean-up."""
        from bot.runtime.jobs import Jobs

        check = self.settings.check
        parts = (self.monitoring, self.outbox, self.publisher)
        others = team.jobs(self.settings, self.reminders, self.retention, self.oncall, self.linkwatch)
        cleanup = FileCleanup(self.store.unit, self.upload_dir, self.vault.root, SystemClock())
        others += [(cleanup.sweep, DAY_SECONDS), (self.stale.tick, STALE_SECONDS)]
        others.append((self.preview_expiry.tick, EXPIRY_SECONDS))
        others.append((self.audiences.look, DAY_SECONDS))
        if self.watched_folder:
            others.append((self.watched_folder.tick, FOLDER_SECONDS))
        if self.settings.tiktok.configured:
            others += [(self.feed_clock.tick, FEED_SECONDS), (self.deadline_warnings.tick, WARNING_SECONDS)]
        if self.heartbeat is None:
            return Jobs(self.store.unit, self.clock, *parts, check.at, check.catch_up_days, others)
        others.append((self.heartbeat.tick, HEARTBEAT_SECONDS))
        heard = self.heartbeat.heard
        return Jobs(self.store.unit, self.clock, *parts, check.at, check.catch_up_days, others, heard)


def open_app(settings: Settings, clock: Clock | None = None) -> App:
    """A program whose database is migrated and whose shops are stored. Raises ConfigError or DatabaseError with
    what to do."""
    return App(settings, clock).open()
