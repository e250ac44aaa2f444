"""Screenshots of chats: who wrote what, told from the side on which each bubble stands."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile

from bot.domain.evidence import Message, TimeRole
from bot.reading.layout import Placed, Sheet
from bot.reading.plain import words_regex
from bot.reading.speakers import Speakers
from bot.reading.tables import ChatWords
from bot.reading.times import Stamp
from bot.reading.transcript import Conversation

# The app shows the other side on the left and one's own words on the right; the seller's team makes the screenshot.
_PARTIES = {"left": "buyer", "right": "seller", "middle": "system"}
_SAME_BUBBLE, _AWAY, _TABLE = 1.55, 0.15, 0.25
_ANSWERS = 2
"""Messages of each side that make a chat where nothing else says that it is one."""
_NAME = re.compile(r"[A-Za-z0-9][\w.\-]{2,29}")
_NAME_LONGEST = 30


@dataclass
class _Block:
    """Lines that stand together on one side."""

    lines: list[Placed]
    stamp: Stamp | None = None

    @property
    def left(self) -> float:
        return min(item.left for item in self.lines)

    @property
    def right(self) -> float:
        return max(item.right for item in self.lines)

    @property
    def words(self) -> str:
        return "\n".join(item.line.text.strip() for item in self.lines)


@dataclass(frozen=True)
class _Page:
    """The width that the writing covers."""

    left: float
    right: float
    mirrored: bool = False

    def party(self, block: _Block) -> str:
        """Who writes on the side of the block; pages of languages written from the right are mirrored."""
        side = self.side(block)
        return _PARTIES[{"left": "right", "right": "left"}.get(side, side) if self.mirrored else side]

    def side(self, block: _Block) -> str:
        """The side on which the block stands."""
        width = max(1.0, self.right - self.left)
        before, after = (block.left - self.left) / width, (self.right - block.right) / width
        if abs(before - after) < _AWAY and min(before, after) > _AWAY:
            return "middle"
        return "right" if before > after else "left"


@dataclass(frozen=True, eq=False)
class BubbleReader:
    """Reads a chat in which names do not stand beside the words."""

    words: ChatWords
    speakers: Speakers = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "speakers", Speakers(self.words))

    def read(self, sheet: Sheet, stamps: Sequence[Stamp]) -> Conversation:
        """The conversation on a picture; empty when it shows none."""
        if len(sheet.placed) < 3 or _is_table(sheet):
            return Conversation()
        blocks = list(self._blocks(sheet, stamps))
        page = _Page(min(item.left for item in sheet.placed), max(item.right for item in sheet.placed))
        page = replace(page, mirrored=self._is_mirrored(blocks, page))
        spoken = list(self._messages(blocks, page))
        said = Counter(message.speaker for message in spoken)
        # One line that stands apart is not yet somebody's answer.
        both = min(said["buyer"], said["seller"]) >= _ANSWERS
        if len(spoken) < 2 or not (both or self.hinted(sheet)) or not any(item.time_text for item in spoken):
            return Conversation()
        return Conversation(tuple(spoken), tuple(self._buyers(blocks)))

    def hinted(self, sheet: Sheet) -> bool:
        """Whether words of a chat's own screen stand there."""
        return bool(self._hints.search(sheet.text))

    def signed(self, sheet: Sheet) -> bool:
        """Whether something stands there that only a chat's own screen shows."""
        return bool(self._signs.search(sheet.text))

    def _blocks(self, sheet: Sheet, stamps: Sequence[Stamp]) -> Iterator[_Block]:
        """The lines from top to bottom, those of one bubble together; a line with a time stands alone."""
        at_line = {item.start: _stamp_in(item, stamps) for item in sheet.placed}
        last: _Block | None = None
        for item in sheet.placed:
            stamp = at_line[item.start]
            if last and not stamp and not last.stamp and _joined(last.lines[-1], item):
                last.lines.append(item)
                continue
            if last:
                yield last
            last = _Block([item], stamp)
        if last:
            yield last

    def _is_mirrored(self, blocks: Sequence[_Block], page: _Page) -> bool:
        """Whether the heading stands on the right."""
        sides = [page.side(block) for block in takewhile(lambda block: not block.stamp, blocks)]
        return sides.count("right") > sides.count("left")

    def _messages(self, blocks: Sequence[_Block], page: _Page) -> Iterator[Message]:
        stamped = [number for number, block in enumerate(blocks) if self._is_time(block)]
        if not stamped:
            return
        above = not any(self._speaks(block, page) for block in blocks[: stamped[0]])
        order = blocks if above else list(reversed(blocks))
        found = list(self._timed(order, page))
        yield from found if above else reversed(found)

    def _timed(self, blocks: Sequence[_Block], page: _Page) -> Iterator[Message]:
        """Messages, each with the time that stands nearest before it."""
        time: _Block | None = None
        for block in blocks:
            if self._is_time(block):
                time = block
            elif time and block.stamp is None and self._speaks(block, page):
                assert time.stamp
                stamp = time.stamp.stamp
                yield Message(self._party(block, time, page), stamp.at, block.words, stamp.text)

    def _party(self, block: _Block, time: _Block, page: _Page) -> str:
        """By the name beside the time where one says so, else by the side."""
        assert time.stamp
        named = self.speakers.party(time.words.replace(time.stamp.stamp.text, " "))
        side = page.side(block)
        return named if named and page.side(time) in (side, "middle") else page.party(block)

    def _is_time(self, block: _Block) -> bool:
        """A line that holds a time and at most a name; the words below it give it no role here."""
        if block.stamp is None or block.stamp.stamp.day_only or block.stamp.stamp.role is TimeRole.CAPTURED:
            return False
        return len(block.words.replace(block.stamp.stamp.text, "").strip()) <= _NAME_LONGEST

    def _speaks(self, block: _Block, page: _Page) -> bool:
        """Words of a message, not a heading of the page, a card of an order or a button."""
        words = block.words.strip()
        around = self._hints.search(words) or self._signs.search(words)
        furniture = around or self._furniture.fullmatch(words) or _is_title(words)
        return bool(words) and not furniture and page.side(block) != "middle"

    def _buyers(self, blocks: Sequence[_Block]) -> Iterator[str]:
        """The name in the heading."""
        for block in blocks:
            if block.stamp:
                return
            for item in block.lines:
                name = item.line.text.strip().lstrip("@")
                if _NAME.fullmatch(name) and not name.isdigit() and not self._hints.search(name):
                    yield name
                    return

    @cached_property
    def _hints(self) -> re.Pattern[str]:
        return words_regex(self.words.hints)

    @cached_property
    def _signs(self) -> re.Pattern[str]:
        return words_regex(self.words.signs)

    @cached_property
    def _furniture(self) -> re.Pattern[str]:
        return words_regex(self.words.furniture)


def _stamp_in(item: Placed, stamps: Sequence[Stamp]) -> Stamp | None:
    return next((stamp for stamp in stamps if item.start <= stamp.start < item.end), None)


def _joined(above: Placed, below: Placed) -> bool:
    """Whether two lines stand as near as those of one bubble, and begin or end alike."""
    height = max(above.line.height, below.line.height)
    near = 0 <= below.middle - above.middle < _SAME_BUBBLE * height
    return near and (abs(above.left - below.left) < height or abs(above.right - below.right) < height)


def _is_title(words: str) -> bool:
    """An order's card or a name alone: mostly a number, or one word with digits in it."""
    digits = sum(char.isdigit() for char in words)
    return digits > len(words) / 2 or bool(_NAME.fullmatch(words) and digits)


def _is_table(sheet: Sheet) -> bool:
    """Whether many rows have several columns, as lists and forms have and chats do not."""
    rows = sheet.text.split("\n")
    return sum("  " in row for row in rows) > _TABLE * len(rows)
