"""Caps on what one file may cost; the defaults are the guards that held against hostile files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bytes of a file by kind, pixels of a picture, pages of a PDF, CPU and wall seconds and memory of the
    disposable process, characters searched, characters and entries kept in the facts; the worker processes for
    pictures, the seconds after which an idle one ends and after which the last one does, the files after which one is
    replaced, the readings kept; the seconds and the memory of the process that reads words in one more script; the
    bytes of a mail, an archive or a document, those of all that is unpacked, the entries that it may list and the
    files that are taken out."""

    picture_bytes: int = 15_000_000
    pdf_bytes: int = 15_000_000
    text_bytes: int = 10_000_000
    pixels: int = 40_000_000
    side: int = 20_000
    pages: int = 30
    cpu_seconds: int = 30
    wall_seconds: int = 45
    memory_bytes: int = 2_500_000_000
    searched: int = 1_000_000
    words: int = 100_000
    entries: int = 500
    workers: int = 2
    idle_seconds: int = 180
    kept_seconds: int = 43_200
    recycled_after: int = 100
    remembered: int = 200
    script_seconds: int = 20
    script_bytes: int = 1_000_000_000
    container_bytes: int = 25_000_000
    unpacked_bytes: int = 80_000_000
    archive_entries: int = 1_000
    parts: int = 20
