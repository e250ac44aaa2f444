"""What a line of talk means: first what it speaks of, then what it wants, then in which mood, then what to do
(domain.md §8). No spelling is guessed, and what changes something needs every word and an untroubled mood."""

import re
from collections.abc import Sequence

from bot.conversation.assignments import ValuedOrders
from bot.conversation.lexicon import TalkWords
from bot.conversation.marks import EMOJI
from bot.conversation.mood import SIGNS, MoodReader, weight, without_emoji
from bot.conversation.readings import ANSWER, NOTHING, OF_SHOP, Reading, Response, TalkMeaning, meant_case
from bot.conversation.things import MarkedLine, TalkContext, find
from bot.conversation.wanting import WantedCommand, Wanting
from bot.domain.text import unified

LOOKED_AT, SHORT, KNOWN, LONG = 600, 2, 4, 5
"""Characters of a line that are looked at; left over words with which something is still shown, with which what the
rules say is, and with which it is when the line is a question that says what it is about."""
_YOU = re.compile(r"(?<![a-z])(?:you|ur|he|she)(?![a-z])|[你您他她]")
ABOUT_CASES = ("time_left", "owner")
"""What people want to see of a case that is answered in a sentence."""
_KEEPS_FILES = re.compile(
    r"drive\.google|docs\.google|1drv\.ms|onedrive|sharepoint|pan\.|yun\.|dropbox|icloud|wetransfer|mega\.nz|quark",
    re.IGNORECASE,
)
"""Hosts on which people keep files; which of them are accepted says the policy."""


