"""Implements the collaborators of ports.host once for all platforms: each adds the platform's name to the
platform's ids."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.events import FormSubmitted, Incoming
from bot.conversation.identity import Identity
from bot.domain.addresses import ChannelId
from bot.domain.audience import Audience
from bot.domain.people import PeopleIndex
from bot.domain.places import CONSOLE
from bot.messaging.card import Card
from bot.messaging.inbox import EventInbox
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import DatabaseError, UnitFactory
from bot.ports.vault import Vault
from bot.runtime.accounts import Accounts
from bot.runtime.call_counts import CallCounts
from bot.store.rates import Rates
from bot.store.threads import Threads
from bot.wording.failures import database_words
from bot.wording.phrases import Phrases

if TYPE_CHECKING:
    from bot.runtime.metrics import Metrics


@dataclass(frozen=True)
class HostInbox:
    """Implements ports.host.Inbox. `inbox` is a function because the inbox needs the platforms, which are built
    with this object."""

    inbox: Callable[[], EventInbox]
    units: UnitFactory
    clock: Clock

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Store an event and start its turn; returns a function that waits for the turn."""
        return self.inbox().accept(event)

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Store many events in one transaction, then start their turns."""
        self.inbox().accept_all(events, kept)

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """The cards with which an event's turn answered, or None."""
        return self.inbox().answers(event_id, within)

    def known(self, event_id: str) -> bool:
        """Whether an event with that id was received."""
        with self.units(read_only=True) as unit:
            return unit.records.has_event(event_id) or unit.records.event(event_id) is not None

    def shown_privately(self, event_id: str, ref: str) -> None:
        """Note that an event's private answers were shown and need not be sent."""
        with self.units() as unit:
            unit.messages.shown_privately(event_id, ref, self.clock.now())


@dataclass(frozen=True)
class HostThreads:
    """Implements ports.host.ThreadIndex. `hears(channel, case)` says whether a channel ("platform:channel") is
    bound to the shop of a case; `inside(channel, thread, card)` what of a card may be shown there;
    `redraw(channel, case)` draws the case's cards anew."""

    platform: str
    threads: Threads
    hears: Callable[[str, str], bool]
    inside: Callable[[str, str, Card], Card] = lambda channel, thread, card: card
    redraw: Callable[[str, str], None] = lambda channel, thread: None

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened a case's thread in the channel."""
        return self.threads.root(str(ChannelId(self.platform, channel)), thread)

    def thread_of(self, channel: str, ref: str) -> str:
        """The id of the case in whose thread the message stands."""
        return self.threads.thread_of(str(ChannelId(self.platform, channel)), ref)

    def renew(self, channel: str, thread: str) -> None:
        """Draw the cards of the case's thread anew."""
        self.redraw(str(ChannelId(self.platform, channel)), thread)

    def card(self, channel: str, ref: str) -> Card | None:
        """The newest card of a message; None once the channel is no longer bound to the shop of its case."""
        place = str(ChannelId(self.platform, channel))
        case_id = self.threads.thread_of(place, ref)
        card = self.threads.card(place, ref) if not case_id or self.hears(place, case_id) else None
        return card and self.inside(place, case_id, card)


