"""Bytes to text: a byte-order mark decides, then UTF-8, then Chinese, then the best statistical guess."""

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536


def decode(data: bytes) -> tuple[str, bool]:
    """The text and whether its encoding is certain; never raises."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), True
    if encoding := _wide(data):
        return data.decode(encoding, "replace"), True
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError as error:
        # A file cut in the middle of its last character is still UTF-8.
        if error.start > len(data) - 4 and error.start > 0:
            return data[: error.start].decode("utf-8"), True
    return _chinese(data) or (_guess(data), False)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark shows as a zero in nearly every other byte (Latin text and digits)."""
    sample = data[:_SAMPLE]
    if len(sample) < 8 or len(data) % 2:
        return ""
    half = len(sample) / 2
    if sample[1::2].count(0) > 0.4 * half and sample[0::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.4 * half and sample[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return ""


def _chinese(data: bytes) -> tuple[str, bool] | None:
    """Sellers' Chinese programs write GB18030; valid and mostly common characters is proof enough."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    letters = [char for char in text[:_SAMPLE] if ord(char) > 127]
    common = sum("\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or char > "\uff00" for char in letters)
    return (text, True) if letters and common / len(letters) > 0.9 and _frequent(letters) else None


def _frequent(letters: list[str]) -> bool:
    """GB2312's first level holds the characters of everyday Chinese; other encodings read as GBK rarely hit it."""
    level = sum("b0" <= char.encode("gb18030")[:1].hex() <= "d7" for char in letters)
    return level / len(letters) > 0.5


def _guess(data: bytes) -> str:
    best = from_bytes(data[:_SAMPLE]).best()
    encoding = best.encoding if best else "cp1252"
    return data.decode(encoding, "replace")
