"""Importing a million order rows, against csv.reader and one executemany of the same columns into the same table.

Run: python benchmarks/import_orders.py [rows]. Each run has a process of its own, both sides alternate on
engines with the same settings; medians are reported.
"""

import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.services.imports import import_source
from bot.settings.files import data_root, load_data
from bot.sources.mappings import load_mappings
from bot.sources.opening import open_source
from bot.store.changing import AuditedRows
from bot.store.database import connect
from bot.store.imports import ImportTable
from bot.store.tables import metadata

ROUNDS = 3
CANONICAL = ("order_id", "created_at", "valid", "tracking_number", "carrier", "buyer")
SELLER_CENTER = (
    "Order ID",
    "Created Time",
    "Order Status",
    "Tracking ID",
    "Shipping Provider Name",
    "Buyer Username",
)
US_ORDER_COLUMNS = next(
    csv.reader((data_root("config") / "examples" / "orders-us.csv").read_text("utf-8-sig").splitlines())
)
SHOP = Shop("S1", "Benchmark", "US", "America/Los_Angeles", opened_on=date(2025, 1, 1))


def write_files(folder: Path, rows: int) -> None:
    """The same orders, newest first as Seller Center lists them, in both layouts."""
    rng, newest = random.Random(1), datetime(2026, 11, 1, tzinfo=UTC)
    with (
        (folder / "canonical.csv").open("w", encoding="utf-8-sig", newline="") as canonical,
        (folder / "seller_center.csv").open("w", encoding="utf-8-sig", newline="") as seller_center,
    ):
        plain, wide = csv.writer(canonical), csv.writer(seller_center)
        plain.writerow(CANONICAL)
        wide.writerow(US_ORDER_COLUMNS)
        for number in range(rows):
            at = newest - timedelta(seconds=number * 2.7)
            order_id = str(576400000000000000 + int((at.timestamp() - 1.7e9) * 1e7) + rng.randrange(10**7))
            valid = rng.random() > 0.05
            tracking, buyer = f"1Z999AA1{rng.randrange(10**10):010d}", f"buyer{rng.randrange(10**6)}"
            plain.writerow([order_id, f"{at:%Y-%m-%dT%H:%M:%SZ}", str(valid).lower(), tracking, "UPS", buyer])
            wide.writerow(seller_center_row(order_id, at, valid, tracking, buyer, rng))


def seller_center_row(
    order_id: str, at: datetime, valid: bool, tracking: str, buyer: str, rng: random.Random
) -> list[str]:
    """One line of a Seller Center export, with its trailing tabs, quotation marks and filled columns."""
    stamp = f"{at - timedelta(hours=7):%m/%d/%Y %I:%M:%S %p}\t"
    filled = {
        "Order ID": f"{order_id}\t",
        "Order Status": "Shipped" if valid else "Canceled",
        "Order Substatus": "In transit",
        "Normal or Pre-order": "Normal",
        "SKU ID": f"1729384756{rng.randrange(10**8):08d}\t",
        "Seller SKU": f"SKU-{rng.randrange(900)}",
        "Product ID": f"17293847{rng.randrange(10**10):010d}\t",
        "Product Name": 'Wireless Earbuds, 40H Playtime "Pro" with Charging Case',
        "Variation": "Black, L",
        "Quantity": "1",
        "SKU Unit Original Price": "$29.99",
        "SKU Subtotal Before Discount": "$29.99",
        "SKU Subtotal After Discount": "$24.99",
        "Order Amount": "$26.99",
        **dict.fromkeys(("Created Time", "Paid Time", "RTS Time", "Shipped Time"), stamp),
        "Delivered Time": "\t",
        "Cancelled Time": "\t" if valid else stamp,
        "Fulfillment Type": "Fulfillment by seller",
        "Warehouse Name": "LA-01",
        "Tracking ID": tracking,
        "Delivery Option": "Standard shipping",
        "Shipping Provider Name": "UPS",
        "Buyer Username": buyer,
        "Recipient": "J*** D**",
        "Phone #": "(+1)***-***-1234",
        "Country": "United States",
        "State": "California",
        "City": "Los Angeles",
        "Zipcode": "90001\t",
        "Address Line 1": "12** Main Street",
        "Payment Method": "Credit card",
        "Weight(kg)": "0.25",
        "Product Category": "Audio",
        "Package ID": f"115{rng.randrange(10**15):015d}\t",
    }
    return [filled.get(name, "") for name in US_ORDER_COLUMNS]


def product(file: Path, database: Path) -> None:
    """The import as the product does it."""
    policy = load_data(data_root("config") / "policies" / "tiktok-shop.toml", Policy)
    mappings = load_mappings(data_root("config"))
    with connect(f"sqlite:///{database}").begin() as connection:
        writer = ImportTable(AuditedRows(connection)).begin(SHOP.id, "orders", file.name, "", datetime.now(UTC))
        report = import_source(open_source(file, SHOP, policy, mappings), SHOP.id, writer)
    assert not report.skipped, report.skipped[:3]


def by_hand(file: Path, database: Path) -> None:
    """csv.reader and one executemany, texts as they are: no time is parsed, nothing is checked."""
    names = CANONICAL if file.name == "canonical.csv" else SELLER_CENTER
    with connect(f"sqlite:///{database}").begin() as connection, file.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text)
        header = next(rows)
        order_id, at, valid, tracking, carrier, buyer = map(header.index, names)
        cursor = connection.connection.cursor()
        cursor.executemany(
            "INSERT INTO shop_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0)",
            ((SHOP.id, r[order_id], r[at], 20000, r[valid], r[tracking], r[carrier], r[buyer]) for r in rows),
        )


def run_once(side: str, file: Path) -> None:
    """One timed import into a fresh database; prints wall and CPU seconds and peak memory in MB as JSON."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        database = Path(folder) / "orders.db"
        with connect(f"sqlite:///{database}").begin() as connection:
            metadata.create_all(connection)
        start, busy = time.perf_counter(), time.process_time()
        {"product": product, "by_hand": by_hand}[side](file, database)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(json.dumps([seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def compare(file: Path) -> None:
    """Alternate both sides and print medians, ratio and peak memory."""
    taken: dict[str, list[list[float]]] = {"by_hand": [], "product": []}
    for _ in range(ROUNDS):
        for side, results in taken.items():
            command = [sys.executable, __file__, "--once", side, str(file)]
            results.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    print(f"{file.stem:14} peak {max(memory for *_, memory in taken['product']):.0f} MB", end="")
    for column, label in enumerate(("wall", "CPU")):
        hand, ours = (statistics.median(run[column] for run in taken[side]) for side in taken)
        print(f"  {label}: product {ours:.2f} s, by hand {hand:.2f} s, ratio {ours / hand:.2f}", end="")
    print(flush=True)


def main() -> None:
    """Write the files and compare."""
    if sys.argv[1:2] == ["--once"]:
        run_once(sys.argv[2], Path(sys.argv[3]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), rows)
        for name in ("canonical.csv", "seller_center.csv"):
            compare(Path(folder) / name)


if __name__ == "__main__":
    main()
