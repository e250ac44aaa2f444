"""Many values in one parameter: whatever characters they have, on every database."""

import sqlalchemy as sa

from bot.store.among import among, pair_among
from bot.store.tables import defects
from bot.store.unit import Store

IDS = ["A'b", '"q"', "汉字", "a\\b", "1,2", "[x]", "{}", "null", "", "5764000000000000001"]


def test_texts_are_found_as_they_are(store: Store) -> None:
    with store.unit() as unit:
        unit.orders.upsert_orders("s", [(each, 0, 0, True, "", "", "") for each in sorted(IDS)])
        unit.orders.upsert_orders("s", [("another", 0, 0, True, "", "", "")])
        assert set(unit.orders.by_ids("s", IDS)) == set(IDS)
        assert unit.orders.by_ids("s", ["no", "5764000000000000002"]) == unit.orders.by_ids("s", []) == {}


def test_pairs_are_found_as_pairs(store: Store) -> None:
    kinds = ("return_refund", "negative_review")
    rows = [(each, kind, 0, 0, True, True, "") for each in IDS for kind in kinds]
    wanted = [(each, kinds[number % 2]) for number, each in enumerate(IDS)]
    with store.unit() as unit:
        unit.orders.upsert_defects("s", rows)
    columns = (defects.c.order_id, defects.c.defect_type)
    with store.engine.connect() as connection:
        for pairs in (wanted, []):
            found = connection.execute(sa.select(*columns).where(pair_among(connection, columns, pairs)))
            assert sorted(map(tuple, found)) == sorted(pairs)
        assert connection.scalar(sa.select(sa.func.count()).where(among(connection, defects.c.order_id, IDS))) == 20
