"""Screenshots of chats: who wrote what and when, told from the sides on which the bubbles stand, and where."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.domain.evidence import Message
from bot.reading.bubbles import Bubble, Pane, bubbles_of, names, timed
from bot.reading.layout import Placed, Sheet
from bot.reading.panes import columns
from bot.reading.plain import words_regex
from bot.reading.speakers import Speakers
from bot.reading.tables import ChatWords, Words
from bot.reading.times import Stamp, Times
from bot.reading.transcript import Conversation

# The app shows the other side on the left and one's own words on the right; the seller's team makes the screenshot.
_PARTIES = {"left": "buyer", "right": "seller", "middle": "system"}
_SIDES = ("buyer", "seller")
_ANSWERS = 2
"""Messages of each side that make a chat where nothing else says that it is one."""
_SHARED_ROWS = 0.25
"""The share of bubbles beside another from which a page is a list."""
_BESIDE, _LETTERS, _LONG, _TIME_LONGEST, _SENTENCE = 10, 2, 9, 14, 3
_TURNED = {"buyer": "seller", "seller": "buyer"}
NOBODY = Conversation()
_NAME = re.compile(r"[A-Za-z0-9][\w.\-]{2,29}")
_ADDRESS = re.compile(r"(?:[a-z0-9-]{2,}\.){1,4}[a-z]{2,}/\S", re.IGNORECASE)
_AMOUNT = re.compile(r"\D{0,4}\d[\d.,\s]*\D{0,4}")


@dataclass(frozen=True)
class Screen:
    """What a page shows around its messages: words that speak of chats (`hinted`), what only a chat has, such as the
    place to write (`a_chat`), that it is the platform's own chat between buyer and seller (`platform`), the card of
    an order, and the name of another chat program, "" where there is none."""

    hinted: bool = False
    a_chat: bool = False
    platform: bool = False
    card: bool = False
    app: str = ""


@dataclass(frozen=True, eq=False)
class ChatReader:
    """Reads a chat in which names do not stand beside the words; `days` are words for days, such as "Monday"."""

    words: ChatWords
    days: Words = ()
    speakers: Speakers = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "speakers", Speakers(self.words))

    def read(self, sheet: Sheet, times: Times) -> Conversation:
        """The conversation on a picture, that of the pane in which most is said by both sides; empty where none is
        shown."""
        moments = sorted((*times.stamps, *times.clocks), key=lambda stamp: stamp.start)
        panes: dict[int, list[Placed]] = {}
        for item in sheet.placed:
            panes.setdefault(item.pane, []).append(item)
        found = max((self._in(items, moments, sheet) for items in panes.values()), key=_told_by_both, default=NOBODY)
        if found.messages or not any(self._is_of_a_screen(item.text) for item in sheet.placed):
            return found
        parts = (part for items in panes.values() for part in columns(items))
        return max((self._in(items, moments, sheet) for items in parts), key=_told_by_both, default=NOBODY)

    def _in(self, items: Sequence[Placed], moments: Sequence[Stamp], sheet: Sheet) -> Conversation:
        return self._conversation(bubbles_of(items, moments, self._is_beside_a_time), sheet)

    def screen(self, sheet: Sheet, conversation: Conversation, order_ids: Sequence[str]) -> Screen:
        """What stands around the messages and tells in which program they were written."""
        said = {line for message in conversation.messages for line in message.words.split("\n")}
        around = "\n".join(item.text for item in sheet.placed if not _is_said(item.text.strip(), said))
        hinted = any(self._hints.search(line) and self._is_of_a_screen(line) for line in around.split("\n"))
        a_chat, platform = bool(self._signs.search(around)), bool(self._platform.search(around))
        programs = {**self._apps, **(self._markets if hinted or a_chat else {})}
        seen = {name: len(set(pattern.findall(around))) for name, pattern in programs.items()}
        app = max(seen, key=lambda name: seen[name], default="")
        card = any(order_id in around for order_id in order_ids)
        return Screen(hinted, a_chat, platform, card, app if app and seen[app] else "")

    def _conversation(self, pane: Pane, sheet: Sheet) -> Conversation:
        named = names(pane.bubbles)
        first = next((bubble.top for bubble in pane.bubbles if bubble.time), 0.0)
        speaking = {id(bubble) for bubble in pane.bubbles if self._speaks(bubble, pane, first)}
        talk = [
            (bubble, time)
            for bubble, time in timed(pane, lambda bubble: id(bubble) in speaking)
            if pane.side(bubble) != "middle" or (time and self._is_party(time.name))
        ]
        if pane.shared_rows([bubble for bubble, _ in talk]) > _SHARED_ROWS * len(talk):
            return NOBODY
        turned = _TURNED if self._is_the_buyers(pane, talk) else {}
        parties = [self._party(bubble, time, pane) for bubble, time in talk]
        messages = tuple(
            Message(turned.get(party, party), *_said(bubble, time, named))
            for party, (bubble, time) in zip(parties, talk, strict=True)
        )
        # One line that stands apart is not yet somebody's answer, nor is a button that is there with every entry.
        said = {side: {item.words for item in messages if item.speaker == side} for side in _SIDES}
        both = min(map(len, said.values())) >= _ANSWERS
        enough = len(messages) > 1 and any(message.time_text for message in messages)
        if not enough or not (both or (all(said.values()) and self._is_of_a_chat(sheet))):
            return NOBODY
        return Conversation(messages, tuple(self._buyers(pane, messages)), turned=bool(turned))

    def _is_the_buyers(self, pane: Pane, talk: Sequence[tuple[Bubble, Bubble | None]]) -> bool:
        """Whether the screen is a telephone on which a shop is written to: then the buyer's own words are on the
        right."""
        if not talk or pane.right - pane.left > max(each.bottom for each in pane.bubbles):
            return False
        above = " ".join(bubble.text for bubble in pane.bubbles if bubble.bottom <= talk[0][0].top)
        for pattern in (self._platform, self._hints, self._signs):
            above = pattern.sub(" ", above)
        return self.speakers.party(above) == "seller"

    def _is_of_a_chat(self, sheet: Sheet) -> bool:
        """Whether a heading or the place to write says that it is a chat."""
        return any(self._is_of_a_screen(item.text) or self._platform.search(item.text) for item in sheet.placed)

    def _is_of_a_screen(self, words: str) -> bool:
        """Whether words are a heading of a chat or the place to write, and little else."""
        rest = words
        for pattern in (*self._apps.values(), self._signs, self._hints):
            rest = pattern.sub("", rest)
        return rest != words and sum(map(str.isalnum, self._platform.sub("", rest))) <= _BESIDE

    def _party(self, bubble: Bubble, time: Bubble | None, pane: Pane) -> str:
        """By the name beside the time where one says so, else by the side."""
        named = self.speakers.party(time.name) if time else ""
        side = pane.side(bubble)
        return named if time and named and pane.side(time) in (side, "middle") else _PARTIES[side]

    def _is_beside_a_time(self, words: str) -> bool:
        """Whether words beside a time of day say who speaks or which day it is, and are no message."""
        return self._is_party(words) or bool(self._days.fullmatch(words.strip(" ,.·")))

    def _is_party(self, name: str) -> bool:
        return bool(self.speakers.party(name))

    def _speaks(self, bubble: Bubble, pane: Pane, first: float) -> bool:
        """Words of a message, not a heading of the page, a card of an order, a price, a state or a button; `first` is
        where the first time stands."""
        words = bubble.text.strip()
        if bubble.alone or _ADDRESS.search(words):
            return False
        if words.isdigit() and bubble.top > first and len(words) >= _LONG:
            # A number that somebody was asked for.
            return True
        if sum(map(str.isalpha, words)) < _LETTERS:
            return False
        heads = self._furniture.fullmatch(words) or self._is_of_a_screen(words) or self._is_heading(bubble, pane)
        return not (heads or _is_title(words) or _AMOUNT.fullmatch(words))

    def _is_heading(self, bubble: Bubble, pane: Pane) -> bool:
        """Whether it is the name at the top, over a state such as "online", or that state."""
        first = pane.bubbles[:4]
        states = [each for each in first if any(self._states.fullmatch(line.strip()) for line in each.words)]
        return any(bubble is each or bubble.bottom <= each.top for each in states)

    def _buyers(self, pane: Pane, messages: Sequence[Message]) -> Iterator[str]:
        """The name in the heading."""
        said = {message.words for message in messages}
        for bubble in pane.bubbles:
            if bubble.time or bubble.text in said:
                return
            for line in bubble.words:
                name = line.strip().lstrip("@")
                if _NAME.fullmatch(name) and not name.isdigit() and not self._is_of_the_program(name):
                    yield name
                    return

    def _is_of_the_program(self, words: str) -> bool:
        known = (self._hints, self._furniture, self._states)
        return any(pattern.search(words) for pattern in known)

    @cached_property
    def _hints(self) -> re.Pattern[str]:
        return words_regex(self.words.hints)

    @cached_property
    def _signs(self) -> re.Pattern[str]:
        return words_regex(self.words.signs)

    @cached_property
    def _platform(self) -> re.Pattern[str]:
        return words_regex(self.words.platform)

    @cached_property
    def _furniture(self) -> re.Pattern[str]:
        return words_regex(self.words.furniture)

    @cached_property
    def _states(self) -> re.Pattern[str]:
        return words_regex(self.words.states)

    @cached_property
    def _days(self) -> re.Pattern[str]:
        return words_regex(self.days)

    @cached_property
    def _markets(self) -> dict[str, re.Pattern[str]]:
        return {name: words_regex(words) for name, words in self.words.markets.items()}

    @cached_property
    def _apps(self) -> dict[str, re.Pattern[str]]:
        return {name: words_regex(words) for name, words in self.words.apps.items()}


def _said(bubble: Bubble, time: Bubble | None, named: frozenset[str]) -> tuple[datetime | None, str, str]:
    """The instant, the words without the name over them, and the time as printed."""
    words = bubble.words[1:] if bubble.words[0] in named and len(bubble.words) > 1 else bubble.words
    stamp = time.time.stamp if time and time.time else None
    return stamp.at if stamp else None, "\n".join(filter(None, words)), stamp.text if stamp else ""


def _is_said(text: str, said: Collection[str]) -> bool:
    """Whether a line is one of those said, its time behind it at most."""
    return text in said or any(text.startswith(line) and len(text) - len(line) <= _TIME_LONGEST for line in said)


def _told_by_both(conversation: Conversation) -> tuple[int, int]:
    said = [message.speaker for message in conversation.messages]
    return min(said.count(side) for side in _SIDES), len(said)


def _is_title(words: str) -> bool:
    """An order's card or a name alone: mostly a number, or one word with digits in it."""
    digits = sum(char.isdigit() for char in words)
    if sum(word.isalpha() for word in words.split()) >= _SENTENCE:
        return False
    return digits > len(words) / 2 or bool(_NAME.fullmatch(words) and digits)
