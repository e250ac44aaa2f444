"""Names and sizes from strangers made fit to show and store."""

import re
import unicodedata

MAX_LENGTH = 120
MAX_SUFFIX = 10
# Control characters, and format characters such as right-to-left overrides that make "gpj.exe" look like "exe.jpg".
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r'[<>:"|?*]+')


def safe_name(name: str) -> str:
    """A sender's file name without path, invisible or reserved characters, at most 120 characters long;
    the extension survives shortening. Never empty."""
    base = re.split(r"[/\\]", name)[-1]
    clean = " ".join(_RESERVED.sub("_", visible(base)).split()).strip(". ")
    if len(clean) > MAX_LENGTH:
        stem, dot, suffix = clean.rpartition(".")
        short = f".{suffix}" if dot and len(suffix) <= MAX_SUFFIX else ""
        clean = (stem if short else clean)[: MAX_LENGTH - len(short)].rstrip(". ") + short
    return clean or "file"


def visible(text: str) -> str:
    """The text without characters that cannot be seen but change what is seen."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _INVISIBLE)


def megabytes(size: int) -> str:
    """A size in bytes as MB (1,000,000 bytes) for people."""
    return f"{size / 1_000_000:.1f}".removesuffix(".0")


def readable_size(size: int) -> str:
    """A size in bytes as B, KB or MB (powers of 1000) for people."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{megabytes(size)} MB"
