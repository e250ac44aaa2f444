import pytest

from bot.reading.reader import FileReader


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Order details\nShipping address: 12 Main St, Houston TX 77002",
            [("address", "12 Main St, Houston TX 77002")],
        ),
        ("收货地址\n北京市朝阳区建国路 1 号", [("address", "北京市朝阳区建国路 1 号")]),
        ("收件人：王小明", [("recipient", "王小明")]),
        ("Delivered\nSigned for by: M. HALL", [("recipient", "M. HALL")]),
        ("Phone: (415) 555-0134", [("phone", "(415) 555-0134")]),
        ("call me +44 7700 900123 please", [("phone", "+44 7700 900123")]),
        ("call me +1 415 555 0134 please", [("phone", "+1 415 555 0134")]),
        ("我的手机 138****1234", [("phone", "138****1234")]),
        ("13812345678", [("phone", "13812345678")]),
        ("write to maya.h@example.com", [("mail", "maya.h@example.com")]),
        ("Help +1 800 742 5877", []),
        ("客服电话 400-820-8888", []),
        ("Tracking number: 1Z999AA10123456784 at 2026-11-18 11:00", []),
        ("Order ID 576461413038785752, weight 4.20 kg", []),
        ("Shipping address: ***", []),
    ],
)
def test_personal_data_is_found(reader: FileReader, text: str, found: list[tuple[str, str]]) -> None:
    facts = reader.read_text(text)
    assert [(item.kind, item.words) for item in facts.personal] == found


def test_the_buyer_of_a_conversation_is_named(reader: FileReader) -> None:
    facts = reader.read_text("Buyer maya88 (2026-11-18 11:00): hello\nSeller (2026-11-18 11:05): hi")
    assert [(item.kind, item.words) for item in facts.personal] == [("buyer", "maya88")]
