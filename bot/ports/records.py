"""What the core needs of small records: events, measurements, people, channels and scheduled work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.audience import Audience
from bot.domain.people import Role

EventRow = tuple[str, datetime, str, str, dict[str, Any]]
"""id, received at (UTC), channel, person, the event as JSON data"""


@dataclass(frozen=True)
class Person:
    """A person of the team. `language` and `timezone` are "" until known. `forgotten` says that the name was deleted
    because the person asked for it."""

    id: str
    name: str = ""
    language: str = ""
    timezone: str = ""
    role: Role = Role.MEMBER
    forgotten: bool = False


class RecordRows(Protocol):
    """The rows of events, measurements, people, channels and scheduled runs. Asking for an unknown name gives None
    or an empty result, never an error."""

    def keep_events(self, rows: Sequence[EventRow]) -> None:
        """Store events before they are handled; events that are stored or handled already stay as they are."""
        ...

    def event(self, event_id: str) -> dict[str, Any] | None:
        """The kept event as JSON data, handled or not; None when there is none."""
        ...

    def unhandled(self, before: datetime, limit: int = 100) -> list[str]:
        """At most `limit` ids of stored events that were received before that instant (UTC) and are not handled
        yet, oldest first."""
        ...

    def waiting_events(self) -> list[dict[str, Any]]:
        """All stored events that are not handled yet, in no promised order."""
        ...

    def has_event(self, event_id: str) -> bool:
        """Whether the event with that id was handled."""
        ...

    def take_event(self, event_id: str, now: datetime, channel: str, person: str) -> bool:
        """Claim an event for handling, whether or not it was stored before. Returns True the first time; of two
        callers at once exactly one gets True. A person who was unknown is stored by this."""
        ...

    def places_of(self, person: str) -> Collection[str]:
        """The channels in which the person has written, pressed or sent something, without those that others than the
        own organisation's people read."""
        ...

    def wrote_in(self, channels: Collection[str]) -> Collection[tuple[str, str]]:
        """Who has written, pressed or sent something in these channels: (channel, person id) pairs."""
        ...

    def wrote_directly(self, person: str, channel: str) -> bool:
        """Whether the channel is the person's direct conversation with the bot, as the platform said of one of
        their events."""
        ...

    def snapshots_on(self, day: str, shop_ids: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
        """The newest measurement of that UTC day (ISO date) by shop (all when None); a shop without one is absent."""
        ...

    def save_snapshots(
        self, day: str, now: datetime, measured: Mapping[str, dict[str, Any]], by: str = "", why: str = ""
    ) -> None:
        """Append the measurements, by shop, that differ from the shop's newest of that UTC day, with when (UTC), who
        or what had them made, and why. Nothing is rewritten (domain.md §1, §1a)."""
        ...

    def measured_days(self, shop: str, first: str, last: str) -> list[str]:
        """The days (ISO dates) from `first` to `last`, both included, that were ever measured, oldest first."""
        ...

    def take_run(self, job: str, subject: str, due: str, now: datetime) -> bool:
        """Claim one run: what `job` has to do for `subject` at `due`. Returns True the first time; of two callers
        at once exactly one gets True."""
        ...

    def last_runs(self, job: str) -> dict[str, str]:
        """The greatest `due` that was claimed for `job`, by subject. Values are compared as text."""
        ...

    def person(self, person_id: str) -> Person | None:
        """The person with that id, or None."""
        ...

    def people(self) -> list[Person]:
        """Everybody whom a platform has named or who has done something, ordered by id."""
        ...

    def save_person(self, person: Person, chosen: bool = False) -> None:
        """Add the person or overwrite the one with that id. The name of somebody whose name was deleted is passed
        over, unless they have `chosen` it themselves."""
        ...

    def channel_language(self, channel: str) -> str:
        """The channel's own language ("en", "zh"); "" when it has none or is not known."""
        ...

    def save_channel_language(self, channel: str, language: str) -> None:
        """Set the channel's language, "" for none; its name stays."""
        ...

    def audience(self, channel: str) -> Audience:
        """Who reads the channel ("platform:channel"); UNKNOWN when its platform was never asked."""
        ...

    def save_audience(self, channel: str, audience: Audience) -> None:
        """Note who reads the channel; its name and language stay."""
        ...

    def readers(self, channel: str) -> frozenset[str] | None:
        """The accounts on their platform of those who read the channel; None when the platform has not told."""
        ...

    def save_readers(self, channel: str, accounts: Collection[str]) -> None:
        """Note whose accounts read the channel; the rest of what is known of it stays."""
        ...

    def beyond(self, channel: str) -> str:
        """The teams (ids with commas between) for which somebody beyond them read the channel when its cards were
        drawn."""
        ...

    def save_beyond(self, channel: str, teams: str) -> None:
        """Note for which teams it is so now."""
        ...

    def channel_names(self) -> dict[str, str]:
        """The names of channels on their platforms, by id; channels whose name is unknown are absent."""
        ...

    def save_channel_name(self, channel: str, name: str) -> None:
        """Store the name of a channel; its language stays."""
        ...
