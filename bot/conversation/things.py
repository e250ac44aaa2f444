"""What a line speaks of: cases, orders, people, shops, scenarios, results, times, links, found before its verbs."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.conversation.lexicon import HELD, SIGNS, TalkWords
from bot.domain.text import folded, unified

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+(?:com|cn|live|ms)/\S+", re.IGNORECASE)
_QUOTE = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|`[^`\n]*`|(?<![a-z])'[^'\n]{2,}'(?![a-z])|^>[^\n]*", re.I
)
_AT_BOT = re.compile(r"^\s*(?:@odr-?bot|/odr(?:-?bot)?(?![a-z]))[\s:,，：]*", re.IGNORECASE)
_SITE = re.compile(r"(?<![A-Za-z])(?:US|UK|MY|TH|PH|VN|SA|AE)(?![A-Za-z])(?:\s*(?:站|店|区|shop|store|site))?")
_CODE = re.compile(
    r"(?<![a-z0-9])odr[ -]?(\d{1,3})(?![0-9a-z])|(?<![a-z0-9])(?!utc|gmt)([a-z]{2,5}-\d{1,4})(?![0-9a-z-])"
)
_BARE_CODE = re.compile(
    r"(?<![\d.:-])(0[1-9])(?![\d.:-])(?:那个)?(?:代码)?|证据不足|证据不够|(?:insufficient|not enough) evidence"
)
_REFUSED = re.compile("拒|驳|打回|没过|不过|挂了|reject|refus|den[iy]|fail|declin", re.IGNORECASE)
INSUFFICIENT = "ODR-07"
"""The code whose meaning people write out: the evidence is not sufficient [domain.md §6]."""
_CASE = re.compile(
    r"(?:(?<![a-z0-9])case\s*[c#]?\s*|案[件子]\s*[c#]?\s*|(?<![a-z0-9])c[ -]?|(?<!\w)#(?=\d{1,3}(?!\d)))"
    r"(\d{1,4})(?![0-9a-z])"
)
_EVIDENCE = re.compile(r"(?<![a-z0-9])e[ -]?(\d{1,5})(?![0-9a-z])")
_SCENARIO = re.compile(
    r"(?:(?<![a-z0-9])s[ -]?|(?<![a-z])(?:scenario|type|situation)\s*(?:no\.?|number|#|s)?\s*|场景\s*s?|第)"
    r"([1-9一二三四五六七八])(?![0-9a-z%])(?:号?(?:场景|种(?:情况|场景)?|类)|号)?"
)
_CHINESE = {digit: str(number) for number, digit in enumerate("一二三四五六七八", 1)}
_DIGITS = re.compile(
    r"(?:(?:订单|单|尾号)号?(?:是|为)?|(?<![a-z])(?:orders?|no\.?|ending(?: in)?))?[ \t#…*.]*"
    r"(?<!\d)(?<!\d[.:-])(?<!\.)(\d{2,20})(?![\d%]|[.:-]\d|/\d{1,2}(?!\d))(?![a-z]{1,3}\d|[a-z]$)(?:这一?单|那一?单|号单?|单)?"
)
_UNIT = re.compile(
    r"\s*(?:个?(?:小时|钟|半)|分|天|个|条|元|块|件|点|年|月|日|号(?!单)|%|％|次|家|岁|度|张|层|楼|倍|毛|人|秒|周|字"
    r"|h\b|hours?|hrs?|min|days?|orders|usd|pcs|am\b|pm\b|percent|star|people|more|of\b|for\b|out of|only\b"
    r"|x\b|rm\b|php\b|st\b|nd\b|rd\b|th\b)",
    re.IGNORECASE,
)
_SPOKEN = re.compile("[零一二三四五六七八九幺]{4,}")
_SPOKEN_DIGITS = str.maketrans("零一二三四五六七八九幺", "01234567891")
_TICKS = (
    ("✅", " 通过 "),
    ("✔", " 通过 "),
    ("☑", " 通过 "),
    ("❌", " 驳回 "),
    ("✖", " 驳回 "),
    ("✗", " 驳回 "),
    ("✘", " 驳回 "),
)
"""Marks beside an order by which people say how its appeal went."""
_YEAR = re.compile(r"20[2-4]\d")
_DENIED = re.compile(
    rf"(?:不是|不属于|不算|并非|(?<![a-z])(?:isn'?t|is not|not|wasn'?t|was not))\s*(?:an? )?{SIGNS['scenario']}"
)
_WHERE = ("US", "UK", "MY", "TH", "PH", "VN", "SA", "AE")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""Characters that mean nothing outside of a program; here the found things stand in their place."""


