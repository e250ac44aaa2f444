"""The headline card of a case and the trend of a shop."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.domain.addresses import HEADLINE, Slot
from bot.domain.anomaly import Detection
from bot.domain.case import Case, CaseStatus
from bot.domain.day_state import DayState
from bot.domain.deadline import deadline, time_left
from bot.domain.odr import Tally, pooled
from bot.domain.orders import Shop
from bot.domain.statuses import OpenWord
from bot.messaging.card import Actions, Button, Card, Chart, Element, Fields, Point, Style, Text, Tone
from bot.services.judgement import Judgement
from bot.services.measuring import Figures, Trend
from bot.wording.localizer import Localizer
from bot.wording.statuses import asked

_EPOCH = date(1970, 1, 1)
URGENT = timedelta(hours=24)
WORDS_ASKED = 3


def _percent(tally: Tally) -> float | None:
    return None if tally.odr is None else round(float(tally.odr) * 100, 4)


def _point(trend: Trend, number: int, rolling_days: int) -> Point:
    daily = trend.days.get(number, Tally())
    rolling = pooled(trend.days, number - rolling_days + 1, number)
    return Point(_EPOCH + timedelta(days=number), daily.defects, daily.orders, _percent(daily), _percent(rolling))


def chart(say: Localizer, shop: Shop, trend: Trend, anomaly: date | None) -> Chart:
    """The trend of a shop as a chart, with the limits that apply and the day of the anomaly marked."""
    window = say.policy.measuring.rolling_days
    points = tuple(_point(trend, number, window) for number in range(trend.first, trend.last + 1))
    limits = {
        say("alerts.limit_day"): float(say.policy.single_day(shop.high_risk)) * 100,
        say("alerts.limit_rolling"): float(say.policy.requirement(shop.high_risk)) * 100,
    }
    summary = say(
        "alerts.chart_summary",
        peak=max((point for point in points if point.odr is not None), key=lambda p: p.odr or 0, default=None),
        last=points[-1] if points else None,
    )
    return Chart(say("alerts.chart_title", shop=shop.name), points, tuple(limits.items()), anomaly, summary)


def tone(say: Localizer, case: Case, ready: bool) -> Tone:
    """The colour of a case's card, from its state and the time left."""
    match case.status:
        case CaseStatus.OPEN if ready:
            return Tone.YELLOW
        case CaseStatus.OPEN:
            near = time_left(case.deadline, say.now) < URGENT
            return Tone.RED if near or "red" in case.triggers else Tone.ORANGE
        case CaseStatus.SUBMITTED:
            return Tone.BLUE
        case CaseStatus.CLOSED:
            return Tone.GREEN
        case _:
            return Tone.GREY


def figures(say: Localizer, detection: Detection) -> list[tuple[str, str]]:
    """Daily and rolling ODR with their limits, and how likely chance alone is."""
    measured, sure = detection.measurement, detection.confidence
    low, high = sure.wilson95
    return [
        (say("alerts.daily", day=measured.day), say.rate(measured.daily.defects, measured.daily.orders)),
        (say("alerts.rolling"), say.rate(measured.rolling.defects, measured.rolling.orders)),
        (say("alerts.requirement"), f"≤ {float(measured.requirement) * 100:g} %"),
        (say("alerts.exclusions"), str(measured.exclusions_to_safety)),
        (say("alerts.defective_orders"), str(measured.daily.defective_orders)),
        (
            say("alerts.confidence"),
            say(
                "alerts.confidence_text",
                low=f"{low * 100:.2f}",
                high=f"{high * 100:.2f}",
                chance="" if sure.p_value is None else say(f"alerts.chance.{chance(sure.p_value)}"),
                low_sample=sure.low_sample,
            ),
        ),
    ]


def chance(p_value: float) -> str:
    """In which words people say how often chance alone makes a day like this: the name of the text."""
    return next((name for below, name in _CHANCES if p_value < below), "usual")


