"""What the page of a case and the overview of shops show of the real thing, and to whom."""

from datetime import UTC, datetime

import pytest

from bot.domain.evidence import Evidence, Facts, Spot, TimeRole, Timestamp, TrackingNumber
from tests.measuring.conftest import House, house
from tests.services.conftest import opened

__all__ = ["house", "opened"]
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def add(house: House, orders: list[str], **changes: object) -> str:
    facts = Facts(
        media_type="image/png",
        tracking_numbers=(TrackingNumber("1Z999AA10123456784"),),
        timestamps=(Timestamp("20 Nov", AT, TimeRole.PICKED_UP),),
        spots=(Spot("tracking_numbers", "1Z", (1, 2, 30, 40), 0.9), Spot("candidates", "x", (0, 0, 1, 1), 0.5)),
    )
    item = Evidence("", "C1", "ab" * 32, 9, "t.png", "li", AT, facts, kind="tracking_page", order_ids=orders)
    for name, value in changes.items():
        setattr(item, name, value)
    with house.app.store.unit() as unit:
        return unit.evidence.add(item, "console:ops").id


def test_a_gallery_has_the_evidence_of_each_order_and_what_was_read_where(opened: House) -> None:
    orders = [order.order_id for order in opened.app.cases.get("C1").orders]
    shared, loose, gone = add(opened, orders[:2]), add(opened, []), add(opened, orders[:1], withdrawn_at=AT)
    galleries = opened.app.boards.cases_seen_by("li").gallery("C1", "en")
    found = {each.order: [(tile.id, tile.state) for tile in each.tiles] for each in galleries}
    assert found == {
        orders[0]: [(shared, "open"), (gone, "withdrawn")],
        orders[1]: [(shared, "open")],
        **{order: [] for order in orders[2:]},
        "": [(loose, "open")],
    }
    tile = galleries[0].tiles[0]
    assert (
        [place.box for place in tile.places] == [(1, 2, 30, 40)]
        and tile.picture
        and tile.kind == "carrier's tracking page"
    )
    assert tile.facts == (("Tracking number", "1Z999AA10123456784"), ("Picked up", "2026-11-20 09:00 UTC"))


@pytest.mark.parametrize(("tab", "cards"), [("work", 1), ("drafts", 4), ("timeline", 1)])
def test_each_tab_has_its_cards(opened: House, tab: str, cards: int) -> None:
    view = opened.app.boards.cases_seen_by("li")
    shown = view.cards("C1", tab, "zh")
    assert len(shown) == cards and {card.language for card in shown} == {"zh"}
    assert view.cards("C9", tab, "zh") is None and view.gallery("C9", "zh") is None


def test_the_overview_says_how_each_shop_stands(opened: House) -> None:
    [row] = opened.app.boards.seen_by("li").shops("en")
    assert len(row.rates) == 30 and row.rates[-1] == 2.0 and row.rates[0] == 0.0
    assert (row.case, row.limit, row.over) == ("C1", 1.0, False) and "(4/" in row.rolling
    assert row.data and not row.overdue
