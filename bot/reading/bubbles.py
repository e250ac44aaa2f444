"""Bubbles of a chat: lines that stand together on one side of a screen, each with its time."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from statistics import median

from bot.domain.evidence import TimeRole
from bot.reading.layout import Placed
from bot.reading.times import Stamp

_SAME_BUBBLE, _AWAY, _ADJACENT, _LEVEL, _FAR = 1.55, 0.15, 4.0, 0.8, 2.5
_NAME_LONGEST, _STATUS_BAR = 30, 14
# What stands behind a time in a bubble: ticks, as the recogniser takes them.
_TICKS = re.compile(r"[\s√✓✔vVwW/|\\.,:;()<>-]{0,6}")
_MERELY_A_CLOCK = re.compile(r"\D{0,4}\d{1,2}[:.时]\d\d.{0,6}", re.DOTALL)


@dataclass
class Bubble:
    """Lines that stand together; `time` is that of the words, on their last line, beside them or under them.

    A line that holds a time and at most a name is a bubble of its own with `alone` set: it is the time of what stands
    above or below it, and `name` is what stands beside the time. A date alone is one without a time.
    """

    lines: list[Placed]
    words: list[str]
    time: Stamp | None = None
    alone: bool = False
    name: str = ""

    @property
    def left(self) -> float:
        """The bubble's left edge, in pixels of the picture."""
        return min(item.left for item in self.lines)

    @property
    def right(self) -> float:
        """The bubble's right edge, in pixels of the picture."""
        return max(item.right for item in self.lines)

    @property
    def top(self) -> float:
        """The bubble's upper edge, in pixels of the picture."""
        return min(item.middle - item.height / 2 for item in self.lines)

    @property
    def bottom(self) -> float:
        """The bubble's lower edge, in pixels of the picture."""
        return max(item.middle + item.height / 2 for item in self.lines)

    @property
    def text(self) -> str:
        """What it says, its time left out."""
        return "\n".join(words for words in self.words if words)


@dataclass(frozen=True)
class Pane:
    """The bubbles of one part of a screen from top to bottom, and the width that its writing covers. Screens of
    languages written from the right are `mirrored`: there one's own words stand on the left."""

    bubbles: tuple[Bubble, ...]
    left: float
    right: float
    mirrored: bool = field(default=False)

    def side(self, bubble: Bubble) -> str:
        """ "left", "right" or "middle", as the language is written."""
        width = max(1.0, self.right - self.left)
        before, after = (bubble.left - self.left) / width, (self.right - bubble.right) / width
        if abs(before - after) < _AWAY and min(before, after) > _AWAY:
            return "middle"
        return "right" if (before > after) != self.mirrored else "left"

    def shared_rows(self, speaking: Sequence[Bubble]) -> int:
        """How many of them have another beside them, as cells of a list have and bubbles of a chat do not."""
        pairs = ((one, two) for one in speaking for two in speaking if one is not two)
        beside = {id(one) for one, two in pairs if min(one.bottom, two.bottom) - max(one.top, two.top) > 0}
        return len(beside)


def bubbles_of(items: Sequence[Placed], moments: Sequence[Stamp], is_beside_a_time: Callable[[str], bool]) -> Pane:
    """The bubbles in some lines of a screen. `moments` are all times in the sheet, also those of day without a date;
    `is_beside_a_time` says whether words tell who speaks or which day it is."""
    inside = _without_status_bar(items, moments)
    bubbles: list[Bubble] = []
    for item in inside:
        _take(bubbles, item, _moment_in(item, moments), is_beside_a_time)
    joined = _with_times_beside(bubbles)
    if not joined:
        return Pane((), 0.0, 0.0)
    pane = Pane(tuple(joined), min(item.left for item in inside), max(item.right for item in inside))
    sides = [pane.side(bubble) for bubble in takewhile(lambda bubble: not bubble.time, joined)]
    return replace(pane, mirrored=sides.count("right") > sides.count("left"))


def _without_status_bar(items: Sequence[Placed], moments: Sequence[Stamp]) -> list[Placed]:
    """The lines without the first row where that is the bar of a phone, with its clock."""
    if not items:
        return []
    first = min(items, key=lambda item: item.middle)
    row = [item for item in items if item.middle - first.middle < _LEVEL * first.height]
    clock = any(_moment_in(item, moments) and _MERELY_A_CLOCK.fullmatch(item.text) for item in row)
    short = all(len(item.text.strip()) <= _STATUS_BAR for item in row)
    return [item for item in items if item not in row] if clock and short else list(items)


def _moment_in(item: Placed, moments: Sequence[Stamp]) -> Stamp | None:
    """The last time in a line, where the time of a bubble's words stands."""
    # Its first character may be the space before it.
    inside = [moment for moment in moments if item.start < moment.end <= item.end]
    return inside[-1] if inside else None


def _take(bubbles: list[Bubble], item: Placed, stamp: Stamp | None, is_beside_a_time: Callable[[str], bool]) -> None:
    """Add a line to the bubble that it goes on, or as a new one."""
    before, after = _around(item, stamp) if stamp else (item.text.strip(), "")
    beside = " ".join(part for part in (before, after) if part)
    last = next((bubble for bubble in reversed(bubbles[-4:]) if _goes_on(bubble, item)), None)
    if stamp is None:
        _add(bubbles, last, item, before)
    elif len(beside) < 2 or (len(beside) <= _NAME_LONGEST and _is_name(beside, stamp, is_beside_a_time)):
        time = None if stamp.stamp.day_only or stamp.stamp.role is TimeRole.CAPTURED else stamp
        bubbles.append(Bubble([item], [], time, alone=True, name=beside))
    elif after or not _is_clock(stamp):
        # A time within the words is none of the bubble.
        _add(bubbles, last, item, item.text.strip())
    else:
        _add(bubbles, last, item, before).time = stamp


