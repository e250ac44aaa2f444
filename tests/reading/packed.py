"""Mails, archives and documents made on the spot, hostile ones among them."""

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

NUMBER, ORDER = "1Z999AA10123456784", "576461413038785752"
WORDS = f"UPS tracking {NUMBER}\norder {ORDER}\ndelivered 2026-11-05 10:00 UTC 已签收\n"
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(*files: tuple[str, bytes], flag: int = 0, link: str = "") -> bytes:
    """A ZIP of some files; with `link` one that is a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc/passwd")
    return out.getvalue().replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00" + bytes([flag, 0])
    )


def chinese_zip(name: str, data: bytes) -> bytes:
    """As programs on Chinese systems write names: GB18030, and nothing says so."""
    raw = name.encode("gb18030")
    stand_in = "x" * len(raw)
    return zipped((stand_in, data)).replace(stand_in.encode(), raw)


def overlapping() -> bytes:
    """Many entries that share the bytes of one."""
    data = b"\0" * 900_000
    packed, check = zlib.compress(data, 9)[2:-4], zlib.crc32(data)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, check, len(packed), len(data), 1, 0) + b"a"
    head = struct.pack("<6H3I5H2I", 20, 20, 0, 8, 0, 0, check, len(packed), len(data), 1, 0, 0, 0, 0, 0, 0)
    listed = (b"PK\x01\x02" + head + b"a") * 80
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 80, 80, len(listed), len(local) + len(packed), 0)
    return local + packed + listed + end


def docx(body: str, before: str = "", *pictures: tuple[str, bytes]) -> bytes:
    """A document of a word processor with this body."""
    xml = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>'
    media = [(f"word/media/{name}", data) for name, data in pictures]
    return zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", xml.encode()), *media)


def paragraphs(words: str, properties: str = "") -> str:
    """A paragraph for each line."""
    lines = words.splitlines()
    return "".join(f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{line}</w:t></w:r></w:p>" for line in lines)


def mail(words: str = WORDS, cte: str = "quoted-printable", charset: str = "utf-8") -> EmailMessage:
    """A mail of a carrier."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "carrier@example.com", "shop@example.com", "您的包裹"
    message["Date"] = "Thu, 05 Nov 2026 10:15:00 +0800"
    message.set_content(words, cte=cte, charset=charset)
    return message
