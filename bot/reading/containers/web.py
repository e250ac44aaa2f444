"""Saved web pages: the words that somebody sees, without scripts and without what the page hides."""

import re
from html.parser import HTMLParser

from bot.reading.containers.opened import PAGE, Opened
from bot.reading.decoding import decode

_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "section", "article", "header"})
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "svg", "select", "textarea", "iframe"}
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0{1,4})?\s*(?:;|$)"
    r"|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)",
    re.IGNORECASE,
)
_DEEPEST = 10_000


class _Page(HTMLParser):
    """Collects the words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.hidden: list[str] = []
        """The elements that are open since one that shows nothing, that one first."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser where an element begins; notes elements that show nothing."""
        if tag not in _VOID and (self.hidden or _is_hidden(tag, dict(attrs))) and len(self.hidden) < _DEEPEST:
            self.hidden.append(tag)
        self.found.append("\n" if tag in _BLOCKS else "  " if tag in _CELLS else "")

    def handle_endtag(self, tag: str) -> None:
        """Called by the parser where an element ends."""
        if tag in self.hidden:
            # What was not closed before ends here too.
            while self.hidden.pop() != tag:
                pass
        self.found.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        """Called by the parser with text between tags, which is collected when it is visible."""
        if not self.hidden:
            self.found.append(re.sub(r"\s+", " ", data))


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    style = (attributes.get("style") or "")[:2000]
    return tag in _SILENT or "hidden" in attributes or bool(_HIDING.search(style))


def page_words(page: str) -> str:
    """The words of a page."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    lines = (line.strip() for line in "".join(reader.found).split("\n"))
    return "\n".join(line for line in lines if line)


def open_page(data: bytes) -> Opened:
    """The page's words, decoded as it says of itself where that fits."""
    named = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_\-]{2,30})", data[:4096])
    try:
        text = data.decode(named[1].decode()) if named else decode(data)[0]
    except (LookupError, UnicodeDecodeError):
        text = decode(data)[0]
    return Opened(PAGE, page_words(text))
