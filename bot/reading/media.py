"""What a file really is: its type by content, and the reasons not to open it."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import puremagic

from bot.reading.containers.mails import is_mail
from bot.reading.containers.opened import CONTAINERS, MAIL, ZIP
from bot.reading.limits import Limits

PICTURES = {
    "image/png": ("png", "apng"),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic", "heif", "hif"),
    "image/avif": ("avif",),
}
TEXTS = {
    "text/plain": ("txt", "log", "md", "text"),
    "text/csv": ("csv", "tsv"),
    "application/json": ("json",),
    "application/x-ndjson": ("jsonl", "ndjson"),
}
PDF = "application/pdf"
_EXTENSIONS = {**PICTURES, **TEXTS, PDF: ("pdf",)}
_OPENABLE = {extension for extensions in _EXTENSIONS.values() for extension in extensions}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_ARCHIVES = {
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xd0\xcf\x11\xe0": "Office",
}
_PARTS = {b"word/": "Word", b"xl/": "Excel", b"ppt/": "PowerPoint"}
_PROGRAMS = {
    b"MZ": "Windows",
    b"\x7fELF": "Linux",
    b"\xfe\xed\xfa\xce": "macOS",
    b"\xfe\xed\xfa\xcf": "macOS",
    b"\xce\xfa\xed\xfe": "macOS",
    b"\xcf\xfa\xed\xfe": "macOS",
    b"\xca\xfe\xba\xbe": "Java / macOS",
    b"dex\n": "Android",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00": "Windows",
}
_APPS = {b"AndroidManifest.xml": "Android", b"classes.dex": "Android", b"META-INF/MANIFEST.MF": "Java"}
"""What the beginnings of files and the names of an archive's first parts say of archives and programs."""
_SCRIPTS = {
    **dict.fromkeys(("bat", "cmd", "ps1", "vbs", "vbe", "wsf", "hta"), "Windows"),
    **dict.fromkeys(("sh", "command", "py", "js", "mjs"), "script"),
}
_OPENED = ("ZIP", "Word")
_OLE, _OF_OUTLOOK = b"\xd0\xcf\x11\xe0", "__nameid".encode("utf-16-le")
_HEAD = 4096


@dataclass(frozen=True)
class Media:
    """A file's type by content; `refusal` is the wording key of why it is not opened, "" when it may be."""

    type: str
    refusal: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_picture(self) -> bool:
        """A picture of a kind that may be opened."""
        return self.type in PICTURES


def inspect(path: Path, file_name: str, limits: Limits) -> Media:
    """Sniff the file; `file_name` only serves to say when it misleads, and which texts are programs. Never raises."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            return Media("", "not_a_file")
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return Media("", "not_a_file")
    if not head:
        return Media("application/x-empty", "empty")
    kind = MAIL if is_mail(head) else sniff(head)
    refusal = (
        _refusal(kind, head, file_name, path) or _too_large(kind, size, limits) or _second_format(kind, head, path)
    )
    return Media(kind, refusal, () if refusal else _misnamed(kind, file_name))


def sniff(head: bytes) -> str:
    """The media type that the first bytes show; text is told from binary by its control characters."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    if head[4:8] == b"ftyp" and (brand := head[8:12]) in (*_HEIF_BRANDS, b"avif", b"avis"):
        return "image/heic" if brand in _HEIF_BRANDS else "image/avif"
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK"):
        return ZIP
    return _text(head) or ("image/bmp" if head.startswith(b"BM") else _magic(head))


def _text(head: bytes) -> str:
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    wide = len(head) > 7 and min(head[0::2].count(0), head[1::2].count(0)) < 4 and head.count(0) > 0.2 * len(head)
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head) - head.count(0)
    if control > 0.01 * len(head) or (head.count(0) and not (marked or wide)):
        return ""
    lowered = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"<svg" in lowered[:2048] and lowered.startswith(b"<"):
        return "image/svg+xml"
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "text/html"
    return "text/plain"


def _magic(head: bytes) -> str:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError, IndexError, UnicodeError):
        return "application/octet-stream"
    return next((match.mime_type for match in matches if match.mime_type), "application/octet-stream")


def _refusal(kind: str, head: bytes, file_name: str, path: Path) -> str:
    if kind == "image/svg+xml":
        return "svg"
    known = kind in PICTURES or kind == PDF
    if not known and (program := _program(kind, head, file_name)):
        return f"program:{program}"
    if archive := _begins(head, _ARCHIVES):
        found = _contains(head, _PARTS) or archive
        return "" if found in _OPENED else "outlook_message" if _is_outlook(head, path) else f"archive:{found}"
    return "" if known or kind == "text/plain" or kind in CONTAINERS else f"format_unsupported:{kind}"


def _is_outlook(head: bytes, path: Path) -> bool:
    """Whether a file of Microsoft's older kinds is a mail of Outlook, which alone names properties."""
    try:
        return head.startswith(_OLE) and _OF_OUTLOOK in path.read_bytes()
    except OSError:
        return False


def _program(kind: str, head: bytes, file_name: str) -> str:
    """For which system a program is, "" for what is none: a text is one by its first characters or its name alone."""
    if kind == "text/plain":
        suffix = PurePath(file_name.replace("\\", "/")).suffix.lower().lstrip(".")
        return "script" if head.startswith(b"#!") else _SCRIPTS.get(suffix, "")
    packed = head.startswith(b"PK") and _contains(head, _APPS)
    return packed or _begins(head, _PROGRAMS)


def _begins(head: bytes, known: Mapping[bytes, str]) -> str:
    return next((name for start, name in known.items() if head.startswith(start)), "")


def _contains(head: bytes, known: Mapping[bytes, str]) -> str:
    return next((name for part, name in known.items() if part in head), "")


def _too_large(kind: str, size: int, limits: Limits) -> str:
    caps = {PDF: limits.pdf_bytes, **dict.fromkeys(PICTURES, limits.picture_bytes)}
    cap = {**caps, **dict.fromkeys(CONTAINERS, limits.container_bytes)}.get(kind, limits.text_bytes)
    return f"too_large:{cap // 1_000_000 or round(cap / 1_000_000, 3)}" if size > cap else ""


def _second_format(kind: str, head: bytes, path: Path) -> str:
    if kind == "text/plain" or kind in CONTAINERS:
        return ""
    if kind != PDF and b"%PDF-" in head[:1024]:
        return f"polyglot:{kind} + {PDF}"
    if kind == PDF and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return f"polyglot:{PDF} + ?"
    if b"<script" in head.lower() or b"<html" in head[:1024].lower():
        return f"polyglot:{kind} + text/html"
    return f"polyglot:{kind} + application/zip" if _is_archive(path) else ""


def _is_archive(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except (OSError, ValueError):
        return False


def _misnamed(kind: str, file_name: str) -> tuple[str, ...]:
    if kind in CONTAINERS:
        return ()
    extension = PurePath(file_name.replace("\\", "/")).suffix.lower().lstrip(".")
    family = [name for types in TEXTS.values() for name in types] if kind in TEXTS else _EXTENSIONS[kind]
    return (f"wrong_extension:{kind}",) if extension in _OPENABLE and extension not in family else ()
