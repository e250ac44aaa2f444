"""Mails: their words decoded, and the files that came with them."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from bot.reading.decoding import decode

MAIL = "message/rfc822"
MOST_PARTS = 20
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9\-]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*")
_OF_PEOPLE = re.compile(rb"^(?:from|to|subject|date):", re.IGNORECASE | re.MULTILINE)
_OF_PROGRAMS = re.compile(
    rb"^(?:mime-version|content-type|content-transfer-encoding|message-id|received|return-path):", re.I | re.MULTILINE
)
_SHOWN = ("From", "Date", "Subject")
_HEAD, _MOST_NESTED = 65_536, 50
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "section"})
_SILENT = frozenset({"script", "style", "head", "title"})


@dataclass(frozen=True)
class Mail:
    """What a mail says, and its attached files by name; `cut` says that there were more of them."""

    text: str
    files: tuple[tuple[str, bytes], ...] = ()
    cut: bool = False


def is_mail(data: bytes) -> bool:
    """Whether the bytes begin with a mail's headers, those that people see and those of the programs between."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n")
    end = 0
    while line := _HEADER.match(head, end):
        end = line.end()
    headers = head[:end]
    return bool(_OF_PEOPLE.search(headers) and _OF_PROGRAMS.search(headers))


def open_mail(data: bytes) -> Mail | None:
    """The mail with its words and files decoded; None when it cannot be taken apart (it is read as a text then)."""
    if data.lower().count(b"boundary=") > _MOST_NESTED:
        return None
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
        head = [f"{name}: {message[name]}" for name in _SHOWN if message[name]]
        parts = [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]
        body = [_words(part) for part in _spoken(parts)]
        files = [(part.get_filename() or "", _bytes(part)) for part in parts if _is_file(part)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The library raises these for broken headers and encodings.
        return None
    text = "\n".join([*head, "", *body])
    return Mail(text, tuple(files[:MOST_PARTS]), len(files) > MOST_PARTS)


def _is_file(part: EmailMessage) -> bool:
    return part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment"


def _spoken(parts: list[EmailMessage]) -> list[EmailMessage]:
    """The parts that are words: plain ones, or where there is none the pages."""
    words = [part for part in parts if not _is_file(part)]
    return [part for part in words if part.get_content_type() == "text/plain"] or words


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _words(part: EmailMessage) -> str:
    data, charset = _bytes(part), part.get_content_charset() or ""
    try:
        text = data.decode(charset) if charset else decode(data)[0]
    except (LookupError, UnicodeDecodeError):
        text = decode(data)[0]
    return _stripped(text) if part.get_content_type() == "text/html" else text


class _Page(HTMLParser):
    """Collects the words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """See HTMLParser."""
        self.silent += tag in _SILENT
        self.found.append("\n" if tag in _BLOCKS else " " if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        self.silent = max(0, self.silent - (tag in _SILENT))
        self.found.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if not self.silent:
            self.found.append(re.sub(r"\s+", " ", data))


def _stripped(page: str) -> str:
    reader = _Page()
    reader.feed(page)
    reader.close()
    return re.sub(r"\n\s*\n+", "\n", "".join(reader.found)).strip()
