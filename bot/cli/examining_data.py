"""Examines the data of shops: how new they are, by whom they came, and which should have come and did not."""

from bot.domain.freshness import ShopData
from bot.ports.chat import Examination, Unfit
from bot.runtime.bootstrap import App
from bot.wording.freshness import feed_words

NAMES_SHOWN = 10


def examine_shops(app: App) -> str:
    """How many shops there are, and which have never got any data. Raises Unfit while nothing is watched at all."""
    data = _data(app)
    if not data:
        raise Unfit("no shops yet: add [[shops]] to the settings and import their orders, or run odr-bot demo")
    new = [each.shop.id for each in data if each.delivery is None]
    names = ", ".join(new[:NAMES_SHOWN])
    if len(new) == len(data):
        raise Unfit(f"nothing was imported yet: import the orders and returns of {names}")
    # A shop that was never fed is told, and is no fault before its first day is overdue.
    return f"{len(data)} shops{_origins(app)}" + (f"; nothing imported yet: {names}" if new else "")


def _origins(app: App) -> str:
    """How many shops come from the settings, and which people added."""
    added = app.register.by_people()
    if not added:
        return ", all from the settings"
    return f", from the settings {len(app.settings_shops)}, added by people: {', '.join(added[:NAMES_SHOWN])}"


def examine_data(app: App) -> list[Examination]:
    """One result for each active shop: until when its orders are known and how they came; a fault when data are
    overdue and nobody has paused that (domain.md §1a)."""
    return [_examined(app, each) for each in _data(app)]


def _examined(app: App, data: ShopData) -> Examination:
    words = feed_words(app.localizer("en"), data)
    remedy = ". Import newer files, or pause it until a day" if data.alarming else ""
    return Examination(f"data of {data.shop.id}", not data.alarming, f"{words}{remedy}")


def _data(app: App) -> list[ShopData]:
    with app.store.unit(read_only=True) as unit:
        return app.freshness.of(unit, [shop for shop in unit.shops.all() if shop.active])
