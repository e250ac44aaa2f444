"""Where evidence goes by itself, and when a person is asked."""

from dataclasses import replace

import pytest

from bot.domain.evidence import Facts, TrackingNumber
from tests.conversations.conftest import ORDERS, TRACKING, Talk, buttons, tracking_page


def give_buyers(talk: Talk, *buyers: str) -> None:
    """The buyers of the case's orders, in their order."""
    with talk.app.store.unit() as unit:
        known = unit.orders.by_ids("us-1", ORDERS)
        rows = [
            (order_id, int(known[order_id].created_at.timestamp() * 1000), 0, True, tracking, "UPS", buyer)
            for order_id, tracking, buyer in zip(ORDERS, TRACKING, buyers, strict=True)
        ]
        unit.orders.upsert_orders("us-1", rows)


def chat(buyer: str) -> str:
    return (
        f"TikTok Inbox conversation\nBuyer {buyer} (2026-11-18 11:00 UTC): Where is my parcel?\n"
        "Seller (2026-11-18 11:20 UTC): UPS reports a delay.\n"
    )


def orders_of(talk: Talk, evidence: str = "E1") -> list[str]:
    return talk.app.evidence.get(evidence).order_ids


def test_the_buyer_alone_is_enough_when_there_is_one_order(talk: Talk) -> None:
    give_buyers(talk, "maya88", "john_d", "noura")
    talk.send(("chat.txt", chat("John_D")), thread="C1")
    assert orders_of(talk) == [ORDERS[1]]


def test_two_orders_of_one_buyer_are_asked_about(talk: Talk) -> None:
    give_buyers(talk, "maya88", "maya88", "noura")
    [card] = talk.send(("chat.txt", chat("maya88")), thread="C1")
    assert orders_of(talk) == []
    labels = [label for label in buttons(card) if any(order in label for order in ORDERS)]
    assert ORDERS[2] not in labels[0] + labels[1], "those of this buyer come first"
    talk.press(buttons(card)[labels[0]], thread="C1")
    assert orders_of(talk) in ([ORDERS[0]], [ORDERS[1]])


def test_a_page_of_several_orders_serves_each(talk: Talk) -> None:
    text = f"Order list\n{ORDERS[0]} synced 2026-11-18 11:00\n{ORDERS[2]} synced 2026-11-18 11:01\n"
    talk.send(("erp.txt", "ERP order sync log\n" + text), thread="C1")
    assert orders_of(talk) == [ORDERS[0], ORDERS[2]]


def test_the_only_order_gets_nothing_that_names_another_one(talk: Talk) -> None:
    for order in ORDERS[1:]:
        talk.say(f"跳过 {order}", thread="C1")
    [card] = talk.send(("t.txt", "UPS tracking number: 1Z12345E1505270452\nDelivered 2026-11-18 15:20"), thread="C1")
    assert orders_of(talk) == [] and any(ORDERS[0] in label for label in buttons(card))
    talk.send(("note.txt", "a note without any number"), thread="C1")
    assert orders_of(talk, "E2") == [ORDERS[0]], "nothing speaks against the only one"


@pytest.fixture
def two_cases(talk: Talk) -> Talk:
    """C1 of one shop and C2 of the other."""
    with talk.app.store.unit() as unit:
        case = unit.cases.get("C1")
        assert case
        other = replace(case, id="", shop="uk-1", orders=[replace(case.orders[0], order_id="576461413038799999")])
        unit.cases.add(other)
    return talk


def page_shown(talk: Talk, evidence: str, words: str, pixels: str) -> None:
    """As if a picture with these words had been sent as that evidence."""
    numbers = tuple(TrackingNumber(value, "UPS") for value in TRACKING if value in words)
    with talk.app.store.unit() as unit:
        item = unit.evidence.get(evidence)
        assert item
        item.facts = Facts("image/png", words=words, tracking_numbers=numbers, pixels_sha256=pixels)
        unit.evidence.save(item)


