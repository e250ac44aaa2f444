"""The neutral message: a small tree that every platform renders in its own way."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """State colour of a card."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


class Style(StrEnum):
    """How a Text stands out."""

    NORMAL = "normal"
    HEADING = "heading"
    MUTED = "muted"
    QUOTE = "quote"
    WARNING = "warning"


class Mark(StrEnum):
    """State of one checklist line."""

    DONE = "done"
    MISSING = "missing"
    UNSURE = "unsure"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Text:
    """A paragraph; plain words, never mark-up. `mentions` are person ids to notify."""

    words: str
    style: Style = Style.NORMAL
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fields:
    """Label and value pairs."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows of short texts under column heads."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Item:
    """One checklist line; `detail` says what to do."""

    mark: Mark
    words: str
    detail: str = ""


@dataclass(frozen=True)
class Checklist:
    """What is done and what is missing."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Countdown:
    """A deadline with the time left; `until` is UTC. `now` is the instant the card was made, UTC."""

    label: str
    until: datetime
    now: datetime
    zones: tuple[str, ...] = ()
    fallback: str = ""


@dataclass(frozen=True)
class Point:
    """One day of a trend: exact counts; `odr` is a percentage rounded for drawing, None without orders."""

    day: date
    defects: int
    orders: int
    odr: float | None
    rolling: float | None


@dataclass(frozen=True)
class Chart:
    """Daily and rolling ODR in percent with limits; `anomaly` is the UTC day to mark."""

    title: str
    points: tuple[Point, ...]
    limits: tuple[tuple[str, float], ...]
    anomaly: date | None = None
    summary: str = ""


@dataclass(frozen=True)
class Button:
    """A button: `action` names a registered action, `payload` its typed arguments (short strings)."""

    label: str
    action: str
    payload: dict[str, str] = field(default_factory=dict, hash=False)
    style: str = ""
    confirm: str = ""


@dataclass(frozen=True)
class Actions:
    """A row of buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Option:
    """One choice of a select input."""

    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One field of a form; kind is "text", "area", "select", "time" (ISO local) or "date"."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    hint: str = ""
    max_length: int = 1000


@dataclass(frozen=True)
class Form:
    """Inputs with one submit button; folded behind `title` where the platform can."""

    title: str
    action: str
    inputs: tuple[Input, ...]
    submit: str
    payload: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Attachment:
    """A file for people to take, kept in the vault under its SHA-256."""

    file_name: str
    media_type: str
    sha256: str
    size: int


Element = Text | Fields | Table | Checklist | Countdown | Chart | Actions | Form | Attachment
ELEMENTS: dict[str, type[Any]] = {
    cls.__name__.lower(): cls for cls in (Text, Fields, Table, Checklist, Countdown, Chart, Actions, Form, Attachment)
}


@dataclass(frozen=True)
class Card:
    """A message. `slot` names what it shows (for example "case:C7:checklist"): a new card in the same slot
    and place replaces the old one instead of adding another. `private_to` is the id of the only person whom it
    concerns, `urgent` says that the people mentioned may be rung up where the platform can."""

    title: str
    elements: tuple[Element, ...] = ()
    tone: Tone = Tone.GREY
    slot: str = ""
    language: str = "zh"
    private_to: str = ""
    urgent: bool = False

    def plain(self) -> str:
        """The whole card as plain text, for platforms or readers that show nothing else."""
        return "\n".join([self.title, *(line for element in self.elements for line in _plain(element))])


_MARKS = {Mark.DONE: "[x]", Mark.MISSING: "[ ]", Mark.UNSURE: "[?]", Mark.WARNING: "[!]", Mark.INFO: "[i]"}


def _plain(element: Element) -> Iterator[str]:
    match element:
        case Text(words):
            yield words
        case Fields(pairs):
            yield from (f"{label}: {value}" for label, value in pairs)
        case Table(columns, rows):
            yield " | ".join(columns)
            yield from (" | ".join(row) for row in rows)
        case Checklist(items):
            for item in items:
                yield f"{_MARKS[item.mark]} {item.words}" + (f" -> {item.detail}" if item.detail else "")
        case Countdown():
            yield element.fallback or f"{element.label}: {element.until:%Y-%m-%d %H:%M} UTC"
        case Chart():
            yield f"{element.title}: {element.summary}" if element.summary else element.title
        case Actions(buttons):
            yield " · ".join(f"[{button.label}]" for button in buttons)
        case Form():
            yield f"{element.title}: " + ", ".join(field.label for field in element.inputs)
        case Attachment():
            yield f"{element.file_name} ({element.size} bytes, SHA-256 {element.sha256})"
        case _:
            raise TypeError(f"unknown card element {type(element).__name__}")


def to_json(value: Any) -> Any:
    """A card (or part of one) as JSON data; elements carry their type under "type"."""
    if is_dataclass(value) and not isinstance(value, type):
        data = {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
        name = type(value).__name__.lower()
        return {"type": name, **data} if name in ELEMENTS else data
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def from_json(data: dict[str, Any]) -> Card:
    """The card that `to_json` wrote; raises TypeError on an unknown element."""
    elements = tuple(_element(item) for item in data["elements"])
    audience = {name: data[name] for name in ("private_to", "urgent") if name in data}
    return Card(data["title"], elements, Tone(data["tone"]), data["slot"], data["language"], **audience)


def _pairs(items: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(item) for item in items)


def _element(data: dict[str, Any]) -> Element:
    data = dict(data)
    name = data.pop("type")
    match name:
        case "text":
            return Text(data["words"], Style(data["style"]), tuple(data["mentions"]))
        case "fields":
            return Fields(_pairs(data["pairs"]))
        case "table":
            return Table(tuple(data["columns"]), _pairs(data["rows"]))
        case "checklist":
            return Checklist(tuple(Item(Mark(i["mark"]), i["words"], i["detail"]) for i in data["items"]))
        case "countdown":
            until, now = (datetime.fromisoformat(data.pop(key)) for key in ("until", "now"))
            return Countdown(**{**data, "zones": tuple(data["zones"])}, until=until, now=now)
        case "chart":
            points = tuple(Point(**{**p, "day": date.fromisoformat(p["day"])}) for p in data["points"])
            anomaly = date.fromisoformat(data["anomaly"]) if data["anomaly"] else None
            return Chart(data["title"], points, _pairs(data["limits"]), anomaly, data["summary"])
        case "actions":
            return Actions(tuple(Button(**button) for button in data["buttons"]))
        case "form":
            inputs = tuple(
                Input(**{**item, "options": tuple(Option(**option) for option in item["options"])})
                for item in data["inputs"]
            )
            return Form(**{**data, "inputs": inputs})
        case "attachment":
            return Attachment(**data)
        case _:
            raise TypeError(f"unknown card element {name!r}")
