"""The form in which a person says what a picture shows, and when it is offered."""

from collections.abc import Collection, Sequence

from bot.domain.evidence import Evidence
from bot.messaging.card import Element, Form, Input, Option
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer

SHOWN = 2
ANSWERED: dict[str, Collection[str]] = {
    "coverage": {"unread"},
    "tracking_number": {"uncertain"},
    "tracking_match": {"uncertain"},
    "timestamps": {"unclear", "unsettled"},
    "watermark": {"unclear"},
    "freshness": {"undated"},
    "conversation_complete": {"elsewhere", "joint", "incomplete"},
}
"""By rule, the answers whose remedy is to fill in the form."""


def forms(say: Localizer, judged: Judgement, items: Sequence[Evidence]) -> list[Element]:
    """The forms of the first few pieces that were read, and about which a rule asks what the form answers."""
    asked = {
        finding.evidence_id for finding in judged.review.findings if finding.variant in ANSWERED.get(finding.rule, ())
    }
    wanting = [item for item in items if item.active and item.filed and item.facts.readable and item.id in asked]
    return [facts_form(say, item) for item in wanting[:SHOWN]]


def facts_form(say: Localizer, item: Evidence) -> Form:
    """Asks a person what a picture shows; the answer counts as stated, not as read. What was read need not be said
    again."""
    read = item.facts.readable
    if item.kind == "conversation":
        fields = [
            Input("words", say("work.form_words"), "area", required=not read, hint=say("work.form_words_hint")),
            Input("complete", say("work.form_complete"), "select", options=_yes_no(say)),
        ]
    elif item.kind in ("tracking_page", "pickup_proof", "delivery_proof", "delay_certificate"):
        legible = any(number.legible for number in item.facts.tracking_numbers)
        fields = [
            Input("tracking_number", say("work.form_tracking"), required=not legible),
            Input("picked_up", say("work.form_picked_up"), "time"),
            Input("delivered", say("work.form_delivered"), "time"),
            Input("exception", say("work.form_exception"), "time"),
        ]
    else:
        fields = [Input("words", say("work.form_text"), "area", required=not read)]
    captured = Input("captured_at", say("work.form_captured"), "date", hint=say("work.form_captured_hint"))
    title = say("work.form_title", item=item, zone=say.phrases.zone)
    return Form(title, "state", (*fields, captured), say("work.form_submit"), {"evidence": item.id})


def _yes_no(say: Localizer) -> tuple[Option, ...]:
    return (Option("no", say("work.no")), Option("yes", say("work.yes")))
