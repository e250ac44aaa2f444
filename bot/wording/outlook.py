"""The pass-rate outlook of a case with the readiness checklist (domain.md §6); never a promise."""

from collections.abc import Sequence

from bot.domain.case import AppealStatus
from bot.domain.outlook import Outlook, outlook
from bot.messaging.card import Card, Checklist, Fields, Item, Mark, Style, Text, Tone
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer

READINESS = {
    "order_details": ("order_detail",),
    "certificate": ("delay_certificate",),
    "sop_record": ("sla_proof",),
    "api_health": ("api_log", "erp_log"),
}
"""What sellers prepare for a reliable outlook, and the kinds of evidence that serve it."""


def _rates(say: Localizer, judged: Judgement, outcomes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    causes = dict.fromkeys(order.root_cause for order in judged.case.appealed if order.root_cause)
    rows = []
    for cause in causes or {"": None}:
        known = [outcome for root, outcome in outcomes if cause in ("", root)]
        excluded, rejected = known.count(AppealStatus.EXCLUDED), known.count(AppealStatus.REJECTED)
        rows.append((cause or say("outlook.any_cause"), _rate(say, outlook(say.policy, excluded, rejected))))
    return rows


def _rate(say: Localizer, found: Outlook) -> str:
    low, high = round(found.low * 100), round(found.high * 100)
    return say("outlook.rate", low=low, high=high, level=round(found.level * 100), n=found.n)


def outlook_card(say: Localizer, judged: Judgement, outcomes: Sequence[tuple[str, str]]) -> Card:
    """The interval of the pass rate by root cause, with its n, and which items of the readiness checklist are
    there."""
    kinds = {item.kind for item in judged.context.evidence if item.id in judged.review.accepted}
    items = [Item(Mark.DONE, say("outlook.ready.trend"))]
    for name, needed in READINESS.items():
        items.append(Item(Mark.DONE if kinds & set(needed) else Mark.MISSING, say(f"outlook.ready.{name}")))
    elements = (
        Fields(tuple(_rates(say, judged, outcomes))),
        Text(say("outlook.ready_title"), Style.HEADING),
        Checklist(tuple(items)),
        Text(say("outlook.no_promise", prior=round(float(say.policy.form.prior_pass_rate) * 100, 1)), Style.MUTED),
    )
    return Card(say("outlook.title", case=judged.case), elements, Tone.BLUE, "", say.language)
