"""Pictures, PDFs and hostile files: each answers with what it is and what to do, none harms."""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.evidence import CaptureSource, Facts, TimeRole
from bot.reading.guard import STOPPED, Guard
from bot.reading.limits import Limits
from bot.reading.pictures import Pictures
from bot.reading.pool import Pool
from bot.reading.reader import FileReader
from tests.reading.samples import archive, huge_png, pdf, photo, picture

Read = Callable[..., Facts]
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "name", "media_type", "warning"),
    [
        (b"", "a.png", "application/x-empty", "empty"),
        (SVG, "a.svg", "image/svg+xml", "svg"),
        (SVG.replace(b"<?xml", b"\xef\xbb\xbf<?xml"), "a.png", "image/svg+xml", "svg"),
        (archive("xl/workbook.xml"), "a.csv", None, "archive:Excel"),
        (archive("bomb", b"\0" * 5_000_000), "a.zip", None, "archive_bomb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", None, "archive"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 20, "a.png", None, "program:Linux"),
        (b"MZ\x90\x00\x03" + bytes(range(32)) * 20, "photo.jpg", None, "program:Windows"),
        (b"\xcf\xfa\xed\xfe\x07" + bytes(range(32)) * 20, "invoice", None, "program:macOS"),
        (archive("AndroidManifest.xml"), "tiktok.apk", None, "program:Android"),
        (b"#!/bin/sh\nrm -rf /\n", "log.txt", None, "program:script"),
        (b"del C:\\x\r\n", "logs\\run.BAT", None, "program:Windows"),
        (archive("word/document.xml"), "a.docx", None, "archive_damaged"),
        (b"Rar!\x1a\x07\x00" + bytes(range(32)) * 20, "a.jpg", None, "archive:RAR"),
        (bytes(range(256)) * 10, "a.txt", None, "format_unsupported"),
        (picture() + archive(), "a.png", "image/png", "polyglot"),
        (b"\x00\x01junk" + pdf("text"), "a.pdf", "application/pdf", "polyglot"),
        (picture("JPEG", comment=b"<script>alert(1)</script>"), "a.jpg", "image/jpeg", "polyglot"),
    ],
)
def test_files_that_are_not_opened(read: Read, data: bytes, name: str, media_type: str | None, warning: str) -> None:
    facts = read(data, name)
    assert not facts.readable
    assert len(facts.warnings) == 1 and f"{facts.warnings[0]}:".startswith(f"{warning}:")
    assert media_type is None or facts.media_type == media_type


def test_files_over_the_cap(reader: FileReader, tmp_path: Path) -> None:
    small = replace(reader, limits=Limits(picture_bytes=100, pdf_bytes=100, text_bytes=100))
    for number, data in enumerate((picture(), pdf("text"), b"text " * 50)):
        path = tmp_path / str(number)
        path.write_bytes(data)
        assert small.read(path, "x").warnings == ("too_large:0.0",)


