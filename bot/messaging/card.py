"""The neutral message: a small tree that every platform renders in its own way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter


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
class Translation:
    """The texts of a card in another language. All else is the card's: two languages of a message have one slot, one
    tone and one reader."""

    language: str
    title: str
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Card:
    """A message. `slot` names what it shows (for example "case:C7:checklist"): a new card in the same slot
    and place replaces the old one instead of adding another. `private_to` is the id of the only person whom it
    concerns, `urgent` says that the people mentioned may be rung up where the platform can. `translations` are the
    same message in the other languages in which people may read it; none for one that is said in `language` alone."""

    title: str
    elements: tuple[Element, ...] = ()
    tone: Tone = Tone.GREY
    slot: str = ""
    language: str = "zh"
    private_to: str = ""
    urgent: bool = False
    translations: tuple[Translation, ...] = ()

    def read_in(self, language: str) -> "Card":
        """The same message for somebody who reads that language, the others as its translations; the card itself
        where it has no such translation."""
        chosen = next((each for each in self.translations if each.language == language), None)
        if chosen is None:
            return self
        others = tuple(each for each in self.translations if each is not chosen)
        own = Translation(self.language, self.title, self.elements)
        led = replace(self, language=chosen.language, title=chosen.title, elements=chosen.elements)
        return replace(led, translations=(own, *others))

    def headed(self, words: Callable[[str], Text]) -> "Card":
        """The card with further words on top, in each language that it has; `words(language)` gives them."""
        others = tuple(replace(each, elements=(words(each.language), *each.elements)) for each in self.translations)
        return replace(self, elements=(words(self.language), *self.elements), translations=others)

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


def to_json(value: Card | Element) -> dict[str, Any]:
    """A card or one of its elements as JSON data; elements carry their type under "type"."""
    if not isinstance(value, Card):
        name = type(value).__name__.lower()
        return {"type": name, **_adapter(name).dump_python(value, mode="json")}
    own = {"tone": value.tone.value, "slot": value.slot, "private_to": value.private_to, "urgent": value.urgent}
    # Without translations as cards were kept before they had any: the same card is the same row.
    others = {"translations": list(map(_texts, value.translations))} if value.translations else {}
    return _texts(value) | own | others


def _texts(words: Card | Translation) -> dict[str, Any]:
    return {"title": words.title, "elements": list(map(to_json, words.elements)), "language": words.language}


def from_json(data: dict[str, Any]) -> Card:
    """The card that `to_json` wrote, also before cards had readers and translations; raises TypeError on an unknown
    element."""
    more = {name: data[name] for name in ("private_to", "urgent") if name in data}
    others = (Translation(each["language"], each["title"], _elements(each)) for each in data.get("translations", ()))
    own = (data["title"], _elements(data), Tone(data["tone"]), data["slot"], data["language"])
    return Card(*own, **more, translations=tuple(others))


def _elements(data: dict[str, Any]) -> tuple[Element, ...]:
    return tuple(_element(item) for item in data["elements"])


@cache
def _adapter(name: str) -> "TypeAdapter[Element]":
    return TypeAdapter(ELEMENTS[name])


def _element(data: dict[str, Any]) -> Element:
    values = dict(data)
    if (name := values.pop("type")) not in ELEMENTS:
        raise TypeError(f"unknown card element {name!r}")
    return _adapter(name).validate_python(values)
