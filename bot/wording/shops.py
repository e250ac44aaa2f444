"""Shops and their figures: the list, and one with its trend."""

from collections.abc import Sequence

from bot.card import Actions, Button, Card, Element, Style, Table, Text, Tone
from bot.services.measuring import ShopCheck
from bot.wording.alerts import Trend, chart, figures, told
from bot.wording.replies import ROWS_SHOWN, said
from bot.wording.speaker import Speaker


def shops_card(say: Speaker, checks: Sequence[ShopCheck]) -> Card:
    """All shops with the figures of their last checked day, those with a trigger first."""
    if not checks:
        return said(say, "replies.no_shops", Tone.YELLOW)
    columns = tuple(say(f"replies.shops_{name}") for name in ("shop", "site", "daily", "rolling", "state"))
    ordered = sorted(checks, key=lambda check: (not check.detection.triggers, check.shop.id))
    rows = tuple(_shop_row(say, check) for check in ordered[:ROWS_SHOWN])
    alarmed = sum(bool(check.detection.triggers) for check in checks)
    tone = Tone.ORANGE if alarmed else Tone.GREEN
    return Card(
        say("replies.shops_title", count=len(checks), alarmed=alarmed),
        (Table(columns, rows),),
        tone,
        "",
        say.language,
    )


def _shop_row(say: Speaker, check: ShopCheck) -> tuple[str, ...]:
    daily, rolling = check.detection.measurement.daily, check.detection.measurement.rolling
    fired = say.triggers(check.detection.triggers) if check.detection.triggers else say("replies.quiet")
    name = f"{check.shop.name} ({check.shop.id})"
    return (
        name,
        check.shop.site,
        say.rate(daily.defects, daily.orders),
        say.rate(rolling.defects, rolling.orders),
        fired,
    )


def odr_card(say: Speaker, check: ShopCheck, trend: Trend) -> Card:
    """One shop's figures and trend; when a trigger fired, what to do."""
    fired = check.detection.triggers
    lines = [Text(say.trigger(name, check.shop.high_risk), Style.WARNING) for name in told(fired)]
    elements: list[Element] = [*lines, figures(say, check.detection, check.shop.high_risk)]
    elements.append(chart(say, check.shop, trend, check.detection.measurement.day if fired else None))
    if check.case_id:
        elements.append(
            Actions(
                (Button(say("replies.open_case", case=check.case_id), "case", {"case": check.case_id}, "primary"),)
            )
        )
    elements.append(Text(say("replies.odr_note", policy=say.policy), Style.MUTED))
    day = check.detection.measurement.day
    title = say("replies.odr_title", shop=check.shop, day=day)
    return Card(title, tuple(elements), Tone.ORANGE if fired else Tone.GREEN, "", say.language)
