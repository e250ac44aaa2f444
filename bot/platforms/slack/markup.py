"""Slack's text forms, read and written: escaped, never empty, cut or split to their limits."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

Json = dict[str, Any]
Cost = Callable[[str], int]
"""What a character counts: an emoji may count twice, an escaped mark as often as its escape is long."""

ELLIPSIS, NOTHING = "…", "–"
_MARK = re.compile(r"<([^<>\n]*)>")
_ACCOUNT = re.compile(r"@([UW][A-Z0-9]+)")
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


def unmarked(text: str, bot: str, person: Callable[[str], str]) -> str:
    """Slack's mark-up as the words somebody typed: links as their address, people as `person(account)`; the name of
    the bot, account `bot`, is left out."""
    return unescape(_MARK.sub(lambda mark: _meant(mark.group(1), bot, person), text)).strip()


def _meant(mark: str, bot: str, person: Callable[[str], str]) -> str:
    target, _, label = mark.partition("|")
    if account := _ACCOUNT.fullmatch(target):
        return "" if account.group(1) == bot else person(account.group(1))
    if target.startswith(("#", "!")):
        return f"#{label or target[1:]}" if target.startswith("#") else label
    return label or target.removeprefix("mailto:") if target.startswith(("mailto:", "tel:")) else target


def mentions(text: str, bot: str) -> bool:
    """Whether the words mention the account `bot`."""
    return bool(bot) and f"<@{bot}" in text


def is_direct(channel: str) -> bool:
    """Whether Slack's id of the channel is that of a talk between one person and the bot."""
    return channel.startswith("D")
