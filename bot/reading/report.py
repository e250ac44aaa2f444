"""The facts of one file as data for programs: one line of `odr-bot read --json`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.evidence import Candidate, Facts
from bot.domain.matching import Match, match


def report(file: str, facts: Facts, own: Sequence[str] = ()) -> dict[str, Any]:
    """The contract's fields in their order, then what else was read; times ISO-8601 with Z, None where unknown. With
    orders' `own` tracking numbers, what the candidates say of each."""
    answers = {"own": [_answer(match(number, facts.candidates)) for number in own]} if own else {}
    return {**_read(file, facts), **answers}


def _answer(found: Match) -> dict[str, Any]:
    return {"value": found.own, "verdict": found.verdict.value, "why": found.why.value}


def _read(file: str, facts: Facts) -> dict[str, Any]:
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
        "kind_certain": facts.kind_certain,
        "page": facts.page or None,
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
            if spot.fact != "candidates"
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
        "came_in": facts.came_in or None,
        "parts": list(facts.parts),
        "candidates": [_candidate(candidate, facts) for candidate in facts.candidates],
    }


def _candidate(candidate: Candidate, facts: Facts) -> dict[str, Any]:
    spot = facts.spot("candidates", candidate.value)
    return {
        "value": candidate.value,
        "readings": list(candidate.readings),
        "agree": candidate.agree,
        "place": {"page": spot.page or None, "box": list(spot.box)} if spot else None,
        "label": candidate.label or None,
        "carrier": candidate.carrier or None,
        "whole": candidate.whole,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
