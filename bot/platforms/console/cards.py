"""Card to HTML: pure, every element of bot.messaging.card, everything escaped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup

from bot.messaging.card import COPY_AT_ONCE, ELEMENTS, Card, Countdown, Element
from bot.messaging.chart import svg

Say = Callable[..., str]
"""A wording key and parameters to words, in one language."""

_NAMES = {kind: name for name, kind in ELEMENTS.items()}


def render(environment: Environment, card: Card, say: Say, zone: str, name_of: Callable[[str], str]) -> Markup:
    """The card as HTML in its own language. `zone` is the reader's IANA zone; `name_of(person id)` gives a name.
    Raises TypeError for an unknown element."""
    helpers = {"say": say, "zones": lambda countdown: _zones(countdown, zone), "svg": _trend, "name_of": name_of}
    macros = environment.get_template("elements.html").make_module({**helpers, "at_once": COPY_AT_ONCE})

    def draw(element: Element) -> Markup:
        if type(element) not in _NAMES:
            raise TypeError(f"unknown card element {type(element).__name__}")
        return Markup(getattr(macros, _NAMES[type(element)])(element))  # noqa: S704 - the macro escapes

    body = Markup("").join(draw(element) for element in card.elements)
    return Markup(macros.card(card, body))  # type: ignore[attr-defined]  # noqa: S704 - the macro escapes


def _trend(element: object) -> Markup:
    return Markup(svg(element))  # type: ignore[arg-type]  # noqa: S704 - the chart escapes its words


def clock_time(at: datetime, zone: str) -> str:
    """An instant in a zone, with the zone's offset on that day: "06-14 17:59 UTC+8"."""
    local = at.astimezone(ZoneInfo(zone))
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    offset = f"{sign}{hours}" + (f":{rest:02}" if rest else "")
    return f"{local:%m-%d %H:%M} UTC{offset if minutes else ''}"


def _zones(countdown: Countdown, zone: str) -> list[str]:
    return list(dict.fromkeys(clock_time(countdown.until, name) for name in ("UTC", *countdown.zones, zone)))
