"""The rows of the overview of shops."""

from collections.abc import Sequence

from bot.domain.freshness import ShopData
from bot.domain.odr import Tally
from bot.ports.board import ShopRow
from bot.services.measuring import ShopCheck
from bot.wording.freshness import feed_words
from bot.wording.localizer import Localizer


def shop_row(say: Localizer, check: ShopCheck, days: Sequence[Tally], data: ShopData, channel: str) -> ShopRow:
    """One shop: its rates by day, its rolling rate against the requirement, and how new its data are."""
    rolling, limit = check.detection.measurement.rolling, say.policy.requirement(check.shop.high_risk)
    return ShopRow(
        check.shop.name,
        check.shop.site,
        channel,
        tuple(100 * day.defects / day.orders if day.orders else None for day in days),
        say.rate(rolling.defects, rolling.orders),
        100 * float(limit),
        say.day_state(check.known),
        feed_words(say, data),
        data.alarming,
        rolling.defects > limit * rolling.orders,
        check.case_id,
    )
