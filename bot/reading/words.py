"""Facts of a text: everything that can be read in words, wherever the words came from."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise

from bot.domain.evidence import CHAT, OTHER_CHAT, Candidate, CaptureSource, Facts, Personal, TimeRole
from bot.domain.remark import Remark
from bot.reading.candidates import CandidateFinder, Found
from bot.reading.captured import ScreenClock
from bot.reading.chats import ChatReader, Screen
from bot.reading.kinds import CONVERSATION, KindReader
from bot.reading.labelled import announced
from bot.reading.layout import Sheet
from bot.reading.limits import Limits
from bot.reading.logs import LogReader
from bot.reading.moments import MomentFinder
from bot.reading.numbers import PLAIN, NumberFinder, Numbers, capitals
from bot.reading.pages import PageReader
from bot.reading.personal import PersonalReader
from bot.reading.plain import plain
from bot.reading.signs import Page, SignReader
from bot.reading.spacing import wide_spaces
from bot.reading.speakers import Speakers
from bot.reading.stacked import Stacks
from bot.reading.structured import structured
from bot.reading.tables import Carriers, Vocabulary
from bot.reading.times import Stamp, TimeReader, Times
from bot.reading.transcript import Conversation, TranscriptReader
from bot.reading.wrapped import Wrapping

_UNTIL = re.compile(r"[\s(]{0,3}(?:-|–|—|~|to|until|till|through|and|至|到|起至)[\s)]{0,3}", re.IGNORECASE)
_BOTH, _PERSONAL = 2, 40


@dataclass(frozen=True, eq=False)
class WordsReader:
    """Reads facts in text; the seam for every source of words, a picture reader's included."""

    carriers: Carriers
    vocabulary: Vocabulary
    limits: Limits

    def read(self, text: str, file_name: str = "", sheet: Sheet | None = None) -> Facts:
        """The facts of a text; times without a zone are taken for UTC. Never raises; linear in the length. `sheet`
        is where the text stands in a picture: there a chat shows by its sides who speaks. Where a page shows when it
        was captured, "yesterday" has a date."""
        facts = self._read(text, file_name, sheet, None)
        day = facts.captured_at.date() if facts.captured_from is CaptureSource.VISIBLE and facts.captured_at else None
        if day and self._times.tells_days(plain(text[: self.limits.searched])):
            return self._read(text, file_name, sheet, day)
        return facts

    def personal(self, text: str) -> tuple[str, tuple[Personal, ...]]:
        """A text as it is searched, and all that may be personal data in it."""
        words, facts = plain(text[: self.limits.words]), self.read(text)
        return words, self._personal.find(words, facts.buyers, _known(facts), blocks=True)

    def _read(self, text: str, file_name: str, sheet: Sheet | None, day: date | None) -> Facts:
        data = structured(text)
        words = plain(data.text[: self.limits.searched])
        sheet = sheet if sheet and words == sheet.text else None
        numbers, candidates = self._find_numbers(words, sheet)
        sites = self._pages.sites(words)
        named, label = self._numbers.named(words), bool(self._numbers.labels.search(words))
        times = self._times.read(words, self._places(words, sites, named), self.limits.entries, day)
        page = Page(words, times.stamps, numbers, candidates, named=named, label=label, sheet=sheet)
        page = replace(page, languages=self._pages.languages(words))
        page = self._with_conversation(page, sheet, times, data.records[: self.limits.entries])
        if not page.conversation.messages:
            log = self._logs.read(words, times.stamps, self._numbers.order_id, self.limits.entries)
            page = replace(page, events=log, api_words=self._logs.api_words(words))
        facts = Facts(
            media_type=data.media_type,
            tracking_numbers=numbers.tracking[: self.limits.entries],
            candidates=tuple(map(_candidate, candidates[: self.limits.entries])),
            order_ids=numbers.order_ids[: self.limits.entries],
            site=sites[0] if len(sites) == 1 else "",
            languages=tuple(page.languages),
            messages=page.conversation.messages[: self.limits.entries],
            gaps=page.conversation.gaps,
            log_events=tuple(page.events),
            words=data.text[: self.limits.words],
        )
        facts = self._with_kind(facts, page, file_name)
        conversation = page.conversation
        if sheet and facts.kind != CONVERSATION and facts.page != CHAT:
            # What merely stands like bubbles is nobody's words: a chat's times would hide the page's own.
            conversation = Conversation()
            facts = replace(facts, messages=(), gaps=())
        facts = self._with_times(facts, times.stamps)
        facts = self._clock.with_date(facts, sheet) if sheet else facts
        facts = replace(facts, buyers=self._buyers(words, conversation), issuer=self._issuer(facts, words))
        personal = self._personal.find(words[: self.limits.words], facts.buyers, _known(facts))
        facts = replace(facts, personal=personal[:_PERSONAL])
        facts = replace(facts, hosts=self._pages.hosts(words), period=_period(facts, words, times.stamps))
        found = (*times.warnings, *self._warnings(data.damaged, len(data.text), sites, numbers, conversation))
        return replace(facts, warnings=tuple(dict.fromkeys((*facts.warnings, *found))))

    def _places(self, words: str, sites: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
        """Where the page is of, the surest first: its site, its language, the site of its carriers."""
        carriers = self._numbers.sites(named)
        only = [found[0] for found in (sites, tuple(carriers)) if len(found) == 1]
        return (*only[: len(sites) == 1], self._pages.main_language(words), *only[len(sites) == 1 :])

    def _with_conversation(
        self, page: Page, sheet: Sheet | None, times: Times, records: Sequence[Mapping[str, str]]
    ) -> Page:
        """The page with the messages that its bubbles show, else with those that names tell in its text."""
        shown = self._chats.read(sheet, times) if sheet else Conversation()
        screen = self._chats.screen(sheet, shown, page.numbers.order_ids) if sheet else Screen()
        if not self._signs.may_be_chat(replace(page, screen=screen)):
            shown = Conversation()
        if len(shown.sides) < _BOTH:
            named = self._transcripts.read(page.text, times.stamps, records)
            shown = named if named.messages else shown
        return replace(page, conversation=shown, screen=screen)

    def candidates(self, sheet: Sheet) -> list[Found]:
        """The candidates for tracking numbers in a picture, with their places in its text."""
        return self._find_numbers(sheet.text, sheet)[1]

    def _find_numbers(self, words: str, sheet: Sheet | None) -> tuple[Numbers, list[Found]]:
        labelled = announced(sheet, self._numbers.labels) if sheet else None
        wrapping = Wrapping(sheet) if sheet else PLAIN
        numbers = self._numbers.find(words, labelled, wrapping)
        wide = wide_spaces(sheet) if sheet else frozenset()
        return numbers, self._candidates.find(capitals(words), numbers, capitals(labelled or ""), wrapping, wide)

    def stands_alone(self, number: str) -> bool:
        """Whether a number has a format that is unmistakable by itself, with the check digit that fits."""
        return self._numbers.formats.stands_alone(number)

    def guess_kind(self, file_name: str) -> str:
        """The kind of evidence that a file's name suggests, "" when none."""
        return self._kinds.by_name(file_name)

    def names_step(self, words: str) -> bool:
        """Whether `words` tell what happened, such as a step of a delivery."""
        return self._times.role(plain(words)) is not None

    def _with_kind(self, facts: Facts, page: Page, file_name: str) -> Facts:
        """What the page is. A conversation is certain in a text where names say who speaks; in a picture where both
        sides speak and something besides their places says that it is the platform's own chat (domain.md §4)."""
        if page.screen.app and page.conversation.messages:
            return replace(facts, page=OTHER_CHAT, warnings=(str(Remark(f"page_{OTHER_CHAT}", page.screen.app)),))
        found = self._kinds.read(page.content, file_name, self._signs.read(page))
        if found.kind == CONVERSATION and page.sheet and page.conversation.messages and not _of_the_platform(page):
            # Nothing says in which program it was written: a person is to say whether it is the platform's.
            return replace(facts, page=CHAT, warnings=(f"page_{CHAT}",))
        certain = found.certain and (found.kind != CONVERSATION or page.sheet is None or _is_the_platforms(page))
        other = (f"page_{found.page}",) if found.page else ()
        return replace(facts, kind=found.kind, kind_certain=certain, page=found.page, warnings=other)

    def _with_times(self, facts: Facts, stamps: Sequence[Stamp]) -> Facts:
        """Times that no word explains are those of messages in a conversation and of events in a log."""
        rest = TimeRole.MESSAGE if facts.messages else TimeRole.EVENT if facts.log_events else TimeRole.UNKNOWN
        spoken = facts.messages and rest
        shown = [item.stamp for item in stamps if not item.heads or facts.kind != CONVERSATION]
        captured, conflict = self._pages.captured(stamps)
        return replace(
            facts,
            timestamps=tuple(
                stamp
                if stamp.role is TimeRole.CAPTURED or not (spoken or stamp.role is TimeRole.UNKNOWN)
                else replace(stamp, role=rest)
                for stamp in shown
            ),
            captured_at=captured,
            captured_from=CaptureSource.VISIBLE if captured else None,
            warnings=(*facts.warnings, *(("capture_dates_conflict",) if conflict else ())),
        )

    def _buyers(self, words: str, conversation: Conversation) -> tuple[str, ...]:
        labelled = self._speakers.labelled_buyers(words) if not conversation.messages else ()
        return tuple(dict.fromkeys((*conversation.buyers, *labelled)))[:20]

    def _issuer(self, facts: Facts, words: str) -> str:
        named = self._numbers.named(words) if facts.kind == "delay_certificate" else ()
        return named[0] if named else ""

    def _warnings(
        self, damaged: bool, length: int, sites: Sequence[str], numbers: Numbers, conversation: Conversation
    ) -> Iterable[str]:
        if damaged:
            yield "json_damaged"
        if length > self.limits.searched:
            yield "text_cut"
        if len(sites) > 1:
            yield f"sites_conflict:{', '.join(sites)}"
        yield from (f"tracking_check_digit:{item.value}" for item in numbers.tracking if item.legible is False)
        yield from (f"order_id_damaged:{item}" for item in numbers.damaged)
        if len(conversation.sides) == 1:
            yield f"one_sided:{next(iter(conversation.sides))}"
        if max(len(numbers.order_ids), len(numbers.tracking), len(conversation.messages)) > self.limits.entries:
            yield "many_facts"

    @cached_property
    def stacks(self) -> Stacks:
        """Joins dates and times that a column broke."""
        return Stacks(MomentFinder(self.vocabulary))

    @cached_property
    def _numbers(self) -> NumberFinder:
        return NumberFinder(self.carriers)

    @cached_property
    def _candidates(self) -> CandidateFinder:
        return CandidateFinder(self._numbers)

    @cached_property
    def _pages(self) -> PageReader:
        return PageReader(self.vocabulary)

    @cached_property
    def _times(self) -> TimeReader:
        return TimeReader(self.vocabulary)

    @cached_property
    def _transcripts(self) -> TranscriptReader:
        return TranscriptReader(self.vocabulary.chat, self._times)

    @cached_property
    def _personal(self) -> PersonalReader:
        return PersonalReader(self.vocabulary.personal)

    @cached_property
    def _chats(self) -> ChatReader:
        clock = self.vocabulary.clock
        days = (*clock.between, *clock.relative.today, *clock.relative.yesterday, *clock.relative.day_before)
        return ChatReader(self.vocabulary.chat, days)

    @cached_property
    def _kinds(self) -> KindReader:
        return KindReader(self.vocabulary)

    @cached_property
    def _signs(self) -> SignReader:
        return SignReader(self.vocabulary)

    @cached_property
    def _clock(self) -> ScreenClock:
        return ScreenClock(self.vocabulary.screen)

    @cached_property
    def _logs(self) -> LogReader:
        return LogReader(self.vocabulary.log)

    @cached_property
    def _speakers(self) -> Speakers:
        return Speakers(self.vocabulary.chat)


def _of_the_platform(page: Page) -> bool:
    """Whether the screen says that it is the platform's own chat, or has the card of an order."""
    return page.screen.platform or page.screen.card


def _is_the_platforms(page: Page) -> bool:
    """Whether both sides speak and the screen shows the platform's own chat: it says so, or it has the card of an
    order. Where there is no place to write, each side speaks twice at least: a list of chats has a word here and
    there."""
    said = Counter(message.speaker for message in page.conversation.messages)
    twice = sum(count >= _BOTH for count in said.values()) >= _BOTH and page.screen.platform
    both = len(page.conversation.sides) >= _BOTH and not page.conversation.turned
    return both and (twice or (page.screen.a_chat and _of_the_platform(page)))


def _candidate(found: Found) -> Candidate:
    value = found.token.value
    return Candidate(value, (value,), True, found.token.whole, found.label, found.carrier)


def _known(facts: Facts) -> Iterable[str]:
    """Numbers and times on the page, which are nobody's phone."""
    yield from facts.order_ids
    yield from (number.value for number in facts.tracking_numbers)
    yield from (stamp.text for stamp in facts.timestamps)


def _period(facts: Facts, words: str, stamps: Sequence[Stamp]) -> tuple[datetime, datetime] | None:
    """The first pair of dates of a certificate that words or a dash join to a period."""
    if facts.kind != "delay_certificate":
        return None
    for first, last in pairwise(stamps):
        joined = _UNTIL.fullmatch(words, first.end, last.start)
        if joined and first.stamp.at and last.stamp.at and first.stamp.at <= last.stamp.at:
            return first.stamp.at, last.stamp.at
    return None
