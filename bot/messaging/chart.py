"""The 30-day ODR trend drawn once as geometry, then as SVG for pages or PNG for chats."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

from markupsafe import escape

from bot.messaging.card import Chart, Point

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 640, 208
LEFT, RIGHT, TOP, BOTTOM = 44, 52, 12, 26
LABEL_HEIGHT = 12
COLOURS = {
    "paper": "#ffffff",
    "grid": "#e3e7ee",
    "bar": "#a9bcd8",
    "anomaly": "#d92d2a",
    "rolling": "#1f4fbf",
    "limit": "#c2570c",
    "ink": "#5a6472",
}
STEPS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0)
SCALE = 2
OVERSAMPLING = 2

Spot = tuple[float, float]


@dataclass(frozen=True)
class Bar:
    """The bar of one day; `anomaly` marks the day of the anomaly."""

    x: float
    y: float
    width: float
    height: float
    anomaly: bool
    point: Point


@dataclass(frozen=True)
class ChartLayout:
    """The positions of everything in the chart, in user units with the origin at the top left. Days without orders
    have no bar. Each limit is the height of its line, the height of its label, and the label."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[Spot, ...], ...]
    limits: tuple[tuple[float, float, str], ...]
    levels: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    anomaly: tuple[float, float] | None


def layout(chart: Chart) -> ChartLayout:
    """The positions of everything in the chart. Rates are percentages; the rolling line is interrupted where it
    has no value."""
    top, step = _scale(chart)
    pitch = (WIDTH - LEFT - RIGHT) / max(len(chart.points), 1)

    def y(rate: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * rate / top, 2)

    def rolling(x: float, point: Point) -> Spot | None:
        return None if point.rolling is None else (x, y(point.rolling))

    centres = [round(LEFT + pitch * (n + 0.5), 2) for n in range(len(chart.points))]
    marked = next((x for x, p in zip(centres, chart.points, strict=True) if p.day == chart.anomaly), None)
    return ChartLayout(
        bars=tuple(_bars(chart, centres, pitch, y)),
        lines=tuple(_runs([rolling(x, p) for x, p in zip(centres, chart.points, strict=True)])),
        limits=tuple(_limits({rate: y(rate) for _, rate in chart.limits})),
        levels=tuple((y(n * step), _percent(n * step)) for n in range(round(top / step) + 1)),
        days=tuple(_days(centres, chart.points)),
        anomaly=None if marked is None else (round(marked - pitch / 2, 2), round(pitch, 2)),
    )


def _scale(chart: Chart) -> tuple[float, float]:
    rates = [rate for p in chart.points for rate in (p.odr, p.rolling) if rate is not None]
    highest = max([*rates, *(rate for _, rate in chart.limits), 0.1]) * 1.08
    step = next((s for s in STEPS if highest / s <= 5), 50.0)
    return ceil(highest / step) * step, step


def _limits(heights: dict[float, float]) -> Iterator[tuple[float, float, str]]:
    # Labels of near limits are pushed apart, from the lowest line upwards.
    free = float(HEIGHT)
    for rate, y in sorted(heights.items()):
        free = min(y, free - LABEL_HEIGHT)
        yield y, free, _percent(rate)


def _percent(rate: float) -> str:
    return f"{rate:.2f}".rstrip("0").rstrip(".") + "%"


def _bars(chart: Chart, centres: Sequence[float], pitch: float, y: Callable[[float], float]) -> Iterator[Bar]:
    width, floor = round(pitch * 0.66, 2), y(0)
    for x, point in zip(centres, chart.points, strict=True):
        if point.odr is not None:
            # A day of orders without defects keeps a sliver: it differs from a day without orders.
            top = min(y(point.odr), floor - 1)
            yield Bar(round(x - width / 2, 2), top, width, round(floor - top, 2), point.day == chart.anomaly, point)


def _runs(spots: Sequence[Spot | None]) -> list[tuple[Spot, ...]]:
    runs: list[list[Spot]] = [[]]
    for spot in spots:
        if spot is None:
            runs.append([])
        else:
            runs[-1].append(spot)
    return [tuple(run) for run in runs if run]


def _days(centres: Sequence[float], points: Sequence[Point]) -> list[tuple[float, str]]:
    every = max(1, ceil(len(points) / 6))
    last = len(points) - 1
    return [
        (x, f"{p.day:%m-%d}") for n, (x, p) in enumerate(zip(centres, points, strict=True)) if (last - n) % every == 0
    ]


def svg(chart: Chart) -> str:
    """The chart as accessible SVG. CSS classes let a page recolour it; attributes give the colours where there is
    no style sheet."""
    place = layout(chart)
    body = "".join([*_svg_back(place), *_svg_bars(place), *_svg_front(place)])
    return (
        f'<svg class="trend" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="system-ui, sans-serif" font-size="11"><title>{escape(chart.title)}</title>'
        f"<desc>{escape(chart.summary)}</desc>{body}</svg>"
    )


