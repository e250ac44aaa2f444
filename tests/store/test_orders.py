"""Orders and defects in the database, on both kinds of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.odr import Tally
from bot.domain.orders import DefectType, Shop
from bot.ports.sources import Batch, DefectRow, OrderRow, Skipped
from bot.services.imports import MAX_SKIPPED, import_source
from bot.store.changing import AuditedRows
from bot.store.orders import OrderTable
from bot.store.records import ShopTable
from bot.store.tables import from_ms, orders

DAY = 20_762
START = DAY * 86_400_000


def order(
    number: str = "A", hours: float = 1, valid: bool | None = True, tracking: str = "", buyer: str = ""
) -> OrderRow:
    at = START + int(hours * 3_600_000)
    return (number, at, at // 86_400_000, valid, tracking, "", buyer)


def defect(
    number: str = "A", kind: str = "return_refund", hours: float = 5, timed: bool = True, counted: bool = True
) -> DefectRow:
    at = START + int(hours * 3_600_000)
    return (number, kind, at, at // 86_400_000, timed, counted, "late")


@pytest.fixture
def table(engine: sa.Engine) -> Iterator[OrderTable]:
    with engine.begin() as connection:
        yield OrderTable(connection)


def counts(
    table: OrderTable,
    dated_by: str = "event",
    count: str = "per_defect",
    shops: list[str] | None = None,
    excluded: tuple[str, ...] = (),
) -> dict[str, dict[int, Tally]]:
    found = table.day_counts(shops, DAY, DAY + 2, count, dated_by, excluded)
    return {shop: dict(days) for shop, days in found.items()}


def stored(table: OrderTable) -> list[tuple[object, ...]]:
    """The orders without what imports and an API note on them."""
    query = sa.select(orders).order_by(orders.c.shop, orders.c.id)
    return [tuple(row)[:-3] for row in table.connection.execute(query)]


def test_upsert_adds_and_updates(table: OrderTable) -> None:
    table.upsert_orders("S", [order(f"{number:04d}") for number in range(250)])
    table.upsert_orders("S", [order("0007", hours=30, valid=False, tracking="T")])
    assert len(stored(table)) == 250
    assert stored(table)[7] == ("S", *order("0007", hours=30, valid=False, tracking="T"))


def test_the_same_again_writes_nothing(table: OrderTable) -> None:
    rows = [order(f"{number:04d}", valid=(True, False, None)[number % 3]) for number in range(250)]
    table.upsert_orders("S", rows)
    versions = {
        "sqlite": "SELECT total_changes()",
        "postgresql": "SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM shop_order",
    }[table.connection.dialect.name]
    before = table.connection.exec_driver_sql(versions).scalar()
    table.upsert_orders("S", rows)
    assert table.connection.exec_driver_sql(versions).scalar() == before


def test_later_lines_are_merged(table: OrderTable) -> None:
    table.upsert_orders("S", [order("A", hours=9, valid=False, buyer="ann")])
    table.merge_orders("S", [order("A", hours=2, valid=True, tracking="T", buyer="bob"), order("B")])
    assert stored(table) == [("S", *order("A", hours=2, tracking="T", buyer="ann")), ("S", *order("B"))]


def test_counts_by_day(table: OrderTable) -> None:
    table.upsert_orders(
        "S", [order("A"), order("B"), order("C", valid=False), order("D", hours=25), order("E", hours=-1)]
    )
    table.upsert_orders("T", [order("A")])
    table.upsert_defects(
        "S", [defect("A"), defect("A", "negative_review"), defect("B", counted=False), defect("D", hours=50)]
    )
    assert counts(table) == {
        "S": {DAY: Tally(2, 2, 1), DAY + 1: Tally(0, 1, 0), DAY + 2: Tally(1, 0, 1)},
        "T": {DAY: Tally(0, 1, 0)},
    }
    assert counts(table, shops=["T"]) == {"T": {DAY: Tally(0, 1, 0)}}
    assert counts(table, count="per_order")["S"][DAY] == Tally(1, 2, 1)


def test_orders_of_unknown_status_count_and_are_counted_apart(table: OrderTable) -> None:
    table.upsert_orders("S", [order("A"), order("B", valid=None), order("C", valid=False), order("D", valid=None)])
    table.upsert_defects("S", [defect("B")])
    assert counts(table) == {"S": {DAY: Tally(1, 3, 1, 2)}}
    assert counts(table, excluded=("B",)) == {"S": {DAY: Tally(0, 2, 0, 1)}}
    events = table.day_events("S", DAY)
    assert (len(events.orders), len(events.unknown)) == (1, 2)
    assert [table.by_ids("S", [number])[number].valid for number in "ABC"] == [True, None, False]


@pytest.mark.parametrize("before", [True, False, None])
@pytest.mark.parametrize("after", [True, False, None])
def test_a_status_becomes_known_and_unknown(table: OrderTable, before: bool | None, after: bool | None) -> None:
    table.upsert_orders("S", [order("A", valid=before)])
    table.upsert_orders("S", [order("A", valid=after)])
    assert stored(table) == [("S", *order("A", valid=after))]


@pytest.mark.parametrize(
    ("one", "other", "both"), [(None, True, True), (None, False, None), (False, None, None), (True, None, True)]
)
def test_lines_of_unknown_status_are_merged(
    table: OrderTable, one: bool | None, other: bool | None, both: bool | None
) -> None:
    table.upsert_orders("S", [order("A", valid=one)])
    table.merge_orders("S", [order("A", valid=other)])
    assert stored(table) == [("S", *order("A", valid=both))]


def test_counts_dated_by_order(table: OrderTable) -> None:
    table.upsert_orders("S", [order("A"), order("E", hours=-1)])
    table.upsert_defects("S", [defect("A", hours=90), defect("E"), defect("never imported")])
    assert counts(table, dated_by="order") == {"S": {DAY: Tally(1, 1, 1)}}


@pytest.mark.parametrize("dated_by", ["event", "order"])
def test_excluded_orders_are_out_on_both_sides(table: OrderTable, dated_by: str) -> None:
    table.upsert_orders("S", [order("A"), order("B"), order("C", valid=False)])
    table.upsert_defects("S", [defect("A"), defect("A", "negative_review"), defect("B")])
    assert counts(table, dated_by, excluded=("A", "C", "unknown")) == {"S": {DAY: Tally(1, 1, 1)}}
    assert counts(table, dated_by, excluded=("A", "B"))["S"][DAY] == Tally(0, 0, 0)


def test_events_of_a_day(table: OrderTable) -> None:
    table.upsert_orders("S", [order("B", hours=3), order("A"), order("C", valid=False), order("D", hours=24)])
    table.upsert_defects("S", [defect("B", hours=23.5), defect("A"), defect("D", counted=False, timed=False)])
    events = table.day_events("S", DAY)
    assert events.orders == (from_ms(order("A")[1]), from_ms(order("B", hours=3)[1]))
    assert events.defects == (from_ms(defect()[2]), from_ms(defect(hours=23.5)[2]))
    assert events.timed
    table.upsert_defects("S", [defect("D", hours=0, timed=False)])
    assert not table.day_events("S", DAY).timed


def test_defects_between(table: OrderTable) -> None:
    table.upsert_defects("S", [defect("A", hours=5), defect("B", hours=30), defect("C", hours=6, counted=False)])
    start = datetime(2026, 11, 5, 5, tzinfo=UTC)
    assert [
        (item.order_id, item.defect_type, item.occurred_at)
        for item in table.defects_between("S", start, start + timedelta(hours=25))
    ] == [("A", DefectType.RETURN_REFUND, start)]
    assert len(table.defects_between("S", start, start + timedelta(hours=25, seconds=1))) == 2


def test_clearing_defects(table: OrderTable) -> None:
    table.upsert_defects("S", [defect("A", "negative_review"), defect("A")])
    table.clear_defects("S", [("A", "negative_review"), ("B", "negative_review")])
    assert counts(table)["S"][DAY] == Tally(1, 0, 1)


def test_look_ups(table: OrderTable) -> None:
    for shop in ("S", "T"):
        ShopTable(AuditedRows(table.connection)).save(Shop(shop, shop, "US", "UTC"))
    table.upsert_orders("S", [order("A", tracking="T1"), order("B", tracking="T2")])
    table.upsert_orders("T", [order("A")])
    table.upsert_defects("S", [defect("A")])
    assert {key: found.tracking_number for key, found in table.by_ids("S", ["A", "X"]).items()} == {"A": "T1"}


class Source:
    """A source of given batches."""

    kind = "orders"

    def __init__(self, *batches: Batch, fails: bool = False) -> None:
        self.given, self.fails = batches, fails

    def batches(self) -> Iterator[Batch]:
        yield from self.given
        if self.fails:
            raise ValueError("broken off")


def test_import_reports(table: OrderTable) -> None:
    told: list[int] = []
    source = Source(
        Batch(3, [order("A"), order("B")], skipped=[Skipped(4, "id_missing")]),
        Batch(1, repeated=[order("A")]),
        Batch(0, defects=[defect("A")], cleared=[("B", "negative_review")]),
    )
    report = import_source(source, "S", table, told.append)
    assert told == [3, 4]
    assert report.as_json(lambda skipped: skipped.reason.upper()) == {
        "shop": "S",
        "kind": "orders",
        "rows": 4,
        "orders": 2,
        "defects": {"return_refund": 1, "negative_review": 0, "service_rating": 0},
        "skipped": [{"line": 4, "reason": "ID_MISSING"}],
    }


def test_skipped_rows_are_capped_and_counted(table: OrderTable) -> None:
    source = Source(
        *(Batch(600, skipped=[Skipped(600 * part + line, "id_missing") for line in range(600)]) for part in range(3))
    )
    report = import_source(source, "S", table)
    listed = report.as_json(lambda skipped: dict(skipped.params).get("count", ""))["skipped"]
    assert (report.skipped_count, len(listed)) == (1800, MAX_SKIPPED + 1)
    assert listed[-1] == {"line": MAX_SKIPPED - 1, "reason": "800"}


def test_an_import_that_breaks_off_leaves_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken off"), engine.begin() as connection:
        import_source(Source(Batch(1, [order("A")]), fails=True), "S", OrderTable(connection))
    with engine.begin() as connection:
        assert stored(OrderTable(connection)) == []
