"""Cards about single pieces of evidence: a link that closed, personal data before an export."""

from bot.card import Card, Element, Text, Tone
from bot.domain.case import Case
from bot.domain.evidence import Evidence
from bot.wording.speaker import Speaker


def link_card(say: Speaker, case: Case, item: Evidence) -> Card:
    """A link no longer opens: what that means before the deadline, and what to do."""
    state = item.link_state.value if item.link_state else ""
    words = say(f"evidence.link_{state}", item=item, orders=", ".join(item.order_ids), left=say.left(case))
    elements: tuple[Element, ...] = (Text(words), Text(say("evidence.link_remedy")))
    return Card(say("evidence.link_title", case=case, item=item), elements, Tone.RED, "", say.language)
