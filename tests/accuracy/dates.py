"""How pages print times: formats by language and family; the families "b" and "c" are the unseen ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

Print = Callable[[datetime], str]

_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_TH = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
_AR = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
_WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _half(at: datetime, am: str = "AM", pm: str = "PM") -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {pm if at.hour >= 12 else am}"


def _us_long(at: datetime) -> str:
    return f"{_EN[at.month - 1]} {at.day}, {at.year}, {_half(at, 'am', 'pm')}"


def _us_slashes(at: datetime) -> str:
    return f"{at:%m/%d/%Y} {_half(at, 'A.M.', 'P.M.')}"


def _us_week(at: datetime) -> str:
    return f"{_WEEK[at.weekday()][:3]}, {_EN[at.month - 1][:3]} {at.day}, {at.year} {_half(at)}"


def _us_at(at: datetime) -> str:
    return f"{_WEEK[at.weekday()]}, {_EN[at.month - 1]} {at.day}, {at.year} at {_half(at)}"


def _uk_slashes(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M}"


def _uk_short(at: datetime) -> str:
    return f"{at.day} {_EN[at.month - 1][:3]} {at.year}, {at:%H:%M}"


def _uk_long(at: datetime) -> str:
    return f"{_WEEK[at.weekday()]} {at.day} {_EN[at.month - 1]} {at.year} {at:%H:%M}"


def _uk_dash(at: datetime) -> str:
    return f"{at:%d-%m-%Y} {at:%H:%M:%S}"


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _iso_short(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _iso_offset(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} (GMT+00:00)"


def _zh_signs(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _slashes(at: datetime) -> str:
    return f"{at:%Y/%m/%d %H:%M}"


def _dots(at: datetime) -> str:
    return f"{at:%Y.%m.%d %H:%M}"


def _th_words(at: datetime) -> str:
    return f"{at.day} {_TH[at.month - 1]} {at.year + 543} {at:%H:%M} น."


def _th_slashes(at: datetime) -> str:
    return f"{at:%d/%m}/{at.year + 543} {at:%H:%M} น."


def _clock_first(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"


def _vi_words(at: datetime) -> str:
    return f"{at.day} thg {at.month} {at.year} {at:%H:%M}"


def _ms_half(at: datetime) -> str:
    return f"{at.day} {_EN[at.month - 1][:3]} {at.year} {_half(at)}"


def _ar_words(at: datetime) -> str:
    return f"{at.day} {_AR[at.month - 1]} {at.year} {at:%H:%M}"


FORMATS: dict[str, dict[str, tuple[Print, ...]]] = {
    "a": {
        "US": (_us_long, _us_slashes, _us_week, _iso_short),
        "UK": (_uk_slashes, _uk_short, _iso_short),
        "zh": (_iso, _zh_signs, _iso_short),
        "th": (_th_slashes, _iso_short, _uk_slashes),
        "vi": (_uk_slashes, _clock_first, _iso_short),
        "ms": (_ms_half, _uk_slashes),
        "ar": (_uk_slashes, _iso_short),
    },
    "b": {
        "US": (_us_at, _iso, _us_long, _iso_offset),
        "UK": (_uk_long, _uk_dash, _uk_short),
        "zh": (_slashes, _dots, _iso),
        "th": (_th_words, _uk_dash, _th_slashes),
        "vi": (_uk_dash, _vi_words, _clock_first),
        "ms": (_uk_dash, _uk_short, _iso),
        "ar": (_slashes, _ar_words, _uk_dash),
    },
}


@dataclass(frozen=True)
class Halves:
    """A format whose day and time of day may stand apart."""

    day: str
    clock: str

    def __call__(self, at: datetime) -> str:
        return f"{self.day_of(at)} {self.clock_of(at)}"

    def day_of(self, at: datetime) -> str:
        return at.strftime(self.day).replace("{d}", str(at.day)).replace("{m}", str(at.month))

    def clock_of(self, at: datetime) -> str:
        return at.strftime(self.clock).replace("{h}", str(at.hour % 12 or 12))


FORMATS["c"] = {
    "US": (Halves("%b {d} %Y", "{h}:%M %p"), Halves("%m/%d/%Y", "%I:%M%p"), Halves("%A, %d-%b-%Y", "%H:%M")),
    "UK": (Halves("%d-%b-%Y", "%H:%M"), Halves("%d.%m.%Y", "%H:%M"), Halves("%a {d} %B %Y", "{h}:%M%p")),
    "zh": (Halves("%Y年%m月%d日", "%H:%M:%S"), Halves("%Y-%m-%d", "%H:%M"), Halves("%Y/{m}/{d}", "%H:%M")),
    "th": (Halves("%d-%m-%Y", "%H:%M"), Halves("{d}/{m}/%Y", "%H:%M")),
    "vi": (Halves("%d-%m-%Y", "%H:%M"), Halves("%d.%m.%Y", "%H:%M")),
    "ms": (Halves("%d-%b-%Y", "%I:%M %p"), Halves("{d} %B %Y", "%H:%M")),
    "ar": (Halves("%d-%m-%Y", "%H:%M"), Halves("%Y-%m-%d", "%H:%M")),
}
UNREAD_LETTERS = (_th_words, _ar_words)
"""Formats whose month is in letters that the engine does not know."""


def pick(random: Random, family: str, language: str, site: str) -> Print:
    """The format in which one page prints all its times."""
    region = ("US" if site in ("US", "PH") else "UK") if language == "en" else language
    return random.choice(FORMATS[family][region])
