"""Joins several pieces of one conversation, such as screenshots made while scrolling, where they overlap."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from bot.domain.evidence import Message
from bot.domain.text import folded

_ALIKE, _CUT_LEAST = 0.85, 6
# The comparing of two very long conversations stays quick: scrolled pieces overlap by a screen at most.
_OVERLAP_MOST = 60


@dataclass(frozen=True)
class ConversationPiece:
    """The messages that one piece of evidence shows; `name` is for people."""

    name: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Whole:
    """The joined conversation in order; `open_joints` are the names of neighbouring pieces that have no message in
    common."""

    messages: tuple[Message, ...]
    open_joints: tuple[tuple[str, str], ...]


@dataclass
class _Stretch:
    """Pieces that are joined so far, with the names of the first and the last one."""

    messages: list[Message]
    first: str
    last: str


def stitch(pieces: Sequence[ConversationPiece]) -> Whole:
    """Join pieces where the end of one is the beginning of the next. A piece that lies entirely inside another
    adds nothing. Stretches that nothing joins follow each other by time, or else in the given order."""
    stretches = [_Stretch(list(piece.messages), piece.name, piece.name) for piece in pieces if piece.messages]
    stretches = _without_inner(stretches)
    while (pair := _best_pair(stretches)) is not None:
        before, after, common = pair
        joined = _Stretch(_merged(before.messages, after.messages, common), before.first, after.last)
        place = min(stretches.index(before), stretches.index(after))
        stretches = [item for item in stretches if item is not before and item is not after]
        stretches.insert(place, joined)
    ordered = _by_time(stretches)
    joints = tuple((a.last, b.first) for a, b in pairwise(ordered))
    return Whole(tuple(message for item in ordered for message in item.messages), joints)


def _without_inner(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    kept: list[_Stretch] = []
    for item in sorted(stretches, key=lambda item: -len(item.messages)):
        if not any(_inside(item.messages, other.messages) for other in kept):
            kept.append(item)
    return [item for item in stretches if item in kept]


def _inside(inner: Sequence[Message], outer: Sequence[Message]) -> bool:
    starts = range(len(outer) - len(inner) + 1)
    return any(_all_same(inner, outer[start : start + len(inner)]) for start in starts)


def _best_pair(stretches: Sequence[_Stretch]) -> tuple[_Stretch, _Stretch, int] | None:
    """The two stretches that overlap most, the earlier one first; None when none overlap."""
    found = [
        (_overlap(before.messages, after.messages), -place, before, after)
        for place, before in enumerate(stretches)
        for after in stretches
        if before is not after
    ]
    best = max(found, key=lambda item: item[:2], default=None)
    return (best[2], best[3], best[0]) if best and best[0] else None


def _overlap(before: Sequence[Message], after: Sequence[Message]) -> int:
    """The number of messages at the end of one that are those at the beginning of the other. A single short
    message without a time is too little to tell."""
    for count in range(min(len(before), len(after), _OVERLAP_MOST), 0, -1):
        if _all_same(before[-count:], after[:count]) and (count > 1 or _telling(before[-1], after[0])):
            return count
    return 0


def _telling(one: Message, other: Message) -> bool:
    return len(_key(one.words)) >= 2 * _CUT_LEAST or (one.at is not None and one.at == other.at)


def _all_same(some: Sequence[Message], others: Sequence[Message]) -> bool:
    return all(same(one, other) for one, other in zip(some, others, strict=True))


def same(one: Message, other: Message) -> bool:
    """Whether two readings are of one message. A screenshot's edge may cut a message, and reading may mistake a
    letter."""
    if one.speaker and other.speaker and one.speaker != other.speaker:
        return False
    if one.at and other.at and one.at != other.at:
        return False
    a, b = sorted((_key(one.words), _key(other.words)), key=len)
    if a == b:
        return True
    cut = len(a) >= _CUT_LEAST and (b.startswith(a) or b.endswith(a))
    return cut or _nearly(a, b)


def _nearly(a: str, b: str) -> bool:
    """Whether two texts differ in a few letters but no digit: a different number would be another message."""
    digits = [re.sub(r"\D", "", key) for key in (a, b)]
    comparable = len(a) > 0.6 * len(b) and digits[0] == digits[1]
    return comparable and SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def _key(words: str) -> str:
    return re.sub(r"[\W_]+", "", folded(words))


def _merged(before: Sequence[Message], after: Sequence[Message], common: int) -> list[Message]:
    """The messages of both, those in common once, each as the piece that shows more of it has it."""
    pairs = zip(before[len(before) - common :], after[:common], strict=True)
    shared = [max(pair, key=lambda message: (bool(message.at), len(message.words))) for pair in pairs]
    return [*before[: len(before) - common], *shared, *after[common:]]


def _by_time(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """The stretches by the first time in each, when all of them have one."""
    times = [next((message.at for message in item.messages if message.at), None) for item in stretches]
    if any(at is None for at in times):
        return list(stretches)
    keyed = sorted(zip(times, range(len(stretches)), strict=True), key=lambda pair: (str(pair[0]), pair[1]))
    return [stretches[place] for _, place in keyed]
