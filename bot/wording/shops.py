"""Cards of shops and their figures: the list, and one shop with its trend."""

from collections.abc import Sequence

from bot.domain.day_state import DayState
from bot.domain.freshness import ShopData
from bot.messaging.card import Actions, Button, Card, Element, Fields, Style, Table, Text, Tone
from bot.services.measuring import ShopCheck, Trend
from bot.wording.alerts import chart, figures, mentioned_triggers, unknown_lines
from bot.wording.freshness import data_lines
from bot.wording.localizer import Localizer
from bot.wording.replies import ROWS_SHOWN, text_card

DAYS_SHOWN = 10


def shops_card(say: Localizer, checks: Sequence[ShopCheck], data: Sequence[ShopData] = ()) -> Card:
    """All shops with the figures of their last checked day, those with a trigger first. `data` says how new their
    data are: those that are overdue are named below."""
    if not checks:
        return text_card(say, "replies.no_shops", Tone.YELLOW)
    columns = tuple(say(f"replies.shops_{name}") for name in ("shop", "site", "daily", "rolling", "state"))
    ordered = sorted(checks, key=lambda check: (not check.detection.triggers, check.shop.id))
    rows = tuple(_shop_row(say, check) for check in ordered[:ROWS_SHOWN])
    alarmed = sum(bool(check.detection.triggers) for check in checks)
    known = all(check.known.state is DayState.MEASURED for check in checks)
    tone = Tone.ORANGE if alarmed else Tone.GREEN if known else Tone.YELLOW
    return Card(
        say("replies.shops_title", count=len(checks), alarmed=alarmed),
        (Table(columns, rows), *data_lines(say, [each for each in data if each.stale], DAYS_SHOWN)),
        tone,
        "",
        say.language,
    )


def _shop_row(say: Localizer, check: ShopCheck) -> tuple[str, ...]:
    daily, rolling = check.detection.measurement.daily, check.detection.measurement.rolling
    name = f"{check.shop.name} ({check.shop.id})"
    return (
        name,
        check.shop.site,
        say.rate(daily.defects, daily.orders),
        say.rate(rolling.defects, rolling.orders),
        _state(say, check),
    )


def _state(say: Localizer, check: ShopCheck) -> str:
    """The triggers of a shop's day, and what is known of the day; only a measured day can be quiet (domain.md
    §1a)."""
    parts = [say.triggers(check.detection.triggers)] if check.detection.triggers else []
    if check.detection.watched:
        parts.append(say("replies.watched", triggers=say.triggers(check.detection.watched)))
    if check.known.state is not DayState.MEASURED:
        parts.append(say.day_state(check.known))
    return "; ".join(parts) or say("replies.quiet")


def not_quiet(say: Localizer, checks: Sequence[ShopCheck]) -> list[tuple[ShopCheck, str]]:
    """The checks that are not quiet, with what is to be said of them; a check of another day than the first one's
    names its day."""
    found = []
    for check in checks:
        words, day = _state(say, check), check.detection.measurement.day
        if words != say("replies.quiet"):
            other = day != checks[0].detection.measurement.day
            found.append((check, say("replies.on_day", day=day, words=words) if other else words))
    return found


def days_lines(say: Localizer, checks: Sequence[ShopCheck]) -> list[Element]:
    """The shops whose last day is not known to be quiet, and why. All is said to be quiet only when every shop's
    day is known to be (domain.md §1a)."""
    if not checks:
        return []
    day, found = checks[0].detection.measurement.day, not_quiet(say, checks)
    if not found:
        return [Text(say("replies.days_known", day=day, count=len(checks)))]
    lines = [Text(f"{check.shop.site} {check.shop.name}: {words}") for check, words in found[:DAYS_SHOWN]]
    if more := len(found) - DAYS_SHOWN:
        lines += [Text(say("replies.days_more", count=more), Style.MUTED)] * (more > 0)
    return [Text(say("replies.days_unknown", day=day), Style.WARNING), *lines]


def no_cases_card(say: Localizer, checks: Sequence[ShopCheck]) -> Card:
    """Tells that there is no case, and what is known of the last day: having no case alone does not mean that all
    is quiet."""
    if not checks:
        return text_card(say, "replies.no_cases")
    day, found = checks[0].detection.measurement.day, not_quiet(say, checks)
    if not found:
        return text_card(say, "replies.no_cases_known", Tone.GREEN, day=day)
    shops = "; ".join(f"{check.shop.name}, {words}" for check, words in found[:ROWS_SHOWN])
    return text_card(say, "replies.no_cases_unknown", Tone.YELLOW, day=day, shops=shops)


def odr_card(say: Localizer, check: ShopCheck, trend: Trend, data: Sequence[ShopData] = ()) -> Card:
    """The figures and the trend of one shop, how new its data are, and what to do when a trigger fired."""
    fired = check.detection.triggers
    lines = [Text(say.trigger(name, check.shop.high_risk), Style.WARNING) for name in mentioned_triggers(fired)]
    elements: list[Element] = [*lines, Fields(tuple(figures(say, check.detection)))]
    elements += unknown_lines(say, check.detection)
    known = check.known.state is DayState.MEASURED
    if not known:
        elements.append(Text(say("replies.odr_state", state=_state(say, check)), Style.WARNING))
    elements.append(chart(say, check.shop, trend, check.detection.measurement.day if fired else None))
    if check.case_id:
        elements.append(
            Actions(
                (Button(say("replies.open_case", case=check.case_id), "case", {"case": check.case_id}, "primary"),)
            )
        )
    elements += data_lines(say, data, DAYS_SHOWN)
    elements.append(Text(say("replies.odr_note", policy=say.policy), Style.MUTED))
    day = check.detection.measurement.day
    title = say("replies.odr_title", shop=check.shop, day=day)
    return Card(
        title, tuple(elements), Tone.ORANGE if fired else Tone.GREEN if known else Tone.YELLOW, "", say.language
    )