def test_what_is_no_file(reader: FileReader, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", Path("/dev/null\0x"), tmp_path / ("n" * 3000)):
        assert reader.read(path, "x").warnings == ("not_a_file",)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_is_identified_but_not_read(read: Read, kind: str) -> None:
    facts = read(picture(kind), f"物流轨迹.{kind.lower()}")
    assert facts.media_type == f"image/{kind.lower()}"
    assert (facts.readable, facts.kind, facts.kind_certain) == (False, "tracking_page", False)
    assert facts.warnings == ("picture_not_read",)
    assert len(facts.pixels_sha256) == 64


def test_pixels_are_the_same_however_stored(read: Read) -> None:
    pixels = {read(picture(kind)).pixels_sha256 for kind in ("PNG", "BMP", "TIFF")}
    assert len(pixels) == 1


def test_rotation_by_exif_does_not_hide_the_same_picture(read: Read) -> None:
    flat = Image.new("RGB", (4, 2), "red")
    flat.putpixel((0, 0), (0, 0, 255))
    upright, turned, exif = io.BytesIO(), io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    flat.save(upright, "PNG")
    flat.transpose(Image.Transpose.ROTATE_90).save(turned, "PNG", exif=exif)
    assert read(upright.getvalue()).pixels_sha256 == read(turned.getvalue()).pixels_sha256


def test_a_wrong_extension_is_told_and_harmless(read: Read) -> None:
    assert read(picture(), "a.txt").warnings == ("wrong_extension:image/png", "picture_not_read")
    assert read("2026-11-18", "a.png").warnings == ("wrong_extension:text/plain",)


def test_exif_gives_date_and_program(read: Read) -> None:
    facts = read(photo("Adobe Photoshop 25.0 (Windows)", "2026:11:18 11:00:00", "+08:00"))
    assert facts.captured_at == datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
    assert facts.captured_from is CaptureSource.EXIF
    assert facts.traces_of_editing == ("editor:Adobe Photoshop 25.0 (Windows)",)


def test_a_phone_is_no_editor(read: Read) -> None:
    facts = read(photo("iOS 19.1", "2026:11:18 11:00:00"))
    assert (facts.traces_of_editing, facts.captured_at) == ((), datetime(2026, 11, 18, 11, 0, tzinfo=UTC))


def test_when_an_editor_saved_it_is_no_capture_date(read: Read) -> None:
    facts = read(photo("Adobe Photoshop 26.0", saved="2026:11:20 09:00:00"))
    assert (facts.captured_at, facts.captured_from) == (None, None)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "2026:13:40 99:00:00", "yesterday", "\x00"])
def test_broken_exif_dates(read: Read, taken: str) -> None:
    assert read(photo(taken=taken)).captured_at is None


def test_xmp_names_the_program(read: Read) -> None:
    xmp = b'<x:xmpmeta><rdf:Description xmp:CreatorTool="Meitu 10.2"/></x:xmpmeta>'
    assert read(picture("JPEG", xmp=xmp)).traces_of_editing == ("editor:Meitu 10.2",)


def test_an_animation_is_told(read: Read) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = picture("GIF", save_all=True, append_images=frames)
    assert read(data, "a.gif").warnings == ("picture_not_read", "animated")


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (huge_png(30_000, 30_000), "picture_too_large"),
        (huge_png(13_000, 13_000), "picture_too_large"),
        (huge_png(10, 25_000), "picture_too_large"),
        (picture()[:-60], "picture_damaged"),
        (picture()[:20], "picture_damaged"),
        (picture("JPEG")[:200], "picture_damaged"),
        (b"GIF89a" + b"\xff" * 100, "picture_damaged"),
    ],
)
def test_hostile_pictures(read: Read, data: bytes, warning: str) -> None:
    facts = read(data, "a.png")
    assert (facts.readable, facts.pixels_sha256) == (False, "")
    assert warning in {item.partition(":")[0] for item in facts.warnings}


def test_a_picture_reader_takes_over(reader: FileReader, tmp_path: Path) -> None:
    class Ocr(Pictures):
        def read(self, path: Path, file_name: str, media_type: str) -> Facts:
            return Facts(media_type, words=f"{file_name} {path.stat().st_size}")

    path = tmp_path / "a"
    path.write_bytes(picture())
    facts = replace(reader, pictures=Ocr(Pool(Limits()), reader.words, ())).read(path, "a.png")
    assert (facts.words, facts.warnings) == (f"a.png {len(picture())}", ())


PAGE = "Tracking number: 1Z999AA10123456784\n2026-11-18 11:00 Delivered\n2026-11-15 10:00 Picked up"


def test_a_pdf_reads_like_text(read: Read) -> None:
    facts = read(pdf(PAGE, "Captured on 2026-11-20 09:00"), "a.pdf")
    assert (facts.media_type, facts.readable, facts.pages) == ("application/pdf", True, 2)
    assert (facts.kind, facts.tracking_numbers[0].carrier) == ("tracking_page", "UPS")
    assert [stamp.role for stamp in facts.timestamps] == [TimeRole.DELIVERED, TimeRole.PICKED_UP, TimeRole.CAPTURED]
    assert facts.captured_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert facts.warnings == ()


