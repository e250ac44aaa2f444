"""Pictures: what can be told without reading the words in them, and the seam for reading those."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.domain.evidence import CaptureSource, Facts
from bot.reading.editors import editing_traces

_TAKEN = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


class PictureReader(Protocol):
    """Reads the words in a picture."""

    def read(self, path: Path, file_name: str, facts: Facts) -> Facts:
        """`facts` (type, EXIF, pixels) completed by what the picture shows. Never raises for bad content."""
        ...


def picture_facts(seen: dict[str, Any], media_type: str, editors: Iterable[str]) -> Facts:
    """Facts from what the guarded process saw in a picture, nothing read in it yet; EXIF times without an
    offset are taken for UTC."""
    taken = _taken_at(*seen.get("taken", ("", "")))
    facts = Facts(
        media_type,
        readable=False,
        captured_at=taken,
        captured_from=CaptureSource.EXIF if taken else None,
        pixels_sha256=seen.get("pixels_sha256", ""),
        traces_of_editing=editing_traces(seen.get("tools", ()), editors),
        warnings=tuple(seen.get("warnings", ())),
    )
    return replace(facts, warnings=(*facts.warnings, "animated")) if seen.get("animated") else facts


def _taken_at(printed: str, offset: str) -> datetime | None:
    match = _TAKEN.match(printed)
    if not match:
        return None
    try:
        local = datetime(*map(int, match.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
        zone = _OFFSET.fullmatch(offset)
        east = timedelta(hours=int(zone[2]), minutes=int(zone[3])) if zone else timedelta()
        return local + east if zone and zone[1] == "-" else local - east
    except (ValueError, OverflowError):
        return None
