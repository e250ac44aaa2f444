"""Builds what every other part needs: settings, clock, texts, database, vault, and the reader of evidence."""

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from bot.conversation.access import Access
from bot.conversation.identity import Identity
from bot.domain.audience import Audience
from bot.messaging.outbox import Outbox
from bot.ports.chat import Platform, Sender
from bot.ports.clock import Clock
from bot.ports.host import Host
from bot.ports.reading import LinkChecker
from bot.ports.store import DatabaseError, Unit
from bot.runtime import team
from bot.runtime.clock import FrozenClock, SystemClock
from bot.runtime.engine_proxy import EngineProxy
from bot.services.arriving import ArrivingFiles
from bot.services.covering import CopyMaker
from bot.services.prefetching import PrefetchingReader
from bot.services.readers import Readers
from bot.services.rosters import Rosters
from bot.services.trail import Actors
from bot.settings.config import load_config
from bot.settings.files import data_root
from bot.settings.model import Settings, policy_path
from bot.settings.private import keep_private
from bot.settings.teams import settled, teams_of
from bot.store.database import connect
from bot.store.export_folder import DiskExportFolder
from bot.store.unit import Store
from bot.store.vault import DiskVault
from bot.wording.card_factory import CardFactory
from bot.wording.localizer import Localizer
from bot.wording.phrases import Phrases, shared_phrases

if TYPE_CHECKING:
    from bot.reading.reader import FileReader
    from bot.sources.walled import WalledExports


Adapter = Callable[[Any, Host], Platform]
"""(the platform's section of the settings, what the core offers to it) -> the platform"""


class Parts(TypedDict, total=False):
    """Parts that the caller may pass in instead of having them built from the settings, above all in tests."""

    phrases: Phrases
    vault: DiskVault
    links: LinkChecker
    reader: "FileReader"
    exports: "WalledExports"
    senders: dict[str, Sender]
    platforms: dict[str, Platform]
    adapters: Mapping[str, Adapter]
    outbox: Outbox
    transport: Clock
    pauses: threading.Event


class Foundation:
    """Builds each part at its first use, so that a short command loads little. Parts that are passed in are used
    as they are."""

    def __init__(self, settings: Settings, clock: Clock | None = None, **parts: Unpack[Parts]) -> None:
        self.settings = settings
        # This is where functools.cached_property looks for what was made before.
        self.__dict__.update(parts)
        self.clock: Clock = clock or (FrozenClock(settings.now) if settings.now else SystemClock())
        self.config = load_config(settings)
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"data_dir {settings.data_dir}: {error.strerror}", "no_folder") from error
        self.engine = connect(settings.database_url, settings.database.busy_seconds)
        keep_private(self._own_files())
        self.engine_proxy = EngineProxy()
        actors = Actors(self.clock)
        self.store = Store(self.engine, self.publish, self.engine_proxy.enqueue, self.committed, actors)
        self.identity = Identity(self.store.unit, team.listed(settings), settings.language)
        of_people = settled(settings.people, settings.teams, settings.default_role)
        self.rosters = Rosters(teams_of(settings.teams), of_people)
        self.readers = Readers(self.rosters, team.accounts(settings))
        self.access = Access(self.store.unit, self.rosters)

    def audience(self, channel: str) -> Audience:
        """Who reads the channel, as its platform tells now. Without platforms nobody tells; App overrides it."""
        return Audience.UNKNOWN

    def list_readers(self, channel: str) -> Collection[str]:
        """The accounts of those who read the channel, as its platform tells now; App overrides it."""
        raise OSError("no platform")

    def publish(self, unit: Unit, case_ids: Collection[str]) -> None:
        """Called in the transaction that changes cases, before it commits, to queue what is shown of them. Does
        nothing here; App overrides it."""

    def committed(self) -> None:
        """Called after each commit, to send what was queued. Does nothing here; App overrides it."""

    def _own_files(self) -> list[Path]:
        """The data folder, the files in it, and the files of an SQLite database that lies elsewhere."""
        folder, file = self.settings.data_dir, self.engine.url.database
        found = [folder, *folder.glob("*")]
        if self.engine.dialect.name == "sqlite" and file and file != ":memory:":
            found += [*Path(file).parent.glob(f"{Path(file).name}*")]
        return found

    @property
    def upload_dir(self) -> Path:
        """The folder of received files that are not in the vault yet; it is made if missing."""
        path = self.settings.data_dir.absolute() / "incoming"
        path.mkdir(parents=True, exist_ok=True)
        return path

    @cached_property
    def phrases(self) -> Phrases:
        """The texts for people, in all languages."""
        return shared_phrases(data_root("templates"), self.settings.timezone)

    @cached_property
    def vault(self) -> DiskVault:
        """The originals of evidence, on disk."""
        return DiskVault(self.settings.data_dir / "vault")

    @cached_property
    def reader(self) -> "FileReader":
        """Reads facts from files and texts; the reading libraries are loaded at its first use."""
        from bot.reading.limits import Limits
        from bot.reading.reader import file_reader
        from bot.reading.tables import load_carriers, load_vocabulary

        folder, caps = data_root("config"), self.settings.limits
        limits = Limits(picture_bytes=caps.picture_bytes, pdf_bytes=caps.picture_bytes, text_bytes=caps.text_bytes)
        words = (self.config.policy, load_carriers(folder), load_vocabulary(folder))
        return file_reader(*words, limits, self.settings.reading.socket)

    @cached_property
    def copy_maker(self) -> CopyMaker:
        """Makes covered copies of originals."""
        return CopyMaker(self.vault, self.reader, self.reader)

    @cached_property
    def exports(self) -> "WalledExports":
        """Opens received exports, each in a process of its own."""
        from bot.sources.mappings import load_mappings
        from bot.sources.walled import WalledExports

        folder = data_root("config")
        return WalledExports(folder, policy_path(self.settings).absolute(), load_mappings(folder))

    @cached_property
    def arriving(self) -> ArrivingFiles:
        """Looks at uploads before their turn takes the lock of the conversation."""
        return ArrivingFiles(self.ahead, self.reader, self.exports)

    @cached_property
    def export_folder(self) -> DiskExportFolder:
        """The received exports that wait for their import."""
        return DiskExportFolder(self.settings.data_dir / "exports")

    @cached_property
    def ahead(self) -> PrefetchingReader:
        """Reads uploads before their turn takes the lock of the conversation."""
        return PrefetchingReader(self.reader)

    @cached_property
    def links(self) -> LinkChecker:
        """Checks whether links open without signing in."""
        from bot.reading.links import LinkGuard
        from bot.reading.tables import load_vocabulary

        return LinkGuard(self.config.policy, load_vocabulary(data_root("config")).links)

    @cached_property
    def card_factory(self) -> CardFactory:
        """Makes the cards that services send, in each language."""
        ring = timedelta(hours=self.settings.reminders.ring_hours)
        texts = (self.phrases, self.config.policy, self.config.catalogue)
        return CardFactory(*texts, self.clock, ring, self.readers.beyond)

    def localizer(self, language: str) -> Localizer:
        """The texts of one language, with times relative to the present instant."""
        return self.card_factory.localizer(language)
