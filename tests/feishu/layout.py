"""Cards as a page, roughly as Feishu lays them out, to look at."""

import html
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from tests.feishu.fake.world import Json, Message


def page(messages: Sequence[Message], locale: str) -> str:
    """The messages as somebody with a client in this language sees them."""
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    environment.filters |= {"own": partial(own, locale=locale), "markdown": markdown}
    return environment.get_template("layout.html").render(messages=messages)


def own(text: Json, locale: str) -> str:
    """A text in that language."""
    return str(text.get("i18n_content", {}).get(locale) or text.get("content", ""))


def markdown(words: str) -> Markup:
    """Feishu's marks; a time is shown by its UTC instant."""
    words = re.sub(r"<local_datetime millisecond='(\d+)' format_type='(\w+)'></local_datetime>", r"[\2]", words)
    words = re.sub(r"<at id=(\w+)></at>", r"<b>@\1</b>", words)
    words = re.sub(r"<person id='(\w+)'[^>]*></person>", r"<b>\1</b>", words)
    words = re.sub(r"(?s)```\n(.*?)\n```", r"<pre>\1</pre>", words)
    words = re.sub(r"(?m)^&gt; ?(.*)$|^> ?(.*)$", _quoted, words)
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", words))


def _quoted(found: "re.Match[str]") -> Any:
    return f"<blockquote>{found[1] or found[2]}</blockquote>" if found[2] is not None else html.escape(found[0])
