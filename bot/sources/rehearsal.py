"""Evidence for the demo shop with the red day, as a team would download it, to rehearse a case until it is ready."""

from datetime import UTC, datetime, timedelta

from bot.domain.orders import Shop
from bot.ports.sources import DefectRow, OrderRow
from bot.sources.demo import DemoSource, demo_source

SCOPE = timedelta(hours=24)


def demo_evidence(shop: Shop, now: datetime) -> list[tuple[str, bytes]]:
    """File names and bytes: for each order of yesterday's anomaly (UTC) the carrier's page and the conversation,
    and one ERP log for all; nothing after a quiet day. Times in them are UTC and lie before `now`."""
    source = demo_source(shop, now)
    orders = {order[0]: order for order in source.orders}
    pairs = [(orders[defect[0]], defect) for defect in _in_scope(source)]
    if not pairs:
        return []
    files = [("erp-sync-log.csv", _erp_log(pairs))]
    for order, defect in pairs:
        files.append((f"tracking-{order[0]}.txt", _tracking_page(shop, order, defect, now)))
        files.append((f"inbox-{order[0]}.txt", _conversation(order, defect)))
    return [(name, text.encode()) for name, text in files]


def _in_scope(source: DemoSource) -> list[DefectRow]:
    """The defects of yesterday and of the 24 hours before the first of them; none after a quiet day."""
    yesterday = max(order[2] for order in source.orders)
    began = min((defect[2] for defect in source.defects if defect[3] == yesterday), default=None)
    if began is None:
        return []
    return [defect for defect in source.defects if defect[2] >= began - SCOPE // timedelta(milliseconds=1)]


def _at(ms: int, **later: float) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC) + timedelta(**later):%Y-%m-%d %H:%M}"


def _tracking_page(shop: Shop, order: OrderRow, defect: DefectRow, now: datetime) -> str:
    captured = now - timedelta(minutes=20)
    delivered = _at(defect[2], hours=-3)
    return f"""{order[5]} - Track your package
Tracking number: {order[4]}
Order number: {order[0]}
Site: TikTok Shop {shop.site}
All times are UTC

{delivered} UTC  Delivered, front door
{_at(defect[2], hours=-8)} UTC  Out for delivery
{_at(defect[2], hours=-40)} UTC  Delivery exception: delayed, sorting hub overloaded, parcel held in backlog
{_at(order[1], hours=60)} UTC  In transit, arrived at sorting hub
{_at(order[1], hours=20)} UTC  Picked up by carrier
{_at(order[1], hours=2)} UTC  Shipping label created

Captured on {captured:%Y-%m-%d %H:%M} UTC
"""


def _conversation(order: OrderRow, defect: DefectRow) -> str:
    buyer, complaint = order[6], defect[6]
    return f"""TikTok Inbox - complete conversation
Order ID: {order[0]}
With: {buyer}
All times are UTC

Buyer ({_at(defect[2], hours=-52)} UTC): Hi, my order {order[0]} has not moved for days. Where is it?
Seller ({_at(defect[2], hours=-51)} UTC): Sorry for the wait. {order[5]} took it on time, their hub is full.
Buyer ({_at(defect[2], hours=-50)} UTC): When will it arrive?
Seller ({_at(defect[2], hours=-49)} UTC): The carrier gave no new date yet. We asked them to hurry.
Buyer ({_at(defect[2], minutes=-20)} UTC): {complaint}
Seller ({_at(defect[2], minutes=-5)} UTC): We are sorry. The delay was at the carrier, we help right away.
"""


def _erp_log(pairs: list[tuple[OrderRow, DefectRow]]) -> str:
    lines = ["time,level,order_id,event,message"]
    for order, _ in pairs:
        steps = (
            (0.05, "order imported", "ERP sync ok"),
            (1.5, "label created", f"tracking number {order[4]}"),
            (18, "handed to carrier", f"ERP sync ok to {order[5]}"),
            (21, "status synchronised", "ERP sync ok: in transit sent to platform"),
        )
        lines += [
            f"{_at(order[1], hours=hours)}:00Z,INFO,{order[0]},{event},{words}" for hours, event, words in steps
        ]
    return "\n".join(lines) + "\n"
