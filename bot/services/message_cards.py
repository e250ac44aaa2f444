"""The protocol of the texts that services send."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audience import Audience
from bot.domain.case import Case
from bot.domain.draft import DraftFacts
from bot.domain.evidence import Evidence
from bot.domain.feeds import OpenDeadline
from bot.domain.freshness import ShopData
from bot.domain.lookback import LookBack
from bot.domain.orders import Shop
from bot.domain.reminder import Step
from bot.messaging.card import Card
from bot.ports.retention import Purged
from bot.services.imports_shown import ImportsShown
from bot.services.judgement import Judgement
from bot.services.measuring import Figures


class MessageCards(Protocol):
    """Makes the cards that services send, in a language of `languages`. The same arguments give the same message
    in each language."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages in which there are texts ("en", "zh")."""
        ...

    def at(self, now: datetime) -> "MessageCards":
        """The same texts relative to the instant `now` (UTC), so that the time left is the same in every language."""
        ...

    def headline(self, language: str, judged: Judgement, figures: Figures) -> Card:
        """The headline card, which opens a case's thread."""
        ...

    def work(self, language: str, judged: Judgement) -> Card:
        """The work card, which says what is still missing in the case, with what has just arrived."""
        ...

    def reminder(self, language: str, judged: Judgement, step: Step) -> Card:
        """The message of a reminder's step."""
        ...

    def earlier(self, language: str, case: Case, shop: Shop, was: datetime, to: str) -> Card:
        """The alert that the case's deadline is earlier than it `was` (UTC); `to` (a person id, or "") is
        mentioned."""
        ...

    def given(self, language: str, case: Case, name: str) -> Card:
        """The message that mentions the case's new owner; `name` is how they are called."""
        ...

    def freed(self, language: str, case: Case, earlier: str, on_call: str, *, left: bool) -> Card:
        """The message that the case has no owner any more: `earlier` was the owner, who has `left` the team
        or was nobody known; `on_call` (a person id, "" for nobody) is asked to claim it."""
        ...

    def link(self, language: str, case: Case, item: Evidence) -> Card:
        """The message that the link of a piece of evidence has changed its state."""
        ...

    def purged(self, language: str, case: Case, purged: Purged) -> Card:
        """The report of what was deleted with the case."""
        ...

    def bound(self, language: str, shop: Shop, channel: str, names: Mapping[str, str], by: str) -> Card:
        """The message to a shop's channels that `channel` was bound to it too, by somebody called `by`; `names`
        are the names of channels on their platforms, by id."""
        ...

    def due_soon(self, language: str, shop: Shop, hours: int, deadlines: Sequence[OpenDeadline]) -> Card:
        """The message that these deadlines of a shop's orders end in at most so many hours."""
        ...

    def deactivated(self, language: str, shop: Shop) -> Card:
        """The alarm that the platform has deactivated the shop."""
        ...

    def stale(self, language: str, data: Sequence[ShopData]) -> Card:
        """The message that tells of shops whose data should have come, until all have or are paused."""
        ...

    def replay(self, language: str, found: LookBack) -> Card:
        """The look back at the days that would have fired before a shop was watched."""
        ...

    def imports(self, language: str, shown: ImportsShown) -> Card:
        """The card of the exports that a message brought: previews, progress, and what came of them."""
        ...

    def audience(
        self, language: str, channel: str, audience: Audience, shops: Sequence[Shop], names: Mapping[str, str]
    ) -> Card:
        """The message that others read the channel of these shops now, or no others any more; `names` are the names
        of channels on their platforms, by id."""
        ...

    def drafts(self, language: str, scenario: str, facts: DraftFacts) -> Iterator[str]:
        """The explanations of a scenario, fullest first. "" stands for a wording whose facts are not all known, so
        that the same position is the same wording in every language."""
        ...

    def form(self, judged: Judgement) -> str:
        """The fields of the appeal form in English, to paste."""
        ...
