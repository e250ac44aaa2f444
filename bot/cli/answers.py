"""The JSON that the command line prints: a stable contract with other programs."""

from datetime import datetime
from typing import Any

from bot.domain.case import CaseOrder
from bot.domain.conversation import ConversationPiece, stitch
from bot.domain.evidence import Evidence
from bot.domain.odr import six_places
from bot.domain.scenario import suggest
from bot.domain.text import form_length
from bot.reading.report import report
from bot.services.judgement import Judgement
from bot.services.measuring import ShopCheck
from bot.services.order_points import open_points
from bot.wording.localizer import Localizer
from bot.wording.remedies import finding_texts, requirement_remedy


def instant(at: datetime | None) -> str | None:
    """A UTC instant as ISO-8601 with Z."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def check_data(check: ShopCheck) -> dict[str, Any]:
    """The check of one shop, in the contract's JSON."""
    measured, sure = check.detection.measurement, check.detection.confidence
    daily, rolling = measured.daily, measured.rolling
    return {
        "shop": check.shop.id,
        "date": measured.day.isoformat(),
        "state": check.known.state.value,
        "missing": list(check.known.missing),
        "daily": {
            "defects": daily.defects,
            "orders": daily.orders,
            "odr": six_places(daily.odr),
            "defective_orders": daily.defective_orders,
        },
        "rolling": {
            "defects": rolling.defects,
            "orders": rolling.orders,
            "odr": six_places(rolling.odr),
            "requirement": six_places(measured.requirement),
            "exclusions_to_safety": measured.exclusions_to_safety,
        },
        "without_unknown": _without_unknown(check),
        "triggers": list(check.detection.triggers),
        "watched": list(check.detection.watched),
        "confidence": {"p_value": sure.p_value, "wilson95": list(sure.wilson95), "low_sample": sure.low_sample},
        "onset": instant(check.onset.at) if check.onset else None,
        "onset_exact": check.onset.exact if check.onset else None,
        "deadline": instant(check.deadline),
        "case": check.case_id or None,
    }


def _without_unknown(check: ShopCheck) -> dict[str, Any] | None:
    """The rates as they are if no order of unknown status is valid; None when every status is known."""
    other = check.detection.without_unknown
    if other is None:
        return None
    return {
        "unknown_orders": check.detection.measurement.daily.unknown,
        "daily": six_places(other.daily.odr),
        "rolling": six_places(other.rolling.odr),
    }


def case_data(judged: Judgement) -> dict[str, Any]:
    """A case, in the contract's JSON."""
    case = judged.case
    return {
        "case": case.id,
        "shop": case.shop,
        "status": case.status.value,
        "owner": case.owner,
        "triggers": case.triggers,
        "onset": instant(case.onset),
        "onset_exact": case.onset_exact,
        "deadline": instant(case.deadline),
        "ready": judged.ready,
        "open_points": open_points(judged),
        "orders": [
            {
                "order_id": order.order_id,
                "defects": [kind.value for kind in order.defect_types],
                "scenario": order.scenario,
                "root_cause": order.root_cause,
                "appeal": order.appeal.value,
                "rejection_code": order.rejection_code,
                "skipped": order.skipped,
            }
            for order in case.orders
        ],
    }


def validation_data(speak: Localizer, judged: Judgement) -> dict[str, Any]:
    """The review of a case in the contract's JSON. What concerns the whole case, and evidence that is filed to no
    order yet, appears with every order."""

    def finding(item: Any) -> dict[str, Any]:
        message, remedy = finding_texts(speak, item)
        return {
            "rule": item.rule,
            "severity": item.severity.value,
            "message": message,
            "remedy": remedy,
            "evidence": item.evidence_id or None,
        }

    def draft(order_id: str) -> dict[str, Any]:
        text = judged.drafts[order_id].text if order_id in judged.drafts else ""
        return {"text": text, "characters": form_length(text), "language": "en"}

    appealed = judged.case.appealed
    orders = [
        {
            "order_id": order.order_id,
            "missing": [
                {
                    "requirement": item.requirement,
                    "sent": item.sent,
                    "remedy": requirement_remedy(speak, judged, item.order_id, item.requirement),
                }
                for item in judged.review.missing
                if item.order_id == order.order_id
            ],
            "findings": [finding(item) for item in judged.review.findings if item.order_id in ("", order.order_id)],
            "draft": draft(order.order_id),
            "suggestions": _suggestions(speak, judged, order),
            "conversation": _conversation(judged, order),
            "evidence": [
                _evidence(item)
                for item in judged.context.evidence
                if item.active and (order.order_id in item.order_ids or not item.order_ids)
            ],
        }
        for order in appealed
    ]
    first = draft(appealed[0].order_id) if appealed else draft("")
    return {"case": judged.case.id, "ready": judged.ready, "orders": orders, "draft": first}


def _suggestions(speak: Localizer, judged: Judgement, order: CaseOrder) -> list[dict[str, str]]:
    return [
        {"scenario": item.scenario, "reason": speak(f"scenario.{item.reason}", **item.params)}
        for item in suggest(judged.context, order)
    ]


def _conversation(judged: Judgement, order: CaseOrder) -> dict[str, Any]:
    """The order's conversation joined from its pieces, and the joints at which they show no overlap."""
    items = [item for item in judged.context.filed_to(order) if item.kind == "conversation"]
    whole = stitch([ConversationPiece(item.id, item.facts.messages) for item in items])
    messages = [
        {"speaker": message.speaker or None, "iso": instant(message.at), "words": message.words}
        for message in whole.messages
    ]
    return {"messages": messages, "open_joints": [list(joint) for joint in whole.open_joints]}


def _evidence(item: Evidence) -> dict[str, Any]:
    """A piece of evidence: where it is filed, what a person stated of it, and what was read in it."""
    return {
        "evidence": item.id,
        "kind": item.kind or None,
        "orders": list(item.order_ids),
        "link": item.link or None,
        "link_state": item.link_state.value if item.link_state else None,
        "link_checked_at": instant(item.link_checked_at),
        "sha256": item.sha256,
        "stated": list(item.facts.stated),
        "stated_by": item.facts.stated_by or None,
        "seen_before": list(item.facts.seen_before),
        "read": report(item.file_name, item.facts),
    }