_CHANCES = ((0.001, "never"), (0.01, "hardly"), (0.05, "seldom"), (0.2, "sometimes"))
"""Probabilities below which the words are used."""


def mentioned_triggers(triggers: Sequence[str]) -> list[str]:
    """The triggers to mention: on a red day the daily limit is left out, because it is exceeded anyway."""
    return [name for name in triggers if not (name == "single_day" and "red" in triggers)]


def case_buttons(say: Localizer, case: Case, ready: bool) -> Actions:
    """Buttons for what can be done with the case now; each carries the version of the case for which it was made."""
    carry = {"case": case.id, "v": str(case.version)}
    buttons = []
    if case.status is CaseStatus.DISMISSED and case.window_open(say.now):
        buttons.append(Button(say("alerts.button_reopen"), "reopen", {"case": case.id}))
    if case.status is CaseStatus.OPEN:
        if not case.owner:
            buttons.append(Button(say("alerts.button_claim"), "claim", carry, "primary"))
        buttons += [
            Button(say("alerts.button_missing"), "missing", {"case": case.id}),
            Button(say("alerts.button_orders"), "orders", {"case": case.id}),
            Button(say("alerts.button_draft"), "draft", {"case": case.id}, "primary" if ready else ""),
        ]
        if case.owner:
            buttons.append(Button(say("alerts.button_release"), "release", carry))
    buttons.append(Button(say("alerts.button_export"), "export", {"case": case.id}))
    buttons.append(Button(say("alerts.button_timeline"), "timeline", {"case": case.id}))
    return Actions(tuple(buttons))


def state_lines(say: Localizer, shop: Shop, case: Case) -> list[Element]:
    """What the state of the case means for the reader: the countdown, or why there is none."""
    match case.status:
        case CaseStatus.OPEN:
            return [say.countdown(case)]
        case CaseStatus.EXPIRED:
            proposals = say.proposals(say.policy.proposals(shop.site, case.defects))
            return [Text(say("alerts.expired", deadline=case.deadline, proposals=proposals), Style.WARNING)]
        case CaseStatus.DISMISSED:
            return [Text(say("alerts.dismissed", reason=case.reason), Style.MUTED)]
        case CaseStatus.SUBMITTED:
            usual = say.policy.form.review_days_usual
            return [Text(say("alerts.submitted", low=usual[0], high=usual[1]))]
        case CaseStatus.CLOSED:
            return [Text(say("alerts.closed", orders=case.appealed))]


def _data_lines(say: Localizer, case: Case) -> list[Element]:
    """Where the case comes from, and what a person has to decide because the data changed (domain.md §1a)."""
    lines: list[Element] = []
    if case.earlier_case:
        lines.append(Text(say("alerts.linked", earlier=case.earlier_case), Style.MUTED))
    if case.status is not CaseStatus.OPEN:
        return lines
    if case.deadline_by:
        lines.append(Text(say("alerts.deadline_by", by=case.deadline_by), Style.MUTED))
    if not case.crosses:
        words = say("alerts.aside_words", case=case.id)
        aside = Button(say("alerts.button_aside"), "say", {"text": words, "sure": "yes"})
        lines += [Text(say("alerts.crosses_no_more"), Style.WARNING), Actions((aside,))]
    elif case.onset_found:
        lines += _found_lines(say, case, case.onset_found)
    return lines


def _found_lines(say: Localizer, case: Case, onset: datetime) -> list[Element]:
    end = deadline(onset, say.policy)
    past = end <= say.now
    if case.deadline_by and past:
        return []
    name, action = ("entry", "entry_open") if past else ("later", "deadline_computed")
    text = say("alerts.found_past" if past else "alerts.found_later", onset=onset, deadline=end)
    buttons = Actions((Button(say(f"alerts.button_{name}"), action, {"case": case.id}),))
    return [Text(text, Style.WARNING), buttons]


def _day_lines(say: Localizer, case: Case, known: Figures) -> list[Element]:
    """That the case's day is not wholly known, while the case is open (domain.md §1a)."""
    if known.known.state is DayState.MEASURED or case.status is not CaseStatus.OPEN:
        return []
    return [Text(say("freshness.case_day", day=case.day, state=say.day_state(known.known)), Style.WARNING)]


