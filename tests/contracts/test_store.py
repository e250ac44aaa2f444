"""One behaviour suite over every database."""

import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.case import AppealStatus, Case, CaseOrder, CaseStatus, TimelineEvent
from bot.domain.evidence import (
    CaptureSource,
    Evidence,
    Facts,
    LinkState,
    LogEvent,
    Message,
    TimeRole,
    Timestamp,
    TrackingNumber,
)
from bot.domain.orders import DefectType, Shop
from bot.domain.people import Role
from bot.messaging.card import Card, Text
from bot.messaging.translating import translated
from bot.ports.cases import CaseQuery, CaseSorting
from bot.ports.records import Person
from bot.ports.store import DatabaseError, Sight, Unit
from bot.store.database import connect
from bot.store.tables import messages
from bot.store.unit import Store
from tests.counting import statements, transactions

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
SHOP = Shop("us-1", "Bright Home", "US", "America/Los_Angeles", opened_on=date(2024, 1, 5), channels=["console:ops"])


def new_case(**changes: object) -> Case:
    order = CaseOrder("", "576461413038785752", [DefectType.RETURN_REFUND, DefectType.NEGATIVE_REVIEW], NOW)
    values = {"id": "", "shop": "us-1", "opened_at": NOW, "onset": NOW, "onset_exact": True, "day": "2026-11-19"}
    values |= {"deadline": NOW + timedelta(hours=72), "triggers": ["red"], "orders": [order]}
    return Case(**{**values, **changes})


@pytest.fixture
def with_shop(store: Store) -> Store:
    with store.unit() as unit:
        unit.shops.save(SHOP)
    return store


def add_case(store: Store, **changes: object) -> str:
    with store.unit() as unit:
        return unit.cases.add(new_case(**changes)).id


def test_a_shop_comes_back_as_saved_and_can_change(with_shop: Store) -> None:
    with with_shop.unit() as unit:
        assert unit.shops.all() == [SHOP]
        unit.shops.save(replace(SHOP, name="Bright Home 2", high_risk=True))
    with with_shop.unit(read_only=True) as unit:
        assert unit.shops.get("us-1") == replace(SHOP, name="Bright Home 2", high_risk=True)
        assert unit.shops.get("nobody") is None


