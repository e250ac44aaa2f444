"""What was found in a file that holds others."""

from dataclasses import dataclass

MAIL = "message/rfc822"
ZIP = "application/zip"
PAGE = "text/html"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTAINERS = (MAIL, ZIP, PAGE, DOCUMENT)


@dataclass(frozen=True)
class Opened:
    """Its own words, the files in it by the names that it gives them, and warnings; `type` is what it really is."""

    type: str
    words: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    warnings: tuple[str, ...] = ()
