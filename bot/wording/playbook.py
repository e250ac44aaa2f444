"""What to do after a rejection: the play-book of config/playbook.toml in words (domain.md §6)."""

from collections.abc import Sequence

from bot.domain.policy import RejectionCode
from bot.messaging.card import Card, Checklist, Element, Item, Mark, Text, Tone
from bot.wording.localizer import Localizer


def rejected(say: Localizer, order_ids: Sequence[str], code: str, play: RejectionCode) -> Card:
    """The orders were rejected with `code` ("" when the notice named none): what that means, whether and when they
    may be appealed again, and what to check before (domain.md §6)."""
    orders = ", ".join(order_ids)
    meaning = say(f"replies.playbook.{play.meaning}")
    elements: list[Element] = [Text(say(f"replies.resubmit.{play.resubmit}", order=orders))]
    if play.check and play.resubmit != "never":
        elements.append(Text(say("replies.playbook.check")))
        elements.append(Checklist(tuple(Item(Mark.INFO, say(f"words.rule.{rule}")) for rule in play.check)))
    title = say("replies.result_rejected", order=orders, code=code, advice=meaning)
    return Card(title, tuple(elements), Tone.YELLOW, "", say.language)
