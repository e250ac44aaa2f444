"""What the services need of whoever words their messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.case import Case
from bot.domain.draft import DraftFacts
from bot.domain.evidence import Evidence
from bot.domain.orders import Shop
from bot.domain.reminder import Step
from bot.messaging.card import Card
from bot.ports.retention import Purged
from bot.services.judgement import Judgement
from bot.services.measuring import Figures


class Texts(Protocol):
    """Words things in a language of `languages`. The same arguments give the same message in each language."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages in which there are texts ("en", "zh")."""
        ...

    def at(self, now: datetime) -> "Texts":
        """The same, worded at that instant (UTC): what is said of the time left is so in every language."""
        ...

    def headline(self, language: str, judged: Judgement, figures: Figures) -> Card:
        """The card that opens a case's thread."""
        ...

    def work(self, language: str, judged: Judgement) -> Card:
        """The card that says what is still missing, with what has just arrived."""
        ...

    def reminder(self, language: str, judged: Judgement, step: Step) -> Card:
        """The message of a reminder's step."""
        ...

    def earlier(self, language: str, case: Case, shop: Shop, was: datetime, to: str) -> Card:
        """That the case's deadline is earlier than it `was` (UTC); `to` (a person id, or "") is mentioned."""
        ...

    def given(self, language: str, case: Case, name: str) -> Card:
        """Calls the case's new owner, who is called `name`."""
        ...

    def freed(self, language: str, case: Case, earlier: str, on_call: str) -> Card:
        """That nobody has the case any more: `earlier` stood for its owner, `on_call` ("" for nobody) is asked."""
        ...

    def link(self, language: str, case: Case, item: Evidence) -> Card:
        """What happened to the evidence's link."""
        ...

    def purged(self, language: str, case: Case, purged: Purged) -> Card:
        """The report of what was deleted with the case."""
        ...

    def bound(self, language: str, shop: Shop, channel: str, names: Mapping[str, str], by: str) -> Card:
        """Tells a shop's channels that `channel` hears of it too since somebody (called `by`) bound it; `names` are
        what the chats call channels, by id."""
        ...

    def drafts(self, language: str, scenario: str, facts: DraftFacts) -> list[str]:
        """The explanations of a scenario, fullest first; "" stands for one whose facts are not all there, so that the
        same place is the same variant in every language."""
        ...

    def form(self, judged: Judgement) -> str:
        """The appeal form in English, to paste."""
        ...
