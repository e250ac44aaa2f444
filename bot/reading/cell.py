"""The disposable process that opens untrusted PDFs and pictures, run by `guard`.

It takes the file on standard input, limits itself, loads what it needs and shuts its walls before it looks at the
file, and prints what it saw as JSON. It imports little of the product: it starts fast and has nothing to lose.
"""

import ctypes
import hashlib
import io
import json
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from bot.domain.remark import Remark
from bot.reading.walls import shut

Seen = dict[str, Any]
_PARENT_DEATH_SIGNAL = 1
_PASSWORD_ERROR = 4
_CHARACTERS = 2_000_000
BAND = 512
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
_DRAWN = ("PNG", "JPEG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP")
EMPTY_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]>>endobj trailer<</Root 1 0 R>>\n%%EOF"
)
_SOFTWARE_TAGS = (0x0131, 0x000B, 0x9C9D)
# When the picture was taken or digitised, with its zone; 0x0132 is when a program last saved the file.
_TAKEN_TAGS = ((0x9003, 0x9011), (0x9004, 0x9012))
_TOOL = re.compile(rb"(?:CreatorTool|softwareAgent)(?:=[\"']|>)([^<\"']{1,120})")


def confine(limits: dict[str, int]) -> None:
    """Limit memory and files; no core that could hold a person's data."""
    caps = {
        resource.RLIMIT_AS: limits["memory_bytes"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for kind, cap in caps.items():
        # Some systems refuse to limit address space; the other guards still hold there.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (cap, cap))


def grant(limits: dict[str, int]) -> None:
    """Give the next piece of work its CPU seconds; the system ends the process when they are over."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cap = int(used.ru_utime + used.ru_stime) + 1 + limits["cpu_seconds"]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (cap, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def die_with_parent() -> None:
    """Let the system end this process with the program that started it."""
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
    return open_picture(data, limits)[0]


def open_picture(data: bytes, limits: dict[str, int]) -> tuple[Seen, Any]:
    """What `read_picture` tells, and the first frame upright in RGB, None when the picture may not be opened."""
    from PIL import Image, UnidentifiedImageError

    # Opening reads the size alone, which is looked at here: Pillow's own check would not tell it.
    Image.MAX_IMAGE_PIXELS = None
    allow_heif()
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > limits["pixels"] or max(width, height) > limits["side"]:
                return {"warnings": [str(Remark("picture_too_large", f"{width} × {height}"))]}, None
            return _opened(picture)
    except UnidentifiedImageError:
        return {"warnings": ["picture_damaged"]}, None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        TypeError,
        ArithmeticError,
        AttributeError,
        RuntimeError,
    ):
        # The decoders raise whatever a broken structure trips over.
        return {"warnings": ["picture_damaged"]}, None


def allow_heif() -> None:
    """Let Pillow open HEIC too, where the library for it is there."""
    with suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def _opened(picture: Any) -> tuple[Seen, Any]:
    from PIL import ImageOps

    seen = _properties(picture)
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    upright = _on_white(picture) if clear else picture
    upright = upright if upright.mode == "RGB" else upright.convert("RGB")
    digest = hashlib.sha256(f"{upright.width}x{upright.height}".encode())
    for band in bands(upright):
        digest.update(upright.crop(band).tobytes())
    return {**seen, "size": upright.size, "pixels_sha256": digest.hexdigest()}, upright


def bands(picture: Any) -> Iterator[tuple[int, int, int, int]]:
    """The picture from top to bottom in parts: a copy of the whole of a large one would take much memory."""
    for top in range(0, picture.height, BAND):
        yield 0, top, picture.width, min(picture.height, top + BAND)


def _on_white(picture: Any) -> Any:
    """As a person sees it: what is transparent shows the page behind it."""
    from PIL import Image

    page = Image.new("RGB", picture.size, "white")
    for band in bands(picture):
        layer = picture.crop(band).convert("RGBA")
        page.paste(Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB"), band)
    return page


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


def load_formats(limits: dict[str, int]) -> None:
    """Load now what opening pictures would load later, while files may still be opened."""
    from PIL import Image

    Image.init()
    allow_heif()
    for kind in _DRAWN:
        out = io.BytesIO()
        with suppress(OSError, KeyError):
            Image.new("RGB", (64, 64), "white").save(out, kind)
            open_picture(out.getvalue(), limits)


def _load_pdf(limits: dict[str, int]) -> None:
    read_pdf(EMPTY_PDF, limits)


Load = Callable[[dict[str, int]], None]
Read = Callable[[bytes, dict[str, int]], Seen]
_TASKS: dict[str, tuple[Load, Read]] = {"pdf": (_load_pdf, read_pdf), "picture": (load_formats, read_picture)}


def main(task: str, limits: str) -> None:
    """Run one task on standard input; running out of memory is an answer, not a crash."""
    caps = json.loads(limits)
    signal.alarm(caps["wall_seconds"])
    grant(caps)
    confine(caps)
    die_with_parent()
    load, read = _TASKS[task]
    try:
        data = sys.stdin.buffer.read()
        load(caps)
        shut()
        json.dump(read(data, caps), sys.stdout)
    except MemoryError:
        json.dump({"warnings": ["reading_stopped"]}, sys.stdout)
