"""Reads and writes Slack's text forms: escaped, never empty, shortened or split to their limits."""

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
    """Text from outside as mrkdwn that shows it as it is: without mentions, links or calls to everybody."""
    return "".join(_ESCAPED.get(character, character) for character in text)


def bare(character: str) -> int:
    """The length of a character in UTF-16 units: an emoji counts as two."""
    return 2 if character > "\uffff" else 1


def _escaped(character: str) -> int:
    return len(_ESCAPED.get(character, "")) or bare(character)


def size(text: str, cost: Cost = bare) -> int:
    """The length of a text as Slack may count it."""
    return sum(map(cost, text))


def _fitting(text: str, limit: int, cost: Cost) -> int:
    """The number of the text's characters that fit into `limit`."""
    used = 0
    for number, character in enumerate(text):
        used += cost(character)
        if used > limit:
            return number
    return len(text)


def cut(text: str, limit: int, cost: Cost = _escaped) -> str:
    """The text, or its beginning with an ellipsis, not longer than `limit` once escaped; a dash for an empty text."""
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
    """Lines of mrkdwn joined to texts not longer than `limit`, each with its number of lines."""
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
    """A plain_text object, which shows the text as it is."""
    return {"type": "plain_text", "text": cut(text, limit, bare), "emoji": False}


def link(address: str, label: str) -> str:
    """An address under a label, as mrkdwn."""
    return f"<{escape(address).replace('|', '%7C')}|{escape(' '.join(label.split()))}>"


def mrkdwn(text: str) -> Json:
    """A mrkdwn object of text that is escaped already."""
    return {"type": "mrkdwn", "text": text}


def unmarked(text: str, bot: str, person: Callable[[str], str]) -> str:
    """Slack's mark-up as the words that somebody typed: links as their address, people as `person(account)`;
    mentions of the bot (account `bot`) are left out."""
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
    """Whether the channel id is that of a direct conversation between one person and the bot."""
    return channel.startswith("D")
