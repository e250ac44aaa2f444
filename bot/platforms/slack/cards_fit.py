"""Chooses which parts of a long card are shown: first what people must see and can press, then the rest in order."""

from dataclasses import dataclass
from typing import Any

from bot.platforms.slack.cards_blocks import weight
from bot.platforms.slack.markup import Json

EACH = 25
"""Every block counts beside its texts."""


@dataclass(frozen=True)
class BlockPart:
    """A block, the number of lines of the card that it shows, whether it must be shown, and whether it is folded:
    shown to whoever asks for the whole card."""

    block: Json
    lines: int = 1
    needed: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Room:
    """The limits of a message or view."""

    blocks: int
    characters: int


MESSAGE, HOME, PAGE = Room(50, 12_000), Room(100, 12_000), Room(60, 9_000)


def fit(parts: list[BlockPart], room: Room, rest: Any) -> list[Json]:
    """The blocks that fit. `rest(lines)` gives the blocks that stand in place of left-out lines."""
    if _fits([part.block for part in parts], room) and not any(part.folded for part in parts):
        return [part.block for part in parts]
    reserve = rest(sum(part.lines for part in parts))
    chosen = _chosen(parts, Room(room.blocks - len(reserve), room.characters - _weight(reserve)))
    left_out = [number for number in range(len(parts)) if number not in chosen]
    shown = [(number, [parts[number].block]) for number in sorted(chosen)]
    lines = sum(parts[number].lines for number in left_out)
    shown.append((left_out[0], rest(lines)))
    return [block for _, blocks in sorted(shown, key=lambda item: item[0]) for block in blocks]


def _chosen(parts: list[BlockPart], room: Room) -> set[int]:
    """The positions of the parts that fit, needed ones first. After a line of the rest was left out, so are all
    that follow."""
    chosen: set[int] = set()
    used, closed = 0, False
    shown = [number for number in range(len(parts)) if not parts[number].folded]
    for number in sorted(shown, key=lambda number: (not parts[number].needed, number)):
        cost = _weight([parts[number].block])
        fits = len(chosen) < room.blocks and used + cost <= room.characters
        closed = closed or (not fits and not parts[number].needed)
        if fits and not closed:
            chosen.add(number)
            used += cost
    return chosen


def _fits(blocks: list[Json], room: Room) -> bool:
    return len(blocks) <= room.blocks and _weight(blocks) <= room.characters


def _weight(blocks: list[Json]) -> int:
    return sum(weight(block) + EACH for block in blocks)


def paged(parts: list[BlockPart], room: Room) -> list[list[Json]]:
    """All blocks, in as many pages as they need; at least one."""
    pages: list[list[Json]] = [[]]
    for part in parts:
        if not _fits([*pages[-1], part.block], room):
            pages.append([])
        pages[-1].append(part.block)
    return [page for page in pages if page] or [[]]
