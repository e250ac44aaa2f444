"""However data come in, each of their days is measured once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from bot.services.measuring import ShopCheck
from bot.services.monitoring import Monitoring
from tests.cli.conftest import DAY, DEFECT_COLUMNS, Cli, DayStory, month, order_id


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[tuple[str, date]]]:
    """How often each shop's day was measured to be kept."""
    found: Counter[tuple[str, date]] = Counter()

    def kept(check: ShopCheck) -> dict[str, object]:
        found[check.shop.id, check.detection.measurement.day] += 1
        return snapshot(check)

    snapshot = Monitoring._snapshot
    monkeypatch.setattr(Monitoring, "_snapshot", staticmethod(kept))
    yield found


def test_a_file(cli: Cli, measured: Counter[tuple[str, date]]) -> None:
    cli.load("us-1", month(DayStory(100, 1)))
    measured.clear()
    # The same days once more, with other defects: every day that was measured is again, once.
    cli.load("us-1", {DAY: DayStory(100)})
    assert measured == {("us-1", DAY): 1}
    number = cli.json("imports")["imports"][0]["id"]
    measured.clear()
    undone = cli("import", "--undo", number)
    assert undone.exit_code == 0, undone.stderr
    assert measured == {("us-1", DAY): 1}


def test_the_demo(cli: Cli, measured: Counter[tuple[str, date]]) -> None:
    assert cli("demo").exit_code == 0
    assert {day for _, day in measured} >= {DAY} and set(measured.values()) == {1}


def test_a_file_without_a_row_says_that_there_was_nothing(cli: Cli, measured: Counter[tuple[str, date]]) -> None:
    cli.load("us-1", {DAY: DayStory(100)})
    assert cli.json("check", "--shop", "us-1")["shops"][0]["state"] == "partial"
    measured.clear()
    empty = cli.file(
        "returns.csv", ",".join(DEFECT_COLUMNS) + f"\n{order_id(DAY, 1)},return_refund,2026-11-01T08:00:00Z,late\n"
    )
    done = cli("import", empty, "--shop", "us-1", "--kind", "defects", "--exported", "2026-11-20T08:00:00Z")
    assert done.exit_code == 0, done.stderr
    assert measured["us-1", DAY] == 1 and set(measured.values()) == {1}
    measured.clear()
    undone = cli("import", "--undo", cli.json("imports")["imports"][0]["id"])
    assert undone.exit_code == 0, undone.stderr
    assert measured["us-1", DAY] == 1 and set(measured.values()) == {1}
