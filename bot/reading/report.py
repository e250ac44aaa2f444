"""The facts of one file as data for programs: one line of `odr-bot read --json`."""

from datetime import datetime
from typing import Any

from bot.domain.evidence import Facts


def report(file: str, facts: Facts) -> dict[str, Any]:
    """The contract's fields in their order, then what else was read; times ISO-8601 with Z, None where unknown."""
    return {
        "file": file,
        "media_type": facts.media_type,
        "kind": facts.kind or None,
        "tracking_numbers": [
            {"value": number.value, "carrier": number.carrier or None, "legible": number.legible}
            for number in facts.tracking_numbers
        ],
        "order_ids": list(facts.order_ids),
        "timestamps": [
            {"text": stamp.text, "iso": _iso(stamp.at), "role": stamp.role.value} for stamp in facts.timestamps
        ],
        "captured_at": _iso(facts.captured_at),
        "site": facts.site or None,
        "traces_of_editing": list(facts.traces_of_editing),
        "warnings": list(facts.warnings),
        "captured_from": facts.captured_from and facts.captured_from.value,
        "hosts": list(facts.hosts),
        "languages": list(facts.languages),
        "readable": facts.readable,
        "places": [
            {
                "fact": spot.fact,
                "text": spot.text,
                "page": spot.page or None,
                "box": list(spot.box),
                "confidence": spot.confidence,
                "legible": spot.legible,
            }
            for spot in facts.spots
        ],
        "issuer": facts.issuer or None,
        "period": [_iso(at) for at in facts.period] if facts.period else None,
        "seal": facts.seal,
        "pages": facts.pages or None,
        "buyers": list(facts.buyers),
        "messages": [
            {"speaker": message.speaker or None, "iso": _iso(message.at), "words": message.words}
            for message in facts.messages
        ],
        "gaps": list(facts.gaps),
        "log_events": [
            {"iso": _iso(event.at), "order_id": event.order_id, "words": event.words, "error": event.error or None}
            for event in facts.log_events
        ],
        "personal": [{"kind": found.kind, "words": found.words} for found in facts.personal],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
