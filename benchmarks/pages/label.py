"""What a careful person reads on a page."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Number:
    """A tracking number on the page. `legible` is whether a person can read what is shown of it, `whole` whether all
    of it is shown: a masked, cut or shortened number is legible and not whole, and `value` is then what is shown."""

    value: str
    carrier: str
    legible: bool = True
    whole: bool = True


@dataclass(frozen=True)
class Time:
    """A time as printed. `readings` are ISO local times (with an offset where the page states one): one where the
    page settles it, several where day and month could change places (first what the rest of the page speaks for),
    none where the page does not say its date; "--11-18T14:22" where it does not say the year. `legible` is whether a
    person can read it."""

    text: str
    readings: tuple[str, ...]
    legible: bool = True

    @property
    def dated(self) -> bool:
        """Whether exactly one instant, with its time of day, can be read."""
        return self.legible and len(self.readings) == 1 and self.readings[0][:1] != "-" and "T" in self.readings[0]


@dataclass
class Label:
    """One page. `kind` is an evidence kind of config/scenarios.toml, or "none"; `also` are kinds that a careful
    person would let pass as a suggestion. `captured` is the time that says it is the capture's, `captured_at_place`
    where it stands. `roles` counts the messages of the conversation that the page is about; `messenger` names
    another one. `exhaustive` says that every date of the page is among the times."""

    id: str
    half: str
    group: str
    kind: str
    certain_allowed: bool
    languages: list[str]
    also: list[str] = field(default_factory=list)
    messenger: str = ""
    faults: list[str] = field(default_factory=list)
    tracking: list[Number] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    captured: Time | None = None
    captured_at_place: str = ""
    roles: dict[str, int] = field(default_factory=dict)
    evidence_for: list[str] = field(default_factory=list)
    file: str = ""
    exhaustive: bool = True

    def as_json(self) -> dict[str, Any]:
        """The label as plain data, for truth.json."""
        return asdict(self)


def _time(data: dict[str, Any]) -> Time:
    return Time(data["text"], tuple(data["readings"]), data["legible"])


def from_json(data: dict[str, Any]) -> Label:
    """The label that `as_json` wrote."""
    captured = data["captured"] and _time(data["captured"])
    numbers = [Number(**number) for number in data["tracking"]]
    times = [_time(time) for time in data["times"]]
    return Label(**{**data, "captured": captured, "tracking": numbers, "times": times})