def unknown_lines(say: Localizer, detection: Detection) -> list[Element]:
    """The rates without the orders of unknown status, if there are any (domain.md §1a)."""
    other, measured = detection.without_unknown, detection.measurement
    if other is None or not measured.rolling.unknown:
        return []
    counts = {"count": measured.rolling.unknown, "day": measured.daily.unknown}
    rates = (other.daily, other.rolling)
    daily, rolling = (say.rate(tally.defects, tally.orders) for tally in rates)
    return [Text(say("alerts.unknown_orders", **counts, daily=daily, rolling=rolling), Style.WARNING)]


def _asked(say: Localizer, words: Sequence[OpenWord]) -> list[Element]:
    """The questions what those status words mean, with buttons, so that they can be answered where the alert is
    read."""
    if not words:
        return []
    more = [Text(say("alerts.more_words", count=len(words) - WORDS_ASKED), Style.MUTED)][: len(words) > WORDS_ASKED]
    return [Text(say("alerts.words_ask")), *asked(say, words, WORDS_ASKED), *more]


def _how_bad(say: Localizer, case: Case, shop: Shop, daily: Tally) -> Text:
    """The first of three facts: what happened that day, and which limits that crosses."""
    crossed = [say.trigger(name, shop.high_risk) for name in mentioned_triggers(case.triggers)]
    return Text(say("alerts.how_bad", defects=daily.defects, orders=daily.orders, triggers=crossed), Style.HEADING)


def _who(say: Localizer, judged: Judgement, on_call: str) -> Text:
    """The third fact: who has the case, or who should take it, and how much there is to do."""
    case = judged.case
    called = on_call if case.status is CaseStatus.OPEN and not case.owner else ""
    about = {"owner": case.owner, "called": bool(called), "orders": len(case.appealed), "points": judged.points}
    return Text(say("alerts.who", **about), mentions=(called,) if called else ())


def headline(say: Localizer, judged: Judgement, known: Figures) -> Card:
    """The card that opens a case's thread in the team's channel, replaced whenever the case changes: how bad it is,
    how much time is left and who has it, then what can be done, then the figures. While an open case has no owner,
    whoever is on call is mentioned."""
    case, shop, ready, detection = judged.case, judged.context.shop, judged.ready, known.detection
    day = date.fromisoformat(case.day)
    onset = say("alerts.onset_exact" if case.onset_exact else "alerts.onset_day", onset=case.onset)
    facts = [(say("alerts.status"), say.status(case, ready)), (say("alerts.onset"), onset)]
    elements: list[Element] = [
        _how_bad(say, case, shop, detection.measurement.daily),
        *state_lines(say, shop, case),
        _who(say, judged, known.on_call),
        *_data_lines(say, case),
        *_day_lines(say, case, known),
        *unknown_lines(say, detection),
        *_asked(say, known.words),
        case_buttons(say, case, ready),
        Fields((*facts, *figures(say, detection)), say("alerts.figures")),
        chart(say, shop, known.trend, day),
    ]
    odr = say.rate(detection.measurement.daily.defects, detection.measurement.daily.orders)
    title = say("alerts.title", case=case, shop=shop, odr=odr)
    return Card(title, tuple(elements), tone(say, case, ready), str(Slot(case.id, HEADLINE)), say.language)


def earlier_card(say: Localizer, case: Case, shop: Shop, was: datetime, to: str) -> Card:
    """The alert that the data put the onset, and with it the deadline, earlier than was thought."""
    text = say("alerts.earlier", case=case, shop=shop, was=was, onset=case.onset)
    calls = (Text(say("alerts.earlier_call"), mentions=(to,)),) if to else ()
    title = say("alerts.earlier_title", case=case, shop=shop)
    return Card(title, (Text(text, Style.WARNING), say.countdown(case), *calls), Tone.RED, "", say.language)
