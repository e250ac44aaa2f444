"""The audit trail: who did what, when, from where, with the state before and after (domain.md §7)."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.act import Changes

_AGE = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
MASK = "***"
"""Stands for what the trail does not keep, and begins what it keeps of a secret."""
PROGRAM, COMMAND_LINE = "program", "command-line"
"""Who acts when no person does: the program by itself, and whoever types commands on its machine."""


@dataclass(frozen=True)
class Actor:
    """Who causes what is being changed: a person id, PROGRAM or COMMAND_LINE, the channel ("platform:channel") and
    the address, each "" where there is none. `what` names the command; `act` is the same for everything that one
    message or call causes with it, "" for a change that stands alone."""

    who: str = PROGRAM
    channel: str = ""
    address: str = ""
    what: str = ""
    act: str = ""


@dataclass(frozen=True)
class AuditLine:
    """One act, at an instant in UTC. `changes` gives, by subject and field, the value before and after, null for a
    value that was not there; the first subject is what the act was about. `shop` is "" for what concerns no shop."""

    at: datetime
    actor: Actor
    changes: Changes
    shop: str = ""
    id: int = 0

    @property
    def place(self) -> str:
        """From where it was done: the channel, the address, or both."""
        return " ".join(filter(None, (self.actor.channel, self.actor.address)))

    @property
    def subject(self) -> str:
        """What the act was about, such as a case or a piece of evidence."""
        return next(iter(self.changes), "")

    @property
    def before(self) -> dict[str, Any]:
        """The values before by field; those of other subjects are named `subject.field`."""
        return {name: values[0] for name, values in self._flat()}

    @property
    def after(self) -> dict[str, Any]:
        """The values after, under the same names as those before."""
        return {name: values[1] for name, values in self._flat()}

    def _flat(self) -> Iterator[tuple[str, Any]]:
        for subject, fields in self.changes.items():
            for name, values in fields.items():
                yield (name if subject == self.subject else f"{subject}.{name}"), values

    @property
    def data(self) -> dict[str, Any]:
        """The line as JSON data."""
        told = {"at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}", "who": self.actor.who, "from": self.place}
        about = {"what": self.actor.what, "subject": self.subject}
        return {**told, **about, "before": self.before, "after": self.after}


def read_age(text: str) -> timedelta | None:
    """The length of time that a text such as 90m, 36h or 7d says; None for any other."""
    found = _AGE.fullmatch(text.strip())
    return int(found[1]) * _UNITS[found[2]] if found else None


def joined(parts: Iterable[AuditLine]) -> list[AuditLine]:
    """One line for each act and shop, oldest first, of the parts in which transactions have written them. What
    concerns no shop yet belongs to the shop that the same act names later."""
    acts: dict[str, dict[str, AuditLine]] = {}
    for part in sorted(parts, key=lambda each: each.id):
        lines = acts.setdefault(part.actor.act, {})
        shop = part.shop or next(iter(lines), "")
        earlier = lines.get(shop) or lines.pop("", None)
        lines[shop] = _after(earlier, part) if earlier else part
    return sorted((line for lines in acts.values() for line in lines.values()), key=lambda each: each.id)


def _after(earlier: AuditLine, later: AuditLine) -> AuditLine:
    changes: dict[str, dict[str, Any]] = {name: dict(fields) for name, fields in earlier.changes.items()}
    for subject, fields in later.changes.items():
        known = changes.setdefault(subject, {})
        for name, (before, after) in fields.items():
            known[name] = [known[name][0] if name in known else before, after]
    return replace(earlier, changes=changes, shop=later.shop or earlier.shop)


def without_contents(changes: Changes, lasting: Collection[str]) -> Changes:
    """The changes with the fields in `lasting` alone: subjects stay, what people wrote and sent goes."""
    return {
        subject: {name: values for name, values in fields.items() if name in lasting}
        for subject, fields in changes.items()
    }
