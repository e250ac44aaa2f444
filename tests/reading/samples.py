"""Small files made on the spot: pictures, PDFs and hostile ones."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def picture(kind: str = "PNG", **options: object) -> bytes:
    """A plain picture; `options` go to Pillow's save."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, kind, **options)
    return out.getvalue()


def photo(software: str = "", taken: str = "", offset: str = "", saved: str = "") -> bytes:
    """A JPEG with EXIF; `saved` is when a program last saved it."""
    exif = Image.Exif()
    if saved:
        exif[0x0132] = saved
    if software:
        exif[0x0131] = software
    details = exif.get_ifd(0x8769)
    if taken:
        details[0x9003] = taken
    if offset:
        details[0x9011] = offset
    return picture("JPEG", exif=exif)


def huge_png(width: int, height: int) -> bytes:
    """A valid one-bit PNG of any size, tiny on disk."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    row = b"\0" * ((width + 7) // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(*pages: str, info: str = "", catalog: str = "", extra: str = "", trailer: str = "") -> bytes:
    """A PDF with one text line for each line of each page; `info`, `catalog` and `extra` are raw PDF."""
    count = len(pages)
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects.append(f"<< /Type /Pages /Count {count} /Kids [{kids}] >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, text in enumerate(pages):
        lines = " ".join(f"({line}) Tj 0 -14 Td" for line in text.splitlines())
        stream = f"BT /F1 10 Tf 40 780 Td {lines} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 820] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< {info} >>")
    body = "%PDF-1.7\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{item}\nendobj\n"
    body += extra
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R {trailer} >>"
    return (
        f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}\nstartxref\n{len(body)}\n%%EOF".encode(
            "latin-1"
        )
    )


def archive(name: str = "a.txt", data: bytes = b"hello") -> bytes:
    """A ZIP with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return out.getvalue()
