import xml.etree.ElementTree as ET
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.messaging.card import Chart, Point
from bot.messaging.chart import BOTTOM, HEIGHT, LEFT, RIGHT, SCALE, TOP, WIDTH, layout, png, svg

DAY = date(2024, 6, 1)
rates = st.none() | st.floats(0, 100, allow_nan=False)


def chart(odr: list[float | None], rolling: list[float | None] | None = None, **more: object) -> Chart:
    rolling = odr if rolling is None else rolling
    points = [Point(DAY + timedelta(n), 1, 100, a, b) for n, (a, b) in enumerate(zip(odr, rolling, strict=True))]
    return Chart("Trend <&>", tuple(points), (("limit", 1.0),), **more)


def test_a_day_without_orders_has_no_bar_and_a_day_without_defects_has_a_sliver():
    bars = layout(chart([0.0, None, 2.0])).bars
    assert [bar.point.day.day for bar in bars] == [1, 3]
    assert bars[0].height == 1 and bars[1].height > 50


def test_the_rolling_line_breaks_where_it_has_no_value():
    lines = layout(chart([1.0] * 5, [0.5, 0.6, None, 0.7, 0.8])).lines
    assert [len(run) for run in lines] == [2, 2]


def test_only_the_anomaly_day_is_marked():
    place = layout(chart([0.5, 3.0, 0.5], anomaly=DAY + timedelta(1)))
    assert [bar.anomaly for bar in place.bars] == [False, True, False]
    assert layout(chart([0.5], anomaly=DAY - timedelta(9))).anomaly is None


def test_labels_of_near_limits_do_not_overlap():
    near = Chart("t", (), (("a", 1.0), ("b", 1.02), ("c", 1.04)))
    labels = [y for _, y, _ in layout(near).limits]
    assert all(below - above >= 11 for below, above in pairwise(labels))


@given(st.lists(st.tuples(rates, rates), max_size=40), st.lists(st.floats(0.01, 50), max_size=3))
def test_everything_lies_inside_the_frame(values, limits):
    points = tuple(Point(DAY + timedelta(n), 0, 1, a, b) for n, (a, b) in enumerate(values))
    place = layout(Chart("t", points, tuple(("l", rate) for rate in limits)))
    for bar in place.bars:
        assert bar.x >= LEFT and bar.x + bar.width <= WIDTH - RIGHT + 0.1
        assert bar.y >= TOP - 1 and bar.y + bar.height <= HEIGHT - BOTTOM + 0.1
    for x, y in (spot for run in place.lines for spot in run):
        assert LEFT <= x <= WIDTH - RIGHT and TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1


def test_svg_is_accessible_wellformed_and_escaped():
    root = ET.fromstring(svg(chart([0.5, 2.0], summary="words <b>", anomaly=DAY)))
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.findtext(f"{name}title") == "Trend <&>" and root.findtext(f"{name}desc") == "words <b>"
    assert any(rect.get("class") == "trend-anomaly" for rect in root.iter(f"{name}rect"))
    assert not [e for e in root.iter() if "style" in e.attrib]


@pytest.mark.parametrize("odr", [[0.2] * 29 + [2.4], [], [None]])
def test_png_is_twice_the_size(odr):
    picture = Image.open(BytesIO(png(chart(odr))))
    assert picture.size == (WIDTH * SCALE, HEIGHT * SCALE)


def test_png_shows_the_anomaly_in_red():
    def reds(anomaly: date | None) -> int:
        picture = Image.open(BytesIO(png(chart([0.2, 3.0], anomaly=anomaly)))).convert("RGB")
        return sum(count for count, (r, g, b) in picture.getcolors(1 << 20) if r > 200 and g < 80 and b < 80)

    assert reds(None) == 0 < reds(DAY + timedelta(1))
