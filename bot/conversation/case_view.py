"""What the tabs of a case's page show: its evidence, with the places where facts were read, drafts and timeline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.access import Access
from bot.domain.case import CaseOrder
from bot.domain.evidence import Evidence, Spot
from bot.messaging.card import Card
from bot.ports.case_view import EvidenceTile, OrderGallery, ReadPlace
from bot.ports.store import Unit
from bot.services.judgement import Judgement
from bot.services.review import Judge
from bot.wording import replies, work
from bot.wording.localizer import Localizer

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""What every browser shows."""
READ_IN = ("tracking_numbers", "order_ids", "timestamps")
"""The facts whose places are shown."""


@dataclass(frozen=True)
class ConsoleCase:
    """Implements ports.case_view.CaseView for one person at the console."""

    access: Access
    judge: Judge
    localizer: Callable[[str], Localizer]
    reader: str

    def gallery(self, case_id: str, language: str) -> Sequence[OrderGallery] | None:
        """The case's evidence by order, that of no order last."""
        judged = self._look(case_id)
        if judged is None:
            return None
        say, listed = self.localizer(language), judged.context.evidence
        found = [_gallery(say, judged, order) for order in judged.case.orders]
        loose = [item for item in listed if not item.order_ids]
        return [*found, OrderGallery("", "", tuple(_tile(say, judged, item) for item in loose))]

    def cards(self, case_id: str, tab: str, language: str) -> Sequence[Card] | None:
        """The cards of a tab."""
        judged = self._look(case_id)
        if judged is None:
            return None
        say, case = self.localizer(language), judged.case
        if tab == "work":
            return [work.work_card(say, judged)]
        if tab == "drafts":
            return [replies.draft_card(say, judged, each, judged.drafts[each.order_id]) for each in case.appealed]
        with self.access.at_console(self.reader), self.access.units(read_only=True) as unit:
            return [replies.timeline_card(say, case, unit.cases.timeline(case_id), unit.records.channel_names())]

    def _look(self, case_id: str) -> Judgement | None:
        with self.access.at_console(self.reader), self.access.units(read_only=True) as unit:
            return next(iter(self._judged(unit, case_id)), None)

    def _judged(self, unit: Unit, case_id: str) -> list[Judgement]:
        case = unit.cases.get(case_id)
        return self.judge.look_all(unit, [case] if case else [])


def _gallery(say: Localizer, judged: Judgement, order: CaseOrder) -> OrderGallery:
    own = [item for item in judged.context.evidence if order.order_id in item.order_ids]
    return OrderGallery(order.order_id, say.scenario(order), tuple(_tile(say, judged, item) for item in own))


def _tile(say: Localizer, judged: Judgement, item: Evidence) -> EvidenceTile:
    accepted = "accepted" if judged.review.accepted.get(item.id) else "open"
    spots = [spot for spot in item.facts.spots if spot.fact in READ_IN]
    return EvidenceTile(
        item.id,
        item.file_name,
        say.kind(item.kind),
        accepted if item.active else "withdrawn",
        item.uploader,
        item.uploaded_at,
        item.sha256,
        item.size,
        item.facts.media_type in PICTURES,
        item.link,
        tuple(_place(say, spot) for spot in spots if spot.page <= 1),
        _facts(say, item),
    )


def _place(say: Localizer, spot: Spot) -> ReadPlace:
    return ReadPlace(say(f"console.read_{spot.fact}"), spot.text, spot.box, spot.legible)


def _facts(say: Localizer, item: Evidence) -> tuple[tuple[str, str], ...]:
    """What was read in words: numbers, then times with what they are of."""
    facts = item.facts
    numbers = [(say("console.read_tracking_numbers"), number.value) for number in facts.tracking_numbers]
    orders = [(say("console.read_order_ids"), order_id) for order_id in facts.order_ids]
    times = [(say(f"console.read_role_{stamp.role.value}"), say.phrases.utc(stamp.at)) for stamp in facts.timestamps]
    return (*numbers, *orders, *(pair for pair in times if pair[1]))