def test_a_browser_prints_its_date_in_the_margin(read: Read) -> None:
    pages = [f"11/20/26, 3:14 PM Track\n{PAGE}\nhttps://www.ups.com/track {number}/2" for number in (1, 2)]
    facts = read(pdf(*pages, info="/Title (Track)"), "a.pdf")
    assert facts.captured_at == datetime(2026, 11, 20, 15, 14, tzinfo=UTC)
    assert facts.captured_from is CaptureSource.VISIBLE
    assert facts.words.startswith("11/20/26")


def test_a_step_of_the_delivery_is_not_the_date_of_printing(read: Read) -> None:
    assert read(pdf("2026-11-18 11:00 Delivered\nhttps://www.ups.com/track"), "a.pdf").captured_at is None
    assert read(pdf(f"{PAGE}\nhttps://www.ups.com/track 1/1"), "a.pdf").times(TimeRole.PICKED_UP)


def test_a_browser_without_margins_leaves_its_properties(read: Read) -> None:
    facts = read(pdf(PAGE, info="/Producer (Skia/PDF m130) /CreationDate (D:20261120171400+08'00')"), "a.pdf")
    assert facts.captured_at == datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
    assert (facts.captured_from, facts.warnings) == (CaptureSource.EXIF, ("captured_from_pdf",))


def test_other_programs_dates_are_no_capture_dates(read: Read) -> None:
    assert read(pdf(PAGE, info="/Producer (LibreOffice) /CreationDate (D:20261120171400Z)")).captured_at is None


def test_an_editor_leaves_a_trace_in_a_pdf(read: Read) -> None:
    assert read(pdf(PAGE, info="/Creator (Adobe Illustrator 28)")).traces_of_editing == (
        "editor:Adobe Illustrator 28",
    )


KEYS = "/O (01234567890123456789012345678901) /U (01234567890123456789012345678901)"
ENCRYPT = f"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 {KEYS} >> /ID [(a) (a)]"


@pytest.mark.parametrize(
    ("data", "readable", "warning"),
    [
        (pdf(""), False, "pdf_no_text"),
        (pdf("text", ""), True, "pdf_some_pages_no_text:2"),
        (pdf(*["text"] * 31), True, "pdf_too_many_pages:31"),
        (pdf("text", trailer=ENCRYPT), False, "pdf_encrypted"),
        (pdf("text")[:60], False, "pdf_damaged"),
        (pdf("text", catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), True, "pdf_javascript"),
    ],
)
def test_pdfs_that_need_a_word(read: Read, data: bytes, readable: bool, warning: str) -> None:
    facts = read(data, "a.pdf")
    assert (facts.readable, facts.warnings) == (readable, (warning,))


def test_an_attachment_in_a_pdf_is_told(read: Read) -> None:
    import pypdfium2

    made, out = pypdfium2.PdfDocument(pdf("text")), io.BytesIO()
    made.new_attachment("secret.txt").set_data(b"hello")
    made.save(out)
    assert read(out.getvalue(), "a.pdf").warnings == ("pdf_attachments",)


def test_a_process_that_wants_too_much_memory_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    shapes = " ".join(f"{n % 500} {n % 700} m {n % 300} 9 l S" for n in range(200_000))
    path.write_bytes(pdf(f"x) Tj ET {shapes} BT (y"))
    assert Guard(Limits()).run("pdf", path)["texts"] == ["xy"]
    assert Guard(Limits(memory_bytes=60_000_000)).run("pdf", path) == STOPPED


def test_a_killed_process_is_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    guard = Guard(Limits(wall_seconds=1))
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(guard.run("pdf", path)))
    thread.start()
    # The process waits for input that never comes until its own limits end it.
    with path.open("wb"):
        thread.join(60)
    assert answers == [STOPPED]
    children = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True
    ).stdout
    assert "bot.reading.cell" not in children


def test_the_libraries_for_hostile_files_stay_out_of_this_process() -> None:
    code = "import bot.reading.reader, sys; print(sorted({'pypdfium2', 'PIL.Image'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
