"""Parts of a screen that stand side by side."""

from bot.reading.reader import FileReader
from tests.reading.blocks import column, read, sheet, to_the_right

MENU = column(10, 63, 47, "Home", "Orders", "Products", "Shipments", "Analytics", "Finance", "Settings", "Help")
ROWS = tuple(
    block
    for number in range(7)
    for block in (
        (f"2026-11-1{number} 11:0{number}", 300, 60 + 60 * number),
        (f"Parcel {number} left the hub", 560, 60 + 60 * number),
        ("Paris", 900, 60 + 60 * number),
    )
)


def test_a_menu_and_its_page_are_read_one_after_the_other() -> None:
    laid = sheet(("Seller Center", 10, 0), *MENU, *ROWS)
    lines = laid.text.split("\n")
    assert "2026-11-10 11:00  Parcel 0 left the hub  Paris" in lines and "Shipments" in lines
    assert laid.text.index("Help") < laid.text.index("Parcel 0")


def test_a_table_keeps_its_rows() -> None:
    assert len({item.pane for item in sheet(*ROWS).placed}) == 1


def test_a_table_with_cells_of_two_lines_beside_one_keeps_its_rows() -> None:
    cells = tuple(
        block
        for number in range(6)
        for block in (
            (f"79496052702{number}", 10, 60 + 90 * number),
            ("FedEx Ground", 10, 86 + 90 * number),
            ("Delivered", 300, 73 + 90 * number),
            (f"2026-11-1{number} 10:00", 600, 73 + 90 * number),
        )
    )
    assert len({item.pane for item in sheet(*cells).placed}) == 1


def test_bubbles_on_two_sides_are_one_pane() -> None:
    said = tuple(
        block
        for number in range(6)
        for block in (
            (f"Where is my parcel {number}?", 20, 100 + 160 * number),
            to_the_right(f"We ask the carrier, {number}", 1000, 180 + 160 * number),
        )
    )
    assert len({item.pane for item in sheet(*said).placed}) == 1


def test_an_agents_console_gives_the_messages_of_its_middle_alone(reader: FileReader) -> None:
    chats = tuple(
        block
        for number, name in enumerate(("lena_k", "tom.w", "maya88", "omar_5", "jo-an"))
        for block in ((name, 10, 83 + 131 * number), ("Is it still there? Thanks a lot", 10, 117 + 131 * number))
    )
    said = (
        ("maya88", 440, 60),
        ("2026-11-18 11:00", 640, 130),
        ("Where is my parcel? It says delivered", 440, 170),
        ("2026-11-18 11:20", 640, 250),
        to_the_right("We ask the carrier now", 1060, 290),
        ("2026-11-18 11:24", 640, 370),
        ("Please be quick", 440, 410),
        ("2026-11-18 11:30", 640, 490),
        to_the_right("They answer by tomorrow", 1060, 530),
        ("Type a message", 440, 640),
    )
    card = column(
        1180, 97, 71, "Order", "576461413038785752", "Glass bottle", "US$ 12.90", "To ship", "1 item", "Paid"
    )
    facts = read(reader, ("TikTok Shop Customer messages", 10, 0), *chats, *said, *card)
    assert [(item.speaker, item.words) for item in facts.messages] == [
        ("buyer", "Where is my parcel? It says delivered"),
        ("seller", "We ask the carrier now"),
        ("buyer", "Please be quick"),
        ("seller", "They answer by tomorrow"),
    ]
    assert facts.kind == "conversation" and facts.kind_certain and facts.order_ids == ("576461413038785752",)
