"""What a file and an API both say of an order: one order, one defect, and the newer is believed (domain.md §1a)."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.statuses import StatusWord, encoded
from bot.ports.sources import Batch
from bot.store.tables import orders
from bot.store.unit import Store
from tests.imports.test_importing import NOW, START, Desk, defect, order

KIND = "return_refund"


class Sources(Desk):
    """Files and an API that write to one shop. Hours count from the start of the day of most rows."""

    def api(self, *rows: Any, hours: float, defects: Any = (), clear: Any = (), words: Any = ()) -> list[Any]:
        at = START + int(hours * 3_600_000)
        with self.store.unit() as unit:
            writer = unit.imports.begin("S", "orders", "API", "odr-bot", NOW)
            writer.upsert_orders("S", rows, {row[0]: at for row in rows})
            writer.explain("S", words)
            writer.upsert_defects("S", defects, {row[:2]: at for row in defects})
            writer.clear_defects("S", clear, dict.fromkeys(clear, at))
            self.last = writer.import_id
            return [(each.order_id, each.subject, each.kept) for each in writer.differences]

    def valid(self) -> dict[str, Any]:
        with self.store.engine.connect() as connection:
            return {row.id: row.valid for row in connection.execute(sa.select(orders))}

    def counted(self) -> dict[str, bool]:
        return {row[1]: row[6] for row in self.rows() if row[2] == KIND}


@pytest.fixture
def sources(store: Store) -> Sources:
    return Sources(store)


def told(report: Any) -> list[Any]:
    return [(each.order_id, each.subject, each.kept) for each in report.differences]


def take(sources: Sources, *batches: Batch, **more: Any) -> Any:
    from tests.imports.test_importing import Given, file

    return sources.importing.take(Given(*batches, **more), file())


def test_one_order_of_both_is_one_order(sources: Sources) -> None:
    take(sources, Batch(1, [order("1", buyer="li")]))
    assert sources.api(order("1", buyer=""), order("2"), hours=2) == []
    assert sources.valid() == {"1": True, "2": True}
    assert told(take(sources, Batch(2, [order("1"), order("2", buyer="wang")]))) == []
    assert [row[8] > 0 for row in sources.rows()] == [True, True], "the API's times stay"
    assert [row[7] for row in sources.rows()] == ["li", "wang"], "texts that one lacks are the other's"


@pytest.mark.parametrize(("hours", "kept"), [(9.0, "api"), (1.0, "file")])
def test_an_api_that_knows_newer_things_is_believed(sources: Sources, hours: float, kept: str) -> None:
    """The file's newest row is of the hour 5."""
    take(sources, Batch(2, [order("1"), order("9", 5)]))
    assert sources.api(order("1", valid=False), hours=hours) == [("1", "order", kept)]
    assert sources.valid()["1"] is (kept == "file")


@pytest.mark.parametrize(("newest", "kept"), [(9, "file"), (3, "api")])
def test_a_file_that_knows_newer_things_is_believed(sources: Sources, newest: float, kept: str) -> None:
    sources.api(order("1", valid=False), hours=5)
    before = sources.rows()
    report = take(sources, Batch(2, [order("1"), order("2", newest)]))
    assert told(report) == [("1", "order", kept)] and sources.valid()["1"] is (kept == "file")
    sources.importing.undo(report.id, "li")
    assert sources.rows() == before


@pytest.mark.parametrize(("hours", "counted"), [(9.0, False), (1.0, True)])
def test_a_defect_of_both_is_one_defect_as_the_newer_knows_it(sources: Sources, hours: float, counted: bool) -> None:
    take(sources, Batch(2, [order("1")], [defect("1")]), kind="returns")
    found = sources.api(hours=hours, defects=[defect("1", counted=False)])
    assert found == [("1", KIND, "file" if counted else "api")] and sources.counted() == {"1": counted}


@pytest.mark.parametrize(("newest", "counted"), [(9, False), (3, True)])
def test_a_file_that_clears_a_defect_of_the_api(sources: Sources, newest: float, counted: bool) -> None:
    sources.api(defects=[defect("1")], hours=5)
    report = take(sources, Batch(2, [order("2", newest)], cleared=[("1", KIND)]))
    assert told(report) == [("1", KIND, "file" if not counted else "api")] and sources.counted() == {"1": counted}


def test_an_unknown_word_of_a_file_says_nothing_against_the_api(sources: Sources) -> None:
    sources.api(order("1"), hours=1)
    words = {"1": encoded([StatusWord("status", "closed")])}
    assert told(take(sources, Batch(1, [order("1", valid=None)], words=words))) == []
    assert sources.valid() == {"1": True} and sources.importing.words(["S"]) == []


def test_of_one_api_the_newer_update_wins_and_an_old_page_changes_nothing(sources: Sources) -> None:
    sources.api(order("1", valid=False), hours=5)
    assert sources.api(order("1"), hours=4) == [] and sources.valid() == {"1": False}
    sources.api(order("1"), hours=6)
    assert sources.valid() == {"1": True}
    sources.importing.undo(str(sources.last), "li")
    assert sources.valid() == {"1": False}


def test_an_update_that_changes_nothing_else_is_remembered_and_no_change(sources: Sources) -> None:
    sources.api(order("1"), hours=1)
    sources.api(order("1"), hours=8)
    assert sources.kept() == 0
    assert told(take(sources, Batch(2, [order("1", valid=False), order("2", 5)]))) == [("1", "order", "api")]
