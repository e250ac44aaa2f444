"""What becomes of tracking pages in the conversation: a case has an order for each page's own number, the pictures
are sent one after the other, and each is to be filed to its order, as what it is, without a question.

Run: python -m benchmarks.flow FOLDER [--half HALF] (a folder that benchmarks.pages rendered, or real pictures with a
truth.json). A page without a capture date, or with an old one, is filed and still does not meet the requirement
(domain.md §5 `watermark`, `freshness`): what stops it is printed. Ends with exit code 1 when a page is not filed.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.pages.label import Label
from benchmarks.pages.real import load
from benchmarks.pages.split import SETS
from bot.conversation.events import FileReceived, Upload
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import PersonSettings, ShopSettings
from bot.store.tables import to_ms

NOW, DAY = datetime(2026, 11, 20, 8, tzinfo=UTC), date(2026, 11, 19)
DAYS, A_DAY, A_DAY_MS, KIND = 34, 100, 86_400_000, "tracking_page"
NUMBERS = {"tracking_number", "tracking_match", "order_match"}
DATES = {"watermark", "freshness", "timestamps"}
Row = tuple[object, ...]


@dataclass(frozen=True)
class Sent:
    """A page that was sent: whether it was filed to its order as what it is, the rules that stop it, and whether it
    meets the requirement."""

    label: Label
    filed: bool
    stops: set[str]
    met: bool


def pages(folder: Path, half: str) -> list[tuple[Label, str]]:
    """The carriers' pages with the number that a person would read on them first."""
    labels = [label for label in load(folder) if label.kind == KIND and half in ("", label.half)]
    whole = [[number.value for number in label.tracking if number.whole and number.legible] for label in labels]
    return [(label, own[0]) for label, own in zip(labels, whole, strict=True) if own]


def order_of(place: int) -> str:
    """The id of the order of the page at that place."""
    return f"5764614130387{place:05}"


def rows(numbers: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """Quiet days, and a day on which every order with one of the numbers has a defect, as rows of the store."""
    orders: list[Row] = []
    for back in range(DAYS, -1, -1):
        midnight = to_ms(datetime.combine(DAY - timedelta(days=back), datetime.min.time(), UTC))
        times = [midnight + number * A_DAY_MS // A_DAY for number in range(A_DAY)]
        orders += [(f"57640000{back:04}{at % A_DAY_MS:08}", at, at // A_DAY_MS, True, "", "", "") for at in times]
    hurt = to_ms(datetime.combine(DAY, datetime.min.time(), UTC))
    made, defects = hurt - 9 * A_DAY_MS, []  # type: int, list[Row]
    for place, number in enumerate(numbers):
        orders.append((order_of(place), made, made // A_DAY_MS, True, number, "", f"b{place}"))
        defects.append((order_of(place), "return_refund", hurt + place, hurt // A_DAY_MS, True, True, "late"))
    return orders, defects


def with_case(folder: Path, numbers: Sequence[str]) -> App:
    """The program with one open case of all these orders."""
    shop = ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=date(2024, 1, 5))
    settings = Settings(data_dir=folder, shops=[shop], people=[PersonSettings(id="li", role="admin")])
    app = App(settings, FrozenClock(NOW)).open()
    orders, defects = rows(numbers)
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(DAY)
    return app


def sent(app: App, case_id: str, folder: Path, found: Sequence[tuple[Label, str]]) -> Iterator[Sent]:
    """Send the pages, and tell what became of each."""
    for place, (label, _) in enumerate(found):
        copy = app.upload_dir / label.file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / label.file, copy)
        files = (Upload(copy, label.file, copy.stat().st_size),)
        app.dispatcher.handle(FileReceived(f"sent-{place}", "console:ops", "li", NOW, "", uploads=files, text=""))
        with app.store.unit(read_only=True) as unit:
            item = unit.evidence.of_case(case_id)[-1]
        judged = app.judge.judge(case_id)
        stops = {each.rule for each in judged.review.findings if each.stops(item.id, item.kind)}
        filed = item.kind == KIND and item.order_ids == [order_of(place)]
        yield Sent(label, filed and not stops & NUMBERS, stops, "logistics" in judged.review.meets(item.id))


def main() -> None:
    """Send the pages and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flow", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=(*SETS, "real"), default="")
    told = parser.parse_args()
    found = pages(told.folder, told.half)
    with tempfile.TemporaryDirectory(prefix="odr-bot-flow-") as name:
        app = with_case(Path(name), [number for _, number in found])
        with app.store.unit(read_only=True) as unit:
            [case] = unit.cases.listed(["us-1"])
        results = list(sent(app, case.id, told.folder, found))
        app.engine.dispose()
    for each in results:
        if not each.filed or each.stops - DATES:
            print(f"{each.label.id:28}{'filed' if each.filed else 'not filed'}, stopped by {sorted(each.stops)}")
    filed, met = sum(each.filed for each in results), sum(each.met for each in results)
    undated = sum(bool(each.stops) and each.stops <= DATES for each in results)
    print(f"filed without a question: {filed}/{len(results)}; the requirement is met by {met}, ", end="")
    print(f"{undated} lack a fresh capture date or times")
    sys.exit(filed < len(results))


if __name__ == "__main__":
    main()
