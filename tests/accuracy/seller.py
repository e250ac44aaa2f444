"""Seller Center order pages and ERP screens."""

from datetime import datetime, timedelta
from random import Random

from tests.accuracy.carriers import CARRIERS, Carrier, digits, order_id
from tests.accuracy.chats import NAMES
from tests.accuracy.dates import Print, pick
from tests.accuracy.page import capture_mark, choose_look, number, shell, text
from tests.accuracy.tracking import Drawn, capture_time
from tests.accuracy.truth import Moment, Truth
from tests.accuracy.words import ORDER, said

_HOSTS = {"US": "seller-us.tiktok.com", "UK": "seller-uk.tiktok.com", "SA": "seller-sa.tiktok.com"}


def draw_order(random: Random, family: str) -> Drawn:
    """One order's page, with its address in the browser bar."""
    carrier = random.choice([item for item in CARRIERS if not item.labelled])
    language, look = random.choice(("en", "zh")), choose_look(random, family, "#111")
    captured = capture_time(random)
    created = (captured - timedelta(days=random.randint(3, 9), minutes=random.randint(1, 900))).replace(second=0)
    paid = created + timedelta(minutes=random.randint(1, 40))
    order, value, buyer = order_id(random), carrier.make(random), random.choice(NAMES) + digits(random, 2)
    prints = pick(random, family, language, carrier.site)
    rows = _fields(family, language, carrier, (order, value, buyer), (created, paid), prints)
    host = _HOSTS.get(carrier.site, f"seller-{carrier.site.lower()}.tiktok.com")
    bar = f'<div class="url">https://{host}/order/detail?shop_region={carrier.site}</div>'
    title = f"<main><h1>{said(ORDER[language]['title'], family)}</h1>"
    mark, style = capture_mark(random, look, captured)
    truth = Truth(
        kind="order_detail",
        family=family,
        language=language,
        carrier=carrier.name,
        layout=f"order/{look.device}/{look.theme}/{style}",
        site=carrier.site,
        tracking=(value,),
        order_ids=(order,),
        moments=(Moment(created), Moment(paid)),
        captured=captured,
        buyers=(buyer,),
    )
    return Drawn(shell(look, bar + title + _laid(family, rows) + "</main>", mark), look, truth)


def _fields(
    family: str,
    language: str,
    carrier: Carrier,
    ids: tuple[str, str, str],
    times: tuple[datetime, datetime],
    prints: Print,
) -> list[tuple[str, str]]:
    words, (order, value, buyer) = ORDER[language], ids
    shown = {
        "id": number(order),
        "status": said(words["shown"], family),
        "created": prints(times[0]),
        "paid": prints(times[1]),
        "buyer": text(buyer),
        "carrier": text(carrier.name),
        "tracking": number(value),
        "address": "M*** H***, 12** Main St, Houston",
    }
    return [(said(words[name], family), shown[name]) for name in shown]


def _laid(family: str, rows: list[tuple[str, str]]) -> str:
    if family == "a":
        return (
            "<table>"
            + "".join(f"<tr><td class='muted'>{name}</td><td>{value}</td></tr>" for name, value in rows)
            + "</table>"
        )
    return "".join(
        f'<div class="panel"><div class="muted">{name}</div><div>{value}</div></div>' for name, value in rows
    )


def draw_erp(random: Random, family: str) -> Drawn:
    """An ERP's list of synchronised orders."""
    language, captured = random.choice(("en", "zh")), capture_time(random)
    look = choose_look(random, family, "#0f766e")
    look = type(look)(
        look.family, "desktop" if family == "a" else "laptop", look.theme, look.font, look.size, look.colour
    )
    prints = pick(random, family, "zh", "US")
    count = random.randint(3, 7)
    structured = [item for item in CARRIERS if not item.labelled]
    lines = [(order_id(random), random.choice(structured)) for _ in range(count)]
    numbers = [carrier.make(random) for _, carrier in lines]
    times = [
        (captured - timedelta(hours=random.randint(1, 160), minutes=random.randint(0, 59))).replace(second=0)
        for _ in lines
    ]
    heads = ("Order ID", "Carrier", "Tracking number", "Sync time", "Result")
    if language == "zh":
        heads = ("订单号", "物流商", "运单号", "同步时间", "结果")
    ends = ("同步成功", "推送失败") if language == "zh" else ("Synced", "Push failed")
    body = "".join(
        f"<tr><td>{number(order)}</td><td>{text(carrier.name)}</td><td>{number(value)}</td><td>{prints(at)}</td>"
        f"<td>{random.choice(ends)}</td></tr>"
        for (order, carrier), value, at in zip(lines, numbers, times, strict=True)
    )
    head = "".join(f"<th>{name}</th>" for name in heads)
    title = "订单同步" if language == "zh" else "Order sync"
    page = f'<header class="brand">ERP · {title}</header><main>'
    page += f"<table><tr>{head}</tr>{body}</table></main>"
    mark, style = capture_mark(random, look, captured)
    truth = Truth(
        kind="erp_log",
        family=family,
        language=language,
        carrier="several",
        layout=f"erp/{look.device}/{look.theme}/{style}",
        tracking=tuple(numbers),
        order_ids=tuple(order for order, _ in lines),
        moments=tuple(map(Moment, times)),
        captured=captured,
    )
    return Drawn(shell(look, page, mark), look, truth)
