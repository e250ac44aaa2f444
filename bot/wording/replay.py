"""The card that looks back at the days that would have fired before a shop was watched."""

from bot.domain.lookback import LookBack, ReplayedDay
from bot.messaging.card import Actions, Button, Card, Element, Style, Table, Text, Tone
from bot.wording.localizer import Localizer


def replay_card(say: Localizer, found: LookBack) -> Card:
    """The days that would have fired, each with its rate, its triggers and until when its entry was open."""
    days = (found.last - found.first).days
    span = {"first": found.first, "last": found.last}
    summary = say("freshness.replay_fired", count=len(found.fired), **span)
    elements: list[Element] = [Text(summary if found.fired else say("freshness.replay_none", **span))]
    cases = sorted({each.case_id for each in found.fired} - {""})
    elements += [Text(say("freshness.replay_open", case=", ".join(cases)), Style.WARNING)] if cases else []
    if found.fired:
        columns = tuple(say(f"freshness.replay_{name}") for name in ("day", "odr", "triggers", "until"))
        elements.append(Table(columns, tuple(_row(say, each) for each in reversed(found.fired))))
    if found.unknown:
        elements.append(Text(say("freshness.replay_unknown", count=found.unknown), Style.MUTED))
    elements.append(Text(say("freshness.replay_silent"), Style.MUTED))
    if cases:
        elements.append(
            Actions(tuple(Button(say("replies.open_case", case=case), "case", {"case": case}) for case in cases))
        )
    title = say("freshness.replay_title", shop=found.shop, days=days)
    return Card(title, tuple(elements), Tone.ORANGE if cases else Tone.BLUE, "", say.language)


def _row(say: Localizer, day: ReplayedDay) -> tuple[str, ...]:
    rate = say.rate(day.daily.defects, day.daily.orders)
    return str(day.day), rate, say.triggers(day.triggers), _until(say, day)


def _until(say: Localizer, day: ReplayedDay) -> str:
    if day.case_id:
        return say("freshness.replay_case", until=day.deadline, case=day.case_id)
    return say(f"freshness.replay_{'still' if day.deadline >= say.now else 'closed'}", until=day.deadline)
