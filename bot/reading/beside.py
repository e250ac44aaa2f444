"""What stands beside a number on its line: the crop of the number shows an end of it, which is no part of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.parcel import bare

TIME = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([-/.])\d{1,2}\2(?:(?:19|20|25)\d\d|\d\d)(?!\d)"
    r"|\d{1,2}:\d\d(?::\d\d)?(?!\d))"
)
"""Dates and times of day, which are no part of a number though they touch one."""
_NEAR = 20
_DIGIT_BEHIND, _DIGIT_BEFORE = re.compile(r"[ \-]?\d"), re.compile(r"\d[ \-]?\Z")
_LACKING = "[\u0600-\u06ff\u0e00-\u0e7f\u1ea0-\u1ef9\ufb50-\ufefc]"
_FOREIGN_BEHIND, _FOREIGN_BEFORE = re.compile(rf"\s?{_LACKING}"), re.compile(rf"{_LACKING}\s?\Z")


@dataclass(frozen=True)
class Beside:
    """The text before and behind a number on its line, "" where nothing stands there."""

    before: str = ""
    after: str = ""

    def explains(self, before: str, after: str) -> bool:
        """Whether what a crop shows at the ends of the number, bare, is of its neighbours. Digits a single space away
        may be of the number itself and are never explained, unless they are of a date or time. In letters that the
        recogniser lacks it sees any letter."""
        head = not before or self._head.endswith(before) or (self._foreign_before and before.isalpha())
        return head and (not after or self._tail.startswith(after) or (self._foreign_after and after.isalpha()))

    @cached_property
    def _head(self) -> str:
        times = list(TIME.finditer(self.before))
        of_time = bool(times) and not self.before[times[-1].end() :].strip()
        return "" if _DIGIT_BEFORE.search(self.before) and not of_time else bare(self.before)

    @cached_property
    def _tail(self) -> str:
        of_time = TIME.match(self.after.lstrip())
        return "" if _DIGIT_BEHIND.match(self.after) and not of_time else bare(self.after)

    @cached_property
    def _foreign_before(self) -> bool:
        return bool(_FOREIGN_BEFORE.search(self.before))

    @cached_property
    def _foreign_after(self) -> bool:
        return bool(_FOREIGN_BEHIND.match(self.after))


NOTHING = Beside()


def beside(text: str, ranges: Sequence[tuple[int, int]]) -> Beside:
    """What stands beside the stretches of a number."""
    start, end = ranges[0][0], ranges[-1][1]
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return Beside(before.rpartition("\n")[2], after.partition("\n")[0])
