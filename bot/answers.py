"""What the command line prints as JSON: the contract with programs outside, kept stable."""

from datetime import datetime
from typing import Any

from bot.domain.odr import six_places
from bot.services.monitoring import ShopCheck
from bot.services.review import Judgement
from bot.wording.speaker import Speaker
from bot.wording.work import finding_texts, open_points, requirement_remedy


def instant(at: datetime | None) -> str | None:
    """A UTC instant as ISO-8601 with Z."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def check_data(check: ShopCheck) -> dict[str, Any]:
    """One shop's check as the contract's JSON."""
    measured, sure = check.detection.measurement, check.detection.confidence
    daily, rolling = measured.daily, measured.rolling
    return {
        "shop": check.shop.id,
        "date": measured.day.isoformat(),
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
        "triggers": list(check.detection.triggers),
        "confidence": {"p_value": sure.p_value, "wilson95": list(sure.wilson95), "low_sample": sure.low_sample},
        "onset": instant(check.onset.at) if check.onset else None,
        "onset_exact": check.onset.exact if check.onset else None,
        "deadline": instant(check.deadline),
        "case": check.case_id or None,
    }


def case_data(judged: Judgement) -> dict[str, Any]:
    """A case as JSON."""
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
        "ready": judged.review.ready,
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


def validation_data(speak: Speaker, judged: Judgement) -> dict[str, Any]:
    """A case's review as the contract's JSON; findings of the whole case stand with every order."""

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
        return {"text": text, "characters": max(len(text), len(text.encode("utf-16-le")) // 2), "language": "en"}

    appealed = judged.case.appealed
    orders = [
        {
            "order_id": order.order_id,
            "missing": [
                {
                    "requirement": item.requirement,
                    "remedy": requirement_remedy(speak, judged, item.order_id, item.requirement),
                }
                for item in judged.review.missing
                if item.order_id == order.order_id
            ],
            "findings": [finding(item) for item in judged.review.findings if item.order_id in ("", order.order_id)],
            "draft": draft(order.order_id),
        }
        for order in appealed
    ]
    first = draft(appealed[0].order_id) if appealed else draft("")
    return {"case": judged.case.id, "ready": judged.review.ready, "orders": orders, "draft": first}
