"""Which case is meant where several may be: the one that somebody has just named, and those that take the command."""

from collections.abc import Sequence
from datetime import timedelta

from bot.conversation.turn import Turn
from bot.domain.case import Case, CaseStatus

FRESH, KEPT = timedelta(minutes=10), 1000
"""How long a case that somebody named is still meant, and of how many people it is remembered."""
_OPEN = frozenset({CaseStatus.OPEN})
ANSWERABLE = dict.fromkeys(("claim", "assign", "release", "skip", "include", "dismiss", "cause"), _OPEN)
ANSWERABLE |= {
    "result": frozenset({CaseStatus.SUBMITTED, CaseStatus.OPEN}),
    "reopen": frozenset({CaseStatus.DISMISSED}),
}
"""The states of a case in which a command can be answered; all where nothing is said."""


class RecentCases:
    """Remembers, until the program ends, which case each person has named last in each channel."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, str], tuple[str, float]] = {}

    def note(self, turn: Turn, case: str) -> None:
        """Remember the case that the turn names."""
        key = (turn.event.channel, turn.event.person)
        self._named.pop(key, None)
        self._named[key] = (case, turn.event.at.timestamp())
        while len(self._named) > KEPT:
            self._named.pop(next(iter(self._named)), None)

    def among(self, turn: Turn, cases: Sequence[Case]) -> list[Case]:
        """Those of the cases that the turn may mean: the one that its sender has just named, else those in which its
        command can be answered."""
        able = [case for case in cases if case.status in ANSWERABLE.get(turn.command, CaseStatus)]
        named, at = self._named.get((turn.event.channel, turn.event.person), ("", 0.0))
        fresh = turn.event.at.timestamp() - at <= FRESH.total_seconds()
        return [case for case in able if fresh and case.id == named] or able or list(cases)