def _svg_back(place: ChartLayout) -> Iterator[str]:
    if place.anomaly:
        x, width = place.anomaly
        yield (
            f'<rect class="trend-day" x="{x}" y="{TOP}" width="{width}" height="{HEIGHT - TOP - BOTTOM}" '
            f'fill="{COLOURS["anomaly"]}" fill-opacity=".12"/>'
        )
    for y, label in place.levels:
        yield (
            f'<path class="trend-grid" d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{COLOURS["grid"]}"/>'
            f'<text class="trend-ink" x="{LEFT - 6}" y="{y + 4}" text-anchor="end" '
            f'fill="{COLOURS["ink"]}">{label}</text>'
        )
    for x, label in place.days:
        yield (
            f'<text class="trend-ink" x="{x}" y="{HEIGHT - 8}" text-anchor="middle" '
            f'fill="{COLOURS["ink"]}">{label}</text>'
        )


def _svg_bars(place: ChartLayout) -> Iterator[str]:
    for bar in place.bars:
        name = "anomaly" if bar.anomaly else "bar"
        p = bar.point
        yield (
            f'<rect class="trend-{name}" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}" rx="1.5" '
            f'fill="{COLOURS[name]}"><title>{p.day} · {p.defects}/{p.orders} · {p.odr:.3f}%</title></rect>'
        )


def _svg_front(place: ChartLayout) -> Iterator[str]:
    for y, label_y, label in place.limits:
        yield (
            f'<path class="trend-limit" d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{COLOURS["limit"]}" '
            f'stroke-dasharray="5 4" stroke-width="1.25" fill="none"/>'
            f'<text class="trend-limit-ink" x="{WIDTH - RIGHT + 6}" y="{label_y + 4}" '
            f'fill="{COLOURS["limit"]}">{label}</text>'
        )
    for run in place.lines:
        path = "M" + "L".join(f"{x} {y}" for x, y in (run if len(run) > 1 else (run[0], run[0])))
        yield (
            f'<path class="trend-rolling" d="{path}" stroke="{COLOURS["rolling"]}" stroke-width="2.25" fill="none" '
            f'stroke-linejoin="round" stroke-linecap="round"/>'
        )


def png(chart: Chart) -> bytes:
    """The chart as PNG at twice the size of the SVG. It contains digits only, so Pillow's own font serves every
    language."""
    from PIL import Image, ImageDraw

    factor = SCALE * OVERSAMPLING
    big = Image.new("RGB", (WIDTH * factor, HEIGHT * factor), COLOURS["paper"])
    _paint(ImageDraw.Draw(big), layout(chart), factor)
    out = BytesIO()
    big.reduce(OVERSAMPLING).save(out, "PNG", optimize=True)
    return out.getvalue()


def _paint(draw: "ImageDraw", place: ChartLayout, k: int) -> None:
    if place.anomaly:
        x, width = place.anomaly
        draw.rectangle((x * k, TOP * k, (x + width) * k, (HEIGHT - BOTTOM) * k), fill="#fbe6e5")
    for y, _ in place.levels:
        draw.line((LEFT * k, y * k, (WIDTH - RIGHT) * k, y * k), fill=COLOURS["grid"], width=k)
    for bar in place.bars:
        fill = COLOURS["anomaly" if bar.anomaly else "bar"]
        draw.rounded_rectangle(_box(bar, k), radius=1.5 * k, fill=fill)
    for y, _, _ in place.limits:
        for x in range(LEFT, WIDTH - RIGHT, 9):
            draw.line(
                (x * k, y * k, min(x + 5, WIDTH - RIGHT) * k, y * k), fill=COLOURS["limit"], width=round(1.25 * k)
            )
    for run in place.lines:
        spots = [(x * k, y * k) for x, y in run]
        draw.line(spots, fill=COLOURS["rolling"], width=round(2.25 * k), joint="curve")
        for x, y in (spots[0], spots[-1]):
            draw.circle((x, y), 1.125 * k, fill=COLOURS["rolling"])
    _paint_digits(draw, place, k)


def _box(bar: Bar, k: int) -> tuple[float, float, float, float]:
    return bar.x * k, bar.y * k, (bar.x + bar.width) * k, (bar.y + bar.height) * k


def _paint_digits(draw: "ImageDraw", place: ChartLayout, k: int) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(11 * k)
    for y, label in place.levels:
        draw.text(((LEFT - 6) * k, y * k), label, COLOURS["ink"], font, anchor="rm")
    for x, label in place.days:
        draw.text((x * k, (HEIGHT - 8) * k), label, COLOURS["ink"], font, anchor="ms")
    for _, y, label in place.limits:
        draw.text(((WIDTH - RIGHT + 6) * k, y * k), label, COLOURS["limit"], font, anchor="lm")
