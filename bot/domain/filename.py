"""Makes file names of strangers safe to show, to store and to write."""

import re
import unicodedata

MAX_LENGTH = 120
MAX_SUFFIX = 10
# Control characters, and format characters such as right-to-left overrides that make "gpj.exe" look like "exe.jpg".
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r'[<>:"|?*]+')


def safe_name(name: str) -> str:
    """A sender's file name without its path and without invisible or reserved characters, at most 120 characters
    long; the extension survives shortening. Never empty; safe names stay as they are."""
    base = re.split(r"[/\\]", name)[-1]
    clean = " ".join(_RESERVED.sub("_", visible(base)).split()).strip(". ")
    if len(clean) > MAX_LENGTH:
        stem, dot, suffix = clean.rpartition(".")
        short = f".{suffix}" if dot and len(suffix) <= MAX_SUFFIX else ""
        clean = (stem if short else clean)[: MAX_LENGTH - len(short)].rstrip(". ") + short
    return clean or "file"


def visible(text: str) -> str:
    """The text without invisible characters that change how the rest is shown."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _INVISIBLE)
