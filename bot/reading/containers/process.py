"""The disposable process that takes a file apart, run by `opener`.

It takes the file on standard input, limits itself, shuts its walls before it looks at the file, and prints a line of
JSON about what it found, followed by the bytes of the files one after the other.
"""

import codecs
import json
import signal
import sys
from contextlib import suppress
from encodings.aliases import aliases

from bot.reading.cell import confine, die_with_parent, grant
from bot.reading.containers.archives import Caps, Refused, open_archive, open_zip
from bot.reading.containers.documents import BODY, open_document
from bot.reading.containers.mails import open_mail
from bot.reading.containers.opened import MAIL, PAGE, ZIP, Opened
from bot.reading.containers.web import open_page
from bot.reading.decoding import decode
from bot.reading.walls import shut

_OFFICE = ("xl/workbook.xml", "xl/workbook.bin", "ppt/presentation.xml", "content.xml")
_STOPPED = "reading_stopped"


def opened(kind: str, data: bytes, caps: Caps) -> Opened:
    """The file taken apart. Raises Refused."""
    if kind == MAIL:
        return open_mail(data, caps.files)
    if kind == PAGE:
        return open_page(data)
    archive = open_zip(data, caps)
    names = set(archive.namelist())
    if BODY in names:
        return open_document(archive, caps)
    if names.intersection(_OFFICE):
        raise Refused("archive:Office")
    return open_archive(archive, caps)


def _load() -> None:
    """Load now what would be loaded later, while files may still be opened."""
    open_page(b"<p>\xb5\xe7 a</p>")
    decode(b"\xe9t\xe9 \xff")
    for charset in set(aliases.values()):
        with suppress(LookupError):
            codecs.lookup(charset)
    open_mail(
        b"From: a@example.com\nTo: b@example.com\nSubject: =?gb18030?B?sKE=?=\n"
        b"Date: Thu, 05 Nov 2026 10:00:00 +0000\n"
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>a\n"
        b'--b\nContent-Type: image/png; name="=?utf-8?B?5Zu+?="\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n',
        1,
    )


def main(kind: str, limits: str) -> None:
    """Take apart what comes on standard input; what cannot be is an answer."""
    caps = json.loads(limits)
    signal.alarm(caps["wall_seconds"])
    grant(caps)
    confine(caps)
    die_with_parent()
    data = sys.stdin.buffer.read()
    _load()
    shut()
    most = Caps(caps["archive_entries"], caps["parts"], caps["picture_bytes"], caps["unpacked_bytes"])
    try:
        found = opened(kind, data, most)
    except Refused as refusal:
        found = Opened(ZIP if kind == ZIP else kind, warnings=(str(refusal),))
    except (MemoryError, RecursionError):
        found = Opened(kind, warnings=(_STOPPED,))
    head = {"type": found.type, "words": found.words, "warnings": found.warnings}
    sizes = {"files": [(name, len(content)) for name, content in found.files]}
    sys.stdout.buffer.write(json.dumps(head | sizes).encode() + b"\n")
    for _, content in found.files:
        sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