@dataclass(frozen=True)
class KnownCase:
    """A case that whoever speaks may see, as far as a line may mean it."""

    id: str
    shop: str
    orders: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True)
class TalkContext:
    """What the speaker's words may mean where they stand: the case of the thread, the cases in sight, the shops
    (id -> name and site), and people by everything that they are called; `alone`: nobody else reads the words."""

    thread: str = ""
    cases: tuple[KnownCase, ...] = ()
    shops: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False

    def ending(self, digits: str) -> list[str]:
        """The orders in sight whose ids end so."""
        return [order for case in self.cases for order in case.orders if order.endswith(digits)]


@dataclass(frozen=True)
class Thing:
    """One thing of a line; `known` says that it exists here, `at` is where its sign stands in the marked text. A
    `weak` one is a word that is often said of other things."""

    kind: str
    value: str
    known: bool = True
    at: int = 0
    weak: bool = False


@dataclass(frozen=True)
class MarkedLine:
    """A line in lower case with a sign in place of each thing, and the things in their order."""

    text: str
    things: tuple[Thing, ...]

    def of(self, *kinds: str) -> list[Thing]:
        """The things of these kinds."""
        return [thing for thing in self.things if thing.kind in kinds]

    def values(self, kind: str) -> list[str]:
        """The values of the things of a kind, each once."""
        return list(dict.fromkeys(thing.value for thing in self.of(kind)))

    def only(self, *kinds: str) -> bool:
        """Whether the line has things of no other kinds; links and quotations may stand in any line."""
        return all(thing.kind in kinds for thing in self.things)


def _thing(kind: str, value: str, known: bool, at: int) -> Thing:
    return Thing(kind, value.rstrip("?") if kind == "scenario" else value, known, at, value.endswith("?"))


Value = Callable[["re.Match[str]"], "tuple[str, bool] | None"]
"""What a match means, and whether that is known here; None when it is no such thing"""


