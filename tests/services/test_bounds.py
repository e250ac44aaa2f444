"""The ends of what services allow: how long, how far, whose, and since when."""

from datetime import timedelta

import pytest

from bot.domain.case import CaseStatus
from bot.domain.people import KnownPerson, Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Text
from bot.ports.records import Person
from bot.services.deadlines import FARTHEST
from bot.services.oncall import LONGEST, WITHOUT_ROTA, OnCall
from bot.services.people import KnownPeople
from bot.services.undo import FRESH, About
from tests.services.conftest import House

MOMENT = timedelta(milliseconds=1)
LI, WANG, LEAD = Person("li"), Person("wang"), Person("boss", role=Role.LEAD)


@pytest.mark.parametrize(("later", "certain"), [(timedelta(0), True), (FRESH, True), (FRESH + MOMENT, False)])
def test_the_last_act_is_meant_for_an_hour(opened: House, later: timedelta, certain: bool) -> None:
    opened.app.cases.claim("C1", "li")
    opened.clock.at += later
    choice = opened.app.undo.choose(About(case="C1"), LI)
    assert (choice.certain, choice.act.what, choice.done) == (certain, "claimed", False)


def test_an_older_act_than_the_last_is_asked_about(opened: House) -> None:
    opened.app.cases.claim("C1", "li")
    opened.clock.at += MOMENT
    opened.app.cases.set_cause("C1", "carrier", "wang")
    assert opened.app.undo.choose(About(case="C1"), LI).certain is False, "somebody has acted since"
    assert opened.app.undo.choose(About(case="C1"), WANG).certain is True


def test_what_others_did_is_a_lead_s_to_take_back_unless_it_stopped_a_countdown(opened: House) -> None:
    undo = opened.app.undo
    opened.app.cases.claim("C1", "li")
    with pytest.raises(Refusal, match="not_yours") as refused:
        undo.choose(About(case="C1"), WANG)
    assert refused.value.params["who"] == "li"
    undo.undo(undo.choose(About(case="C1"), LEAD), LEAD)
    assert opened.case().owner == ""
    opened.app.cases.dismiss("C1", "li", "a test order")
    back = undo.undo(undo.choose(About(case="C1"), WANG), WANG)
    assert back and back.status is CaseStatus.OPEN
    with pytest.raises(Refusal, match="nothing_to_undo"):
        undo.choose(About(case="C1", order="9999999"), LEAD)


def test_a_countdown_does_not_come_back_after_its_end(opened: House) -> None:
    undo = opened.app.undo
    opened.app.cases.dismiss("C1", "li", "a test order")
    choice = undo.choose(About(case="C1"), LI)
    opened.clock.at = opened.case().deadline + MOMENT
    with pytest.raises(Refusal, match="window_closed"):
        undo.undo(choice, LI)
    opened.clock.at = opened.case().deadline
    assert undo.undo(choice, LI)


@pytest.mark.parametrize(
    ("ahead", "fits"), [(timedelta(0), False), (MOMENT, True), (FARTHEST, True), (FARTHEST + MOMENT, False)]
)
def test_a_deadline_that_somebody_read_lies_ahead_but_near(opened: House, ahead: timedelta, fits: bool) -> None:
    at = opened.clock.at + ahead
    if fits:
        case = opened.app.deadlines.stated("C1", "li", at)
        assert (case.deadline, case.deadline_by) == (at, "li")
    else:
        with pytest.raises(Refusal, match="deadline_unlikely") as refused:
            opened.app.deadlines.stated("C1", "li", at)
        assert refused.value.params["past"] is (ahead <= timedelta(0))


def test_only_an_open_entry_is_said_to_be_open(opened: House) -> None:
    deadlines, end = opened.app.deadlines, opened.case().deadline
    opened.clock.at = end
    assert deadlines.still_open("C1", "li").deadline_by == "li"
    assert deadlines.still_open("C1", "wang").deadline_by == "li"
    opened.clock.at = end + MOMENT
    with pytest.raises(Refusal, match="deadline_needed"):
        deadlines.still_open("C1", "li")


@pytest.mark.parametrize(
    ("ahead", "fits"), [(timedelta(0), False), (MOMENT, True), (LONGEST, True), (LONGEST + MOMENT, False)]
)
def test_somebody_is_put_on_call_from_now_on_and_not_for_too_long(house: House, ahead: timedelta, fits: bool) -> None:
    oncall = OnCall(
        house.app.store.unit,
        house.clock,
        (),
        KnownPeople(house.app.store.unit, [KnownPerson("li"), KnownPerson("wang")]),
    )
    until = house.clock.at + ahead
    if fits:
        shift = oncall.set("li", "wang", "us-1", until)
        assert (shift.person, shift.starts, shift.ends, shift.shop) == ("li", house.clock.at, until, "us-1")
    else:
        with pytest.raises(Refusal, match="bad_until"):
            oncall.set("li", "wang", "us-1", until)


def test_without_a_rota_somebody_is_on_call_for_a_day(house: House) -> None:
    oncall = OnCall(house.app.store.unit, house.clock, (), KnownPeople(house.app.store.unit, [KnownPerson("li")]))
    assert oncall.set("li", "li").ends == house.clock.at + WITHOUT_ROTA
    [gap] = [fault for fault in oncall.faults([]) if fault.other is None]
    assert gap.shift.starts == house.clock.at + WITHOUT_ROTA and "nobody is on call from" in gap.text()
    oncall.set("nobody known", "li", until=house.clock.at + timedelta(hours=1))
    assert oncall.strangers() == ["nobody known"]


def test_a_channel_that_is_unbound_is_shown_nothing_that_waits_of_any_case(opened: House) -> None:
    app, channel = opened.app, "console:side"
    with app.store.unit(read_only=True) as unit:
        [shop] = unit.shops.all()
    assert app.bindings.bind(shop, channel, "li") == 1
    app.outbox.senders = {}  # nothing is sent, so that it waits
    app.cases.dismiss("C1", "li", "a test order")
    with app.store.unit() as unit:
        [shop] = unit.shops.all()
        unit.messages.put(channel, "C1", "waits", Card("waits", (Text("waits"),)), opened.clock.at)
        assert channel in unit.messages.waiting(opened.clock.at)
    app.bindings.unbind(shop, channel)
    with app.store.unit(read_only=True) as unit:
        assert channel not in unit.messages.waiting(opened.clock.at)
    with pytest.raises(Refusal, match="not_bound"):
        app.bindings.unbind(shop, "console:never")
