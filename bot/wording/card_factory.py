"""The cards that services send, in each language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.addresses import Slot
from bot.domain.audience import Audience
from bot.domain.case import Case
from bot.domain.draft import DraftFacts
from bot.domain.evidence import Evidence
from bot.domain.feeds import OpenDeadline
from bot.domain.freshness import ShopData
from bot.domain.lookback import LookBack
from bot.domain.orders import Shop
from bot.domain.policy import Catalogue, Policy
from bot.domain.reminder import Step
from bot.messaging.card import Card, Style, Text
from bot.messaging.narrowing import narrowed
from bot.messaging.shortening import shortened
from bot.ports.clock import Clock
from bot.ports.retention import Purged
from bot.ports.store import Unit
from bot.services.buyers import buyers_hidden
from bot.services.imports_shown import ImportsShown
from bot.services.judgement import Judgement
from bot.services.measuring import Figures
from bot.wording import (
    alerts,
    channels,
    feeds,
    forms,
    freshness,
    people,
    previews,
    reminders,
    replay,
    replies,
    work,
)
from bot.wording.evidence import link_card
from bot.wording.localizer import Localizer
from bot.wording.phrases import Phrases


@dataclass(frozen=True)
class _Stopped:
    """A clock that stands still at `at`, so that all languages of a message describe the same instant."""

    instant: datetime

    def now(self) -> datetime:
        """The instant at which it stands."""
        return self.instant


class CardFactory:
    """Implements services.message_cards.MessageCards on templates/. Every method takes the language first. A
    reminder may ring people up when less than `ring` is left."""

    def __init__(
        self,
        phrases: Phrases,
        policy: Policy,
        catalogue: Catalogue,
        clock: Clock,
        ring: timedelta,
        beyond: Callable[[Unit, str, str], bool],
    ) -> None:
        """`beyond(unit, channel, case id or "")` says whether people read the channel who are not in the team."""
        self.phrases, self.policy, self.catalogue = phrases, policy, catalogue
        self.clock, self.ring, self.beyond = clock, ring, beyond

    def localizer(self, language: str) -> Localizer:
        """The texts of one language, with times relative to the present instant."""
        return Localizer(self.phrases, language, self.policy, self.catalogue, self.clock.now())

    @property
    def languages(self) -> Sequence[str]:
        """The languages in which there are texts."""
        return self.phrases.languages

    def at(self, now: datetime) -> "CardFactory":
        """A renderer whose texts are relative to that instant."""
        return CardFactory(self.phrases, self.policy, self.catalogue, _Stopped(now), self.ring, self.beyond)

    def headline(self, language: str, judged: Judgement, figures: Figures) -> Card:
        """The headline card of a case."""
        return alerts.headline(self.localizer(language), judged, figures)

    def work(self, language: str, judged: Judgement) -> Card:
        """The work card of a case."""
        return work.work_card(self.localizer(language), judged)

    def drafts(self, language: str, scenario: str, facts: DraftFacts) -> Iterator[str]:
        """The explanations of a scenario, fullest first; "" stands for one whose facts are not all there."""
        return forms.drafts(self.phrases, language, scenario, facts.values)

    def form(self, judged: Judgement) -> str:
        """The fields of the platform's form, in English, to paste."""
        return forms.form_text(self.localizer("en"), judged)

    def link(self, language: str, case: Case, item: Evidence) -> Card:
        """The card that tells how a link's state has changed."""
        return link_card(self.localizer(language), case, item)

    def earlier(self, language: str, case: Case, shop: Shop, was: datetime, to: str) -> Card:
        """The alert that a case's deadline is earlier than it was."""
        return alerts.earlier_card(self.localizer(language), case, shop, was, to)

    def given(self, language: str, case: Case, name: str) -> Card:
        """The card that mentions a case's new owner."""
        return people.given_card(self.localizer(language), case, name)

    def freed(self, language: str, case: Case, earlier: str, on_call: str, *, left: bool) -> Card:
        """The card that tells that a case has no owner any more."""
        return people.freed_card(self.localizer(language), case, earlier, on_call, left)

    def reminder(self, language: str, judged: Judgement, step: Step) -> Card:
        """The card of a case's reminder."""
        return reminders.reminder_card(self.localizer(language), judged, step, self.ring)

    def purged(self, language: str, case: Case, purged: Purged) -> Card:
        """The card that lists what was deleted of a finished case."""
        return reminders.purge_card(self.localizer(language), case, purged)

    def stale(self, language: str, data: Sequence[ShopData]) -> Card:
        """The card that tells of shops whose data should have come."""
        return freshness.stale_card(self.localizer(language), data)

    def replay(self, language: str, found: LookBack) -> Card:
        """The card that looks back at the days that would have fired."""
        return replay.replay_card(self.localizer(language), found)

    def bound(self, language: str, shop: Shop, channel: str, names: Mapping[str, str], by: str) -> Card:
        """The card that tells a shop's channels that another one was bound to it."""
        return channels.also_bound_card(self.localizer(language), shop, replies.channel_name(channel, names), by)

    def due_soon(self, language: str, shop: Shop, hours: int, deadlines: Sequence[OpenDeadline]) -> Card:
        """The card that lists what has to be done for orders within so many hours."""
        return feeds.due_soon_card(self.localizer(language), shop, hours, deadlines)

    def deactivated(self, language: str, shop: Shop) -> Card:
        """The alarm that the platform has deactivated the shop."""
        return feeds.deactivated_card(self.localizer(language), shop)

    def imports(self, language: str, shown: ImportsShown) -> Card:
        """The card of the exports that a message brought."""
        return previews.imports_card(self.localizer(language), shown)

    def audience(
        self, language: str, channel: str, audience: Audience, shops: Sequence[Shop], names: Mapping[str, str]
    ) -> Card:
        """The card that tells who reads a channel now."""
        place = replies.channel_name(channel, names)
        return channels.audience_card(self.localizer(language), place, audience, shops)

    def inside(self, unit: Unit, channel: str, thread: str, card: Card) -> Card:
        """What of a card may be shown in the channel, by who reads it: no evidence where others than the own
        organisation do, and buyers' data shortened wherever others than the team do. What is shown to one person
        alone is whole for whoever was let in by the gate."""
        audience, case_id = unit.records.audience(channel), thread or Slot.read(card.slot).case_id
        if not audience.wide and (card.private_to or not self.beyond(unit, channel, case_id)):
            return card
        words = f"channels.kept_{audience if audience.wide else 'beyond'}"

        def notice(language: str) -> Text:
            return Text(self.localizer(language)(words), Style.MUTED)

        kept = narrowed(card, thread, notice) if audience.wide else card
        return shortened(kept, buyers_hidden(unit, channel, case_id), notice)

    def elsewhere(self, language: str, unit: Unit, channel: str, reason: str) -> Text:
        """The paragraph that says where a message belongs and why it is not shown there."""
        name = replies.channel_name(channel, unit.records.channel_names())
        return Text(self.localizer(language)("alerts.elsewhere", channel=name, reason=reason), Style.WARNING)