class _Marking:
    """A text in which found things are replaced step by step."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[tuple[str, str, bool]] = []

    def take(self, kind: str, pattern: "re.Pattern[str]", value: Value) -> None:
        """Replace what the pattern finds wherever `value` makes something of it."""

        def put(match: "re.Match[str]") -> str:
            made = value(match) if match.group().strip() else None
            return match.group() if made is None else self._held(kind, *made)

        self.text = pattern.sub(put, self.text)

    def take_longest(self, patterns: Iterable[tuple[str, str, "re.Pattern[str]"]]) -> None:
        """Replace what patterns of several kinds and values find; where they overlap, the longest wins."""
        spans = [
            (match.start(), match.end(), kind, value)
            for kind, value, pattern in patterns
            for match in pattern.finditer(self.text)
            if match.group().strip()
        ]
        chosen: list[tuple[int, int, str, str]] = []
        for span in sorted(spans, key=lambda each: (each[0] - each[1], each[0])):
            if all(span[1] <= other[0] or span[0] >= other[1] for other in chosen):
                chosen.append(span)
        for start, end, kind, value in sorted(chosen, reverse=True):
            said = self.text[start:end]
            self.text = self.text[:start] + self._held(kind, value or said, True) + self.text[end:]

    def _held(self, kind: str, value: str, known: bool) -> str:
        self.found.append((kind, value, known))
        return chr(HELD + len(self.found) - 1)

    def line(self) -> MarkedLine:
        """The line as it is marked now."""
        held = [(at, self.found[ord(char) - HELD]) for at, char in enumerate(self.text) if ord(char) >= HELD]
        kinds = {at: SIGNS[kind] for at, (kind, _, _) in held}
        text = "".join(kinds.get(at, char) for at, char in enumerate(self.text))
        return MarkedLine(text, tuple(_thing(*each, at) for at, each in held))


def find(text: str, lexicon: TalkWords, around: TalkContext) -> tuple[MarkedLine, MarkedLine]:
    """The line with what is named in it marked, and the same with what is described in people's own words marked
    too: scenarios, results, all, the rest, exceptions."""
    written = _PRIVATE.sub(" ", _ticked(text))
    marking = _Marking(_AT_BOT.sub("", unified(written)).strip())
    marking.take("link", _LINK, _as_it_is)
    marking.take("quote", _QUOTE, _as_it_is)
    _take_names(marking, around, lexicon)
    plain = marking.line()
    described = [
        (kind, value if kind in ("scenario", "outcome") else "", found)
        for kind in ("scenario", "outcome", "every", "rest", "except")
        for value, found in lexicon.named(kind)
    ]
    described += [("scenario", f"{value}?", found) for value, found in lexicon.named("weak")]
    marking.take_longest(described)
    line = marking.line()
    denied = _DENIED.sub(lambda match: match.group()[:-1] + SIGNS["not"], line.text)
    gone = [at for at, char in enumerate(denied) if char == SIGNS["not"]]
    return plain, MarkedLine(denied, tuple(thing for thing in line.things if thing.at not in gone))


def _ticked(text: str) -> str:
    """The text with words for the marks of a list, and digits for numbers that were dictated."""
    text = _SPOKEN.sub(lambda match: match.group().translate(_SPOKEN_DIGITS), text)
    if not any(char.isdigit() for char in text):
        return text
    for tick, word in _TICKS:
        text = text.replace(tick, word)
    return text


def _take_names(marking: _Marking, around: TalkContext, lexicon: TalkWords) -> None:
    """Mark what has a name or a number of its own."""
    sites = {site: [shop for shop, (_, where) in around.shops.items() if where == site] for site in _WHERE}
    marking.take("shop", _SITE, lambda match: _only(sites[match.group()[:2]]))
    marking.text = marking.text.lower()
    marking.take("code", _CODE, lambda match: (f"ODR-{match[1]:0>2}" if match[1] else match[2].upper(), True))
    if _REFUSED.search(marking.text):
        marking.take("code", _BARE_CODE, lambda match: (f"ODR-{match[1]}" if match[1] else INSUFFICIENT, True))
    marking.take("evidence", _EVIDENCE, lambda match: (f"E{match[1]}", True))
    marking.take("case", _CASE, lambda match: (f"C{match[1]}", True))
    marking.take("scenario", _SCENARIO, lambda match: ("S" + _CHINESE.get(match[1], match[1]), True))
    marking.take("order", _DIGITS, partial(_order, around))
    marking.take("moment", lexicon["moment"], _as_it_is)
    marking.take("duration", lexicon["duration"], _as_it_is)
    marking.take("person", _any(around.people), lambda match: (_called(around, match.group()), True))
    named = shop_words(around)
    marking.take("shop", _any(named), lambda match: _only(named[folded(match.group())]))
    for site in _WHERE:
        marking.take("shop", lexicon[f"site.{site}"], partial(_of_site, sites[site]))


def _as_it_is(match: "re.Match[str]") -> tuple[str, bool]:
    return match.group().strip(), True


def _of_site(shops: Iterable[str], match: "re.Match[str]") -> tuple[str, bool] | None:
    return _only(shops)


def _only(shops: Iterable[str]) -> tuple[str, bool] | None:
    found = sorted(set(shops))
    return (found[0], True) if len(found) == 1 else None


def _called(around: TalkContext, word: str) -> str:
    return around.people[folded(word.removeprefix("@"))]


def _any(words: Iterable[str]) -> "re.Pattern[str]":
    """A pattern that finds any of the words, with or without an @ before it."""
    listed = sorted((re.escape(word) for word in words if len(word) > 1), key=len, reverse=True)
    ends = r"(?<![a-z0-9])@?(?:{})(?![a-z0-9])"
    latin = [word for word in listed if word.isascii()]
    other = [word for word in listed if not word.isascii()]
    parts = ([ends.format("|".join(latin))] if latin else []) + ([f"@?(?:{'|'.join(other)})"] if other else [])
    return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)


def shop_words(around: TalkContext) -> dict[str, list[str]]:
    """The shops by their ids, their names and the longer words of their names."""
    named: dict[str, list[str]] = {}
    for shop, (name, _) in around.shops.items():
        parts = [part for part in folded(name).split() if len(part) > 2 and not part.isdigit()]
        for word in {folded(shop), folded(name), *parts}:
            named.setdefault(word, []).append(shop)
    return named


def _order(around: TalkContext, match: "re.Match[str]") -> tuple[str, bool] | None:
    digits = match[1]
    if found := around.ending(digits):
        return (digits if len(digits) > 3 or len(found) > 1 else found[0][-4:]), True
    counted = _UNIT.match(match.string, match.end(1)) or _YEAR.fullmatch(digits)
    return None if len(digits) < 4 or counted else (digits, False)
