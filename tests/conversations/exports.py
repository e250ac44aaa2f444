"""Exports as people drop them: the layouts of Seller Center, and tables that are none."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from pydantic import TypeAdapter

from bot.domain.policy import Policy
from bot.ports.sources import Batch, ExportRefused, ExportSigns, ReadAs, ReadEnd
from bot.settings.files import data_root, load_data
from bot.sources.errors import SourceError
from bot.sources.mappings import load_mappings
from bot.sources.opening import open_source
from bot.sources.process import parts
from bot.sources.recognising import recognised
from bot.sources.walled import WalledExports

US_COLUMNS: Sequence[str] = next(
    csv.reader((data_root("config") / "examples" / "orders-us.csv").read_text("utf-8-sig").splitlines())
)
MY_COLUMNS = (
    "Order ID",
    "Order Status",
    "Order Substatus",
    "Cancelation/Return Type",
    "Normal or Pre-order",
    "SKU ID",
    "Seller SKU",
    "Product Name",
    "Variation",
    "Quantity",
    "Order Amount",
    "Created Time",
    "Paid Time",
    "Cancelled Time",
    "Tracking ID",
    "Shipping Provider Name",
    "Buyer Username",
    "Country",
    "State",
    "Post Town",
    "Detail Address",
    "Payment Method",
)
RETURN_COLUMNS = (
    "Return Order ID",
    "Order ID",
    "Order Amount",
    "Order Status",
    "Order Substatus",
    "Payment Method",
    "SKU ID",
    "Seller SKU",
    "Product Name",
    "SKU Name",
    "Buyer Username",
    "Return Type",
    "Time Requested",
    "Return Reason",
    "Return unit price",
    "Return Quantity",
    "Return Logistics Tracking ID",
    "Return Status",
    "Return Sub Status",
    "Refund Time",
    "Dispute Status",
    "Appeal Status",
    "Compensation Status",
    "Compensation Amount",
    "Buyer Note",
)
NEWEST = datetime(2026, 11, 19, 20, tzinfo=UTC)


def table(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    """The rows as a CSV with a BOM, with the trailing tabs of Seller Center's ids and times."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        tabbed = {name: f"{text}\t" if name.endswith(("Time", " ID")) else text for name, text in row.items()}
        writer.writerow([tabbed.get(name, "") for name in columns])
    return "\ufeff" + out.getvalue()


def us_orders(count: int = 40, first: int = 576500000000000017, **same: str) -> str:
    """Orders of the last days as Seller Center exports them in the US, newest first."""
    return table(
        US_COLUMNS,
        [
            {
                "Order ID": str(first + number * 7),
                "Order Status": "Shipped",
                "Created Time": f"{NEWEST - timedelta(hours=2 * number):%m/%d/%Y %I:%M:%S %p}",
                "Country": "United States",
                **same,
            }
            for number in range(count)
        ],
    )


def my_orders(days: Sequence[str], first: int = 576600000000000017) -> str:
    """Orders created at these local times (as the file writes them) as Seller Center exports them in Malaysia."""
    return table(
        MY_COLUMNS,
        [
            {
                "Order ID": str(first + number * 7),
                "Order Status": "Shipped",
                "Created Time": at,
                "Country": "Malaysia",
            }
            for number, at in enumerate(days)
        ],
    )


def returns(orders: Sequence[str], at: str = "11/18/2026 10:00:00 AM") -> str:
    """Completed returns of these orders."""
    return table(
        RETURN_COLUMNS,
        [
            {"Return Order ID": f"4{order}", "Order ID": order, "Time Requested": at, "Return Status": "Completed"}
            for order in orders
        ],
    )


ERP_LOG = (
    "time,order_no,api,request_id,http_status,message\n"
    "2026-11-18 10:00:01,576461413038785751,/order/202309/orders/ship,ab12,504,timeout while synchronising\n"
    "2026-11-18 10:05:01,576461413038785751,/order/202309/orders/ship,ab13,504,timeout while synchronising\n"
)
TRACKING_TABLE = (
    "Tracking number,Time,Status,Location\n1Z999AA10123456784,2026-11-10 08:00,Picked up,Shenzhen\n"
    "1Z999AA10123456784,2026-11-15 08:00,Arrived,Los Angeles\n"
)


def zipped(*files: tuple[str, str | bytes]) -> bytes:
    """A ZIP archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def mailed(*files: tuple[str, str | bytes], words: str = "The report that you asked for.\n") -> bytes:
    """A mail that brings these files."""
    message = EmailMessage()
    message["From"], message["To"] = "reports@erp.example.com", "ops@example.com"
    message["Subject"], message["Date"] = "Daily report", "Thu, 19 Nov 2026 10:00:00 +0000"
    message.set_content(words)
    for name, content in files:
        data = content if isinstance(content, bytes) else content.encode()
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


_SIGNS = TypeAdapter(ExportSigns)


class UnwalledExports(WalledExports):
    """Opens exports in this process, where a test is about what people say and not about the walls."""

    def recognise(self, path: Path) -> ExportSigns:
        try:
            return _SIGNS.validate_python(recognised(path, self.mappings))
        except SourceError as error:
            return ExportSigns(why=error.key, params=error.params)

    def read(self, path: Path, wanted: ReadAs) -> Iterator[tuple[str, Batch] | ReadEnd]:
        given = (wanted.shop, load_data(self.policy, Policy), self.mappings, wanted.kind or None, None, wanted.dates)
        try:
            source = open_source(path, *given, wanted.answers)
            for batch in source.batches():
                for part in parts(batch):
                    line = json.dumps(part) + "\n"
                    yield line, self.batch_of(line)
        except SourceError as error:
            raise ExportRefused(error.key, error.params) from error
        yield ReadEnd(source.kind, tuple(sorted(source.dates)))


def unwalled() -> UnwalledExports:
    """The reader of exports of a program that tests talk to."""
    folder = data_root("config")
    return UnwalledExports(folder, folder / "policies" / "tiktok-shop.toml", load_mappings(folder))
