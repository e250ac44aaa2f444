"""Rules on the appeal form: its fields and the explanation (domain.md §5)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.domain.case import CaseOrder
from bot.domain.claims import KnownFacts, claims
from bot.domain.context import CaseContext
from bot.domain.parcel import bare
from bot.domain.text import folded, form_length, unified
from bot.rules.registry import Answer, draft_rule, fault, warning

MISCONDUCT = "Buyer Misconduct"
"""The root cause whose claim must quote the buyer (domain.md §5 `quotation`)."""


@draft_rule(
    "form_fields",
    no_defect_type="",
    no_root_cause="",
    unknown_root_cause="root_cause known",
    unusual_root_cause="root_cause scenario usual",
    no_explanation="",
)
def form_fields(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """Defect Type, Root Cause (from the list) and Explanation are all there (domain.md §5 `form_fields`)."""
    if not order.defect_types:
        yield fault("no_defect_type")
    if not order.draft.strip():
        yield fault("no_explanation")
    yield from _root_cause(context, order)


def _root_cause(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    cause, scenario = order.root_cause, context.catalogue.scenarios.get(order.scenario)
    if not cause:
        yield fault("no_root_cause")
    elif cause not in context.catalogue.root_causes:
        yield fault("unknown_root_cause", root_cause=cause, known=context.catalogue.root_causes)
    elif scenario and cause not in scenario.root_causes:
        yield warning("unusual_root_cause", root_cause=cause, scenario=order.scenario, usual=scenario.root_causes)


@draft_rule("explanation_length", too_long="count max over")
def explanation_length(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """The explanation has at most the form's number of characters, counted as code points and as UTF-16 units,
    whichever are more (domain.md §5 `explanation_length`)."""
    count, most = form_length(order.draft), context.policy.form.explanation_max
    if count > most:
        yield fault("too_long", count=count, max=most, over=count - most)


@draft_rule("explanation_tone", emotional="words", vague="words", no_fact="")
def explanation_tone(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """The explanation has no emotional or subjective word and no vague claim without a fact; quoted words of the
    buyer are not judged (domain.md §5 `explanation_tone`)."""
    if not order.draft.strip():
        return
    said = claims(order.draft)
    bare_text = folded(_unquoted(order.draft, said.quotations))
    lexicons = context.lexicons.values()
    if found := _found(bare_text, (word for lexicon in lexicons for word in lexicon.emotional)):
        yield fault("emotional", words=found)
    own = {bare(order.order_id)}
    factual = said.quotations or said.moments or [number for number in said.numbers if bare(number) not in own]
    if factual:
        return
    vague = _found(bare_text, (word for lexicon in lexicons for word in lexicon.vague))
    yield fault("vague", words=vague) if vague else fault("no_fact")


def _unquoted(text: str, quotations: Iterable[str]) -> str:
    text = unified(text)
    for quotation in quotations:
        text = text.replace(quotation, " ")
    return text


def _found(text: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if _pattern(word).search(text)))


# Scripts that write no spaces match anywhere; elsewhere only whole words, so that "hate" leaves "whatever" alone.
@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(part) for part in folded(word).split())
    return re.compile(rf"(?<!\w){inner}(?!\w)" if _spaced(word) else inner)


def _spaced(word: str) -> bool:
    return not any(unicodedata.name(char, "").startswith(("CJK", "THAI")) for char in word)


@draft_rule("explanation_facts", quotation="claim", moment="claim", number="claim")
def explanation_facts(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """Every quotation, time and number is found in accepted evidence or in the case's own records (domain.md §5
    `explanation_facts`). A number of days or hours may also be the distance of two known times."""
    said, known = claims(order.draft), KnownFacts(context, order)
    yield from (fault("quotation", claim=text) for text in said.quotations if not known.quoted(text))
    for moment in said.moments:
        if not known.happened(moment) and known.local_meaning(moment) is None:
            yield fault("moment", claim=moment.text)
    spans = [text for text, hours in said.spans if not known.lasted(hours) and not known.counted(str(abs(hours)))]
    numbers = [number for number in said.numbers if not known.counted(number)]
    yield from (fault("number", claim=claim) for claim in dict.fromkeys([*spans, *numbers]))


@draft_rule("utc", local_time="claim at zone", other_zone="offset")
def utc(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """The times quoted are UTC; a time that is a known instant in the shop's zone or Beijing's is pointed out
    (domain.md §5 `utc`)."""
    said, known = claims(order.draft), KnownFacts(context, order)
    for moment in said.moments:
        if meaning := known.local_meaning(moment):
            yield fault("local_time", claim=moment.text, at=meaning[0], zone=meaning[1])
    for minutes in dict.fromkeys(said.zones):
        yield fault("other_zone", offset=f"UTC{minutes / 60:+g}")


@draft_rule("quotation", no_words="", no_time="", no_context="")
def quotation(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """A claim of buyer misconduct quotes the words, when they were said, and what they were about: the order, the
    parcel or another event (domain.md §5 `quotation`)."""
    if order.root_cause != MISCONDUCT or not order.draft.strip():
        return
    said = claims(order.draft)
    if not said.quotations:
        yield fault("no_words")
    if not any(moment.clock for moment in said.moments):
        yield fault("no_time")
    if not said.numbers and len(said.moments) + len(said.spans) < 2:
        yield fault("no_context")
