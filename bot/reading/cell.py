"""The disposable process that opens untrusted PDFs and pictures: a script of its own, run by `guard`.

It takes the file on standard input, limits itself before it looks at it, and prints what it saw as JSON.
It imports nothing of the product, so that it starts fast and has nothing to lose.
"""

import ctypes
import hashlib
import io
import json
import re
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

Seen = dict[str, Any]
_PARENT_DEATH_SIGNAL = 1
_PASSWORD_ERROR = 4
_CHARACTERS = 2_000_000
_SOFTWARE_TAGS = (0x0131, 0x000B, 0x9C9D)
_TAKEN_TAGS = ((0x9003, 0x9011), (0x9004, 0x9012), (0x0132, 0x9010))
_TOOL = re.compile(rb"(?:CreatorTool|softwareAgent)(?:=[\"']|>)([^<\"']{1,120})")


def confine(limits: dict[str, int]) -> None:
    """Limit CPU seconds, wall seconds, memory and files; die with the parent."""
    signal.alarm(limits["wall_seconds"])
    caps = {
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_AS: limits["memory_bytes"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for kind, cap in caps.items():
        # Some systems refuse to limit address space; the other guards still hold there.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (cap, cap))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def read_pdf(data: bytes, limits: dict[str, int]) -> Seen:
    """The text of the first pages, counts of what may be dangerous, and who made the file."""
    import pypdfium2  # type: ignore[import-untyped]
    import pypdfium2.raw  # type: ignore[import-untyped]

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"warnings": ["pdf_encrypted" if error.err_code == _PASSWORD_ERROR else "pdf_damaged"]}
    texts = list(_page_texts(pdf, limits["pages"]))
    return {
        "pages": len(pdf),
        "texts": texts,
        "javascript": pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(pdf.raw) > 0 or _has_script(data),
        "attachments": pdf.count_attachments() > 0,
        "properties": {key: value[:300] for key, value in pdf.get_metadata_dict(skip_empty=True).items()},
    }


def _page_texts(pdf: Any, pages: int) -> Iterator[str | None]:
    left = _CHARACTERS
    for number in range(min(len(pdf), pages)):
        try:
            page = pdf[number]
            text = page.get_textpage().get_text_bounded()[:left]
            page.close()
        except RuntimeError:
            yield None
            continue
        left -= len(text)
        yield text


def _has_script(data: bytes) -> bool:
    return re.search(rb"/(?:JavaScript|JS)[\s(<\[/]", data) is not None


def read_picture(data: bytes, limits: dict[str, int]) -> Seen:
    """Size, first frame's pixels as SHA-256, and what EXIF and XMP say of date and program."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"]) as picture:
            width, height = picture.size
            if width * height > limits["pixels"] or max(width, height) > limits["side"]:
                return {"warnings": [f"picture_too_large:{width} × {height}"]}
            seen = _properties(picture)
            picture.load()
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            digest = hashlib.sha256(f"{upright.width}x{upright.height}".encode() + upright.tobytes())
            return {**seen, "pixels_sha256": digest.hexdigest()}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"warnings": ["picture_too_large:?"]}
    except UnidentifiedImageError:
        return {"warnings": ["picture_damaged"]}
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, ArithmeticError, AttributeError):
        # Pillow's decoders raise whatever a broken structure trips over.
        return {"warnings": ["picture_damaged"]}


def _properties(picture: Any) -> Seen:
    exif = picture.getexif()
    details = {**exif, **exif.get_ifd(0x8769)}
    tools = [str(details[tag]) for tag in _SOFTWARE_TAGS if tag in details]
    tools += [str(picture.info[name]) for name in ("Software", "software") if name in picture.info]
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    xmp = xmp.encode("utf-8", "replace") if isinstance(xmp, str) else xmp
    tools += [match.decode("utf-8", "replace") for match in _TOOL.findall(xmp[:500_000])]
    taken = next(((details[tag], details.get(zone, "")) for tag, zone in _TAKEN_TAGS if tag in details), ("", ""))
    return {
        "animated": bool(getattr(picture, "is_animated", False)),
        "tools": [tool[:120] for tool in tools],
        "taken": [str(part)[:40] for part in taken],
    }


_TASKS: dict[str, Callable[[bytes, dict[str, int]], Seen]] = {"pdf": read_pdf, "picture": read_picture}


def main(task: str, limits: str) -> None:
    """Run one task on standard input; running out of memory is an answer, not a crash."""
    caps = json.loads(limits)
    confine(caps)
    try:
        seen = _TASKS[task](sys.stdin.buffer.read(), caps)
        json.dump(seen, sys.stdout)
    except MemoryError:
        json.dump({"warnings": ["reading_stopped"]}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
