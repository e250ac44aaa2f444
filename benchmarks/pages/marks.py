"""Reads a page's label from its source: the head, and the marks beside what they speak of."""

import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from benchmarks.pages.label import Label, Number, Time

VOID = {"br", "img", "input", "hr", "meta", "link", "source", "wbr", "col"}
CELLS = {"td", "th"}


class _Marks(HTMLParser):
    """Collects what the marks n= (tracking number), o (order), x (other number), t= (time), c= (capture time) and
    m= (message) enclose."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], str]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; a cell ends the cell before it."""
        if tag in CELLS and self._open and self._open[-1][0] in CELLS:
            self._close()
        if tag == "br":
            self.handle_data(" ")
        if tag not in VOID:
            self._open.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element that holds nothing."""

    def handle_data(self, data: str) -> None:
        """Add text to every element that is open."""
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and the cell that it ends."""
        if tag in VOID:
            return
        if tag not in CELLS and self._open[-1][0] in CELLS:
            self._close()
        if self._open[-1][0] != tag:
            raise ValueError(f"<{self._open[-1][0]}> is closed by </{tag}> at {self.getpos()}")
        self._close()

    def _close(self) -> None:
        _, attrs, texts = self._open.pop()
        text = " ".join("".join(texts).split())
        self.found += [(mark, attrs, text) for mark in ("n", "o", "x", "t", "c", "m") if mark in attrs]


def _number(attrs: dict[str, str], text: str) -> Number:
    state = attrs.get("s", "")
    return Number(attrs.get("v") or text.replace(" ", ""), attrs["n"], state != "blurred", state in ("", "blurred"))


def head(source: Path) -> dict[str, Any]:
    """The TOML between <!-- and --> at the top of a page's source."""
    return tomllib.loads(source.read_text(encoding="utf-8").split("<!--", 1)[1].split("-->", 1)[0])


def read_label(source: Path, html: str) -> Label:
    """The label of a page, from the head of its source and the marks in its rendered HTML."""
    told = head(source)
    marks = _Marks()
    marks.feed(html)
    picked = {mark: [(attrs, text) for name, attrs, text in marks.found if name == mark] for mark in "noxtcm"}
    captured = [(Time(text, tuple(attrs["c"].split("|"))), attrs["w"]) for attrs, text in picked["c"]]
    if shot := told.get("shot"):
        captured.append((Time(shot, (shot.replace(":", "-", 2).replace(" ", "T")[:16],)), "EXIF"))
    sides = [attrs["m"] for attrs, _ in picked["m"]]
    orders = list(dict.fromkeys(attrs["o"] or text.replace(" ", "") for attrs, text in picked["o"]))
    return Label(
        id=source.stem,
        half=source.parent.name,
        group=told["group"],
        kind=told["kind"],
        certain_allowed=told.get("certain", False),
        languages=told["languages"],
        also=told.get("also", []),
        messenger=told.get("messenger", ""),
        faults=told.get("faults", []),
        tracking=list(dict.fromkeys(_number(attrs, text) for attrs, text in picked["n"])),
        others=[attrs["x"] or text.replace(" ", "") for attrs, text in picked["x"]],
        orders=orders,
        times=[
            Time(text, tuple(filter(None, attrs["t"].split("|"))), "s" not in attrs) for attrs, text in picked["t"]
        ],
        captured=captured[0][0] if captured else None,
        captured_at_place=captured[0][1] if captured else "",
        roles={side: sides.count(side) for side in ("buyer", "seller", "system") if side in sides},
        evidence_for=told.get("for", orders if told["kind"] != "none" and len(orders) == 1 else []),
        file=source.stem
        + (".jpg" if any(effect.startswith("jpeg") for effect in told.get("effects", [])) else ".png"),
    )
