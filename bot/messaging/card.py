"""The neutral message: a small tree of elements that every platform renders in its own way."""
# The elements and what reads, writes and says them stand together: who adds one sees every place that must know it.

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter


class Tone(StrEnum):
    """The colour of a card, which shows the state of what it is about."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


class Style(StrEnum):
    """How a Text is emphasised."""

    NORMAL = "normal"
    HEADING = "heading"
    MUTED = "muted"
    QUOTE = "quote"
    WARNING = "warning"


class Mark(StrEnum):
    """The state of one line of a checklist."""

    DONE = "done"
    MISSING = "missing"
    UNSURE = "unsure"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Text:
    """A paragraph of plain words, never mark-up; `mentions` are the ids of the people to notify."""

    words: str
    style: Style = Style.NORMAL
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fields:
    """Pairs of a label and a value, such as "Daily ODR" and its rate. With a `fold` they stand behind that title
    until somebody opens it."""

    pairs: tuple[tuple[str, str], ...]
    fold: str = ""


@dataclass(frozen=True)
class Table:
    """A table of short texts with column headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Item:
    """One line of a checklist; `detail` says what to do."""

    mark: Mark
    words: str
    detail: str = ""


@dataclass(frozen=True)
class Checklist:
    """A list of lines that are each done, missing or in question. With a `fold` they stand behind that title until
    somebody opens it."""

    items: tuple[Item, ...]
    fold: str = ""


@dataclass(frozen=True)
class MatrixColumn:
    """A column of a matrix: a `sign` as wide as every other one, a `head` of a few letters, and its whole name."""

    sign: str
    head: str
    name: str


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix: what it is about, and a mark for each column."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Matrix:
    """A table of marks, such as orders by what each of them needs. It is narrow enough for a phone; `corner` heads
    the labels."""

    corner: str
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]


COPY_AT_ONCE = 6
"""Lines to copy that are shown before the others are folded away."""


@dataclass(frozen=True)
class CopyLine:
    """Words to copy as they stand; `address` is a page about them, "" for none."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Copy:
    """Lines to copy exactly, one by one or all at once, under a label."""

    label: str
    lines: tuple[CopyLine, ...]

    @property
    def text(self) -> str:
        """What is copied when all lines are copied at once."""
        return "\n".join(line.words for line in self.lines)


@dataclass(frozen=True)
class Countdown:
    """A deadline with the time left. `until` and `now`, the instant at which the card was made, are UTC."""

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
    """A button. `action` names a registered handler; `payload` are its arguments as short strings."""

    label: str
    action: str
    payload: dict[str, str] = field(default_factory=dict, hash=False)
    style: str = ""
    confirm: str = ""


@dataclass(frozen=True)
class Actions:
    """Buttons that stand beside each other."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Option:
    """One choice of a select field."""

    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One field of a form; kind is "text", "area", "select", "many" (any number of the options, their values joined
    with commas), "time" (ISO local) or "date"."""

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
    """Input fields with one submit button; collapsed behind `title` where the platform can do that."""

    title: str
    action: str
    inputs: tuple[Input, ...]
    submit: str
    payload: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Attachment:
    """A file to download, kept in the vault under its SHA-256."""

    file_name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Link:
    """An address to open, under a label."""

    label: str
    address: str


Element = Text | Fields | Table | Checklist | Matrix | Copy | Countdown | Chart | Actions | Form | Attachment | Link
ELEMENTS: dict[str, type[Any]] = {cls.__name__.lower(): cls for cls in get_args(Element)}


@dataclass(frozen=True)
class Translation:
    """The texts of a card in another language. Slot, tone and addressee are the card's: they are the same in every
    language."""

    language: str
    title: str
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Card:
    """A message. `slot` names what it shows (for example "case:C7:checklist"): a new card in the same slot of the
    same channel replaces the old one instead of adding another message. `private_to` is the id of the only person
    who is to see it; a `secret` one is shown to nobody else, wherever that leads, and is not kept once it is shown.
    `urgent` says that the people mentioned may be rung up where the platform can do that.
    `translations` hold the same message in other languages; there are none for a message that exists in `language`
    alone."""

    title: str
    elements: tuple[Element, ...] = ()
    tone: Tone = Tone.GREY
    slot: str = ""
    language: str = "zh"
    private_to: str = ""
    urgent: bool = False
    secret: bool = False
    translations: tuple[Translation, ...] = ()

    def read_in(self, language: str) -> "Card":
        """The same message with the text in that language first and the others as its translations; the card
        itself when it has no translation into that language."""
        chosen = next((each for each in self.translations if each.language == language), None)
        if chosen is None:
            return self
        others = tuple(each for each in self.translations if each is not chosen)
        own = Translation(self.language, self.title, self.elements)
        led = replace(self, language=chosen.language, title=chosen.title, elements=chosen.elements)
        return replace(led, translations=(own, *others))

    def headed(self, words: Callable[[str], Text]) -> "Card":
        """The card with a paragraph added at the top, in each of its languages; `words(language)` gives the
        paragraph."""
        others = tuple(replace(each, elements=(words(each.language), *each.elements)) for each in self.translations)
        return replace(self, elements=(words(self.language), *self.elements), translations=others)

    def plain(self) -> str:
        """The whole card as plain text, for platforms or readers that can show nothing else."""
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
        case Matrix(corner, heads, lines):
            yield " | ".join([corner, *(head.head for head in heads)])
            yield from (f"{line.label} {' '.join(_MARKS[mark] for mark in line.marks)}" for line in lines)
        case Copy(label):
            yield f"{label}: {element.text}"
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
        case Link(label, address):
            yield f"{label}: {address}"
        case Attachment():
            yield f"{element.file_name} ({element.size} bytes, SHA-256 {element.sha256})"
        case _:
            raise TypeError(f"unknown card element {type(element).__name__}")


def to_json(value: Card | Element) -> dict[str, Any]:
    """A card, or one of its elements, as JSON data; each element carries the name of its type under "type"."""
    if not isinstance(value, Card):
        name = type(value).__name__.lower()
        return {"type": name, **_adapter(name).dump_python(value, mode="json")}
    own = {"tone": value.tone.value, "slot": value.slot, "private_to": value.private_to, "urgent": value.urgent}
    own |= {"secret": True} if value.secret else {}
    # Without translations as cards were kept before they had any: the same card is the same row.
    others = {"translations": list(map(_texts, value.translations))} if value.translations else {}
    return _texts(value) | own | others


def _texts(words: Card | Translation) -> dict[str, Any]:
    return {"title": words.title, "elements": list(map(to_json, words.elements)), "language": words.language}


def from_json(data: dict[str, Any]) -> Card:
    """The card that `to_json` wrote, also before cards had addressees and translations. Raises TypeError for an
    unknown element."""
    more = {name: data[name] for name in ("private_to", "urgent", "secret") if name in data}
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
