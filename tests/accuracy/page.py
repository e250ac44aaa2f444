"""The frame of a drawn page: size, colours, fonts, and the mark that says when it was captured."""

import html
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from random import Random

from tests.accuracy.words import CAPTURED, said

_ASIA = "'Noto Sans CJK SC', 'Noto Sans Thai', sans-serif"
FONTS = {
    "c": (
        "'DejaVu Serif', 'Noto Serif CJK SC', 'Noto Sans Thai'",
        f"'Liberation Mono', {_ASIA}",
        f"'DejaVu Sans', {_ASIA}",
    ),
    "a": (f"'Liberation Sans', {_ASIA}", f"'DejaVu Sans', {_ASIA}"),
    "b": (
        "'Liberation Serif', 'Noto Serif CJK SC', 'Noto Sans Thai', serif",
        f"'Liberation Sans Narrow', {_ASIA}",
        f"'TeX Gyre Heros', 'DejaVu Sans', {_ASIA}",
    ),
}
# ink, paper, panel, muted ink, lines
THEMES = {
    "light": ("#222", "#fff", "#f5f6f8", "#6b7280", "#e2e4e8"),
    "warm": ("#2b2620", "#fbf8f3", "#fff", "#7a7166", "#e6dfd4"),
    "dark": ("#e9e9ec", "#101114", "#1b1d22", "#9ca0a8", "#30333a"),
    "navy": ("#dfe7f5", "#0e1a2f", "#16253f", "#93a4c3", "#27395a"),
}
DEVICES = {
    "phone": (390, 2.0),
    "phone_dense": (360, 3.0),
    "desktop": (1280, 1.0),
    "laptop": (1080, 1.25),
    "tablet": (768, 1.5),
}
_CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_CAPTURE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Look:
    """How one page looks; `frame` is the width and the scale of a device that is not in the list."""

    family: str
    device: str
    theme: str
    font: str
    size: int
    colour: str
    frame: tuple[int, float] | None = None

    @property
    def width(self) -> int:
        return (self.frame or DEVICES[self.device])[0]

    @property
    def scale(self) -> float:
        return (self.frame or DEVICES[self.device])[1]

    @property
    def wide(self) -> bool:
        return self.width > 700


def choose_look(random: Random, family: str, colour: str = "#1d4ed8") -> Look:
    """A look at random; each family has fonts and themes of its own."""
    themes = ("light", "light", "dark") if family == "a" else ("light", "warm", "navy", "dark")
    device = random.choice(list(DEVICES))
    size = random.choice((13, 14, 15, 16))
    return Look(family, device, random.choice(themes), random.choice(FONTS[family]), size, colour)


def number(value: str, printed: str = "") -> str:
    """A number that is found again in the picture."""
    return f'<span class="n" data-n="{value}">{html.escape(printed or value)}</span>'


def text(words: str) -> str:
    """Escaped words."""
    return html.escape(words)


def capture_mark(random: Random, look: Look, at: datetime) -> tuple[str, str]:
    """The HTML that says when the page was captured, and the name of its style."""
    styles = ["footer", "ribbon", "corner"] + (["taskbar"] if look.wide else [])
    style, printed = random.choice(styles), at.strftime(random.choice(_CAPTURE_FORMATS))
    if style == "taskbar":
        clock = f"<div>{at:%H:%M}</div><div>{at:%Y/%m/%d}</div>"
        return f'<footer class="taskbar"><i>◧ ◨ ▣</i><div class="clock">{clock}</div></footer>', style
    label = said(CAPTURED[random.choice(("en", "zh"))], look.family)
    return f'<div class="mark {style}">{label} {printed}</div>', style


def shell(look: Look, body: str, mark: str = "", rtl: bool = False) -> str:
    """A whole page."""
    direction = ' dir="rtl"' if rtl else ""
    return f"""<!doctype html><html{direction}><head><meta charset="utf-8"><style>{_thai_face()}
{_variables(look)}
{_CSS}</style></head><body>{body}{mark}</body></html>"""


def _variables(look: Look) -> str:
    names = dict(zip(("ink", "paper", "panel", "muted", "line"), THEMES[look.theme], strict=True))
    names |= {"size": f"{look.size}px", "font": look.font, "brand": look.colour}
    return ":root {" + "".join(f"--{name}: {value};" for name, value in names.items()) + "}"


def _thai_face() -> str:
    """A font with Thai letters when the machine has the package for it; without one they are drawn as boxes."""
    name = "fontpkg_noto_sans_thai"
    if not find_spec(name):
        return ""
    place = next(item for item in files(name).joinpath("files").iterdir() if item.name.endswith(".ttf"))
    return f"@font-face {{ font-family: 'Noto Sans Thai'; src: url('file://{place}') }}"
