"""Compares what was read with what a person reads: exact recall and false reads, by carrier, language and damage."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.evidence import Facts, TimeRole
from tests.accuracy.truth import Sample, Truth

FIELDS = ("tracking", "order_ids", "times", "roles", "captured", "letters")
"""What is counted: `roles` are times whose role is right as well, `letters` times in letters the engine lacks."""
TARGETS = {"tracking": 0.98, "order_ids": 0.995, "times": 0.97, "captured": 0.97}
_UNREAD = frozenset({"th", "vi", "ar"})
"""Languages whose words the engine does not read: there a role is not asked for."""


@dataclass
class Count:
    """How many were there, how many were read exactly, how many reads were of nothing that is there."""

    there: int = 0
    read: int = 0
    false: int = 0

    @property
    def recall(self) -> float | None:
        return self.read / self.there if self.there else None

    def add(self, other: "Count") -> None:
        self.there, self.read, self.false = (
            self.there + other.there,
            self.read + other.read,
            self.false + other.false,
        )


Counts = dict[str, Count]


@dataclass
class Score:
    """Counts by field for the whole and for each group; `misses` are lines for people, `unsure` counts right numbers
    that the reader would not call legible, `wrong` numbers it called legible and that are not there."""

    groups: dict[tuple[str, str], Counts] = field(default_factory=lambda: defaultdict(_counts))
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unsure: int = 0

    @property
    def total(self) -> Counts:
        return self.groups[("all", "")]

    def take(self, sample: Sample, facts: Facts) -> None:
        """Count one picture."""
        truth, counts = sample.truth, dict(compare(sample.truth, facts))
        for group in _groups(truth):
            for name, count in counts.items():
                self.groups[group][name].add(count)
        sure = {number.value for number in facts.tracking_numbers if number.legible}
        self.unsure += len({number.value for number in facts.tracking_numbers} & set(truth.tracking) - sure)
        self.wrong += [f"{sample.path.name} {value}" for value in sorted(sure - set(truth.tracking))]
        self.misses += [f"{sample.path.name} {truth.damage} {line}" for line in _missed(truth, facts)]

    def short_of(self) -> list[str]:
        """The fields under their target, with their recall."""
        recalls = {name: self.total[name].recall for name in TARGETS}
        return [
            f"{name} {recall:.4f} < {TARGETS[name]}"
            for name, recall in recalls.items()
            if recall is not None and recall < TARGETS[name]
        ]


def _counts() -> Counts:
    return {name: Count() for name in FIELDS}


def _groups(truth: Truth) -> Iterator[tuple[str, str]]:
    yield "all", ""
    yield "page", truth.kind
    yield "carrier", truth.carrier or "(none)"
    yield "language", truth.language
    yield "damage", truth.damage


def compare(truth: Truth, facts: Facts) -> Iterator[tuple[str, Count]]:
    """The counts of one picture."""
    numbers = {number.value for number in facts.tracking_numbers}
    sure = {number.value for number in facts.tracking_numbers if number.legible}
    yield "tracking", _count(set(truth.tracking), numbers, sure)
    yield "order_ids", _count(set(truth.order_ids), set(facts.order_ids))
    pairs = _pairs(facts)
    found = {at for at, _ in pairs}
    known = {item.at for item in truth.moments} | _minutes([truth.captured])
    there = {item.at for item in truth.moments if not item.letters}
    yield "times", _count(there, found, found - (known - there))
    yield "letters", _count({item.at for item in truth.moments if item.letters}, found, set())
    wanted = {(item.at, item.role) for item in truth.moments if item.role and not item.letters}
    wanted = set() if truth.language in _UNREAD else wanted
    happened = {at: {role for when, role in wanted if when == at} for at, _ in wanted}
    wrong = {(at, role) for at, role in pairs if at in happened and role not in happened[at] and role != "unknown"}
    yield "roles", _count(wanted, pairs, wrong | (wanted & pairs))
    read = {facts.captured_at.date()} if facts.captured_at else set()
    yield "captured", _count({truth.captured.date()} if truth.captured else set(), read)


def _count(there: set, read: set, claimed: set | None = None) -> Count:  # type: ignore[type-arg]
    """`claimed` are the reads that count as false where nothing is there; all of them unless told."""
    claimed = read if claimed is None else claimed
    return Count(len(there), len(there & read), len(claimed - there))


def _pairs(facts: Facts) -> set[tuple[datetime, str]]:
    stamps = [stamp for stamp in facts.timestamps if stamp.at and stamp.role is not TimeRole.CAPTURED]
    return {(stamp.at.replace(second=0), stamp.role.value) for stamp in stamps if stamp.at and not stamp.day_only}


def _minutes(times: Iterable[datetime | None]) -> set[datetime]:
    return {at.replace(second=0) for at in times if at}


def _missed(truth: Truth, facts: Facts) -> Iterator[str]:
    numbers = {number.value for number in facts.tracking_numbers}
    found = {at for at, _ in _pairs(facts)}
    yield from (f"tracking {value}, read {sorted(numbers)}" for value in truth.tracking if value not in numbers)
    yield from (f"order {value}, read {facts.order_ids}" for value in truth.order_ids if value not in facts.order_ids)
    for item in truth.moments:
        if item.at not in found and not item.letters:
            yield f"time {item.at:%Y-%m-%d %H:%M} ({truth.language}), warned {facts.warnings[:3]}"
    captured = facts.captured_at.date() if facts.captured_at else None
    if truth.captured and captured != truth.captured.date():
        yield f"captured {truth.captured:%Y-%m-%d} in {truth.layout}, read {captured}"
