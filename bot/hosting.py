"""The core as the adapters of chat platforms see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.incoming import Incoming
from bot.intake import Intake
from bot.ports import Clock, Person, UnitFactory, Vault
from bot.staffing import Accounts
from bot.store.threads import Threads


@dataclass(frozen=True)
class ChatHost:
    """host.Host for the platform `name`. `intake` is asked for when the first event arrives: it needs every part,
    the platforms among them."""

    name: str
    upload_dir: Path
    max_upload_bytes: int
    clock: Clock
    units: UnitFactory
    vault: Vault
    threads: Threads
    accounts: Accounts
    intake: Callable[[], Intake]
    say: Callable[..., str]

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self.clock.now()

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Keep an event; returns how to wait for the end of its turn."""
        return self.intake().accept(event)

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened a case's thread in the channel."""
        return self.threads.root(f"{self.name}:{channel}", thread)

    def thread_of(self, channel: str, ref: str) -> str:
        """The case in whose thread the message stands."""
        return self.threads.thread_of(f"{self.name}:{channel}", ref)

    def person_id(self, account: str) -> str:
        """Whose account it is."""
        return self.accounts.person(account)

    def account(self, person_id: str) -> str:
        """Whom to mention."""
        return self.accounts.account(person_id)

    def person(self, person_id: str) -> Person | None:
        """What is known of a person."""
        with self.units(read_only=True) as unit:
            return unit.records.person(person_id)

    def save_person(self, person: Person) -> None:
        """Keep name, language and zone."""
        with self.units() as unit:
            unit.records.save_person(person)

    def original(self, sha256: str) -> Path:
        """Where an original or a package lies."""
        return self.vault.path(sha256)
