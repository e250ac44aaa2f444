"""What a person is told when a command was refused or failed: why, and what to do now."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.conversation.turn import Turn
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Tone
from bot.ports.store import DatabaseError
from bot.wording import doing, replies
from bot.wording.failures import database_words
from bot.wording.localizer import Localizer


class Failures:
    """Makes the cards that answer refusals and errors."""

    def __init__(
        self,
        localizer: Callable[[str], Localizer],
        headline: Callable[[str, str], Card],
        order_of: Callable[[Turn, Sequence[str]], str],
    ) -> None:
        """`headline(case id, language)` is a case's card as it is now; `order_of(turn, orders)` is what a person
        would type to have the turn done for those orders alone."""
        self.localizer, self.headline, self.order_of = localizer, headline, order_of

    def refused(self, refusal: Refusal, turn: Turn) -> Card:
        """The card that says why a command was refused. After the button of an outdated card it brings the current
        card; when only some of several orders are not the case's, it offers the command for the others."""
        say = self.localizer(turn.language)
        card = replies.refusal(say, refusal.key, **refusal.params)
        if others := refusal.params.get("others"):
            return doing.others(say, card, self.order_of(turn, others), len(others))
        if refusal.key != "stale_button":
            return card
        return replace(card, elements=self.headline(refusal.params["case"], turn.language).elements)

    def failed(self, error: Exception, turn: Turn) -> Card:
        """The card for an unexpected error: what it means and what to do. The cause is in the log under the
        reference shown."""
        card = self._failure(self.localizer(turn.language), error, turn)
        return Card(card.title, card.elements, Tone.RED, "", card.language)

    @staticmethod
    def _failure(say: Localizer, error: Exception, turn: Turn) -> Card:
        match error:
            case DatabaseError():
                return replies.refusal(say, "failed_database", cause=database_words(say.phrases, say.language, error))
            case OSError():
                return replies.refusal(say, "failed_disk", cause=f"{error.strerror or error}.")
        return replies.refusal(say, "failed", reference=turn.event.id[-12:])
