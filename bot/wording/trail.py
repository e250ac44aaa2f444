"""Lines of the audit trail in words for people."""

import json
from collections.abc import Callable
from typing import Any

from bot.domain.trail import COMMAND_LINE, PROGRAM, AuditLine
from bot.wording.localizer import Localizer

MOST, LONGEST = 12, 120
"""How many changes of an act are shown, and how many characters of a value."""

Called = Callable[[str], str]
"""person id -> the name by which people call them, else the id"""


def told(say: Localizer, line: AuditLine, called: Called) -> str:
    """The line as one line of text, times in UTC."""
    changes = "; ".join(changes_told(say, line))
    what = what_told(say, line.actor.what)
    who = who_told(say, line.actor.who, called)
    return say("trail.line", at=line.at, who=who, place=line.place, what=what, subject=line.subject, changes=changes)


def who_told(say: Localizer, who: str, called: Called) -> str:
    """The name of whoever acted, with the id, which stays when a name is deleted."""
    if who in (PROGRAM, COMMAND_LINE):
        return say(f"trail.{who}")
    return who if (name := called(who)) == who else f"{name} ({who})"


def what_told(say: Localizer, what: str) -> str:
    """The act in words; a name that has none stays as it is."""
    return _worded(say, "what", what)


def changes_told(say: Localizer, line: AuditLine) -> list[str]:
    """Each value that changed, as "name: before → after"; what was not there before is shown alone."""
    shown = [_change(say, name, before, line.after[name]) for name, before in line.before.items()]
    more = [say("trail.and_more", count=len(shown) - MOST)] if len(shown) > MOST else []
    return [*shown[:MOST], *more]


def _change(say: Localizer, name: str, before: Any, after: Any) -> str:
    about, _, last = name.rpartition(".")
    label = " ".join(filter(None, (about, _worded(say, "field", last))))
    values = [_value(say, after)] if before is None else [_value(say, before), _value(say, after)]
    return f"{label}: {' → '.join(values)}"


def _worded(say: Localizer, table: str, name: str) -> str:
    key = f"trail.{table}.{name}"
    return say(key) if say.phrases.has(key, say.language) else name


def _value(say: Localizer, value: Any) -> str:
    if value in (None, "", [], {}):
        return say("trail.nothing")
    if isinstance(value, bool):
        return say("trail.yes" if value else "trail.no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
