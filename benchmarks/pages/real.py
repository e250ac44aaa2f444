"""Real pictures with a truth.json of their own, labelled by eye, as labels: for measuring only, kept outside."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.pages.label import Label, Number, Time, from_json

KINDS = {
    "tracking page": ("tracking_page", []),
    "tracking list": ("none", ["tracking_page"]),
    "order list": ("none", ["order_detail"]),
    "order page": ("order_detail", []),
    "chat": ("conversation", ["none"]),
    "review": ("review_screenshot", []),
    "label": ("none", ["pickup_proof"]),
}
MASKS = "*?…"


def _number(told: dict[str, Any]) -> Number:
    masked = any(mask in told["value"] for mask in MASKS)
    return Number(told["value"], told.get("carrier", ""), masked or bool(told["legible"]), not masked)


def _without_year(raw: str) -> str | None:
    try:
        moment = datetime.strptime(f"2024 {raw}", "%Y %b %d, %I:%M %p").replace(tzinfo=UTC)
    except ValueError:
        return None
    return f"{moment:--%m-%dT%H:%M}"


def _time(told: dict[str, Any]) -> Time:
    iso = told.get("iso") or _without_year(told["raw"])
    if iso and "ambiguous" in told.get("note", ""):
        return Time(told["raw"], (iso, f"{iso[:5]}{iso[8:10]}-{iso[5:7]}{iso[10:]}"))
    return Time(told["raw"], (iso,) if iso else ())


def _label(told: dict[str, Any]) -> Label:
    kind, also = KINDS.get(told["kind"], ("none", ["none"]))
    captured = told.get("captured_at")
    return Label(
        id=told["file"],
        half="real",
        group=told["kind"],
        kind=kind,
        also=also,
        certain_allowed=True,
        languages=[],
        tracking=[_number(number) for number in told["tracking"]],
        orders=told.get("orders", []),
        times=[_time(time) for time in told["timestamps"]],
        captured=Time(captured, (captured,)) if captured else None,
        file=told["file"],
        exhaustive=False,
    )


def load(folder: Path) -> list[Label]:
    """The labels of a folder: a set that this package rendered, or real pictures."""
    items = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["items"]
    return [from_json(item) if "id" in item else _label(item) for item in items]
