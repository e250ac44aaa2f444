"""Mails: what they say and what is attached to them."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.evidence import Facts, TimeRole
from bot.reading.containers.mails import is_mail, open_mail
from bot.reading.limits import Limits
from bot.reading.reader import FileReader
from tests.reading.packed import NUMBER, ORDER, WORDS, mail

Read = Callable[..., Facts]


@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_words_are_decoded(read: Read, cte: str, charset: str) -> None:
    facts = read(mail(cte=cte, charset=charset).as_bytes(), "notice.eml")
    assert facts.media_type == "message/rfc822"
    assert [number.value for number in facts.tracking_numbers] == [NUMBER] and facts.order_ids == (ORDER,)
    assert [stamp.role for stamp in facts.timestamps if stamp.at][-1] is TimeRole.DELIVERED
    assert facts.captured_at is None and "已签收" in facts.words


def test_a_number_that_a_soft_break_cuts_is_whole(read: Read) -> None:
    head = b"From: a@example.com\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n"
    facts = read(head + b"Tracking YT24123456=\n78901234 order 5764614130=\n38785752\n", "x.txt")
    assert [number.value for number in facts.tracking_numbers] == ["YT2412345678901234"]
    assert facts.order_ids == (ORDER,)


def test_a_page_is_read_where_there_are_no_plain_words(read: Read) -> None:
    message = mail()
    page = f"<html><style>p {{}}</style><p>UPS tracking <b>{NUMBER}</b></p><p>Picked&nbsp;up 2026-11-02 10:00</p>"
    message.set_content(page, subtype="html")
    facts = read(message.as_bytes(), "notice.eml")
    assert [number.value for number in facts.tracking_numbers] == [NUMBER]
    assert TimeRole.PICKED_UP in {stamp.role for stamp in facts.timestamps}
    message.set_content(WORDS.replace(NUMBER, ""))
    message.add_alternative(page, subtype="html")
    assert not read(message.as_bytes(), "notice.eml").tracking_numbers


def test_attached_files_are_named_and_taken_out(read: Read, reader: FileReader, tmp_path: Path) -> None:
    message = mail("see the attached log\n")
    message.add_attachment(WORDS.encode(), maintype="text", subtype="plain", filename="tracking.txt")
    message.add_attachment(b"MZ\x90\x00" + bytes(200), maintype="application", subtype="zip", filename="a.exe")
    facts = read(message.as_bytes(), "notice.eml")
    assert facts.parts == ("tracking.txt", "a.exe") and facts.tracking_numbers == ()
    (tmp_path / "mail").write_bytes(message.as_bytes())
    files = dict(reader.contents(tmp_path / "mail").files)
    assert [number.value for number in read(files["tracking.txt"], "tracking.txt").tracking_numbers] == [NUMBER]
    assert any(warning.startswith("program") for warning in read(files["a.exe"], "a.exe").warnings)


def test_pictures_inside_of_the_words_are_taken_out_and_logos_are_not(read: Read) -> None:
    message = mail()
    message.add_related(bytes(range(256)) * 80, maintype="image", subtype="png", cid="<a>")
    message.add_related(b"small", maintype="image", subtype="gif", cid="<b>")
    assert read(message.as_bytes(), "notice.eml").parts == ("image.png",)


def test_a_saved_page_brings_no_files(read: Read) -> None:
    message = mail()
    message["Snapshot-Content-Location"] = "https://www.ups.com/track"
    message.add_attachment(bytes(range(256)) * 80, maintype="image", subtype="png", filename="banner.png")
    assert read(message.as_bytes(), "page.mhtml").parts == ()


def test_of_too_many_files_the_first_are_taken_out(read: Read) -> None:
    message = mail("see the attached\n")
    for number in range(Limits().parts + 1):
        message.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{number}.txt")
    facts = read(message.as_bytes(), "many.eml")
    assert "mail_cut" in facts.warnings and len(facts.parts) == Limits().parts


@pytest.mark.parametrize(
    "data",
    [
        b"From: buyer\nDate: 2026-11-05\nMessage: where is it\n",
        b"Subject: hello\n\nno programs' headers\n",
        WORDS.encode(),
    ],
)
def test_other_texts_are_no_mails(data: bytes) -> None:
    assert not is_mail(data)


def test_broken_mails_answer(read: Read) -> None:
    head = b"From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/plain; charset=no-such\n"
    body = base64.b64encode(WORDS.encode())
    assert read(head + b"Content-Transfer-Encoding: base64\n\n" + body, "x.eml").order_ids == (ORDER,)
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400))
    assert open_mail(b"From: a@example.com\n" + nested, 5).files == ()
    assert read(b"From: a@example.com\nMIME-Version: 1.0\n" + nested + WORDS.encode(), "x.eml").order_ids == (ORDER,)
