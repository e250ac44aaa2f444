"""Looking at many cases costs as many statements as looking at one, and no more is read than is shown."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.case import Case, CaseOrder
from bot.domain.evidence import Evidence, Facts
from bot.domain.orders import DefectType
from bot.ports.board import BoardQuery
from bot.ports.cases import CaseQuery
from bot.rules import review
from bot.services.publishing import AT_ONCE
from bot.store.tables import EPOCH, cases
from bot.store.unit import Store
from tests.counting import calls, statements
from tests.measuring.conftest import SHOP, House


def open_more(house: House, count: int) -> None:
    now = house.app.clock.now()
    with Store(house.app.engine).unit() as unit:
        for number in range(count):
            order = CaseOrder("", f"57646141{number:08}", [DefectType.RETURN_REFUND], now, scenario="S1")
            case = unit.cases.add(
                Case(
                    "", SHOP, now, now, True, now + timedelta(hours=9 + number), "2026-11-24", ["red"], orders=[order]
                )
            )
            facts = Facts(media_type="image/png", words="picked up")
            item = Evidence(
                "", case.id, f"{count:032x}{number:032x}", 1, "t.png", "li", now, facts, kind="tracking_page"
            )
            item.order_ids = [order.order_id]
            unit.evidence.add(item, "console:ops")


def cost(house: House, query: BoardQuery) -> tuple[int, int, int]:
    board = house.app.boards.seen_by("li")
    with statements(house.app.engine) as sent, calls(review) as judged:
        rows = board.cases(query, "en").rows
        board.days("en")
    return len(sent), judged["review"], len(rows)


def test_a_page_of_the_board_costs_the_same_among_many(opened: House) -> None:
    open_more(opened, 9)
    few = cost(opened, BoardQuery(limit=5))
    open_more(opened, 60)
    assert cost(opened, BoardQuery(limit=5)) == few and few[1:] == (5, 5)
    assert cost(opened, BoardQuery(limit=50))[0] == few[0], "as many statements for fifty rows as for five"


def test_states_that_only_a_judgement_tells_are_sought_until_the_page_is_full(opened: House) -> None:
    open_more(opened, 30)
    board = opened.app.boards.seen_by("li")
    first = board.cases(BoardQuery(state="open", limit=20), "en")
    assert len(first.rows) == 20 and first.next == 20 and first.total is None
    rest = board.cases(BoardQuery(state="open", limit=20, start=first.next), "en")
    assert len(rest.rows) == 11 and rest.next == 0
    assert not board.cases(BoardQuery(state="ready"), "en").rows
    assert {row.case for row in (*first.rows, *rest.rows)} == {f"C{number}" for number in range(1, 32)}


def test_one_judgement_of_many_is_the_judgement_of_each(opened: House) -> None:
    open_more(opened, 3)
    with opened.app.store.unit() as unit:
        unit.evidence.save(unit.evidence.add(_copy(unit.evidence.of_case("C2")[0]), "console:ops"))
    total, found = opened.app.judge.first(CaseQuery([SHOP]), 9)
    assert total == len(found) == 4
    assert found == [opened.app.judge.judge(item.case.id) for item in found]
    assert any(item.context.reused for item in found), "the same bytes in two cases are noticed"


def _copy(item: Evidence) -> Evidence:
    item.case_id = "C3"
    return item


def redraw(house: House) -> int:
    """Draw every case's cards anew an hour later; returns how many statements that takes before the first is sent."""
    house.clock.at += timedelta(hours=1)
    with house.app.engine.begin() as connection:
        connection.execute(sa.update(cases).values(refresh_at=EPOCH))
    with statements(house.app.engine) as sent, calls(review) as judged:
        drawn = house.app.publisher.refresh_due()
    assert judged["review"] == drawn
    return next(place for place, words in enumerate(sent) if "console_entry" in words)


def test_cards_that_are_drawn_anew_together_cost_the_statements_of_one(opened: House) -> None:
    open_more(opened, 4)
    redraw(opened)
    few = redraw(opened)
    open_more(opened, AT_ONCE - 5)
    redraw(opened)
    assert redraw(opened) == few
