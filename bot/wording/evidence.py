"""Cards about single pieces of evidence: a link that closed, a number to confirm, personal data before an export."""

from collections.abc import Collection, Iterable, Sequence

from bot.domain.captures import orders, readings
from bot.domain.case import Case
from bot.domain.evidence import Evidence, Spot
from bot.domain.finding import Severity
from bot.domain.matching import Verdict, match
from bot.domain.parcel import own_numbers
from bot.domain.remark import Remark
from bot.messaging.card import Actions, Attachment, Button, Card, Checklist, Element, Item, Mark, Style, Text, Tone
from bot.services.judgement import Judgement
from bot.services.showing import Covered, crops
from bot.wording.localizer import Localizer

PERSONAL_SHOWN, ASKED = 6, 2
_CLOCK = "captured_at"
_NUMBERS = frozenset({"tracking_numbers", "order_ids"})
_LOOKED_AT = {
    "tracking_number": _NUMBERS,
    "tracking_match": _NUMBERS,
    "order_match": _NUMBERS,
    "watermark": frozenset({_CLOCK}),
    "timestamps": frozenset({"timestamps"}),
}
"""By rule, the facts whose places are shown when it asks."""
_BROKEN = {"picture_damaged", "pdf_damaged", "pdf_encrypted"}
_REFUSED = {"empty", "not_a_file", "format_unsupported", "archive", "program", "svg", "polyglot", "outlook_message"}
_PACKED = {"damaged", "encrypted", "bomb", "too_many", "too_large", "empty", "nested"}
_REFUSED |= {"document_entities", *(f"archive_{why}" for why in _PACKED)}
TO_BE_SENT_AGAIN = frozenset(_BROKEN | _REFUSED)
"""What the reader says of files that prove nothing as they are: nobody is asked where they belong."""


def link_card(say: Localizer, case: Case, item: Evidence) -> Card:
    """Tells that a link no longer opens, what that means for the deadline, and what to do."""
    state = item.link_state.value if item.link_state else ""
    words = say(f"evidence.link_{state}", item=item, orders=", ".join(item.order_ids), left=say.left(case))
    elements: tuple[Element, ...] = (Text(words), Text(say("evidence.link_remedy")))
    return Card(say("evidence.link_title", case=case, item=item), elements, Tone.RED, "", say.language)


def doubts(say: Localizer, judged: Judgement, items: Sequence[Evidence]) -> list[Element]:
    """The places of numbers and dates about which a rule asks, with buttons that say how they read."""
    asked: dict[str, frozenset[str]] = {}
    for finding in judged.review.findings:
        if finding.rule in _LOOKED_AT and finding.severity is not Severity.INFO:
            asked[finding.evidence_id] = asked.get(finding.evidence_id, frozenset()) | _LOOKED_AT[finding.rule]
    doubtful = [item for item in items if item.active and item.id in asked]
    own = {number for order in judged.case.orders for number in own_numbers(judged.context, order)}
    return [element for item in doubtful[:ASKED] for element in _doubt(say, item, asked[item.id], own)]


def _doubt(say: Localizer, item: Evidence, facts: Collection[str], own: Iterable[str]) -> list[Element]:
    elements: list[Element] = []
    for spot, name in [(spot, name) for spot, name in crops(item) if _asked_of(item, spot) in facts][:ASKED]:
        question = _QUESTIONS.get(_asked_of(item, spot), "evidence.look_at")
        elements += [
            Text(say(question, item=item, number=spot.text)),
            Attachment(name, "image/png", spot.crop, spot.crop_size),
        ]
        if buttons := _answers(say, item, spot, own):
            elements.append(Actions(buttons))
    return elements


_QUESTIONS = {_CLOCK: "evidence.which_day", "timestamps": "evidence.which_step_day"}


def _asked_of(item: Evidence, spot: Spot) -> str:
    """The fact about which is asked: some of the times are the date of capture."""
    return _CLOCK if spot.fact == "timestamps" and spot.text in item.facts.unsettled_captures else spot.fact


def _answers(say: Localizer, item: Evidence, spot: Spot, own: Iterable[str]) -> tuple[Button, ...]:
    """Buttons for what a person may say of a place: how the number reads (among them the orders' own numbers that
    it may be), or which of two days a date is; none where it may be any day."""
    seen = [candidate for candidate in item.facts.candidates if candidate.value == spot.text]
    like = sorted(number for number in own if match(number, seen).verdict is not Verdict.NO)
    numbers = dict.fromkeys((*(like if spot.fact == "tracking_numbers" else ()), spot.text))
    said = [(spot.fact, number, say("evidence.reads_so", number=number)) for number in numbers]
    if _asked_of(item, spot) == _CLOCK:
        said = [(_CLOCK, at.isoformat(), f"{at:%Y-%m-%d}") for at in readings(spot.text)]
    elif spot.fact == "timestamps":
        said = [("day_order", order, f"{at:%Y-%m-%d}") for at, order in sorted(orders(spot.text).items())]
    payloads = [({"evidence": item.id, "fact": fact, "number": value}, label) for fact, value, label in said]
    return tuple(Button(label, "confirm", payload) for payload, label in payloads)


