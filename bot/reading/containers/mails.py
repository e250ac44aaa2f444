"""Mails: their words decoded, and the files that came with them."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from bot.reading.containers.opened import MAIL, Opened
from bot.reading.containers.web import page_words
from bot.reading.decoding import decode

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9\-]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*")
_OF_PEOPLE = re.compile(rb"^(?:from|to|subject|date):", re.IGNORECASE | re.MULTILINE)
_OF_PROGRAMS = re.compile(
    rb"^(?:mime-version|content-type|content-transfer-encoding|message-id|received|return-path):", re.I | re.MULTILINE
)
_SHOWN = ("From", "Date", "Subject")
_HEAD, _MOST_NESTED, _LOGO = 65_536, 50, 10_000


def is_mail(data: bytes) -> bool:
    """Whether the bytes begin with a mail's headers, those that people see and those of the programs between."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n")
    end = 0
    while line := _HEADER.match(head, end):
        end = line.end()
    headers = head[:end]
    return bool(_OF_PEOPLE.search(headers) and _OF_PROGRAMS.search(headers))


def open_mail(data: bytes, most: int) -> Opened:
    """The mail with its words decoded and its files, at most so many of them; one that cannot be taken apart is read
    as a text."""
    if data.lower().count(b"boundary=") > _MOST_NESTED:
        return Opened(MAIL, decode(data)[0])
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
        head = [f"{name}: {message[name]}" for name in _SHOWN if message[name]]
        parts = [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]
        body = [_words(part) for part in _spoken(parts)]
        # What a saved page consists of (MHTML) is no evidence of its own.
        sent = [] if message["Snapshot-Content-Location"] else [part for part in parts if _is_file(part)]
        files = [(_name(part), content) for part in sent if (content := _bytes(part)) and not _is_logo(part, content)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The library raises these for broken headers and encodings.
        return Opened(MAIL, decode(data)[0])
    words = "\n".join([*head, "", *body])
    return Opened(MAIL, words, tuple(files[:most]), ("mail_cut",) if len(files) > most else ())


def _is_file(part: EmailMessage) -> bool:
    """Whether it is no words of the mail; programs attach tables as texts, some of them without saying so."""
    words = part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()
    return not words or part.get_content_disposition() == "attachment"


def _name(part: EmailMessage) -> str:
    """The name of a file; a picture inside of the words may have none."""
    return part.get_filename() or f"{part.get_content_maintype()}.{part.get_content_subtype()}"


def _is_logo(part: EmailMessage, content: bytes) -> bool:
    """Whether it is a small picture inside of the words, such as a signature's."""
    inside = part["Content-ID"] and part.get_content_disposition() != "attachment"
    return bool(inside) and part.get_content_maintype() == "image" and len(content) < _LOGO


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
    return page_words(text) if part.get_content_type() == "text/html" else text
