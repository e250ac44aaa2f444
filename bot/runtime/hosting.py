"""The core as the adapters of chat platforms see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.events import FormSubmitted, Incoming
from bot.domain.addresses import ChannelId
from bot.messaging.card import Card
from bot.messaging.inbox import Intake
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import UnitFactory
from bot.ports.vault import Vault
from bot.runtime.staffing import Accounts
from bot.store.rates import Rates
from bot.store.threads import Threads

if TYPE_CHECKING:
    from bot.runtime.metrics import Metrics


@dataclass(frozen=True)
class Talking:
    """What the core says of a person: `check` what is wrong with a form, `home` their own page on a platform,
    `language` theirs in a channel ("platform:channel"); `translated` is a case's own card in another language,
    `hears` says whether a channel hears of a case."""

    check: Callable[[FormSubmitted], dict[str, str]]
    home: Callable[[str, str], Card]
    language: Callable[[str, str], str]
    say: Callable[..., str]
    hears: Callable[[str, str], bool]


@dataclass(frozen=True)
class ChatHost:
    """host.Host for the platform `name`. `intake` and `metrics` are asked for when they are first needed: the
    former needs every part, the platforms among them."""

    name: str
    upload_dir: Path
    max_upload_bytes: int
    clock: Clock
    units: UnitFactory
    vault: Vault
    threads: Threads
    rates: Rates
    accounts: Accounts
    intake: Callable[[], Intake]
    metrics: "Callable[[], Metrics]"
    talking: Talking

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self.clock.now()

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Keep an event; returns how to wait for the end of its turn."""
        return self.intake().accept(event)

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Keep many events at once."""
        self.intake().accept_all(events, kept)

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened a case's thread in the channel."""
        return self.threads.root(self._named(channel), thread)

    def thread_of(self, channel: str, ref: str) -> str:
        """The case in whose thread the message stands."""
        return self.threads.thread_of(self._named(channel), ref)

    def shown(self, channel: str, ref: str) -> Card | None:
        """The newest card of a message."""
        place = self._named(channel)
        case_id = self.threads.thread_of(place, ref)
        return self.threads.card(place, ref) if not case_id or self.talking.hears(place, case_id) else None

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """With what an event's turn answered."""
        return self.intake().answers(event_id, within)

    def seen(self, event_id: str, ref: str) -> None:
        """An event's private answers need not be sent."""
        with self.units() as unit:
            unit.messages.seen(event_id, ref, self.clock.now())

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form."""
        return self.talking.check(event)

    def home(self, person_id: str) -> Card:
        """A person's own page."""
        return self.talking.home(self.name, person_id)

    def language(self, channel: str, person_id: str) -> str:
        """The language for a person in a channel."""
        return self.talking.language(self._named(channel), person_id)

    def say(self, key: str, language: str, **params: object) -> str:
        """A text of templates/."""
        return self.talking.say(key, language, **params)

    def channels(self) -> list[str]:
        """The channels that hear of a shop."""
        with self.units(read_only=True) as unit:
            named = [channel for shop in unit.shops.all() for channel in shop.channels]
        own = (ChannelId.read(channel) for channel in named)
        return list(dict.fromkeys(channel.id for channel in own if channel.platform == self.name))

    def _named(self, channel: str) -> str:
        return str(ChannelId(self.name, channel))

    def reserve(self, method: str, per_minute: float, burst: int = 1) -> float:
        """Take a place in a shared rate limit."""
        return self.rates.reserve(f"{self.name}:{method}", per_minute, burst)

    def waited(self, method: str) -> None:
        """Count that the platform asked to wait."""
        self.metrics().waited(self.name, method)

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

    def name_channel(self, channel: str, name: str) -> None:
        """Keep what a channel is called."""
        with self.units() as unit:
            unit.records.save_channel_name(self._named(channel), name)

    def original(self, sha256: str) -> Path:
        """Where an original or a package lies, unaltered."""
        return self.vault.intact(sha256)
