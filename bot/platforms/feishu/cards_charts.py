"""The ODR trend as Feishu's own chart: a bar for each day, the rolling line, the limits, the day of the anomaly."""

from collections.abc import Callable
from typing import Any

from bot.messaging.card import Chart, Point
from bot.messaging.chart import COLOURS
from bot.platforms.feishu.markup import line

DAYS_SHOWN, TITLE_LENGTH = 60, 100

Say = Callable[[str], str]


def chart(drawn: Chart, say: Say) -> dict[str, Any]:
    """The chart element, drawn by VChart; a day without orders has no bar and interrupts the line."""
    points = drawn.points[-DAYS_SHOWN:]
    names = {"day": say("feishu.series_day"), "anomaly": say("feishu.series_anomaly")}
    names["rolling"] = say("feishu.series_rolling")
    spec = {
        "type": "common",
        "title": {"text": line(drawn.title, TITLE_LENGTH)},
        "data": [
            {"id": "days", "values": [_bar(point, drawn, names) for point in points if point.odr is not None]},
            {"id": "rolling", "values": [_dot(point, names) for point in points]},
        ],
        "series": [
            {"type": "bar", "dataId": "days", "xField": "day", "yField": "odr", "seriesField": "kind", "stack": True},
            {"type": "line", "dataId": "rolling", "xField": "day", "yField": "odr", "seriesField": "kind"}
            | {"invalidType": "break", "point": {"visible": False}},
        ],
        "axes": [
            {"orient": "bottom", "type": "band", "domain": [f"{point.day:%m-%d}" for point in points]},
            {"orient": "left", "type": "linear", "title": {"visible": True, "text": "%"}},
        ],
        "color": {"specified": _colours(names)},
        "legends": {"visible": True, "orient": "bottom"},
        "markLine": [_limit(labels, rate) for rate, labels in _by_rate(drawn).items()],
    }
    return {"tag": "chart", "aspect_ratio": "16:9", "chart_spec": spec}


def _bar(point: Point, drawn: Chart, names: dict[str, str]) -> dict[str, Any]:
    kind = "anomaly" if point.day == drawn.anomaly else "day"
    return {"day": f"{point.day:%m-%d}", "odr": point.odr, "kind": names[kind]}


def _dot(point: Point, names: dict[str, str]) -> dict[str, Any]:
    return {"day": f"{point.day:%m-%d}", "odr": point.rolling, "kind": names["rolling"]}


def _colours(names: dict[str, str]) -> dict[str, str]:
    return {
        names["day"]: COLOURS["bar"],
        names["anomaly"]: COLOURS["anomaly"],
        names["rolling"]: COLOURS["rolling"],
    }


def _by_rate(drawn: Chart) -> dict[float, list[str]]:
    """The names of the limits by their rate: two limits of the same rate are one line."""
    rates: dict[float, list[str]] = {}
    for label, rate in drawn.limits:
        rates.setdefault(rate, []).append(label)
    return rates


def _limit(labels: list[str], rate: float) -> dict[str, Any]:
    style = {"stroke": COLOURS["limit"], "lineDash": [5, 4], "lineWidth": 1}
    # At the start: the newest days, which matter most, are at the end.
    words = {
        "visible": True,
        "position": "insideStartTop",
        "text": f"{line(' · '.join(labels), TITLE_LENGTH)} {rate:g}%",
    }
    words["style"] = {"fontSize": 11, "fill": COLOURS["limit"]}
    return {"y": rate, "line": {"style": style}, "label": words, "endSymbol": {"visible": False}}
