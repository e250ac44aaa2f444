"""PDF files: the text layer as words, a browser's printed header as capture date, the maker's traces."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.evidence import CaptureSource, Facts
from bot.reading.editors import editing_traces
from bot.reading.media import PDF
from bot.reading.plain import plain
from bot.reading.words import WordsReader

_BROWSERS = re.compile(r"skia/pdf|chrom|mozilla|firefox|quartz pdfcontext|safari|edge", re.IGNORECASE)
# A browser prints date and title above a page, address and page number below it.
_PRINTED = re.compile(r"\s{0,4}\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4},?\s{1,2}(?:上午|下午)?\d{1,2}[:.]\d{2}\b.{0,200}")
_MADE = re.compile(r"D:(\d{14})(?:(Z)|([+-])(\d{2})'?(\d{2})'?)?")
_MARGIN = 4


def pdf_facts(seen: dict[str, Any], file_name: str, words: WordsReader, editors: Iterable[str]) -> Facts:
    """Facts from what the guarded process saw in a PDF; pages without text are named, not guessed."""
    if "texts" not in seen:
        return Facts(PDF, words.guess_kind(file_name), readable=False, warnings=tuple(seen["warnings"]))
    texts: Sequence[str] = [text or "" for text in seen["texts"]]
    properties: dict[str, str] = seen["properties"]
    makers = [properties[key] for key in ("Creator", "Producer") if key in properties]
    facts = words.read("\n".join(_mark_print_date(texts)), file_name)
    facts = replace(
        facts,
        media_type=PDF,
        readable=any(text.strip() for text in texts),
        pages=seen["pages"],
        words="\n".join(texts)[: words.limits.words],
        traces_of_editing=editing_traces(makers, editors),
        warnings=(*facts.warnings, *_warnings(seen, texts)),
    )
    return _with_print_date(facts, properties, makers)


def _mark_print_date(texts: Sequence[str]) -> Sequence[str]:
    """Say in words that the date in the margin of every page is that of printing."""
    margins = [_margin(text) for text in texts]
    dates = Counter(line for margin in margins for line in margin if _PRINTED.fullmatch(plain(line)))
    addressed = any("://" in line for margin in margins for line in margin)
    printed = {line for line, pages in dates.items() if pages == len(texts) and (addressed or len(texts) > 1)}
    return ["\n".join(_marked(line, printed) for line in text.splitlines()) for text in texts]


def _margin(text: str) -> set[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    return {*lines[:_MARGIN], *lines[-_MARGIN:]}


def _marked(line: str, printed: set[str]) -> str:
    return f"printed on {line}" if line in printed else line


def _with_print_date(facts: Facts, properties: dict[str, str], makers: Sequence[str]) -> Facts:
    made = _MADE.match(properties.get("CreationDate", ""))
    if facts.captured_at or not made or not any(_BROWSERS.search(maker) for maker in makers):
        return facts
    at = _made_at(made)
    if at is None:
        return facts
    warnings = (*facts.warnings, "captured_from_pdf")
    return replace(facts, captured_at=at, captured_from=CaptureSource.EXIF, warnings=warnings)


def _made_at(made: re.Match[str]) -> datetime | None:
    offset = timedelta(hours=int(made[4]), minutes=int(made[5])) if made[3] else timedelta()
    try:
        local = datetime.strptime(made[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return local + offset if made[3] == "-" else local - offset
    except (ValueError, OverflowError):
        return None


def _warnings(seen: dict[str, Any], texts: Sequence[str]) -> Iterable[str]:
    silent = [str(number) for number, text in enumerate(texts, 1) if not text.strip()]
    if texts and len(silent) == len(texts):
        yield "pdf_no_text"
    elif silent:
        yield f"pdf_some_pages_no_text:{', '.join(silent)}"
    if seen["pages"] > len(texts):
        yield f"pdf_too_many_pages:{seen['pages']}"
    if seen["javascript"]:
        yield "pdf_javascript"
    if seen["attachments"]:
        yield "pdf_attachments"
