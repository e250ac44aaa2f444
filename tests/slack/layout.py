"""Block Kit as a page, roughly as Slack lays it out, to look at."""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from tests.slack.fake.world import Json, Message

ZONE = ZoneInfo("Asia/Shanghai")
MARKS = (("*", "b"), ("_", "i"), ("~", "s"), ("`", "code"))


def page(messages: Sequence[Message], views: Sequence[Json], pictures: dict[str, str]) -> str:
    """A page of messages and views; `pictures` are addresses of files by id."""
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    environment.filters |= {"mrkdwn": mrkdwn, "plain": plain}
    environment.globals["pictures"] = pictures
    environment.globals["tags"] = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}
    return environment.get_template("layout.html").render(messages=messages, views=views)


def plain(words: str) -> Markup:
    """Words without marks."""
    return Markup(html.escape(html.unescape(words)).replace("\n", "<br>"))


def mrkdwn(words: str) -> Markup:
    """Slack's marks."""
    words = re.sub(r"<!date\^(\d+)\^([^|>]+)\|[^>]*>", _date, words)
    words = re.sub(r"<@(\w+)>", r"<span class=mention>@\1</span>", words)
    words = re.sub(r"<(https?://[^|>]+)\|?([^>]*)>", lambda found: f"<a href='#'>{found[2] or found[1]}</a>", words)
    for mark, tag in MARKS:
        m = re.escape(mark)
        words = re.sub(rf"(?<![\w{m}]){m}(?=\S)([^{m}\n]+?)(?<=\S){m}(?![\w{m}])", rf"<{tag}>\1</{tag}>", words)
    words = re.sub(r"(?m)^&gt; ?(.*)$", r"<blockquote>\1</blockquote>", words)
    return Markup(words.replace("\n", "<br>"))


def _date(found: "re.Match[str]") -> str:
    at = datetime.fromtimestamp(int(found[1]), ZONE)
    pretty = f"{at:%b} {at.day}"
    forms = {"date_short_pretty": pretty, "date_short": f"{pretty}, {at:%Y}", "date_num": f"{at:%Y-%m-%d}"}
    return re.sub(r"\{(\w+)\}", lambda name: forms.get(name[1], f"{at:%H:%M}"), found[2])
