"""Exports as people drop them: the layouts of Seller Center, and tables that are none."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.settings.files import data_root

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
