"""Signs of what a page is that are read in its structure: steps with times, numbers, amounts, messages, tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from bot.domain.evidence import LogEvent, TimeRole
from bot.reading.candidates import Found
from bot.reading.chats import Screen
from bot.reading.layout import Placed, Sheet
from bot.reading.numbers import Numbers
from bot.reading.plain import words_regex
from bot.reading.tables import Vocabulary
from bot.reading.times import Stamp
from bot.reading.transcript import Conversation

STEPS = frozenset({TimeRole.PICKED_UP, TimeRole.OUT_FOR_DELIVERY, TimeRole.DELIVERED, TimeRole.EXCEPTION})
_JOURNEY, _MANY, _COLUMNS, _TABLE_ROWS, _API_WORDS = 3, 3, 3, 4, 2
_BEGINNING, _MENU = 100_000, 24
_LONG_NUMBER = re.compile(r"\d{4}|\d[:.]\d\d")
_ROW_NUMBER = re.compile(
    r"(?<![A-Z0-9])(?=[A-Z0-9]{0,10}(?:\d{5}|X{6}|\*{4}))[A-Z0-9*]{9,40}(?![A-Z0-9])", re.IGNORECASE
)
_MONEY = r"US\$|S\$|RM|Rp|[$€£¥₫฿₱]|THB|VND|MYR|IDR|PHP|SAR|AED|USD|GBP|EUR|CAD|AUD|CNY|RMB"
_AMOUNT = re.compile(
    rf"(?<![A-Za-z])(?:{_MONEY})\s?-?\d[\d.,]{{0,14}}|(?<![\w.])\d[\d.,]{{0,14}}\s?(?:[₫฿₱đ元]|(?:THB|VND|SAR|AED|CAD)\b)"
)
# The recogniser takes a row of stars for a row of a character.
_STARS = re.compile(r"[★☆⭐]{2,}|[食★☆⭐]{3,}")
# A buyer's name as the platform shows it to others: "j***d".
_MASKED_NAME = re.compile(r"(?<![\w*])[^\W\d_]\*{2,8}[^\W\d_]?(?![\w*])")
_RATING = re.compile(r"(?<![\d/.(])[1-5](?:\.\d)?\s?/\s?5(?:\.0)?(?![\d/)])|(?<!\d)[1-5](?:\.\d)? out of 5(?!\d)")


@dataclass(frozen=True)
class Page:
    """What was read in a page before anybody says what kind of page it is. `named` are the carriers that it names,
    `languages` those in which it is written, `label` says whether words that announce a tracking number stand there,
    `sheet` is where its text stands, None where it is no picture."""

    text: str
    stamps: Sequence[Stamp] = ()
    numbers: Numbers = field(default_factory=lambda: Numbers((), (), ()))
    candidates: Sequence[Found] = ()
    conversation: Conversation = field(default_factory=Conversation)
    screen: Screen = field(default_factory=Screen)
    events: Sequence[LogEvent] = ()
    api_words: int = 0
    named: Sequence[str] = ()
    languages: Sequence[str] = ()
    label: bool = False
    sheet: Sheet | None = None

    @property
    def content(self) -> str:
        """The text without the menus beside it."""
        return _without_menus(self.sheet) if self.sheet else self.text


@dataclass(frozen=True, eq=False)
class SignReader:
    """Finds the signs that a page's structure holds, by the names of `bot.reading.tables.Structure`."""

    vocabulary: Vocabulary

    def read(self, page: Page) -> frozenset[str]:
        """The signs that are there."""
        return frozenset(
            sign
            for found in (_of_chats(page), _of_logs(page), self._of_parcels(page), _of_orders(page), _of_layout(page))
            for sign in found
        )

    def may_be_chat(self, page: Page) -> bool:
        """Whether what stands like bubbles may be a chat's: a parcel's steps stand alike, and the more they tell, the
        more must say that it is a chat."""
        screen, signs = page.screen, self._of_parcels(page)
        if "journey" in signs:
            return screen.a_chat or (screen.hinted and screen.platform)
        steps = page.numbers.tracking and "steps" in signs
        return not steps or screen.a_chat or screen.hinted or screen.platform

    def _of_parcels(self, page: Page) -> set[str]:
        text = page.text[:_BEGINNING]
        roles = [item.stamp.role for item in page.stamps if item.stamp.role in STEPS | {TimeRole.EVENT}]
        stations = {match.casefold() for match in self._journey.findall(text)}
        steps, named = STEPS.intersection(roles), bool(stations) and TimeRole.EVENT in roles
        count = len(roles) if named else sum(role in STEPS for role in roles)
        several = len(steps) + named > 1 and len(steps) + len(stations) >= _JOURNEY
        found = {"steps"} if steps or named else set()
        found |= {"two_steps"} if len(steps) > 1 else set()
        found |= {"journey"} if count > 1 and (several or (named and count >= _JOURNEY)) else set()
        found |= {"timeline"} if _is_timeline(page) else set()
        if TimeRole.DELIVERED in steps:
            found.add("delivered")
        found |= set(_numbers(page))
        # What many parcels have gone through is nobody's journey.
        return found - {"journey"} if "many_numbers" in found else found

    @cached_property
    def _journey(self) -> re.Pattern[str]:
        return words_regex(self.vocabulary.journey)


