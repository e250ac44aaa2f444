"""Questions before something is done, and answers with the button that undoes it (domain.md §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.act import Act
from bot.domain.case import AppealStatus, Case, CaseOrder, CaseStatus
from bot.messaging.card import Actions, Button, Card, Tone
from bot.wording import asking, replies
from bot.wording.localizer import Localizer


def undoable(say: Localizer, card: Card, *beside: Button, **payload: str) -> Card:
    """An answer with the button that undoes exactly what it answers, after the buttons `beside` it; `message` is the
    event that did it."""
    button = Button(say("replies.button_undo"), "undo", payload)
    return replace(card, elements=(*card.elements, Actions((*beside, button))))


def others(say: Localizer, card: Card, order: str, count: int) -> Card:
    """A refusal of some of several orders, with the button that runs the command for the other ones."""
    button = Button(say("replies.others", count=count), "say", asking.exactly(order))
    return replace(card, elements=(*card.elements, Actions((button,))))


def undo_question(say: Localizer, act: Act) -> Card:
    """Asks whether that act is to be undone, because it was not the last one or is some time ago."""
    about = {"case": act.case_id, "evidence": act.evidence_id, "message": act.message_id, "sure": "yes"}
    button = Button(
        say("replies.button_undo"), "undo", {name: each for name, each in about.items() if each}, "primary"
    )
    title = say("replies.undo_question", act=act, what=_act(say, act))
    return Card(title, (Actions((button,)),), Tone.BLUE, "", say.language)


def undone(say: Localizer, acts: Sequence[Act], case: Case | None) -> Card:
    """What was undone, and the countdown if it runs again."""
    runs = case is not None and case.status is CaseStatus.OPEN and any(act.stopped for act in acts)
    left = say.left(case) if case and runs else ""
    what = say("replies.undo_and").join(dict.fromkeys(_act(say, act) for act in acts))
    return replies.text_card(say, "replies.undone", Tone.GREEN, case=case.id if case else "", what=what, left=left)


def _act(say: Localizer, act: Act) -> str:
    return replies.act_words(say, act.what, act.evidence_id or ", ".join(act.orders) or act.case_id)


def open_question(say: Localizer, case: Case, points: int, act: str, action: str, payload: Mapping[str, str]) -> Card:
    """Asks once, while points are open, before something is recorded that the platform does not take back."""
    button = Button(say("replies.open_anyway", act=act), action, {**payload, "sure": "yes"}, "danger")
    look = Button(say("alerts.button_missing"), "missing", {"case": case.id})
    title = say("replies.open_question", case=case, points=points, act=act)
    return Card(title, (Actions((button, look)),), Tone.YELLOW, "", say.language)


def correction_question(
    say: Localizer, orders: Sequence[CaseOrder], outcome: AppealStatus, payload: Mapping[str, str]
) -> Card:
    """Asks before a recorded outcome is replaced by another."""
    now = ", ".join(f"{each.order_id}: {say(f'words.appeal.{each.appeal.value}')}" for each in orders)
    wanted = say(f"words.appeal.{outcome.value}")
    button = Button(say("replies.correct", outcome=wanted), "result", {**payload, "sure": "yes"}, "primary")
    title = say("replies.correct_question", now=now, outcome=wanted)
    return Card(title, (Actions((button,)),), Tone.YELLOW, "", say.language)