def _add(bubbles: list[Bubble], last: Bubble | None, item: Placed, words: str) -> Bubble:
    if last is None:
        bubbles.append(last := Bubble([], []))
    last.lines.append(item)
    last.words.append(words)
    return last


def _around(item: Placed, stamp: Stamp) -> tuple[str, str]:
    """What stands before and behind a time on its line, ticks left out."""
    start, end = max(0, stamp.start - item.start), stamp.end - item.start
    after = item.text[end:].strip()
    return item.text[:start].strip(" ·|,-"), "" if _TICKS.fullmatch(after) else after


def _is_clock(stamp: Stamp) -> bool:
    return bool(_MERELY_A_CLOCK.fullmatch(stamp.stamp.text))


def _is_name(beside: str, stamp: Stamp, is_beside_a_time: Callable[[str], bool]) -> bool:
    """Whether what stands beside a time is who speaks rather than what was said: beside a mere time of day, a name
    that tells the party; beside a whole date any short words."""
    return is_beside_a_time(beside) if _is_clock(stamp) else True


def _goes_on(bubble: Bubble, item: Placed) -> bool:
    """Whether a line stands under a bubble as near as one of its own, and begins or ends alike."""
    if bubble.alone or bubble.time:
        return False
    above = bubble.lines[-1]
    height = max(above.height, item.height)
    near = 0 <= item.middle - above.middle < _SAME_BUBBLE * height
    return near and (abs(above.left - item.left) < height or abs(above.right - item.right) < height)


def _with_times_beside(bubbles: Sequence[Bubble]) -> list[Bubble]:
    """The bubbles with the times of day that stand right beside them taken in."""
    kept: list[Bubble] = []
    for bubble in bubbles:
        owner = _owner(bubble, bubbles) if bubble.alone and not bubble.name else None
        if owner and owner.time is None:
            owner.time = bubble.time
        else:
            kept.append(bubble)
    return kept


def _owner(time: Bubble, bubbles: Sequence[Bubble]) -> Bubble | None:
    """The bubble beside whose last line a time stands."""
    line = time.lines[0]
    level = [
        bubble
        for bubble in bubbles
        if not bubble.alone and abs(bubble.lines[-1].middle - line.middle) < _LEVEL * bubble.lines[-1].height
    ]
    near = [(_distance(time, bubble), bubble) for bubble in level]
    close = [(apart, bubble) for apart, bubble in near if apart < _ADJACENT * line.height]
    return min(close, key=lambda item: item[0])[1] if close else None


def _distance(one: Bubble, two: Bubble) -> float:
    return max(one.left - two.right, two.left - one.right, 0.0)


def timed(pane: Pane, speaks: Callable[[Bubble], bool]) -> Iterator[tuple[Bubble, Bubble | None]]:
    """Each bubble that speaks, with the bubble that holds its time: itself, or the time over or under it, whichever
    this screen prints. Where bubbles hold their times, one without any between them has none."""
    free = [bubble for bubble in pane.bubbles if bubble.alone and bubble.time]
    own = [number for number, bubble in enumerate(pane.bubbles) if bubble.time and not bubble.alone]
    if len(own) > 2 * len(free):
        # A single time besides is the clock of the screen.
        free = []
    over = not free or _are_over(pane, free, speaks)
    numbered = list(enumerate(pane.bubbles))
    found: list[tuple[Bubble, Bubble | None]] = []
    time: Bubble | None = None
    edge = 0.0
    for number, bubble in numbered if over else reversed(numbered):
        if bubble.alone:
            time = bubble if bubble in free else time
            edge = bubble.top if bubble in free else edge
        elif speaks(bubble) and (bubble.time or time or (own and own[0] < number < own[-1])):
            # What stands far above a time that is printed under the words, such as a heading, is not of that time.
            far = not (over or bubble.time) and edge - bubble.bottom > _FAR * bubble.lines[-1].height
            found += [] if far else [(bubble, bubble if bubble.time else time)]
            edge = edge if far else bubble.top
    yield from found if over else reversed(found)


def _are_over(pane: Pane, free: Sequence[Bubble], speaks: Callable[[Bubble], bool]) -> bool:
    """Whether the times stand over what was said: in the middle, as headings do, or nearer to it than to what stands
    above them."""
    if sum(pane.side(time) == "middle" for time in free) > len(free) / 2:
        return True
    speaking = [bubble for bubble in pane.bubbles if not bubble.alone and speaks(bubble)]
    under, above = [], []
    for time in free:
        below = [bubble.top - time.bottom for bubble in speaking if bubble.top >= time.top]
        before = [time.top - bubble.bottom for bubble in speaking if bubble.bottom <= time.bottom]
        if below and before:
            under.append(min(below))
            above.append(min(before))
    if under and abs(median(under) - median(above)) > 1:
        return median(under) < median(above)
    return not any(bubble.top < free[0].top for bubble in speaking)


def names(bubbles: Sequence[Bubble]) -> frozenset[str]:
    """The first lines that several bubbles have in common: who speaks is written over what is said."""
    first = Counter(bubble.words[0] for bubble in bubbles if len(bubble.words) > 1)
    return frozenset(line for line, count in first.items() if count > 1 and len(line) <= _NAME_LONGEST)
