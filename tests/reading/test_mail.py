"""Mails: what they say and what is attached to them."""

import base64
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from bot.domain.evidence import Facts, TimeRole
from bot.reading.mail import MOST_PARTS, is_mail, open_mail

Read = Callable[..., Facts]
NUMBER, ORDER = "1Z999AA10123456784", "576461413038785752"
WORDS = f"UPS tracking {NUMBER}\norder {ORDER}\ndelivered 2026-11-05 10:00 UTC 已签收\n"


def mail(words: str = WORDS, cte: str = "quoted-printable", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "carrier@example.com", "shop@example.com", "您的包裹"
    message["Date"] = "Thu, 05 Nov 2026 10:15:00 +0800"
    message.set_content(words, cte=cte, charset=charset)
    return message


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


def test_attached_files_are_read_like_files(read: Read) -> None:
    message = mail("see the attached log\n")
    message.add_attachment(WORDS.encode(), maintype="text", subtype="plain", filename="tracking.txt")
    message.add_attachment(b"MZ\x90\x00" + bytes(200), maintype="application", subtype="zip", filename="a.exe")
    facts = read(message.as_bytes(), "notice.eml")
    assert [number.value for number in facts.tracking_numbers] == [NUMBER] and facts.kind == "tracking_page"
    assert facts.readable and any(warning.startswith("program:Windows") for warning in facts.warnings)


def test_of_too_many_files_the_first_are_read(read: Read) -> None:
    message = mail("see the attached\n")
    for number in range(MOST_PARTS + 1):
        message.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{number}.txt")
    assert "mail_cut" in read(message.as_bytes(), "many.eml").warnings


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
    assert open_mail(b"From: a@example.com\n" + nested) is None
    assert read(b"From: a@example.com\nMIME-Version: 1.0\n" + nested + WORDS.encode(), "x.eml").order_ids == (ORDER,)
