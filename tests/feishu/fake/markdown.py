"""What Feishu's markdown takes of tags, and what a reader sees of it."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

CLOSED = {"font", "at", "a", "text_tag", "raw", "link", "person", "local_datetime", "number_tag"}
ALONE = {"br", "hr"}
IN_FONT = {"local_datetime", "at", "a", "link", "font"}
COLOURS = {
    "default",
    "blue",
    "wathet",
    "turquoise",
    "green",
    "yellow",
    "orange",
    "red",
    "carmine",
    "violet",
    "purple",
}
COLOURS |= {"indigo", "grey", "lime", "neutral", "white", "light_grey"}
FORMATS = {"date_num", "date_short", "date", "week", "week_long", "time", "time_sec", "timezone"}

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z_]*)((?:\s[^<>]*)?)(/?)>")
_ATTRIBUTE = re.compile(r"([a-z_]+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^\s>]+))")
_STYLE = re.compile(r"\*\*|~~|^#{1,6} |^> ", re.MULTILINE)


def attributes(text: str) -> dict[str, str]:
    """Those of a tag."""
    return {name: one or two or three for name, one, two, three in _ATTRIBUTE.findall(text)}


def tag_faults(content: Any, path: str, known: Callable[[str], bool]) -> Iterator[str]:
    """Unknown, unclosed and badly nested tags, mentions of nobody (`known` says who is somebody)."""
    if not isinstance(content, str) or not content:
        yield f"{path}: no content"
        return
    opened: list[str] = []
    for closing, name, given, alone in _TAG.findall(content):
        if name in ALONE:
            continue
        if name not in CLOSED or alone:
            yield f"{path}: <{name}> is no tag of a card"
        elif closing:
            if not opened or opened.pop() != name:
                yield f"{path}: </{name}> closes nothing"
        else:
            if opened and (opened[-1] != "font" or name not in IN_FONT):
                yield f"{path}: <{name}> inside <{opened[-1]}>"
            opened.append(name)
            yield from _attribute_faults(name, attributes(given), path, known)
    yield from (f"{path}: <{name}> is not closed" for name in opened)


def _attribute_faults(name: str, given: dict[str, str], path: str, known: Callable[[str], bool]) -> Iterator[str]:
    if name == "font" and given.get("color", "").split("-")[0] not in COLOURS:
        yield f"{path}: unknown colour {given.get('color')!r}"
    if name == "at":
        people = [person for person in (given.get("ids") or given.get("id", "")).split(",") if person]
        yield from (f"{path}: <at> of unknown {person!r}" for person in people or [""] if not known(person))
    if name == "local_datetime":
        if not given.get("millisecond", "").isdigit():
            yield f"{path}: local_datetime without milliseconds"
        if given.get("format_type") not in FORMATS:
            yield f"{path}: unknown format {given.get('format_type')!r}"


def seen(content: str, name_of: Callable[[str], str]) -> str:
    """The words that a reader sees."""
    shown = re.sub(r"<at\s([^<>]*)></at>", lambda found: "@" + name_of(attributes(found[1]).get("id", "")), content)
    shown = re.sub(r"<(br|hr)\s*/?>", "\n", shown)
    return html.unescape(_STYLE.sub("", _TAG.sub("", shown))).replace("\xa0", " ")
