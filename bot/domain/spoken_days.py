"""Days as people name them: a date with or without its year, tomorrow, a day of the week."""

import re
from datetime import date, timedelta

_DATE = re.compile(r"(?<!\d)(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_AHEAD = {
    "大后天": 3,
    "后天": 2,
    "明天": 1,
    "the day after tomorrow": 2,
    "tomorrow": 1,
}
_WEEKDAY = re.compile(
    r"(?P<next>下个?|next\s+)?(?:(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])"
    r"|\b(?P<en>mon|tues|wednes|thurs|fri|satur|sun)day\b)",
    re.IGNORECASE,
)
_CHINESE, _ENGLISH = "一二三四五六日", ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")


def spoken_day(text: str, today: date) -> tuple[date | None, str, str]:
    """The first day that a text names, None when it names none; the words that name it, and those before them. A date
    without a year is the next one, a day of the week the next after `today`, of the next week where it says so.
    Raises ValueError, with the words, for a day that does not exist."""
    if found := _DATE.search(text):
        return _of_date(found, today), found.group(), text[: found.start()]
    lowered = text.lower()
    for word, days in _AHEAD.items():
        if word in lowered:
            start = lowered.index(word)
            return today + timedelta(days=days), text[start : start + len(word)], text[:start]
    if found := _WEEKDAY.search(text):
        return _of_week(found, today), found.group(), text[: found.start()]
    return None, "", text


def _of_date(found: "re.Match[str]", today: date) -> date:
    year, month, day = (int(each) if each else 0 for each in found.groups())
    try:
        named = date(year or today.year, month, day)
        return named if year or named >= today else date(today.year + 1, month, day)
    except ValueError:
        raise ValueError(found.group()) from None


def _of_week(found: "re.Match[str]", today: date) -> date:
    zh = (found["zh"] or "").replace("天", "日")
    wanted = _CHINESE.index(zh) if zh else _ENGLISH.index(found["en"].lower())
    if found["next"]:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
