"""Pages of family "d": other countries' carriers, apps and screens, each in a style of its own and drawn by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.accuracy.carriers import fedex, order_id, s10, spelled, ups, usps
from tests.accuracy.page import FONTS, Look, number, shell
from tests.accuracy.tracking import Drawn, capture_time
from tests.accuracy.truth import Moment, Truth

_DE, _ES, _PT, _DE_WEEK = (
    words.split()
    for words in (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        "Mo. Di. Mi. Do. Fr. Sa. So.",
    )
)
_JA_WEEK, _ZH_WEEK = "月火水木金土日", "一二三四五六日"
_ASIA = "'Noto Sans CJK SC', sans-serif"


@dataclass(frozen=True)
class Page:
    """What a style is given: a number, an order, four times from the last to the first, when it was captured."""

    value: str
    order: str
    times: Sequence[datetime]
    at: datetime


@dataclass(frozen=True)
class Style:
    """How a page is drawn, and on what."""

    html: Callable[[Page], str]
    make: Callable[[Random], str]
    language: str
    width: int = 1000
    scale: float = 1.0
    theme: str = "light"
    font: str = FONTS["a"][0]
    site: str = ""
    dated: bool = True
    """Whether anything says when the page was captured: a date that stands alone does not."""


def _half(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {at:%p}"


def _bar(words: str, right: str, style: str = "background:#e8e8ea;color:#222") -> str:
    return (
        f'<div style="{style};padding:5px 14px;font-size:13px;display:flex;justify-content:space-between">'
        f"<span>{words}</span><span>{right}</span></div>"
    )


def _rows(page: Page, row: Callable[[datetime, str], str], words: Sequence[str]) -> str:
    return "".join(row(at, step) for at, step in zip(page.times, words, strict=True))


_STEPS = ("Delivered", "Out for delivery", "Arrived at facility", "Picked up")


def _german(page: Page) -> str:
    steps = ("Zugestellt", "In Zustellung", "Im Paketzentrum bearbeitet", "Abgeholt")
    rows = _rows(
        page,
        lambda at, step: (
            f"<p>{_DE_WEEK[at.weekday()]}, {at.day}. {_DE[at.month - 1]} {at.year}, {at:%H:%M} Uhr<br>"
            f"<b>{step}</b></p>"
        ),
        steps,
    )
    return (
        '<div style="background:#fc0;color:#d40511;padding:12px;font-size:26px"><b>DHL</b> Paket</div>'
        f'<main style="padding:20px"><p>Sendungsnummer {number(page.value)}</p>{rows}'
        f'<p style="color:#777">Stand: {page.at:%d.%m.%Y} {page.at:%H:%M} Uhr</p></main>'
    )


def _spanish(page: Page) -> str:
    steps = ("Entregado", "En reparto", "Llegada al centro", "Admitido")
    rows = _rows(
        page,
        lambda at, step: f"<p><b>{step}</b><br>{at.day} de {_ES[at.month - 1]} de {at.year} a las {at:%H:%M}</p>",
        steps,
    )
    return (
        f'<main style="padding:20px"><h2>Correos</h2><p>Número de envío</p><p>{number(page.value)}</p>{rows}</main>'
        f'<footer style="padding:10px">Consultado el {page.at.day} de {_ES[page.at.month - 1]} de {page.at.year}, '
        f"{page.at:%H:%M}</footer>"
    )


def _portuguese(page: Page) -> str:
    steps = ("Objeto entregue", "Objeto saiu para entrega", "Objeto em trânsito", "Objeto postado")
    rows = _rows(
        page,
        lambda at, step: (
            f'<div style="display:flex;gap:18px;padding:9px 0"><div>{at.day} {_PT[at.month - 1]} {at.year}<br>'
            f"{at:%H:%M}"
            f"</div><div><b>{step}</b><br>São Paulo - SP</div></div>"
        ),
        steps,
    )
    return (
        _bar(f"{page.at:%H:%M}", f"{page.at:%d/%m/%Y} 5G 82%", "background:#00416b;color:#fff")
        + f'<main style="padding:16px"><h3>Rastreamento</h3><p>{number(page.value)}</p>{rows}</main>'
    )


def _japanese(page: Page) -> str:
    steps = ("配達完了", "持ち出し中", "到着", "引受")
    rows = _rows(
        page,
        lambda at, step: f"<tr><td>{at:%Y/%m/%d}</td><td>{at:%H:%M}</td><td>{step}</td><td>東京都</td></tr>",
        steps,
    )
    day = f"{page.at.year}年{page.at.month}月{page.at.day}日({_JA_WEEK[page.at.weekday()]})"
    return (
        f'<main style="padding:20px"><h2>郵便追跡サービス</h2><p>お問い合わせ番号 {number(page.value)}</p>'
        f'<table cellpadding="7"><tr><th>日付</th><th>時刻</th><th>状態</th><th>場所</th></tr>{rows}</table></main>'
        + _bar("", f"{page.at:%H:%M}　{day}", "background:#202020;color:#fff")
    )


def _british_app(page: Page) -> str:
    rows = _rows(
        page,
        lambda at, step: (
            f'<p style="margin:8px 0"><b>{step}</b><br>{at:%a} {at.day} {at:%b} {at.year} · {at:%H:%M}</p>'
        ),
        _STEPS,
    )
    return (
        _bar(f"{page.at:%a} {page.at.day} {page.at:%b} {page.at.year} {page.at:%H:%M}", "▮▮▮ 4G", "")
        + f'<main style="padding:14px"><h3>Royal Mail</h3><p>Reference number</p>'
        f"<p>{number(page.value)}</p>{rows}</main>"
    )


def _mac(page: Page) -> str:
    rows = _rows(
        page,
        lambda at, step: f"<tr><td>{at:%m/%d/%y}</td><td>{_half(at)}</td><td>{step}</td><td>Memphis, TN</td></tr>",
        _STEPS,
    )
    at = page.at
    return (
        _bar("Safari&nbsp; File&nbsp; Edit&nbsp; View", f"{at:%a %b} {at.day} {_half(at)} {at.year}")
        + '<div style="background:#4d148c;color:#fff;padding:12px;font-size:22px">FedEx</div>'
        '<main style="padding:20px">'
        f'<p>TRACKING ID</p><h3>{number(page.value)}</h3><table cellpadding="8">{rows}</table></main>'
    )


def _windows(page: Page) -> str:
    rows = _rows(
        page,
        lambda at, step: f"<p>{step}<br>{at:%B} {at.day}, {at.year}, {_half(at).lower()}</p>",
        _STEPS,
    )
    clock = f"{_half(page.at)}<br>{page.at.month}/{page.at.day}/{page.at.year}"
    return (
        _bar("https://tools.usps.com/go/TrackConfirmAction", "", "background:#333;color:#ccc")
        + f'<main style="padding:20px"><h2>USPS Tracking</h2><p>{number(page.value)}</p>{rows}</main>'
        + _bar("", clock, "background:#111;color:#eee;text-align:right;font-size:11px")
    )


def _printed(page: Page) -> str:
    rows = _rows(
        page,
        lambda at, step: f"<tr><td>{at:%d-%b-%y}</td><td>{at:%H:%M}</td><td>{step}</td></tr>",
        _STEPS,
    )
    return (
        f'<p style="font-size:11px;padding:4px 20px">UPS | Tracking details</p>'
        '<main style="padding:20px"><h2>UPS</h2>'
        f'<p>Tracking number: {number(page.value)}</p><table cellpadding="7" border="1">{rows}</table></main>'
        f'<p style="font-size:12px;padding:4px 20px">https://www.ups.com/track?loc=en_GB '
        f"{page.at:%d/%m/%Y, %H:%M}</p>"
    )


def _aggregator(page: Page) -> str:
    steps = ("已签收", "派送中", "到达目的国", "已揽收")
    rows = _rows(page, lambda at, step: f"<p>{at:%Y-%m-%d %H:%M}　<b>{step}</b></p>", steps)
    day = f"{page.at.year}年{page.at.month}月{page.at.day}日 星期{_ZH_WEEK[page.at.weekday()]}"
    half = "上午" if page.at.hour < 12 else "下午"
    return (
        '<div style="padding:10px 16px;border-bottom:1px solid #444"><b>17TRACK</b> 全球物流查询</div>'
        f'<main style="padding:16px"><p>{number(page.value)} 云途物流</p>{rows}</main>'
        + _bar("28°C 多云", f"{half}{page.at.hour % 12 or 12}:{page.at:%M}　{day}", "background:#222;color:#ddd")
    )


def _cainiao_app(page: Page) -> str:
    steps = ("包裹已签收", "派件中", "运输中", "已揽件")
    rows = _rows(
        page,
        lambda at, step: (
            f'<div style="display:flex;gap:14px;padding:8px 0"><div style="color:#888">{at:%m-%d}<br>{at:%H:%M}</div>'
            f"<div>{step}</div></div>"
        ),
        steps,
    )
    return (
        f'<main style="padding:14px"><h3>菜鸟 · 订单 {number(page.order)}</h3>'
        f"<p>运单号 {number(page.value)}</p>{rows}"
        f'<p style="color:#c00">截图时间 {page.at:%Y.%m.%d %H:%M} 星期{_ZH_WEEK[page.at.weekday()]}</p></main>'
    )


def _thai_year(page: Page) -> str:
    rows = _rows(
        page,
        lambda at, step: f"<p>{at:%d/%m}/{at.year + 543} {at:%H:%M} &nbsp; <b>{step}</b></p>",
        _STEPS,
    )
    return (
        f'<main style="padding:16px"><h3>Thailand Post Track &amp; Trace</h3><p>{number(page.value)}</p>{rows}</main>'
        f'<footer style="padding:10px;text-align:right">{page.at:%d/%m}/{page.at.year + 543} {page.at:%H:%M}</footer>'
    )


def _malaysian(page: Page) -> str:
    rows = _rows(
        page,
        lambda at, step: (
            f'<div style="background:#eee;color:#333;padding:4px 12px">{at.day} {at:%B} {at.year}</div>'
            f'<p style="padding:0 12px">{at:%I:%M %p} &nbsp; {step}</p>'
        ),
        _STEPS,
    )
    return (
        f'<div style="background:#e60012;color:#fff;padding:12px;font-size:20px">J&amp;T Express</div>'
        f'<p style="padding:8px 12px">No. Penjejakan {number(page.value)}</p>{rows}'
        f'<p style="padding:10px 12px;color:#777">Screenshot taken {page.at:%d-%b-%y} {_half(page.at)}</p>'
    )


STYLES: dict[str, Style] = {
    "german": Style(_german, spelled("JD00022########"), "de", 900),
    "spanish": Style(_spanish, s10("PK RR", "ES"), "es", 720, 1.25),
    "portuguese": Style(_portuguese, s10("NX AA", "BR"), "pt", 390, 2.0),
    # A bar with nothing else on it does not say that it is a screen's: as text it is a date alone at an edge.
    "japanese": Style(_japanese, s10("EN RB", "JP"), "ja", 860, 1.25, font=_ASIA, dated=False),
    "british app": Style(_british_app, s10("RM KY", "GB"), "en", 375, 3.0, "dark", site="UK"),
    "mac": Style(_mac, fedex, "en", 1180, 1.5, site="US"),
    "windows": Style(_windows, usps, "en", 1100, 1.0, "dark", site="US"),
    "printed": Style(_printed, ups, "en", 800, 1.5, "warm", "'Liberation Serif', serif"),
    "aggregator": Style(_aggregator, spelled("YT################"), "zh", 760, 1.5, "dark", _ASIA),
    "cainiao app": Style(_cainiao_app, spelled("LP##############"), "zh", 360, 3.0, font=_ASIA),
    "thai year": Style(_thai_year, s10("EE RC", "TH"), "en", 640, 1.5, dated=False),
    "malaysian": Style(_malaysian, spelled("JT#############"), "en", 390, 2.0, "navy"),
}


def draw(random: Random, place: int) -> Drawn:
    """A page in the style of that place, the styles in turn."""
    name = list(STYLES)[place % len(STYLES)]
    style = STYLES[name]
    captured = capture_time(random)
    steps = sorted(random.sample(range(120, 9 * 24 * 60), 4))
    times = [(captured - timedelta(minutes=minutes)).replace(second=0) for minutes in steps]
    page = Page(style.make(random), order_id(random), times, captured)
    look = Look("d", name, style.theme, style.font, 15, "#1d4ed8", frame=(style.width, style.scale))
    html = shell(look, style.html(page))
    truth = Truth(
        kind="tracking_page",
        family="d",
        language=style.language,
        carrier=name,
        layout=name,
        tracking=(page.value,),
        order_ids=(page.order,) if page.order in html else (),
        moments=tuple(map(Moment, times if style.dated else [*times, captured.replace(second=0)])),
        captured=captured if style.dated else None,
    )
    return Drawn(html, look, truth)
