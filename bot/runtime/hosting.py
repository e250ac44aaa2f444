"""The collaborators of ports.host, made once for all platforms: each adds the platform's name to its own ids."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.events import FormSubmitted, Incoming
from bot.conversation.identity import Identity
from bot.domain.addresses import ChannelId
from bot.messaging.card import Card
from bot.messaging.inbox import Intake
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import DatabaseError, UnitFactory
from bot.ports.vault import Vault
from bot.runtime.staffing import Accounts
from bot.store.rates import Rates
from bot.store.threads import Threads
from bot.wording.failures import database_words
from bot.wording.phrases import Phrases

if TYPE_CHECKING:
    from bot.runtime.metrics import Metrics


@dataclass(frozen=True)
class HostInbox:
    """host.Inbox. `intake` is asked for when the first event comes: it needs every part, the platforms among them."""

    intake: Callable[[], Intake]
    units: UnitFactory
    clock: Clock

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Keep an event; returns how to wait for the end of its turn."""
        return self.intake().accept(event)

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Keep many events at once."""
        self.intake().accept_all(events, kept)

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """With what an event's turn answered."""
        return self.intake().answers(event_id, within)

    def shown_privately(self, event_id: str, ref: str) -> None:
        """An event's private answers need not be sent."""
        with self.units() as unit:
            unit.messages.seen(event_id, ref, self.clock.now())


@dataclass(frozen=True)
class HostThreads:
    """host.ThreadIndex. `hears` says whether a channel ("platform:channel") hears of a case."""

    platform: str
    threads: Threads
    hears: Callable[[str, str], bool]

    def root(self, channel: str, thread: str) -> str:
        """The message that opened a case's thread in the channel."""
        return self.threads.root(str(ChannelId(self.platform, channel)), thread)

    def thread_of(self, channel: str, ref: str) -> str:
        """The case in whose thread the message stands."""
        return self.threads.thread_of(str(ChannelId(self.platform, channel)), ref)

    def card(self, channel: str, ref: str) -> Card | None:
        """The newest card of a message, unless the channel does not hear of its case any more."""
        place = str(ChannelId(self.platform, channel))
        case_id = self.threads.thread_of(place, ref)
        return self.threads.card(place, ref) if not case_id or self.hears(place, case_id) else None


@dataclass(frozen=True)
class HostDirectory:
    """host.Directory. `timezone` is the team's."""

    platform: str
    units: UnitFactory
    accounts: Accounts
    identity: Identity
    timezone: str

    def person_id(self, account: str) -> str:
        """Whose account it is."""
        return self.accounts.person(account)

    def account(self, person_id: str) -> str:
        """By which account to call somebody."""
        return self.accounts.account(person_id)

    def person(self, person_id: str) -> Person | None:
        """What is kept of a person."""
        with self.units(read_only=True) as unit:
            return unit.records.person(person_id)

    def profile(self, person_id: str) -> Person:
        """A person with language and zone; the page that says what is wrong with the database is for somebody too."""
        known = None
        with suppress(DatabaseError):
            known = self.person(person_id)
        person = self.identity.person(known, person_id)
        language, timezone = person.language or self.identity.team_language, person.timezone or self.timezone
        return replace(person, language=language, timezone=timezone)

    def save_person(self, person: Person) -> None:
        """Keep name, language and zone."""
        with self.units() as unit:
            unit.records.save_person(person)

    def language(self, channel: str, person_id: str) -> str:
        """The language for a person in a channel."""
        return self.identity.language(str(ChannelId(self.platform, channel)), person_id)

    def channels(self) -> list[str]:
        """The channels that hear of a shop."""
        with self.units(read_only=True) as unit:
            named = [ChannelId.read(channel) for shop in unit.shops.all() for channel in shop.channels]
        return list(dict.fromkeys(channel.id for channel in named if channel.platform == self.platform))

    def name_channel(self, channel: str, name: str) -> None:
        """Keep what a channel is called."""
        with self.units() as unit:
            unit.records.save_channel_name(str(ChannelId(self.platform, channel)), name)


@dataclass(frozen=True)
class HostRates:
    """host.RateLimits. `metrics` is asked for when it is first needed."""

    platform: str
    rates: Rates
    metrics: "Callable[[], Metrics]"

    def reserve(self, method: str, per_minute: float, burst: int = 1) -> float:
        """Take a place in a shared rate limit."""
        return self.rates.reserve(f"{self.platform}:{method}", per_minute, burst)

    def waited(self, method: str) -> None:
        """Count that the platform asked to wait."""
        self.metrics().waited(self.platform, method)


@dataclass(frozen=True)
class HostTexts:
    """host.Texts. `page` gives a person's own page on a platform, `look` what is wrong with a form; `language` is the
    team's."""

    platform: str
    phrases: Phrases
    page: Callable[[str, str], Card]
    look: Callable[[FormSubmitted], dict[str, str]]
    language: str

    def say(self, key: str, language: str, **params: object) -> str:
        """A text of templates/."""
        return self.phrases.say(key, language, **params)

    def home(self, person_id: str) -> Card:
        """A person's own page."""
        return self.page(self.platform, person_id)

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form."""
        return self.look(event)

    def fault(self, error: BaseException, language: str) -> str:
        """What a fault of the database means."""
        if not isinstance(error, DatabaseError):
            return ""
        spoken = language or self.language
        return self.say("refusals.failed_database", spoken, cause=database_words(self.phrases, spoken, error))


@dataclass(frozen=True)
class HostFiles:
    """host.FileStore. `may_show` says whether a platform may show an original; a card that names one stands for
    itself, a page that is asked for one does not."""

    upload_dir: Path
    max_upload_bytes: int
    vault: Callable[[], Vault]
    may_show: Callable[[str], bool] = lambda sha256: True

    def original(self, sha256: str) -> Path:
        """Where an original or a package lies, unaltered."""
        if not self.may_show(sha256):
            raise KeyError(sha256)
        return self.vault().intact(sha256)