def test_a_case_comes_back_with_its_orders(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    with with_shop.unit() as unit:
        case = unit.cases.get(case_id)
        assert case == replace(new_case(), id=case_id, orders=[replace(new_case().orders[0], case_id=case_id)])
        case.owner, case.orders[0].scenario, case.orders[0].appeal = "li", "S1", AppealStatus.SUBMITTED
        case.orders.append(replace(case.orders[0], order_id="576461413038785753"))
        unit.cases.save(case)
    with with_shop.unit(read_only=True) as unit:
        assert unit.cases.get(case_id) == case


def test_a_case_of_other_shops_is_found_as_little_as_an_unknown_one(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    with with_shop.unit(read_only=True) as unit:
        found = unit.cases.of_shops(case_id, {"us-1", "uk-1"})
        assert found == unit.cases.get(case_id) is not None
        sent = []
        for named, shops in ((case_id, {"uk-1"}), ("C999", {"uk-1"}), (case_id, set())):
            with statements(with_shop.engine) as heard:
                assert unit.cases.of_shops(named, shops) is None
            sent.append(len(heard))
        assert len(set(sent)) == 1


@pytest.mark.parametrize("wrong", ["", "C", "C999", "12", "Cx", "C1; DROP TABLE appeal_case", "C" + "9" * 30])
def test_an_id_that_is_none_finds_nothing(with_shop: Store, wrong: str) -> None:
    with with_shop.unit(read_only=True) as unit:
        assert unit.cases.get(wrong) is None


def test_lists_have_the_nearest_deadline_first_and_leave_finished_cases_out(with_shop: Store) -> None:
    late = add_case(with_shop, deadline=NOW + timedelta(hours=60))
    soon = add_case(with_shop, deadline=NOW + timedelta(hours=2))
    done = add_case(with_shop, status=CaseStatus.DISMISSED)
    with with_shop.unit(read_only=True) as unit:
        assert [case.id for case in unit.cases.listed(["us-1"])] == [soon, late]
        assert {case.id for case in unit.cases.listed(["us-1"], active=False)} == {late, soon, done}
        assert unit.cases.listed(["other"]) == []
        assert unit.cases.open_of("us-1").id == soon


def test_the_newest_open_case_of_a_shop_is_the_one_to_update(with_shop: Store) -> None:
    add_case(with_shop, status=CaseStatus.EXPIRED)
    with with_shop.unit() as unit:
        assert unit.cases.open_of("us-1") is None


def test_overdue_is_after_the_deadline_not_at_it(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    deadline = NOW + timedelta(hours=72)
    with with_shop.unit(read_only=True) as unit:
        assert unit.cases.overdue(deadline) == []
        assert unit.cases.overdue(deadline + timedelta(milliseconds=1)) == [case_id]


def test_an_order_is_found_by_its_last_digits(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    with with_shop.unit(read_only=True) as unit:
        assert [case.id for case in unit.cases.with_order("5752")] == [case_id]
        assert unit.cases.with_order("%") == [] and unit.cases.with_order("9999") == []


def test_excluded_orders_and_outcomes(with_shop: Store) -> None:
    case = new_case()
    case.orders[0].appeal, case.orders[0].root_cause = AppealStatus.EXCLUDED, "Carrier Delay"
    with with_shop.unit() as unit:
        unit.cases.add(case)
        assert unit.cases.excluded_orders() == {"us-1": {"576461413038785752"}}
        assert unit.cases.excluded_orders(["other"]) == {}
        assert unit.cases.outcomes() == [("Carrier Delay", "excluded")]


def test_the_timeline_keeps_its_order(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    events = [
        TimelineEvent(case_id, NOW, "li", what, {"n": "1"}, f"m{number}")
        for number, what in enumerate(("claimed", "released", "claimed"))
    ]
    with with_shop.unit() as unit:
        for event in events:
            unit.cases.note(event)
    with with_shop.unit(read_only=True) as unit:
        kept = unit.cases.timeline(case_id)
    assert [replace(event, id=None) for event in kept] == events


def test_what_one_message_did_is_noted_once_and_what_the_clock_did_each_time(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    by_message = TimelineEvent(case_id, NOW, "li", "tagged", {"order": "1"}, "m1")
    by_clock = TimelineEvent(case_id, NOW, "odr-bot", "updated", {})
    events = [by_message, replace(by_message, at=NOW + timedelta(seconds=9)), by_clock, by_clock]
    events += [replace(by_message, params={"order": "2"})]
    with with_shop.unit() as unit:
        for event in events:
            unit.cases.note(event)
    with with_shop.unit(read_only=True) as unit:
        kept = [(event.what, event.params) for event in unit.cases.timeline(case_id)]
    assert kept == [("tagged", {"order": "1"}), ("updated", {}), ("updated", {}), ("tagged", {"order": "2"})]


FACTS = Facts(
    media_type="text/plain",
    kind="tracking_page",
    kind_certain=True,
    tracking_numbers=(TrackingNumber("1Z999AA10123456784", "UPS", None),),
    order_ids=("576461413038785752",),
    timestamps=(Timestamp("2026-11-18 11:00", NOW, TimeRole.PICKED_UP, 480), Timestamp("?", None)),
    captured_at=NOW,
    captured_from=CaptureSource.VISIBLE,
    messages=(Message("buyer", NOW, "where is it?", "11:00"),),
    log_events=(LogEvent(NOW, "57", "sync", "timeout"),),
    stated=("captured_at",),
    stated_by="li",
)


def an_evidence(case_id: str) -> Evidence:
    return Evidence(
        "", case_id, "a" * 64, 12, "x.txt", "li", NOW, FACTS, "tracking_page", ["57"], "", LinkState.PUBLIC
    )


def test_evidence_comes_back_with_all_its_facts(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    with with_shop.unit() as unit:
        added = unit.evidence.add(an_evidence(case_id), "console:ops")
        assert unit.evidence.get(added.id) == added
        added.withdrawn_at, added.link_state = NOW, None
        unit.evidence.save(added)
        assert unit.evidence.of_case(case_id) == [added]
        assert unit.evidence.get("E999") is None and unit.evidence.get("nonsense") is None


def test_evidence_without_a_case_waits_in_its_channel(with_shop: Store) -> None:
    with with_shop.unit() as unit:
        waiting = unit.evidence.add(an_evidence(""), "console:ops")
        assert [item.id for item in unit.evidence.unfiled("console:ops")] == [waiting.id]
        assert unit.evidence.unfiled("console:other") == []


def test_the_same_bytes_in_another_case_are_found(with_shop: Store) -> None:
    first, second = add_case(with_shop), add_case(with_shop)
    with with_shop.unit() as unit:
        item = unit.evidence.add(an_evidence(first), "console:ops")
        again = unit.evidence.add(an_evidence(second), "console:ops")
        unit.evidence.add(an_evidence(""), "console:ops")
        found = {"a" * 64: [(item.id, first), (again.id, second)]}
        assert unit.evidence.same_bytes(["a" * 64, "b" * 64]) == found
        assert unit.evidence.shops_of([item.id, "E999"]) == {item.id: "us-1"}
        assert unit.evidence.of_cases([first, second, "C99"]) == {first: [item], second: [again], "C99": []}


def test_cases_are_found_by_what_is_known_of_them(with_shop: Store) -> None:
    with with_shop.unit() as unit:
        unit.shops.save(replace(SHOP, id="uk-1", name="Nova", site="UK"))
        unit.orders.upsert_orders("us-1", [("576461413038785752", 0, 0, True, "1zAb77", "UPS", "")])
    add_case(with_shop, owner="li", deadline=NOW + timedelta(hours=2))
    add_case(with_shop, shop="uk-1", orders=[], deadline=NOW + timedelta(hours=1))
    add_case(with_shop, status=CaseStatus.SUBMITTED, owner="wang", deadline=NOW)
    add_case(with_shop, status=CaseStatus.CLOSED, orders=[], deadline=NOW - timedelta(hours=9))
    add_case(with_shop, status=CaseStatus.EXPIRED, orders=[], deadline=NOW - timedelta(hours=1))
    with with_shop.unit() as unit:
        unit.evidence.add(an_evidence("C2"), "console:ops")
    shops = ["us-1", "uk-1"]
    wanted: dict[str, tuple[CaseQuery, list[str]]] = {
        "running, waiting, finished": (CaseQuery(shops), ["C2", "C1", "C3", "C5", "C4"]),
        "newest": (CaseQuery(shops, sorting=CaseSorting.NEWEST), ["C5", "C4", "C3", "C2", "C1"]),
        "by shop": (CaseQuery(shops, (CaseStatus.OPEN,), sorting=CaseSorting.SHOP), ["C1", "C2"]),
        "by owner": (CaseQuery(shops, sorting=CaseSorting.OWNER), ["C2", "C4", "C5", "C1", "C3"]),
        "one shop": (CaseQuery(["uk-1"]), ["C2"]),
        "states": (CaseQuery(shops, (CaseStatus.CLOSED, CaseStatus.EXPIRED)), ["C5", "C4"]),
        "owner": (CaseQuery(shops, owner="li"), ["C1"]),
        "nobody": (CaseQuery(shops, (CaseStatus.OPEN,), owner=""), ["C2"]),
        "others": (CaseQuery(shops, not_of="li"), ["C2", "C3", "C5", "C4"]),
        "to come": (CaseQuery(shops, since=NOW + timedelta(hours=2)), ["C1"]),
        "past": (CaseQuery(shops, before=NOW), ["C5", "C4"]),
        "evidence": (CaseQuery(shops, with_evidence=True), ["C2"]),
        "order": (CaseQuery(shops, words="8785752"), ["C1", "C3"]),
        "tracking number": (CaseQuery(shops, words="ZAB7"), ["C1", "C3"]),
        "case": (CaseQuery(shops, words="c2"), ["C2"]),
        "shop": (CaseQuery(shops, words="nova", named=["uk-1"]), ["C2"]),
        "nothing": (CaseQuery(shops, words="%"), []),
    }
    with with_shop.unit(read_only=True) as unit:
        for name, (query, ids) in wanted.items():
            assert [case.id for case in unit.cases.found(query, 9)] == ids, name
            assert unit.cases.count(query) == len(ids), name
        assert [case.id for case in unit.cases.found(CaseQuery(shops), 2, 1)] == ["C1", "C3"]
        assert unit.cases.owners(shops) == ["li", "wang"] and unit.cases.owners(["uk-1"]) == []
        assert unit.cases.active_of(shops) == {"us-1": "C1", "uk-1": "C2"}
    with with_shop.unit(read_only=True, sight=Sight(frozenset({"uk-1"}))) as unit:
        assert [case.id for case in unit.cases.found(CaseQuery(shops), 9)] == ["C2"]
        assert unit.cases.count(CaseQuery(shops)) == 1 and unit.cases.owners(shops) == []
        assert unit.cases.active_of(shops) == {"uk-1": "C2"}


def card(words: str, slot: str = "") -> Card:
    return Card("t", (Text(words),), slot=slot)


OPS = "console:ops"


def test_a_plain_message_is_queued_once_per_key(store: Store) -> None:
    with store.unit() as unit:
        unit.messages.put(OPS, "", "k1", card("one"), NOW)
        unit.messages.put(OPS, "", "k1", card("again"), NOW)
        waiting = unit.messages.next_of(OPS, NOW)
        assert waiting.card == card("one") and waiting.ref == "" and unit.messages.waiting(NOW) == [OPS]
        unit.messages.sent("k1", waiting.version, "7", NOW)
        assert unit.messages.next_of(OPS, NOW) is None and unit.messages.waiting(NOW) == []


def test_a_message_keeps_its_languages_and_one_from_before_has_one(store: Store) -> None:
    both = translated(
        Card("案件", (Text("还缺两项。"),), slot="C1:work"),
        [Card("Case", (Text("Two points."),), slot="C1:work", language="en")],
    )
    with store.unit() as unit:
        unit.messages.put(OPS, "", "", both, NOW)
        waiting = unit.messages.next_of(OPS, NOW)
        assert waiting.card == both and waiting.card.read_in("en").title == "Case"
        unit.messages.sent(waiting.key, waiting.version, "7", NOW)
        unit.messages.put(OPS, "", "", both, NOW)
        assert unit.messages.waiting(NOW) == [], "the same in every language is no news"
        unit.messages.put(OPS, "", "", replace(both, translations=()), NOW)
        assert unit.messages.next_of(OPS, NOW).card == replace(both, translations=())
    before = {"title": "t", "elements": [], "tone": "grey", "slot": "", "language": "zh"}
    with store.engine.begin() as connection:
        connection.execute(messages.update().values(card=before, version=messages.c.version + 1))
    with store.unit(read_only=True) as unit:
        assert unit.messages.next_of(OPS, NOW).card == Card("t")


def test_what_is_read_together_is_one_transaction_whoever_asks(with_shop: Store) -> None:
    with transactions(with_shop.engine) as begun:
        with with_shop.reading():
            assert begun == [], "opened when it is needed"
            for sight, found in ((None, ["us-1"]), (Sight(), []), (Sight(frozenset({"us-1"})), ["us-1"])):
                with with_shop.unit(read_only=True, sight=sight) as unit:
                    assert [shop.id for shop in unit.shops.all()] == found
            assert begun == ["read"]
            with with_shop.unit() as unit:
                unit.records.save_person(Person("li", "Li"))
        with with_shop.unit(read_only=True) as unit:
            assert unit.records.person("li") == Person("li", "Li")
    assert begun == ["read", "write", "read"]


def test_in_a_slot_the_newest_card_wins_and_keeps_the_ref(store: Store) -> None:
    with store.unit() as unit:
        unit.messages.put(OPS, "", "", card("old", "C1:work"), NOW)
        first = unit.messages.next_of(OPS, NOW)
        unit.messages.put(OPS, "", "", card("new", "C1:work"), NOW)
        unit.messages.sent(first.key, first.version, "7", NOW)
        second = unit.messages.next_of(OPS, NOW)
        assert second.card == card("new", "C1:work") and second.ref == "7"
        unit.messages.sent(second.key, second.version, "7", NOW)
        unit.messages.put(OPS, "", "", card("new", "C1:work"), NOW)
        assert unit.messages.waiting(NOW) == [], "the same card again is no news"
        unit.messages.put("console:other", "", "", card("new", "C1:work"), NOW)
        assert unit.messages.waiting(NOW) == ["console:other"], "another place has a copy of its own"


def test_what_is_new_goes_before_a_refresh_which_waits_until_it_has_settled(store: Store) -> None:
    later = NOW + timedelta(seconds=1)
    with store.unit() as unit:
        unit.messages.put(OPS, "", "", card("1", "C1:work"), NOW)
        unit.messages.sent(f"{OPS}|C1:work", 1, "7", NOW)
        unit.messages.put(OPS, "", "", card("2", "C1:work"), NOW)
        unit.messages.put(OPS, "", "", card("3", "C1:work"), later)
        assert unit.messages.next_of(OPS, later, NOW - timedelta(seconds=1)) is None
        assert unit.messages.next_of(OPS, later, NOW).card == card("3", "C1:work"), "settled since the first change"
        for number in range(12):
            unit.messages.put(OPS, "", f"event#{number}", card("answer"), later)
        for number in range(12):
            found = unit.messages.next_of(OPS, later, NOW)
            assert found.key == f"event#{number}"
            unit.messages.sent(found.key, found.version, "8", NOW)
        unit.messages.put(OPS, "", "", card("4", "C1:work"), later, bump=True)
        assert unit.messages.next_of(OPS, later, NOW - timedelta(days=1)).bump, "an answer does not wait"


def test_a_channel_is_held_back_and_a_failure_counted(store: Store) -> None:
    with store.unit() as unit:
        unit.messages.put(OPS, "", "k", card("x"), NOW)
        unit.messages.failed("k", "broken pipe", 1)
        unit.messages.hold(OPS, NOW, NOW + timedelta(seconds=30), "broken pipe")
        assert unit.messages.waiting(NOW) == [] and unit.messages.failures() == [f"{OPS}: broken pipe"]
        assert unit.messages.next_of(OPS, NOW + timedelta(seconds=30)).attempts == 1
        assert unit.messages.waiting(NOW - timedelta(hours=1)) == [OPS], "the clock was set back"


def test_a_refused_message_waits_no_more_until_it_is_newer(store: Store) -> None:
    with store.unit() as unit:
        unit.messages.put(OPS, "", "", card("1", "C1:work"), NOW)
        unit.messages.refused(f"{OPS}|C1:work", 1, "archived", NOW)
        assert unit.messages.waiting(NOW) == [] and unit.messages.failures() == [f"{OPS}: archived"]
        unit.messages.put(OPS, "", "", card("2", "C1:work"), NOW)
        assert unit.messages.waiting(NOW) == [OPS] and unit.messages.failures() == []


def test_a_kept_event_is_handled_once(store: Store) -> None:
    with store.unit() as unit:
        unit.records.keep_events([("e1", NOW, "c", "p", {"text": "hi"})])
        unit.records.keep_events([("e1", NOW, "c", "p", {"text": "again"})])
        assert unit.records.unhandled(NOW) == [] and unit.records.unhandled(NOW + timedelta(seconds=1)) == ["e1"]
        assert unit.records.event("e1") == {"text": "hi"} and not unit.records.has_event("e1")
        assert unit.records.take_event("e1", NOW, "c", "p") is True
        assert unit.records.take_event("e1", NOW, "c", "p") is False
        assert unit.records.has_event("e1") and unit.records.unhandled(NOW + timedelta(seconds=1)) == []


def test_a_countdown_is_taken_once_when_due(with_shop: Store) -> None:
    case_id, later = add_case(with_shop), NOW + timedelta(hours=6)
    with with_shop.unit() as unit:
        unit.cases.plan_refreshes({case_id: later})
        far, near = NOW + timedelta(days=9), NOW + timedelta(seconds=1)
        assert unit.cases.refresh_due(NOW, far, 10) == [] and unit.cases.refresh_due(later, far, 10) == [case_id]
        assert unit.cases.refresh_due(NOW, near, 10) == [case_id], "planned by a clock that was ahead"
        assert unit.cases.take_refreshes([case_id], NOW, far) == []
        assert unit.cases.take_refreshes([case_id, "C99"], later, far) == [case_id]
        assert unit.cases.take_refreshes([case_id], later, far) == []


def test_an_event_and_a_run_are_taken_once(store: Store) -> None:
    with store.unit() as unit:
        assert unit.records.take_event("e1", NOW, "c", "p") is True
        assert unit.records.take_run("check", "us-1", "2026-11-19", NOW) is True
    with store.unit() as unit:
        assert unit.records.take_event("e1", NOW, "c", "p") is False
        assert unit.records.take_run("check", "us-1", "2026-11-19", NOW) is False


def test_snapshots_append_and_never_rewrite(store: Store) -> None:
    with store.unit() as unit:
        unit.records.save_snapshots("2026-11-19", NOW, {"us-1": {"triggers": []}})
        unit.records.save_snapshots("2026-11-19", NOW, {"us-1": {"triggers": ["red"]}})
        unit.records.save_snapshots("2026-11-19", NOW, {"us-1": {"triggers": ["red"]}})
        assert unit.records.snapshots_on("2026-11-19", ["us-1"]) == {"us-1": {"triggers": ["red"]}}
        assert unit.records.measured_days("us-1", "2026-11-18", "2026-11-19") == ["2026-11-19"]
        assert unit.records.measured_days("us-1", "2026-11-20", "2026-11-25") == []
    with store.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM snapshot")) == 2


def test_people_and_channel_languages(store: Store) -> None:
    with store.unit() as unit:
        unit.records.save_person(Person("li", "Li", "zh", "Asia/Shanghai", Role.LEAD))
        unit.records.save_person(Person("li", "Li", "en", "Asia/Shanghai", Role.LEAD))
        unit.records.save_channel_language("console:ops", "en")
        assert unit.records.person("li") == Person("li", "Li", "en", "Asia/Shanghai", Role.LEAD)
        assert unit.records.channel_language("console:ops") == "en" and unit.records.channel_language("x") == ""


def test_private_answers_that_were_seen_are_not_sent_and_the_others_are(store: Store) -> None:
    with store.unit() as unit:
        for name, private in (("press_1#0", "li"), ("press_1#1", ""), ("press_10#0", "li"), ("pressX1#0", "li")):
            unit.messages.put(OPS, "", name, Card(name, private_to=private), NOW)
        unit.messages.shown_privately("press_1", "toast", NOW)
        left = []
        while waiting := unit.messages.next_of(OPS, NOW):
            left.append(waiting.key)
            unit.messages.sent(waiting.key, waiting.version, "1", NOW)
    assert left == ["press_1#1", "press_10#0", "pressX1#0"]


def test_channels_have_names_beside_their_language(store: Store) -> None:
    with store.unit() as unit:
        assert unit.records.channel_names() == {}
        unit.records.save_channel_name("slack:C1", "ops")
        unit.records.save_channel_language("slack:C1", "en")
        unit.records.save_channel_name("slack:C1", "operations")
        unit.records.save_channel_language("console:ops", "en")
        assert unit.records.channel_names() == {"slack:C1": "operations"}
        assert unit.records.channel_language("slack:C1") == "en"
        unit.messages.put("slack:C1", "", "k", Card("hello"), NOW)
        unit.messages.failed("k", "archived", 1)
        assert unit.messages.failures() == ["#operations (slack:C1): archived"]


def test_a_failure_rolls_everything_back_and_publishes_nothing(with_shop: Store) -> None:
    sent: list[str] = []
    store = Store(with_shop.engine, committed=lambda: sent.append("committed"))
    with pytest.raises(RuntimeError), store.unit() as unit:
        unit.cases.add(new_case())
        unit.messages.put("console:ops", "", "k", card("x"), NOW)
        raise RuntimeError("stop")
    with with_shop.unit(read_only=True) as unit:
        assert unit.cases.listed(["us-1"]) == [] and unit.messages.waiting(NOW) == []
    assert sent == []


def test_a_change_and_its_messages_are_committed_together(with_shop: Store) -> None:
    def publish(unit: Unit, case_ids: Collection[str]) -> None:
        for case_id in case_ids:
            unit.messages.put("console:ops", "", case_id, card(case_id), NOW)

    case_id = add_case(Store(with_shop.engine, publish))
    with with_shop.unit(read_only=True) as unit:
        assert unit.messages.next_of("console:ops", NOW).key == case_id
    with pytest.raises(ZeroDivisionError):
        add_case(Store(with_shop.engine, lambda unit, case_ids: 1 / 0))
    with with_shop.unit(read_only=True) as unit:
        assert len(unit.cases.listed(["us-1"])) == 1


def test_two_who_claim_at_once_do_not_overwrite_each_other(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    start = threading.Barrier(2)

    def bump() -> None:
        start.wait()
        with with_shop.unit() as unit:
            case = unit.cases.get(case_id, lock=True)
            case.version += 1
            unit.cases.save(case)

    threads = [threading.Thread(target=bump) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with with_shop.unit(read_only=True) as unit:
        assert unit.cases.get(case_id).version == 3


def test_times_must_carry_a_zone(with_shop: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="naive"):
        add_case(with_shop, onset=datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense"])
def test_a_url_of_another_kind_is_refused_in_words(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"database\.url"):
        connect(url)