@pytest.mark.parametrize(
    ("words", "pixels", "warned"),
    [
        ("numbers 123456789012 and 987654321098", "b" * 64, True),
        ("numbers 123456789012 and 555555555555 and 666666666666", "b" * 64, False),
        ("other words", "a" * 64, True),
        ("other words", "b" * 64, False),
    ],
)
def test_a_picture_that_served_another_order_is_warned_of(
    two_cases: Talk, words: str, pixels: str, warned: bool
) -> None:
    from bot.services.filing import seen_before

    talk = two_cases
    talk.send(("a.txt", tracking_page(0)), thread="C1")
    page_shown(talk, "E1", "numbers 123456789012 and 987654321098", "a" * 64)
    talk.send(("b.txt", "a note"), thread="C1")
    page_shown(talk, "E2", words, pixels)
    with talk.app.store.unit() as unit:
        item = unit.evidence.get("E2")
        assert item
        item.case_id, item.order_ids = "C2", ["576461413038799999"]
        unit.evidence.save(item)
        assert seen_before(unit, item) == (("E1",) if warned else ())


def logistics_met(talk: Talk, order: str) -> bool:
    judged = talk.app.judge.judge("C1")
    return any(item.order_id == order and item.requirement == "logistics" for item in judged.review.met)


def unlabelled(number: str) -> str:
    """A carrier's page on which nothing says what the number is."""
    return tracking_page(0).replace(f"Tracking number: {TRACKING[0]}", f"Parcel of yours, {number}, all steps:")


def test_the_own_number_is_known_without_label_or_format(talk: Talk) -> None:
    bare_number = "630012345678"
    with talk.app.store.unit() as unit:
        created = int(unit.orders.by_ids("us-1", ORDERS)[ORDERS[0]].created_at.timestamp() * 1000)
        unit.orders.upsert_orders("us-1", [(ORDERS[0], created, 0, True, bare_number, "J&T", "maya88")])
    [card] = talk.send(("t.txt", unlabelled(bare_number)), thread="C1")
    assert orders_of(talk) == [ORDERS[0]] and logistics_met(talk, ORDERS[0])
    assert not [label for label in buttons(card) if bare_number in label], "nothing is asked"


@pytest.mark.parametrize("shown", ["630012345679", "63001234567", "630012345678****", "6300123456782026"])
def test_what_is_nearly_the_own_number_is_asked_about(talk: Talk, shown: str) -> None:
    with talk.app.store.unit() as unit:
        created = int(unit.orders.by_ids("us-1", ORDERS)[ORDERS[0]].created_at.timestamp() * 1000)
        unit.orders.upsert_orders("us-1", [(ORDERS[0], created, 0, True, "630012345678", "J&T", "maya88")])
    talk.send(("t.txt", unlabelled(shown)), thread="C1")
    assert orders_of(talk) == [ORDERS[0]] and not logistics_met(talk, ORDERS[0])
    asked = [item.severity for item in talk.app.judge.judge("C1").review.findings if item.rule == "tracking_number"]
    assert asked == ["unsure"]


def test_somebody_elses_number_goes_nowhere(talk: Talk) -> None:
    talk.send(("t.txt", unlabelled("440123456789")), thread="C1")
    assert orders_of(talk) == []


ORDER_TIMES = "Order placed 2026-11-02 09:00\nPaid time 2026-11-02 09:01\n"


def test_the_rest_of_an_orders_page_goes_where_its_head_went(talk: Talk) -> None:
    head = f"Order details\nOrder ID {ORDERS[1]}\n{ORDER_TIMES}Buyer username maya88\n"
    rest = f"{ORDER_TIMES}Payment method Visa\nSubtotal US$ 20.00\nShipping fee US$ 2.00\nShipping address 9 Elm St\n"
    talk.send(("rest.txt", rest), ("head.txt", head), thread="C1")
    pages = [talk.app.evidence.get(name) for name in ("E1", "E2")]
    assert [(page.kind, page.order_ids) for page in pages] == [("order_detail", [ORDERS[1]])] * 2
    talk.send(("other.txt", rest.replace("09:01", "09:17")), thread="C1")
    assert orders_of(talk, "E3") == [], "one time in common"