def personal_items(say: Localizer, items: Sequence[Evidence]) -> list[Item]:
    """The personal data of buyers that was found in each piece of evidence."""
    return [
        Item(Mark.WARNING, say("evidence.personal_in", item=item), _found(say, item))
        for item in items
        if item.active and item.facts.personal
    ]


def _found(say: Localizer, item: Evidence) -> str:
    found = item.facts.personal
    shown = [f"{say(f'words.personal.{each.kind}')}: {each.words}" for each in found[:PERSONAL_SHOWN]]
    more = [say("evidence.personal_more", count=len(found) - len(shown))] if len(found) > len(shown) else []
    return " · ".join([*shown, *more])


def recalled_question(say: Localizer, items: Sequence[Evidence]) -> Card:
    """Asks whether evidence still counts whose message was deleted where it was sent."""
    listed = Checklist(tuple(Item(Mark.UNSURE, say("evidence.personal_in", item=item)) for item in items))
    payload = {"evidence": ",".join(item.id for item in items)}
    actions = Actions((Button(say("evidence.recalled_withdraw"), "withdraw", payload),))
    elements = (listed, Text(say("evidence.recalled_kept"), Style.MUTED), actions)
    return Card(say("evidence.recalled_title", count=len(items)), elements, Tone.YELLOW, "", say.language)


def privacy_card(say: Localizer, judged: Judgement) -> Card:
    """The personal data found in a case's evidence, with a button for a covered copy of each piece."""
    items = [item for item in judged.context.evidence if item.active and item.facts.personal]
    title = say("evidence.privacy_title", case=judged.case, count=len(items))
    if not items:
        return Card(title, (Text(say("evidence.privacy_none")),), Tone.GREEN, "", say.language)
    buttons = [Button(say("evidence.cover", item=item), "redact", {"evidence": item.id}) for item in items[:10]]
    listed = Checklist(tuple(personal_items(say, items)))
    elements = (listed, Actions(tuple(buttons)), Text(say("evidence.privacy_note"), Style.MUTED))
    return Card(title, elements, Tone.YELLOW, "", say.language)


def covered_card(say: Localizer, evidence_id: str, copy: Covered) -> Card:
    """The copy with personal data covered, to download."""
    stored = copy.stored
    elements: list[Element] = [
        Attachment(copy.file_name, copy.media_type, stored.sha256, stored.size),
        Text(say("evidence.covered", words=copy.covered)),
    ]
    if copy.left:
        elements.append(Text(say("evidence.not_covered", words=copy.left), Style.WARNING))
    elements.append(Text(say("evidence.covered_note"), Style.MUTED))
    title = say("evidence.covered_title", evidence=evidence_id)
    return Card(title, tuple(elements), Tone.YELLOW if copy.left else Tone.GREEN, "", say.language)


def warning_text(say: Localizer, warning: str) -> str:
    """A reader's warning in words."""
    remark = Remark.read(warning)
    return say(f"reading.{remark.key}", value=remark.value)


def useless(item: Evidence) -> bool:
    """Whether a file proves nothing in its present form and must be sent in another one."""
    keys = {Remark.read(warning).key for warning in item.facts.warnings}
    return not item.facts.readable and not keys.isdisjoint(TO_BE_SENT_AGAIN)


def useless_item(say: Localizer, item: Evidence) -> Item:
    """The name of such a file, why it proves nothing, and what to send instead."""
    return Item(Mark.MISSING, say("work.useless", item=item), warnings_text(say, item))


def carrying_item(say: Localizer, item: Evidence) -> Item:
    """The name of a file that only brought others, and theirs."""
    return Item(Mark.DONE, say("work.carried", item=item, parts=item.facts.parts), warnings_text(say, item))


def piece_words(say: Localizer, judged: Judgement, item: Evidence) -> list[str]:
    """That a piece of evidence shows the page of another one, and how the two are related."""
    piece = judged.context.pieces.get(item.id)
    return [say(f"work.piece_{piece.relation}", other=piece.other)] if piece else []


def warnings_text(say: Localizer, item: Evidence) -> str:
    """The first warnings of the reader in words."""
    return " · ".join(warning_text(say, warning) for warning in item.facts.warnings[:3])


def useless_card(say: Localizer, items: Sequence[Evidence]) -> Card:
    """Tells that files which came without a case prove nothing, and what to send instead."""
    listed = Checklist(tuple(useless_item(say, item) for item in items))
    return Card(say("work.useless_title", count=len(items)), (listed,), Tone.YELLOW, "", say.language)
