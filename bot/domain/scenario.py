"""Suggests scenarios from what is known of an order, with the reason; a person decides (domain.md §4)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, TimeRole
from bot.domain.orders import DefectType
from bot.domain.own_evidence import own_evidence
from bot.domain.parcel import first, long_on_the_way, says_not_received, says_not_shipped
from bot.domain.text import same_text, unified

# Scripts and letters that tell a language without a library; Malay and Filipino need the reader's word.
_LANGUAGES = {
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "vi": re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I),
}
_BIG_LANGUAGES = frozenset({"en", "zh", ""})


@dataclass(frozen=True)
class Suggestion:
    """A scenario that fits what is known; `reason` is a text key (templates/<lang>/scenario.toml)."""

    scenario: str
    reason: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)


def suggest(context: CaseContext, order: CaseOrder) -> list[Suggestion]:
    """The scenarios that fit all of the order's defect types and have a reason, each once, in the catalogue's
    order (domain.md §4)."""
    items = own_evidence(context, order)
    found: dict[str, Suggestion] = {}
    for look in _LOOKS:
        for suggestion in look(context, order, items):
            found.setdefault(suggestion.scenario, suggestion)
    return [found[name] for name in context.catalogue.scenarios if name in found and _fits(context, order, name)]


def _fits(context: CaseContext, order: CaseOrder, scenario: str) -> bool:
    return set(order.defect_types) <= set(context.catalogue.scenarios[scenario].defect_types)


def _carrier(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    for item in items:
        if at := first(item.facts, TimeRole.EXCEPTION):
            yield Suggestion("S1", "exception", {"at": f"{at:%Y-%m-%d %H:%M} UTC"})
        elif long_on_the_way(item.facts, context.policy, context.now):
            yield Suggestion("S1", "on_the_way", {"days": str(context.policy.evidence.on_the_way_days)})


def _same_buyer(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    record = context.orders.get(order.order_id)
    same = [
        other for other in context.orders.values() if record and record.buyer and same_text(other.buyer, record.buyer)
    ]
    if DefectType.RETURN_REFUND in order.defect_types and record and len(same) > 1:
        yield Suggestion("S2", "same_buyer", {"buyer": record.buyer, "count": str(len(same))})


def _unrelated(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    if any(item.kind == "product_page" for item in items):
        yield Suggestion("S3", "product_page")


def _late_status(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    picked_up = min((at for item in items if (at := first(item.facts, TimeRole.PICKED_UP))), default=None)
    waiting = any(item.kind in ("order_detail", "erp_log") and says_not_shipped(item.facts.words) for item in items)
    if picked_up and waiting:
        yield Suggestion("S4", "shown_unshipped", {"at": f"{picked_up:%Y-%m-%d %H:%M} UTC"})


def _not_received(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    said = [message.words for item in items for message in item.facts.messages if message.speaker == "buyer"]
    for words in [order.text, *said]:
        if says_not_received(words):
            yield Suggestion("S5", "not_received", {"words": words[:80]})


def _promotion(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    if any(item.kind == "activity_page" for item in items):
        yield Suggestion("S6", "activity_page")


def _log_error(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    for event in (event for item in items for event in item.facts.log_events):
        if event.error:
            yield Suggestion("S7", "log_error", {"words": event.error[:80]})


def _language(context: CaseContext, order: CaseOrder, items: tuple[Evidence, ...]) -> Iterator[Suggestion]:
    reviews = [item.facts for item in items if item.kind == "review_screenshot"]
    languages = [language for facts in reviews for language in facts.languages]
    languages += [name for name, letters in _LANGUAGES.items() if letters.search(unified(order.text))]
    for language in languages:
        if language not in _BIG_LANGUAGES:
            yield Suggestion("S8", "language", {"language": language, "site": context.shop.site})


_LOOKS: tuple[Callable[[CaseContext, CaseOrder, tuple[Evidence, ...]], Iterator[Suggestion]], ...] = (
    _carrier,
    _same_buyer,
    _unrelated,
    _late_status,
    _not_received,
    _promotion,
    _log_error,
    _language,
)
