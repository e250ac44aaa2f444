"""Answering reminders: acknowledging, snoozing, switching them off and on; holding a case's records."""

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.conversation.router import Router
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Tone
from bot.ports.records import Person
from bot.services.cases import Cases
from bot.services.reminders import Reminders
from bot.wording import replies
from bot.wording.localizer import Localizer
from bot.wording.reminders import instant

router = Router()

_DURATION = re.compile(
    r"(\d{1,4}(?:\.\d{1,2})?)\s*(?:个\s*)?(m(?:in(?:ute)?s?)?|分钟?|h(?:(?:ou)?rs?)?|小时|钟头|d(?:ays?)?|天)",
    re.IGNORECASE,
)
_UNITS = {
    "m": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "小": timedelta(hours=1),
    "钟": timedelta(hours=1),
    "d": timedelta(days=1),
    "天": timedelta(days=1),
}


def duration(text: str) -> timedelta:
    """A length of time such as `2h`, `90 min` or `2 小时`; one hour for an empty text. Raises Refusal for anything
    else."""
    if not text.strip():
        return timedelta(hours=1)
    match = _DURATION.fullmatch(text.strip().removesuffix("后").strip())
    if match is None or not float(match[1]):
        raise Refusal("bad_duration", text=text.strip()[:40])
    return float(match[1]) * _UNITS[match[2][0].lower()]


@router.on("ack", role=Role.MEMBER, takes="case")
def acknowledge(case: str, payload: Mapping[str, str], person: Person, reminders: Reminders, say: Localizer) -> Card:
    """Record that the person has seen the reminder and takes care of it."""
    seen = reminders.acknowledge(case, person.id, payload.get("stage", ""))
    return replies.text_card(say, "reminders.acknowledged", Tone.GREEN, case=seen)


@router.on("snooze", role=Role.MEMBER, takes="case listed")
def snooze(
    case: str, rest: str, payload: Mapping[str, str], person: Person, reminders: Reminders, say: Localizer
) -> Card:
    """Send no reminders of the case for a while."""
    until = reminders.snooze(case, person.id, duration(rest or payload.get("for", "")))
    return replies.text_card(say, "reminders.snoozed", case=case, until=instant(say, until))


@router.on("reminders_off", role=Role.MEMBER, takes="case")
def off(case: str, person: Person, reminders: Reminders, say: Localizer) -> Card:
    """Switch the reminders of the case off."""
    silent = reminders.switch(case, person.id, off=True)
    return replies.text_card(say, "reminders.off", Tone.YELLOW, case=silent, left=say.left(silent))


@router.on("reminders_on", role=Role.MEMBER, takes="case")
def on(case: str, person: Person, reminders: Reminders, say: Localizer) -> Card:
    """Switch the reminders of the case on again."""
    return replies.text_card(say, "reminders.on", Tone.GREEN, case=reminders.switch(case, person.id, off=False))


@router.on("hold", role=Role.ADMIN, takes="case")
def hold(case: str, person: Person, cases: Cases, say: Localizer) -> Card:
    """Keep the case's originals beyond the retention period (domain.md §5 `retention`)."""
    return replies.text_card(say, "reminders.held", Tone.GREEN, case=cases.hold(case, person.id, held=True))


@router.on("unhold", role=Role.ADMIN, takes="case")
def unhold(case: str, person: Person, cases: Cases, say: Localizer) -> Card:
    """End the hold: the case's originals are deleted after the retention period again."""
    kept = cases.hold(case, person.id, held=False)
    return replies.text_card(say, "reminders.unheld", case=kept, policy=say.policy)
