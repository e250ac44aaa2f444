"""Documents of word processors (.docx): their words and the pictures in them."""

import zipfile
from pathlib import PurePosixPath
from xml.parsers import expat

from bot.reading.containers.archives import Caps, Refused, taken_out
from bot.reading.containers.opened import DOCUMENT, Opened

BODY = "word/document.xml"
_MEDIA = "word/media/"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tr": "\n", "tab": "\t", "tc": "  "}
_MOST_XML, _MOST_WORDS, _PICTURES = (
    20_000_000,
    2_000_000,
    (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
)


class _Words:
    """Collects the text of a document; hidden and deleted text is not seen by who reads it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.length, self.is_text, self.is_hidden = 0, False, False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        """No document of a word processor declares a type or an entity."""
        raise Refused("document_entities")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Called by the parser where an element begins; `name` is the namespace, a space and the tag."""
        space, _, tag = name.rpartition(" ")
        if space != _SPACE:
            return
        self.is_text = tag == "t"
        if tag == "r":
            self.is_hidden = False
        elif tag == "vanish":
            self.is_hidden = attributes.get(f"{_SPACE} val", "true") not in ("0", "false", "off")
        elif tag in ("br", "cr", "tab"):
            self.found.append(_BREAKS[tag])

    def end(self, name: str) -> None:
        """Called by the parser where an element ends."""
        tag = name.rpartition(" ")[2]
        self.is_text = False
        if tag in ("p", "tr", "tc"):
            self.found.append(_BREAKS[tag])

    def data(self, text: str) -> None:
        """Called by the parser with text between tags, which is collected when it is visible."""
        if self.is_text and not self.is_hidden and self.length < _MOST_WORDS:
            self.length += len(text)
            self.found.append(text)


def open_document(archive: zipfile.ZipFile, caps: Caps) -> Opened:
    """The words of the body and the pictures of a document. Raises Refused."""
    reader = _Words()
    try:
        reader.parser.Parse(taken_out(archive, archive.getinfo(BODY), _MOST_XML), True)
    except expat.ExpatError as error:
        raise Refused("archive_damaged") from error
    lines = (line.strip() for line in "".join(reader.found).split("\n"))
    entries = [entry for entry in archive.infolist() if _is_picture(entry) and entry.file_size <= caps.one]
    files = tuple(
        (PurePosixPath(entry.filename).name, taken_out(archive, entry, caps.one)) for entry in entries[: caps.files]
    )
    more = len(entries) - len(files)
    return Opened(DOCUMENT, "\n".join(filter(None, lines)), files, (f"archive_cut:{more}",) if more else ())


def _is_picture(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith(_MEDIA) and entry.filename.lower().endswith(_PICTURES)
