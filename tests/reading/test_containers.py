"""Archives, documents, saved pages and mails: their parts read like files, hostile ones harmless."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.evidence import Facts
from bot.reading.apart import OPENER
from bot.reading.containers.opened import ZIP
from bot.reading.containers.opener import Opener
from bot.reading.limits import Limits
from bot.reading.processes import Spawned, program_of
from bot.reading.reader import FileReader
from tests.reading.packed import NUMBER, ORDER, WORDS, chinese_zip, docx, mail, overlapping, paragraphs, zipped
from tests.reading.samples import picture

Read = Callable[..., Facts]


def parts(reader: FileReader, folder: Path, data: bytes) -> dict[str, bytes]:
    path = folder / "container"
    path.write_bytes(data)
    return dict(reader.contents(path).files)


def keys(facts: Facts) -> set[str]:
    return {warning.partition(":")[0] for warning in facts.warnings}


def test_an_archive_names_its_files(read: Read, reader: FileReader, tmp_path: Path) -> None:
    data = zipped(
        ("logs/a.txt", WORDS.encode()), ("b.png", picture()), ("__MACOSX/._a.txt", b"x"), (".DS_Store", b"x")
    )
    facts = read(data, "evidence.zip")
    assert (facts.media_type, facts.parts, facts.readable, facts.warnings) == (ZIP, ("a.txt", "b.png"), False, ())
    assert parts(reader, tmp_path, data) == {"logs/a.txt": WORDS.encode(), "b.png": picture()}


def test_chinese_names_are_read(read: Read) -> None:
    assert read(chinese_zip("物流截图.txt", WORDS.encode()), "a.zip").parts == ("物流截图.txt",)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.txt", "C:\\Windows\\x.txt", "a\x1b[2J\u202ex.txt", "/x.txt"])
def test_names_lead_nowhere_and_hide_nothing(read: Read, name: str) -> None:
    [shown] = read(zipped((name, b"hello")), "a.zip").parts
    assert not set("/\\\x1b\u202e") & set(shown) and shown.endswith("x.txt")


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (zipped(("bomb.txt", b"\0" * 20_000_000)), "archive_bomb"),
        (overlapping(), "archive_bomb"),
        (zipped(*((f"{number}.txt", b"x") for number in range(1_001))), "archive_too_many"),
        (zipped(("a.txt", b"x"), flag=1), "archive_encrypted"),
        (zipped(("a.txt", WORDS.encode()))[:-30], "archive_damaged"),
        (b"PK\x03\x04" + bytes(200), "archive_damaged"),
        (zipped(), "archive_empty"),
        (zipped(link="passwd.txt"), "archive_empty"),
        (zipped(("xl/workbook.xml", b"<x/>")), "archive"),
    ],
    ids=[
        "flat bomb",
        "overlapping",
        "many entries",
        "encrypted",
        "cut",
        "no list",
        "nothing",
        "a link",
        "spreadsheet",
    ],
)
def test_archives_that_are_not_opened(
    read: Read, reader: FileReader, tmp_path: Path, data: bytes, warning: str
) -> None:
    began = time.monotonic()
    facts = read(data, "a.zip")
    assert warning in keys(facts) and facts.parts == () and not facts.readable
    assert parts(reader, tmp_path, data) == {} and time.monotonic() - began < 200


def test_an_archive_that_holds_itself_is_opened_once(read: Read, reader: FileReader, tmp_path: Path) -> None:
    """As a quine would be: what is inside is a file, and stays one."""
    inner = zipped(("a.txt", b"x"))
    assert parts(reader, tmp_path, zipped(("inner.zip", inner))) == {"inner.zip": inner}


def test_of_many_files_the_first_are_taken_out(read: Read) -> None:
    facts = read(zipped(*((f"{number}.txt", b"x") for number in range(30))), "a.zip")
    assert len(facts.parts) == Limits().parts and facts.warnings == ("archive_cut:10",)


def test_a_file_that_is_too_large_is_left_out(read: Read) -> None:
    noise = bytes(range(256)) * 70_000
    facts = read(zipped(("big.bin", noise[:16_000_000]), ("a.txt", b"x")), "a.zip")
    assert facts.parts in (("a.txt",), ()) and keys(facts) & {"archive_large_files", "archive_bomb"}


def test_a_document_says_its_words_and_names_its_pictures(read: Read, reader: FileReader, tmp_path: Path) -> None:
    data = docx(paragraphs(WORDS), "", ("image1.png", picture()), ("chart.emf", b"x"))
    facts = read(data, "notice.docx")
    assert [number.value for number in facts.tracking_numbers] == [NUMBER] and facts.order_ids == (ORDER,)
    assert facts.parts == ("image1.png",) and facts.media_type.endswith("wordprocessingml.document")
    assert parts(reader, tmp_path, data) == {"image1.png": picture()}


def test_hidden_and_deleted_words_of_a_document_are_not_seen(read: Read) -> None:
    hidden = paragraphs(f"UPS tracking {NUMBER}", "<w:vanish/>")
    deleted = f"<w:p><w:del><w:r><w:delText>order {ORDER}</w:delText></w:r></w:del></w:p>"
    facts = read(docx(paragraphs("shown") + hidden + deleted), "a.docx")
    assert (facts.words, facts.tracking_numbers, facts.order_ids) == ("shown", (), ())


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "' + "a" * 1000 + '"><!ENTITY b "' + "&a;" * 1000 + '">]>',
    ],
)
def test_a_document_with_entities_is_not_opened(read: Read, declared: str) -> None:
    assert read(docx("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", declared), "a.docx").warnings == ("document_entities",)


def test_huge_and_deep_documents_answer(read: Read) -> None:
    began = time.monotonic()
    assert keys(read(docx(paragraphs("x" * 30_000_000)), "a.docx")) <= {"archive_bomb", "reading_stopped"}
    deep = "<w:p>" * 200_000 + "</w:p>" * 200_000
    assert keys(read(docx(deep), "a.docx")) <= {"archive_bomb", "archive_damaged", "reading_stopped"}
    assert time.monotonic() - began < 400


def test_a_saved_page_says_what_is_seen(read: Read) -> None:
    page = (
        f"<!doctype html><html><head><title>t</title><script>var n='{ORDER}'</script></head><body>"
        f"<p>UPS tracking <b>{NUMBER}</b></p><div style='display: none'>order {ORDER}</div>"
        "<p hidden>1Z999AA10123456785</p>"
        "<table><tr><td>Delivered</td><td>2026-11-05 10:00 UTC</td></tr></table><p>end"
    )
    facts = read(page, "tracking.html")
    assert facts.media_type == "text/html" and [number.value for number in facts.tracking_numbers] == [NUMBER]
    assert facts.order_ids == () and facts.words.splitlines()[-1] == "end" and facts.warnings == ()


def test_a_page_with_a_hundred_thousand_tags_answers(read: Read) -> None:
    began = time.monotonic()
    for page in ("<html>" + "<div>" * 100_000, "<html>" + "<b " * 100_000, "<html><p hidden>" + "<i>x" * 50_000):
        assert keys(read(page, "a.html")) <= {"reading_stopped", "text_cut"}
    assert time.monotonic() - began < 500


def test_a_mail_of_a_thousand_parts_answers(read: Read) -> None:
    message = mail("see the attached\n")
    for number in range(1_000):
        message.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{number}.txt")
    facts = read(message.as_bytes(), "many.eml")
    assert "mail_cut" in facts.warnings and len(facts.parts) == Limits().parts


def test_outlook_and_other_archives_are_named(read: Read) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert read(ole + "__nameid_version1.0".encode("utf-16-le"), "a.msg").warnings == ("outlook_message",)
    assert keys(read(ole, "a.doc")) == keys(read(b"Rar!\x1a\x07\x01\x00" + bytes(50), "a.rar")) == {"archive"}


@pytest.mark.parametrize("happens", ["import time; time.sleep(60)", "print('nonsense')", "raise SystemExit(3)"])
def test_a_process_that_fails_is_an_answer(tmp_path: Path, happens: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(("a.txt", b"x")))
    opened = Opener(Limits(wall_seconds=1), Spawned(happens)).open(tmp_path / "a.zip", ZIP)
    assert (opened.files, opened.warnings) == ((), ("reading_stopped",))


def test_nothing_is_written_or_opened_while_a_file_is_taken_apart(reader: FileReader, tmp_path: Path) -> None:
    """Code that gets hold of the process finds its doors shut."""
    probe = """
def tried(data, was=process.open_page):
    try:
        open("/etc/passwd")
    except OSError:
        return was(b"<p>shut")
    return was(b"<p>open")
process.open_page = lambda data: tried(data) if b"probe" in data else process.Opened("", "")
"""
    entered, _, _ = program_of(OPENER).partition("from bot.reading.containers")
    start = f"{entered}from bot.reading.containers import process; "
    start += f"exec({probe!r}); process.main(*sys.argv[2:])"
    (tmp_path / "a.html").write_text("<html>probe")
    assert Opener(Limits(), Spawned(start)).open(tmp_path / "a.html", "text/html").words == "shut"


def test_a_part_is_read_like_a_file(read: Read, reader: FileReader, tmp_path: Path) -> None:
    [(name, data)] = parts(reader, tmp_path, zipped(("物流.txt", WORDS.encode()))).items()
    assert replace(read(data, name), came_in="").tracking_numbers == read(WORDS, "物流.txt").tracking_numbers
