"""Files into the store: the same twice changes nothing, corrections arrive, a broken file leaves no trace."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.odr import Tally
from bot.domain.policy import Policy
from bot.services.imports import ImportReport, import_source
from bot.sources.errors import SourceError
from bot.sources.mappings import Mappings
from bot.sources.opening import SourceLimits, open_source
from bot.store.database import connect
from bot.store.orders import OrderTable
from bot.store.tables import defects, metadata, orders
from tests.sources.conftest import shop
from tests.sources.samples import EXAMPLES, ORDER_HEADER, RETURN_HEADER, order, returned, table

Import = Callable[..., ImportReport]
REVIEWS = "Order ID,Review Rating,Review Time\n577184002100000001,{},11/05/2026 1:00:00 PM\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = connect(f"sqlite:///{tmp_path / 'orders.db'}")
    with engine.begin() as connection:
        metadata.create_all(connection)
    yield engine
    engine.dispose()


@pytest.fixture
def taken(engine: sa.Engine, tmp_path: Path, policy: Policy, mappings: Mappings) -> Import:
    """Imports text, bytes or a file for a US shop."""

    def take(content: str | Path, **limits: int) -> ImportReport:
        path = content if isinstance(content, Path) else tmp_path / "file.csv"
        if not isinstance(content, Path):
            path.write_text(content, newline="")
        with engine.begin() as connection:
            source = open_source(path, shop(), policy, mappings, limits=SourceLimits(**limits))
            return import_source(source, "US-1", OrderTable(connection))

    return take


def rows(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [
            tuple(row)
            for each in (orders, defects)
            for row in connection.execute(sa.select(each).order_by(*each.primary_key))
        ]


def test_the_examples_twice(engine: sa.Engine, taken: Import) -> None:
    names = ("orders-us.csv", "returns-us.csv", "defects.csv")
    reports = [[taken(EXAMPLES / name) for name in names] for _ in range(2)]
    assert reports[0] == reports[1]
    assert [(report.rows, report.orders, report.defects.total()) for report in reports[0]] == [
        (13, 12, 0),
        (4, 0, 2),
        (2, 0, 2),
    ]
    once = rows(engine)
    taken(EXAMPLES / "orders-us.csv")
    assert rows(engine) == once
    with engine.connect() as connection:
        counted = OrderTable(connection).day_counts(["US-1"], 20_763, 20_763, "per_defect", "event", ())
    # The orders of 5 November in California after 16:00 are of 6 November UTC.
    assert dict(counted["US-1"]) == {20_763: Tally(2, 1, 2)}


def test_a_corrected_file_updates(engine: sa.Engine, taken: Import) -> None:
    taken(table(ORDER_HEADER, order()))
    taken(table(RETURN_HEADER, returned()))
    taken(REVIEWS.format(1))
    assert [row[3:5] for row in rows(engine)[:1]] == [(20_762, True)]
    assert [row[6] for row in rows(engine)[1:]] == [True, True]
    taken(table(ORDER_HEADER, order(Order_Status="Canceled")))
    taken(table(RETURN_HEADER, returned(Return_Status="Refund rejected")))
    taken(REVIEWS.format(5))
    assert not rows(engine)[0][4]
    assert [row[6] for row in rows(engine)[1:]] == [False, False]


def test_a_file_that_breaks_off_leaves_nothing(engine: sa.Engine, taken: Import) -> None:
    lines = "".join(f"A{number},2026-11-05T08:30:00Z,true\n" for number in range(2_000))
    with pytest.raises(SourceError, match="nul_bytes"):
        taken(f"order_id,created_at,valid\n{lines}\0", block_bytes=10_000)
    assert rows(engine) == []
