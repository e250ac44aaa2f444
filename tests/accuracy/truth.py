"""What a person reads in a picture: the labels that a reader is measured against."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of the picture"""


@dataclass(frozen=True)
class Moment:
    """A time on the page: UTC as a reader takes it (no zone printed = UTC), to the minute.

    `role` is "" where no one role is right, "unknown" for times that are only announced. `letters` says that its
    month is written in letters of a script the engine does not know."""

    at: datetime
    role: str = ""
    letters: bool = False


@dataclass(frozen=True)
class Truth:
    """The labels of one picture. `hidden` numbers were made unreadable; `boxes` are where the numbers are."""

    kind: str
    family: str
    language: str
    carrier: str = ""
    layout: str = ""
    damage: str = "none"
    site: str = ""
    tracking: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    order_ids: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()
    captured: datetime | None = None
    buyers: tuple[str, ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    boxes: tuple[tuple[str, Box], ...] = field(default=())

    def damaged(self, damage: str, hidden: bool = False) -> "Truth":
        """The same page after `damage`, which may have hidden its numbers."""
        if not hidden:
            return replace(self, damage=damage)
        return replace(self, damage=damage, hidden=(*self.tracking, *self.order_ids), tracking=(), order_ids=())


@dataclass(frozen=True)
class Sample:
    """One picture file and its labels."""

    path: Path
    truth: Truth


def write_labels(folder: Path, samples: Iterable[Sample]) -> None:
    """`labels.jsonl`: one line a picture, with its file name."""
    lines = [json.dumps({"file": sample.path.name, **_plain(sample.truth)}, ensure_ascii=False) for sample in samples]
    (folder / "labels.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_labels(folder: Path) -> list[Sample]:
    """The samples that `write_labels` described."""
    lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [_sample(folder, json.loads(line)) for line in lines]


def _plain(truth: Truth) -> dict[str, Any]:
    values = asdict(truth)
    values["moments"] = [[item.at.isoformat(), item.role, item.letters] for item in truth.moments]
    values["captured"] = truth.captured.isoformat() if truth.captured else None
    return values


def _sample(folder: Path, values: dict[str, Any]) -> Sample:
    path = folder / values.pop("file")
    values["moments"] = tuple(
        Moment(datetime.fromisoformat(at), role, letters) for at, role, letters in values["moments"]
    )
    values["captured"] = datetime.fromisoformat(values["captured"]) if values["captured"] else None
    values["messages"] = tuple(tuple(item) for item in values["messages"])
    values["boxes"] = tuple((name, tuple(box)) for name, box in values["boxes"])
    for name in ("tracking", "hidden", "order_ids", "buyers"):
        values[name] = tuple(values[name])
    return Sample(path, Truth(**values))