@dataclass(frozen=True)
class HostDirectory:
    """Implements ports.host.Directory. `timezone` is the team's IANA zone, for people without one; `known(person)`
    gives everybody of whom the person may know, `learn(channel, audience)` notes who reads a channel
    ("platform:channel"), `back(channel)` that the bot can write there again."""

    platform: str
    units: UnitFactory
    accounts: Accounts
    identity: Identity
    timezone: str
    known: Callable[[str], PeopleIndex] = lambda person: PeopleIndex(())
    learn: Callable[[str, Audience], None] = lambda channel, audience: None
    back: Callable[[str], None] = lambda channel: None

    def person_id(self, account: str) -> str:
        """The id of the person with this account."""
        return self.accounts.person(account)

    def account(self, person_id: str) -> str:
        """The account by which to mention a person."""
        return self.accounts.account(person_id)

    def given(self) -> Mapping[str, str]:
        """The accounts that the settings give to people."""
        return self.accounts.given

    def person(self, person_id: str) -> Person | None:
        """The stored row of a person, or None."""
        with self.units(read_only=True) as unit:
            return unit.records.person(person_id)

    def profile(self, person_id: str) -> Person:
        """A person with language and time zone always given. Works without the database too: the page that
        explains a database fault is shown to a person as well."""
        known = None
        with suppress(DatabaseError):
            known = self.person(person_id)
        person = self.identity.person(known, person_id)
        language, timezone = person.language or self.identity.team_language, person.timezone or self.timezone
        return replace(person, language=language, timezone=timezone)

    def save_person(self, person: Person) -> None:
        """Store a person's name, language and time zone."""
        with self.units() as unit:
            # At the console people say for themselves how they are called; elsewhere their platform tells it.
            unit.records.save_person(person, chosen=self.platform == CONSOLE)

    def may_be_called(self, person_id: str, name: str) -> bool:
        """Whether a name is nobody else's of whom the person may know: another team's people do not exist."""
        return self.known(person_id).called(name) <= {person_id}

    def language(self, channel: str, person_id: str) -> str:
        """The language in which to speak to a person in a channel."""
        return self.identity.language(str(ChannelId(self.platform, channel)), person_id)

    def channels(self) -> list[str]:
        """The platform's channels that are bound to a shop, each once."""
        with self.units(read_only=True) as unit:
            named = [ChannelId.read(channel) for shop in unit.shops.all() for channel in shop.channels]
        return list(dict.fromkeys(channel.id for channel in named if channel.platform == self.platform))

    def name_channel(self, channel: str, name: str) -> None:
        """Store the name that the platform shows for a channel."""
        with self.units() as unit:
            unit.records.save_channel_name(str(ChannelId(self.platform, channel)), name)

    def note_return(self, channel: str) -> None:
        """Note that the bot can write in a channel again."""
        self.back(str(ChannelId(self.platform, channel)))

    def note_audience(self, channel: str, audience: Audience) -> None:
        """Note who reads a channel, and tell its people when that changes what may be shown there."""
        self.learn(str(ChannelId(self.platform, channel)), audience)


@dataclass(frozen=True)
class HostRates:
    """Implements ports.host.RateLimits. `metrics` is a function so that the metrics are built only when needed."""

    platform: str
    rates: Rates
    metrics: "Callable[[], Metrics]"
    counts: CallCounts

    def called(self) -> None:
        """Count a call of the platform's API."""
        self.counts.note(self.platform)

    def calls(self) -> tuple[int, int]:
        """How many calls were made this month, and how many are allowed."""
        most = self.counts.most.get(self.platform, 0)
        return (self.counts.used(self.platform), most) if most else (0, 0)

    def reserve(self, method: str, per_minute: float, burst: int = 1) -> float:
        """Reserve the next call within a shared rate limit; returns the seconds to wait before it."""
        return self.rates.reserve(f"{self.platform}:{method}", per_minute, burst)

    def waited(self, method: str) -> None:
        """Count that the platform asked to wait."""
        self.metrics().waited(self.platform, method)


@dataclass(frozen=True)
class HostTexts:
    """Implements ports.host.Texts. `page(platform, person)` makes a home page, `look(form)` validates a form;
    `language` is the team's."""

    platform: str
    phrases: Phrases
    page: Callable[[str, str], Card]
    look: Callable[[FormSubmitted], dict[str, str]]
    language: str

    def say(self, key: str, language: str, **params: object) -> str:
        """The text `key` of templates/ with its parameters filled in."""
        return self.phrases.say(key, language, **params)

    def home(self, person_id: str) -> Card:
        """A person's home page as a card."""
        return self.page(self.platform, person_id)

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form's values, by input name."""
        return self.look(event)

    def fault(self, error: BaseException, language: str) -> str:
        """What a database fault means and what to do; "" for any other error."""
        if not isinstance(error, DatabaseError):
            return ""
        spoken = language or self.language
        return self.say("refusals.failed_database", spoken, cause=database_words(self.phrases, spoken, error))


@dataclass(frozen=True)
class HostFiles:
    """Implements ports.host.FileStore. `may_show(person, sha256)` says whether the platform may give out an original
    to a person. For a chat that is always so, because only a card that was sent there names the file; a page of the
    console must be asked."""

    upload_dir: Path
    max_upload_bytes: int
    vault: Callable[[], Vault]
    may_show: Callable[[str, str], bool] = lambda person, sha256: True

    def original(self, sha256: str, reader: str = "") -> Path:
        """The path of an original or a package whose bytes are unaltered. Raises KeyError when it may not be
        shown."""
        if not self.may_show(reader, sha256):
            raise KeyError(sha256)
        return self.vault().intact(sha256)
