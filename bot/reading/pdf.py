"""PDF files: the text layer as words, a browser's printed header as capture date, the maker's traces."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from bot.domain.conversation import ConversationPiece, stitch
from bot.domain.evidence import CaptureSource, Facts
from bot.domain.parcel import bare
from bot.reading.editors import editing_traces
from bot.reading.kinds import CONVERSATION
from bot.reading.media import PDF
from bot.reading.plain import plain
from bot.reading.scan import Scan, located, sheet_of
from bot.reading.words import WordsReader

_BROWSERS = re.compile(r"skia/pdf|chrom|mozilla|firefox|quartz pdfcontext|safari|edge", re.IGNORECASE)
# A browser prints date and title above a page, address and page number below it.
_PRINTED = re.compile(
    r"\s{0,4}(?:\d{1,3} of \d{1,3}\s{1,4})?\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4},?\s{1,2}(?:上午|下午)?\d{1,2}[:.]\d{2}"
    r"(?:\s?[AaPp]\.?\s?[Mm]\.?)?(?![\d:])(.{0,200})"
)
_FOOTER = re.compile(r"(?:.{0,500}://.{0,500}\s)?\d{1,3}(?:/| of )\d{1,3}(?:\s.{0,60})?")
_MADE = re.compile(r"D:(\d{14})(?:(Z)|([+-])(\d{2})'?(\d{2})'?)?")


def pdf_facts(
    seen: dict[str, Any], scans: Mapping[int, Scan], file_name: str, words: WordsReader, editors: Iterable[str]
) -> Facts:
    """Facts from what the guarded process saw in a PDF; `scans` is what pages without text (from 0) show as pictures,
    and those that could not be read either are named, not guessed."""
    if "texts" not in seen:
        return Facts(PDF, words.guess_kind(file_name), readable=False, warnings=tuple(seen["warnings"]))
    layer: Sequence[str] = [text or "" for text in seen["texts"]]
    sheets = {number: sheet_of(shown, words) for number, shown in scans.items()}
    texts = [sheets[number].text if number in sheets else text for number, text in enumerate(layer)]
    properties: dict[str, str] = seen["properties"]
    makers = [properties[key] for key in ("Creator", "Producer") if key in properties]
    facts = words.read("\n".join(_mark_print_date(texts, properties.get("Title", ""), words)), file_name)
    pages = {number: words.read(sheet.text, file_name, sheet) for number, sheet in sheets.items()}
    facts = _with_chat(facts, list(pages.values()))
    located_pages = [
        located(replace(facts, candidates=pages[number].candidates), sheet, scans[number], words, number + 1)
        for number, sheet in sheets.items()
    ]
    facts = replace(
        facts,
        media_type=PDF,
        readable=any(text.strip() for text in texts),
        pages=seen["pages"],
        words="\n".join(texts)[: words.limits.words],
        traces_of_editing=editing_traces(makers, editors),
        warnings=(*facts.warnings, *_warnings(seen, texts), *_of_scans(scans.values())),
    )
    return _with_print_date(_with_scans(facts, layer, located_pages, list(scans.values())), properties, makers)


def _with_chat(facts: Facts, pages: Sequence[Facts]) -> Facts:
    """The conversation that pages show as bubbles, one page after the other."""
    spoken = [page for page in pages if page.messages]
    if facts.messages or not spoken:
        return facts
    whole = stitch([ConversationPiece("", page.messages) for page in spoken])
    buyers = dict.fromkeys(buyer for page in spoken for buyer in (*page.buyers, *facts.buyers))
    facts = replace(facts, messages=whole.messages, buyers=tuple(buyers))
    ours = [page for page in spoken if page.kind == CONVERSATION]
    if not ours:
        return replace(facts, kind="", kind_certain=False, page=spoken[0].page)
    return replace(facts, kind=CONVERSATION, kind_certain=any(page.kind_certain for page in ours), page="")


def _with_scans(facts: Facts, layer: Sequence[str], pages: Sequence[Facts], scans: Sequence[Scan]) -> Facts:
    """Places and legibility of what stands on pages that are pictures; what the text layer says is legible."""
    if not pages:
        return facts
    spots = tuple(spot for page in pages for spot in page.spots)
    legible = {number.value for page in pages for number in page.tracking_numbers if number.legible}
    in_layer = bare(" ".join(layer))
    numbers = tuple(
        replace(number, legible=number.legible and (number.value in legible or number.value in in_layer))
        for number in facts.tracking_numbers
    )
    shown = [each for each in facts.candidates if each.value in in_layer]
    candidates = {each.value: each for each in (*chain.from_iterable(page.candidates for page in pages), *shown)}
    seals = [seen.seal for seen in scans if seen.seal is not None]
    return replace(
        facts,
        tracking_numbers=numbers,
        candidates=tuple(candidates.values()),
        spots=spots,
        seal=any(seals) if seals else None,
    )


def _mark_print_date(texts: Sequence[str], title: str, words: WordsReader) -> Sequence[str]:
    """Say in words that the date in the margin of every page is that of printing."""
    candidates = [_margin_dates(text) for text in texts]
    common = set.intersection(*candidates) if candidates else set()
    titled = {line for line in common if title and _after_date(line).startswith(title[:20].strip())}
    untitled = {line for line in common if not words.names_step(_after_date(line))}
    printed = titled or (untitled if len(untitled) == 1 else set())
    return ["\n".join(_marked(line, printed) for line in text.splitlines()) for text in texts]


def _margin_dates(text: str) -> set[str]:
    """Lines with a date at the edge of a page that a browser numbered: its first line and those at its foot."""
    lines = [line for line in text.splitlines() if line.strip()]
    foot = next((place for place in range(len(lines) - 1, -1, -1) if _FOOTER.fullmatch(plain(lines[place]))), None)
    if foot is None or foot < len(lines) - 3:
        return set()
    return {line for line in (lines[0], *lines[max(0, foot - 1) :]) if _PRINTED.fullmatch(plain(line))}


def _after_date(line: str) -> str:
    match = _PRINTED.fullmatch(plain(line))
    return match[1].strip() if match else ""


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


def _of_scans(scans: Iterable[Scan]) -> Iterable[str]:
    return dict.fromkeys(warning for shown in scans for warning in shown.warnings)


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
