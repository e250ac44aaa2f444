"""Rules on the conversation and on what was translated (domain.md §5)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.conversation import ConversationPiece, stitch
from bot.domain.evidence import OTHER_CHAT, Evidence
from bot.rules.registry import Answer, content_rule, fault, order_rule, unsure

PARTIES = ("buyer", "seller")
TRANSLATED = "S8"
"""The scenario that stands on a translation (domain.md §4)."""


@content_rule(
    "conversation_complete",
    elsewhere="",
    no_messages="",
    no_times="",
    only_buyer="",
    only_seller="",
    speakers="",
    gap="gap",
    joint="joint",
    incomplete="",
)
def conversation_complete(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The conversation is the platform's own, with a timeline, both parties and no visible gap (domain.md §5
    `conversation_complete`). Several overlapping pieces may show it together; a person may state that it is
    complete."""
    facts = item.facts
    if item.kind != "conversation" or "messages" in facts.stated:
        return
    if facts.page == OTHER_CHAT and "words" not in facts.stated:
        yield fault("elsewhere")
        return
    if not facts.messages:
        yield fault("incomplete" if "words" in facts.stated else "no_messages")
        return
    if not any(message.at or message.time_text for message in facts.messages):
        yield fault("no_times")
    if facts.gaps:
        yield fault("gap", gap=facts.gaps[0])
    parts = [part for part in context.filed_to(order) if part.kind == item.kind and part.facts.messages]
    # Said once, at the first piece, however many there are.
    if item.id == parts[0].id:
        yield from (replace(answer, together=True) for answer in (*_one_sided(parts), *_torn(parts)))


def _torn(parts: list[Evidence]) -> Iterator[Answer]:
    """Answers for neighbouring pieces that have nothing in common: they may follow each other, or something is
    left out."""
    if any("messages" in part.facts.stated for part in parts):
        return
    whole = stitch([ConversationPiece(part.file_name, part.facts.messages) for part in parts])
    yield from (unsure("joint", joint=f"{before} → {after}") for before, after in whole.open_joints)


def _one_sided(parts: list[Evidence]) -> Iterator[Answer]:
    speakers = {message.speaker for part in parts for message in part.facts.messages}
    absent = [party for party in PARTIES if party not in speakers]
    if not absent:
        return
    if "" in speakers or len(absent) == len(PARTIES):
        yield unsure("speakers")
    else:
        yield fault("only_seller" if absent == ["buyer"] else "only_buyer")


# Neither of the two is the business of `coverage` alone; here: one of them without its counterpart.
@order_rule("translation", no_original="", no_translation="", same_language="language")
def translation(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """For S8, the original and its translation are both there, in different languages (domain.md §5
    `translation`)."""
    if order.scenario != TRANSLATED:
        return
    translated = [item for item in context.filed_to(order) if item.kind == "translation"]
    originals = [item for item in context.filed_to(order) if item.kind == "review_screenshot"]
    if translated and not originals:
        yield fault("no_original")
    elif originals and not translated:
        yield fault("no_translation")
    elif len(_languages(originals)) == 1 and _languages(translated) == _languages(originals):
        yield fault("same_language", language=next(iter(_languages(originals))))


def _languages(items: list[Evidence]) -> set[str]:
    return {language for item in items for language in item.facts.languages}