def _is_timeline(page: Page) -> bool:
    """Whether at least three times follow each other in order, as the steps of a journey do whatever the language."""
    at = [item.stamp.at for item in page.stamps if item.stamp.at and item.stamp.role is not TimeRole.CAPTURED]
    times = [time for time in at if (time.hour, time.minute) != (0, 0)]
    return len(times) >= _JOURNEY and any(_in_order(part) for part in (times, times[:-1], times[1:]))


def _in_order(times: Sequence[datetime]) -> bool:
    return len(times) >= _JOURNEY and list(times) in (sorted(times), sorted(times, reverse=True))


def _without_menus(sheet: Sheet) -> str:
    """The lines of a screen but for those of its menus: panes of short words without a number."""
    panes: dict[int, list[Placed]] = {}
    for item in sheet.placed:
        panes.setdefault(item.pane, []).append(item)
    menus = {pane for pane, items in panes.items() if len(panes) > 1 and _is_menu(items)}
    if not menus:
        return sheet.text
    return "\n".join(item.text for item in sheet.placed if item.pane not in menus)


def _is_menu(items: Sequence[Placed]) -> bool:
    longest = sorted(len(item.text) for item in items)[len(items) * 3 // 4]
    return longest <= _MENU and not any(_LONG_NUMBER.search(item.text) for item in items)


def _column(page: Page) -> int:
    """In how many rows of a list numbers stand one below the other, the order's ids left out."""
    if page.sheet is None:
        return 0
    edges: list[tuple[float, float, float]] = []
    for item in page.sheet.placed:
        found = _ROW_NUMBER.search(item.text)
        if found is None or len(item.text) > _MENU + len(found.group()):
            continue
        # Letters that the recogniser lacks come as rows of noughts.
        if found.group() not in page.numbers.order_ids and len(set(found.group())) > _MANY:
            edges.append((item.left, item.right, item.height))
    return max((sum(_is_below(one, two) for two in edges) for one in edges), default=0)


def _is_below(one: tuple[float, float, float], two: tuple[float, float, float]) -> bool:
    return abs(one[0] - two[0]) < one[2] or abs(one[1] - two[1]) < one[2]


def _numbers(page: Page) -> Iterator[str]:
    """How many tracking numbers are shown: those of a carrier's format, and those that a label announces."""
    shown = {number.value for number in page.numbers.tracking if number.legible}
    shown |= {item.token.value for item in page.candidates if item.label}
    distinct = {value for value in shown if not any(value != other and value in other for other in shown)}
    rows = _column(page)
    count = max(len(distinct), rows if rows >= _MANY else 0)
    hidden = not count and page.label
    yield from ("number",) if count == 1 or hidden else ("numbers",) if count else ("no_number",)
    yield from ("many_numbers",) if count >= _MANY else ()
    yield from ("carrier",) if page.named else ()


def _of_orders(page: Page) -> Iterator[str]:
    ids, amounts = len(page.numbers.order_ids), len(_AMOUNT.findall(page.text[:_BEGINNING]))
    yield from ("order",) if ids == 1 else ("orders",) if ids else ()
    yield from ("many_orders",) if ids >= _MANY else ()
    yield from ("amount",) if amounts else ()
    yield from ("amounts",) if amounts > 1 else ()
    yield from ("many_amounts",) if amounts > _MANY else ()


def _of_chats(page: Page) -> Iterator[str]:
    talk = page.conversation
    if talk.messages:
        yield "messages"
        yield from ("both_sides",) if len(talk.sides) > 1 else ()
        yield from ("transcript",) if talk.named and not page.sheet else ()
        yield from ("place_to_write",) if page.screen.a_chat else ()
    yield from ("platform_chat",) if page.screen.platform and (talk.messages or page.screen.hinted) else ()


def _of_logs(page: Page) -> Iterator[str]:
    if page.events:
        yield "api_log" if page.api_words > _API_WORDS else "log"
        yield from ("log_lines",) if len(page.events) > 1 else ()


def _of_layout(page: Page) -> Iterator[str]:
    dated = sum(item.stamp.role is not TimeRole.CAPTURED for item in page.stamps)
    yield from ("no_times",) if not dated else ()
    yield from ("few_times",) if dated <= _MANY else ()
    yield from ("period",) if _has_a_period(page) else ()
    yield from ("languages",) if len(page.languages) > 1 else ()
    yield from ("masked_name",) if _MASKED_NAME.search(page.text, 0, _BEGINNING) else ()
    yield from ("stars",) if _STARS.search(page.text, 0, _BEGINNING) else ()
    yield from ("rating",) if _RATING.search(page.text, 0, _BEGINNING) else ()
    rows = [line for line in page.text[:_BEGINNING].split("\n") if line.strip()]
    wide = sum(line.strip().count("  ") >= _COLUMNS for line in rows)
    yield from ("table",) if page.sheet and wide >= _TABLE_ROWS else ()


def _has_a_period(page: Page) -> bool:
    """Whether two times stand on one line, as the beginning and the end of a period do."""
    ends = [(item.start, item.end) for item in page.stamps if item.start < _BEGINNING]
    return any("\n" not in page.text[end:start] for (_, end), (start, _) in pairwise(ends))
