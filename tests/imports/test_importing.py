"""Files as a whole: asked about, taken, taken back, on every database (domain.md §1a)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.dateorder import DateOrder, WrittenDate
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.domain.statuses import StatusWord, encoded
from bot.ports.sources import Batch, DefectRow, OrderRow
from bot.ports.store import Unit
from bot.services.importing import DataChange, Importing, ImportRequest
from bot.store.tables import defects, defects_before, orders, orders_before
from bot.store.unit import Store

NOW = datetime(2026, 11, 7, 8, tzinfo=UTC)
DAY = 20_762
START = DAY * 86_400_000
CLOSED = StatusWord("status", "closed")


class Fixed:
    def now(self) -> datetime:
        return NOW


class Given:
    """A source of given batches."""

    kind = "orders"

    def __init__(self, *batches: Batch, dates: Iterable[WrittenDate] = (), kind: str = "orders") -> None:
        self.given, self.dates, self.kind = batches, tuple(dates), kind

    def batches(self) -> Iterable[Batch]:
        yield from self.given


def order(number: str, hours: float = 1, valid: bool | None = True, buyer: str = "") -> OrderRow:
    at = START + int(hours * 3_600_000)
    return (number, at, at // 86_400_000, valid, "", "", buyer)


def defect(number: str, hours: float = 5, counted: bool = True) -> DefectRow:
    at = START + int(hours * 3_600_000)
    return (number, "return_refund", at, at // 86_400_000, True, counted, "late")


def file(shop: str = "S", stated: DateOrder | None = None, move: bool = False) -> ImportRequest:
    return ImportRequest(shop, "orders.csv", "li", DateOrder.MDY, stated, move)


class Desk:
    """The service over a store, with what it has measured again."""

    def __init__(self, store: Store) -> None:
        self.store, self.changes = store, list[DataChange]()
        self.importing = Importing(store.unit, Fixed(), self.measured, lambda unit, number, by: None)
        with store.unit() as unit:
            for shop in ("S", "T"):
                unit.shops.save(Shop(shop, shop, "US", "UTC"))

    def measured(self, unit: Unit, change: DataChange) -> None:
        self.changes.append(change)

    def take(self, *batches: Batch, request: ImportRequest | None = None, **more: Any) -> str:
        return self.importing.take(Given(*batches, **more), request or file()).id

    def rows(self) -> list[tuple[Any, ...]]:
        """Every row that counts, with the import that wrote it."""
        with self.store.engine.connect() as connection:
            queries = (sa.select(each).order_by(*each.primary_key) for each in (orders, defects))
            return [tuple(row) for query in queries for row in connection.execute(query)]

    def kept(self) -> int:
        with self.store.engine.connect() as connection:
            tables = (orders_before, defects_before)
            return sum(connection.scalar(sa.select(sa.func.count()).select_from(each)) or 0 for each in tables)

    def validity(self) -> dict[str, bool | None]:
        with self.store.unit(read_only=True) as unit:
            return {key: found.valid for key, found in unit.orders.by_ids("S", list("ABCD")).items()}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_undo_makes_everything_as_it_was(desk: Desk) -> None:
    first = Batch(3, [order("A"), order("B"), order("C", buyer="ann")])
    returns = Batch(2, defects=[defect("A"), defect("B")], cleared=[])
    desk.take(first)
    desk.take(returns, kind="returns")
    before = desk.rows()
    corrected = Batch(
        3, [order("A", hours=30), order("C", buyer="ann"), order("D", valid=None)], words={"D": "status=x"}
    )
    again = Batch(1, repeated=[order("A", hours=29), order("B", hours=-2)])
    late = Batch(1, defects=[defect("A", hours=40), defect("D")], cleared=[("B", "return_refund")])
    one = desk.take(corrected, again)
    two = desk.take(late, kind="returns")
    assert desk.rows() != before
    desk.importing.undo(two, "li")
    desk.importing.undo(one, "li")
    assert desk.rows() == before and desk.kept() == 0
    assert [(each.id, each.state) for each in desk.importing.listed()] == [
        (two, "undone"),
        (one, "undone"),
        ("2", "taken"),
        ("1", "taken"),
    ]


def test_days_are_measured_again_with_who_and_why(desk: Desk) -> None:
    number = desk.take(Batch(2, [order("A"), order("B", hours=30)]))
    desk.importing.undo(number, "wang")
    day = date(2026, 11, 5)
    both = frozenset({day, day + timedelta(days=1)})
    assert desk.changes == [
        DataChange("S", both, "li", "import 1"),
        DataChange("S", both, "wang", "undo of import 1", restores=True),
    ]


def test_unchanged_rows_are_neither_written_nor_kept(desk: Desk) -> None:
    rows = Batch(2, [order("A"), order("B")], defects=[defect("A")])
    desk.take(rows)
    before = desk.rows()
    desk.take(rows)
    assert desk.rows() == before and desk.kept() == 0


@pytest.mark.parametrize("wrong", ["9", "", "x", "-1", "１"])
def test_an_import_that_is_none(desk: Desk, wrong: str) -> None:
    with pytest.raises(Refusal, match="no_such_import"):
        desk.importing.undo(wrong, "li")


def test_later_files_of_the_same_days_are_undone_first(desk: Desk) -> None:
    first = desk.take(Batch(1, [order("A")]))
    other = desk.take(Batch(1, [order("Z", hours=200)]))
    later = desk.take(Batch(2, [order("A"), order("B", hours=30)]))
    with pytest.raises(Refusal) as refused:
        desk.importing.undo(first, "li")
    assert (refused.value.key, refused.value.params["later"]) == ("imports_in_the_way", later)
    desk.importing.undo(later, "li")
    desk.importing.undo(first, "li")
    with pytest.raises(Refusal, match="import_undone"):
        desk.importing.undo(first, "li")
    assert [each.id for each in desk.importing.listed() if each.state == "taken"] == [other]


def test_orders_of_another_shop_are_asked_about_and_nothing_is_stored(desk: Desk) -> None:
    desk.take(Batch(2, [order("A"), order("B")], defects=[defect("A")]))
    before = desk.rows()
    for batch in (Batch(2, [order("B"), order("C")]), Batch(1, defects=[defect("A")])):
        with pytest.raises(Refusal) as refused:
            desk.take(batch, request=file("T"))
        assert (refused.value.key, refused.value.params["others"]) == ("ids_of_another_shop", "S")
    assert desk.rows() == before and len(desk.importing.listed()) == 1


def test_orders_move_with_their_defects_and_back(desk: Desk) -> None:
    desk.take(Batch(2, [order("A"), order("B")], defects=[defect("A", hours=50)]))
    before = desk.rows()
    desk.changes.clear()
    moved = desk.take(Batch(1, [order("A")]), request=file("T", move=True))
    assert [row[:2] for row in desk.rows()] == [("S", "B"), ("T", "A"), ("T", "A")]
    assert {change.shop: len(change.days) for change in desk.changes} == {"S": 2, "T": 1}
    desk.importing.undo(moved, "li")
    assert desk.rows() == before


def test_dates_that_may_be_read_two_ways_are_asked_about(desk: Desk) -> None:
    batch = Batch(1, [order("A")])
    written = [(day, 11, 2026) for day in range(1, 7)]
    with pytest.raises(Refusal) as refused:
        desk.take(batch, dates=written)
    assert refused.value.key == "dates_unclear"
    assert refused.value.params["dmy"]["last"] == date(2026, 11, 6)
    assert refused.value.params["mdy"]["first"] == date(2026, 1, 11)
    assert desk.rows() == [] and desk.importing.listed() == []
    desk.take(batch, dates=written, request=file(stated=DateOrder.DMY))
    assert [(each.dates, each.first_day) for each in desk.importing.listed()] == [("dmy", DAY)]


def test_dates_that_would_move_what_is_known_are_asked_about(desk: Desk) -> None:
    desk.take(Batch(1, [order("A")], defects=[defect("B")]))
    for moved in (Batch(1, [order("A", hours=24 * 40)]), Batch(1, defects=[defect("B", hours=24 * 40)])):
        with pytest.raises(Refusal, match="dates_unclear"):
            desk.take(moved, dates=[(11, 5, 2026)])
    desk.take(Batch(1, [order("A", hours=2)]), dates=[(11, 5, 2026)])


def test_an_answer_about_a_word_is_remembered_and_can_be_corrected(desk: Desk) -> None:
    words = {"B": encoded([CLOSED]), "C": encoded([CLOSED, StatusWord("sale_type", "")])}
    desk.take(Batch(3, [order("A"), order("B", valid=None), order("C", valid=None)], words=words))
    assert [(each.word, each.orders, each.valid) for each in desk.importing.words(["S", "T"])] == [
        (CLOSED, 2, None),
        (StatusWord("sale_type", ""), 1, None),
    ]
    desk.changes.clear()
    desk.importing.answer("S", CLOSED, True, "li")
    assert desk.validity() == {"A": True, "B": True, "C": None}
    desk.importing.answer("S", CLOSED, False, "li")
    assert desk.validity() == {"A": True, "B": False, "C": False}
    assert [len(change.days) for change in desk.changes] == [1, 1]
    assert desk.importing.answers("S") == {CLOSED: False} and desk.importing.answers("T") == {}
    with pytest.raises(Refusal, match="no_such_status"):
        desk.importing.answer("S", StatusWord("status", "shut"), True, "li")


def test_an_order_in_clear_words_is_asked_about_no_more(desk: Desk) -> None:
    desk.take(Batch(2, [order("A", valid=None), order("B", valid=None)], words={"A": "status=x", "B": "status=x"}))
    desk.importing.answer("S", StatusWord("status", "x"), True, "li")
    desk.take(Batch(1, [order("A")]), Batch(1, repeated=[order("B")]))
    assert desk.importing.words(["S"]) == []


def test_what_was_answered_meanwhile_holds_for_rows_that_undo_brings_back(desk: Desk) -> None:
    desk.take(Batch(1, [order("A", valid=None)], words={"A": "status=x"}))
    later = desk.take(Batch(2, [order("A"), order("B", valid=None)], words={"B": "status=x"}))
    desk.importing.answer("S", StatusWord("status", "x"), False, "li")
    desk.importing.undo(later, "li")
    assert desk.validity() == {"A": False}
