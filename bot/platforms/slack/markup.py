"""Words in Slack's two text forms: escaped, never empty, cut or split to their limits."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Json = dict[str, Any]
Cost = Callable[[str], int]
"""What a character counts: an emoji may count twice, an escaped mark as often as its escape is long."""

ELLIPSIS, NOTHING = "…", "–"
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """Text from outside as mrkdwn that means itself: no mention, no link, no call to everybody."""
    return "".join(_ESCAPED.get(character, character) for character in text)


def bare(character: str) -> int:
    """What a character counts by itself: an emoji is two halves."""
    return 2 if character > "\uffff" else 1


def _escaped(character: str) -> int:
    return len(_ESCAPED.get(character, "")) or bare(character)


def size(text: str, cost: Cost = bare) -> int:
    """The length of a text as Slack may count it."""
    return sum(map(cost, text))


def _fitting(text: str, limit: int, cost: Cost) -> int:
    """How many characters of the text fit into `limit`."""
    used = 0
    for number, character in enumerate(text):
        used += cost(character)
        if used > limit:
            return number
    return len(text)


def cut(text: str, limit: int, cost: Cost = _escaped) -> str:
    """The text, or its beginning and an ellipsis, not longer than `limit` once escaped; a dash for nothing."""
    text = text.strip() or NOTHING
    if _fitting(text, limit, cost) == len(text):
        return text
    return text[: _fitting(text, limit - 1, cost)].rstrip() + ELLIPSIS


def split(text: str, limit: int) -> Iterator[str]:
    """The text in pieces not longer than `limit` once escaped, broken at line ends or spaces where there are any."""
    rest = text.strip() or NOTHING
    while (end := _fitting(rest, limit, _escaped)) < len(rest):
        broken = max(rest.rfind("\n", 1, end), 0) or max(rest.rfind(" ", 1, end), 0) or end
        yield rest[:broken].strip() or NOTHING
        rest = rest[broken:].strip()
    if rest:
        yield rest


def grouped(lines: Iterable[str], limit: int) -> Iterator[tuple[str, int]]:
    """Lines that are mrkdwn already, joined to texts not longer than `limit`, with the number of lines in each."""
    held: list[str] = []
    used = 0
    for line in lines:
        if held and used + size(line) + 1 > limit:
            yield "\n".join(held), len(held)
            held, used = [], 0
        held.append(line)
        used += size(line) + 1
    if held:
        yield "\n".join(held), len(held)


def plain(text: str, limit: int) -> Json:
    """A plain_text object: it shows what it says."""
    return {"type": "plain_text", "text": cut(text, limit, bare), "emoji": False}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object of text that is escaped already."""
    return {"type": "mrkdwn", "text": text}