class Understanding:
    """Finds the meaning of lines. Changes nothing and asks nobody."""

    def __init__(self, words: TalkWords) -> None:
        self.words, self.moods = words, MoodReader(words)
        self.wanting = Wanting(words, self.moods)

    def of(self, text: str, around: TalkContext) -> TalkMeaning:
        """The meaning of what somebody wrote."""
        plain, line = map(without_emoji, find(text[:LOOKED_AT], self.words, around))
        if not plain.text.strip() or self.moods.thanks(plain) or self.moods.quoted(plain):
            return NOTHING
        if given := self._noted(text, plain) or self._linked(plain, around):
            return TalkMeaning(Response.ACT, (given,))
        wanted = self.wanting.of(line, around)
        if clear := [each.reading for each in wanted if each.clear]:
            # Words that order two different things, such as "导一下", are asked about.
            several = {each.command for each in clear} == {"export", "import"}
            return TalkMeaning(Response.ASK, tuple(clear[:2])) if several else TalkMeaning(Response.ACT, (clear[0],))
        shown = self._shown(plain, line, around)
        if shown and self._shows(*shown[0], plain, around):
            return TalkMeaning(Response.ANSWER, (shown[0][0],))
        return self._asked(line, wanted, shown)

    def thanks(self, text: str) -> bool:
        """Whether the words are thanks or small talk, or emoji alone."""
        plain, _ = find(text[:LOOKED_AT], self.words, TalkContext())
        told = EMOJI.search(plain.text) or self.words["mood.thanks"].search(plain.text)
        return bool(told) and self.moods.thanks(without_emoji(plain))

    # What is to be kept as it is

    def _noted(self, text: str, line: MarkedLine) -> Reading | None:
        """A note about a case that the line asks to keep: what stands behind the words that say so."""
        marked = self.words["act.note"].search(line.text)
        if marked is None or self.moods.left(line.text[: marked.start()]):
            return None
        raw = unified(text)
        found = self.words["act.note"].search(raw.lower())
        words = raw[found.end() :].strip(" :：,，-—\n") if found else ""
        orders = (ValuedOrders(tuple(line.values("order"))),)
        return Reading("note", next(iter(line.values("case")), ""), orders, words) if words else None

    def _linked(self, line: MarkedLine, around: TalkContext) -> Reading | None:
        """A link that is given as evidence: to a place where files are kept, or beside the order or case that it is
        for."""
        links, named = line.values("link"), line.of("case", "order", "shop")
        if not links or "question" in self.moods.troubles(line.text):
            return None
        kept = any(_KEEPS_FILES.search(link) for link in links)
        if not (kept and (named or around.thread or around.alone)) and not line.of("case", "order"):
            return None
        case = meant_case(line, around)[0] if line.of("case", "shop") else ""
        return Reading("evidence", case, (ValuedOrders(tuple(line.values("order"))),), links[0])

    # What shows something

    def _shown(self, plain: MarkedLine, line: MarkedLine, around: TalkContext) -> list[tuple[Reading, int]]:
        """What the line may want to see or to know, with the words that are left over; the fewest first."""
        found: list[tuple[int, int, Reading]] = []
        case = meant_case(plain, around)[0] if plain.of("case", "shop") else ""
        orders = (ValuedOrders(tuple(plain.values("order"))),) if plain.of("order") else ()
        for known, patterns in ((True, self.words.topics), (False, self.words.shows)):
            for name, pattern in patterns.items():
                spans = [match.group() for match in pattern.finditer(plain.text) if match.group().strip()]
                if not spans:
                    continue
                group = "topic" if known else "show"
                left = self.moods.left(self.words.cut(f"{group}.{name}", plain.text, " "), loose=True)
                about = " ".join((line if name == "described" else plain).values("scenario") or plain.values("code"))
                topic = name if known or name in ABOUT_CASES else ""
                of = _shop_of(plain, case, around) if name in OF_SHOP else case
                reading = Reading(ANSWER if topic else name, of, orders, about if known else "", topic)
                found.append((left, -max(weight(SIGNS.sub("字字", span)) for span in spans), reading))
        found.sort(key=lambda each: each[:2])
        return [(reading, left) for left, _, reading in found]

    def _shows(self, reading: Reading, left: int, line: MarkedLine, around: TalkContext) -> bool:
        """Whether to answer: what may be talk is answered only when hardly a word is left over."""
        limit = (
            KNOWN if reading.command == ANSWER and reading.topic not in ABOUT_CASES else not _YOU.search(line.text)
        )
        troubles = self.moods.troubles(line.text)
        asks = "question" in troubles
        if troubles & {"reported", "talk"} and not asks:
            return False
        about = bool(line.of("case", "order", "scenario", "code"))
        if around.alone or about or line.of("shop"):
            return left <= (LONG if asks and (about or around.alone) else SHORT)
        return left <= (limit if asks else 0)

    # What is offered

    def _asked(
        self,
        line: MarkedLine,
        wanted: Sequence[WantedCommand],
        shown: Sequence[tuple[Reading, int]],
    ) -> TalkMeaning:
        """The nearest readings, when the line speaks of something of the case and is no talk."""
        offered = [each.reading for each in wanted if self._offers(each, line)]
        about = line.of("case", "order", "evidence", "code")
        offered += [reading for reading, left in shown if left <= LONG and about]
        readings = tuple(dict.fromkeys(offered))[:2]
        return TalkMeaning(Response.ASK, readings) if readings else NOTHING

    @staticmethod
    def _offers(wanted: WantedCommand, line: MarkedLine) -> bool:
        """Whether to offer a reading that is not certain: the line speaks of orders, evidence or a case."""
        if wanted.moods & {"reported", "talk", "negation", "condition"} or line.of("quote"):
            return False
        about = bool(line.of("case", "order", "evidence", "code"))
        if not about:
            return wanted.certain and not wanted.left and not any(thing.weak for thing in line.things)
        return wanted.left <= (0 if "later" in wanted.moods else LONG)


def _shop_of(line: MarkedLine, case: str, around: TalkContext) -> str:
    """The shop that the line names, else that of the case it is about; "" where that is not certain."""
    of_case = [each.shop for each in around.cases if each.id == (case or around.thread)]
    shops = line.values("shop") or of_case
    return shops[0] if len(shops) == 1 else ""
