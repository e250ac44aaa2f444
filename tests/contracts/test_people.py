"""Reminders, rota and retention over every database, and the way there from the first release's tables."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.domain.case import AppealStatus, CaseStatus, TimelineEvent
from bot.domain.rota import Shift
from bot.ports.reminders import OnCallChange
from bot.store import database
from bot.store.console import ConsoleLog
from bot.store.database import HEAD, connect, upgrade, version
from bot.store.tables import metadata
from bot.store.unit import Store
from tests.contracts.test_store import SHOP, an_evidence, new_case

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def with_shop(store: Store) -> Store:
    with store.unit() as unit:
        unit.shops.save(SHOP)
    return store


def add_case(store: Store, **changes: object) -> str:
    with store.unit() as unit:
        return unit.cases.add(new_case(**changes)).id


def note(store: Store, case_id: str, who: str, what: str, at: datetime, **params: str) -> None:
    with store.unit() as unit:
        unit.cases.note(TimelineEvent(case_id, at, who, what, params))


def test_what_reminders_look_at(with_shop: Store) -> None:
    case = new_case(owner="li", claimed_at=NOW)
    case.orders[0].appeal, case.orders[0].appeal_at = AppealStatus.RECEIVED, NOW + timedelta(hours=1)
    with with_shop.unit() as unit:
        case_id = unit.cases.add(case).id
    note(with_shop, case_id, "li", "released", NOW + timedelta(hours=2))
    note(with_shop, case_id, "wang", "claimed", NOW + timedelta(hours=3))
    note(with_shop, case_id, "odr-bot", "reminded", NOW + timedelta(hours=4))
    other = add_case(with_shop, deadline=NOW + timedelta(hours=1))
    add_case(with_shop, status=CaseStatus.EXPIRED)
    with with_shop.unit(read_only=True) as unit:
        fresh, watch = unit.reminders.watched("odr-bot", unit.reminders.active())
        assert unit.reminders.watched("odr-bot", [case_id]) == [watch]
    assert (fresh.case_id, fresh.free_since, fresh.touched_at, fresh.pending_since) == (other, NOW, NOW, None)
    assert (watch.case_id, watch.owner, watch.claimed_at) == (case_id, "li", NOW)
    assert (watch.free_since, watch.touched_at) == (NOW + timedelta(hours=2), NOW + timedelta(hours=3))
    assert watch.pending_since == NOW + timedelta(hours=1)
    assert (watch.off, watch.snoozed_until, watch.acked) == (False, None, "")


def test_what_people_said_is_kept_side_by_side(with_shop: Store) -> None:
    case_id = add_case(with_shop)
    with with_shop.unit() as unit:
        unit.reminders.set(case_id, acked="24h")
        unit.reminders.set(case_id, snoozed_until=NOW)
        unit.reminders.set(case_id, off=True)
        [watch] = unit.reminders.watched("odr-bot", unit.reminders.active())
        assert (watch.off, watch.snoozed_until, watch.acked) == (True, NOW, "24h")
        unit.reminders.set(case_id, off=False, snoozed_until=None)
        [watch] = unit.reminders.watched("odr-bot", unit.reminders.active())
        assert (watch.off, watch.snoozed_until, watch.acked) == (False, None, "24h")


def test_sent_steps_are_those_of_the_case_and_the_job(with_shop: Store) -> None:
    with with_shop.unit() as unit:
        unit.records.take_run("reminder", "C1", "24h.owner", NOW)
        unit.records.take_run("reminder", "C2", "24h.owner", NOW)
        unit.records.take_run("check", "C1", "x", NOW)
        assert unit.reminders.sent(["C1", "C9"]) == {"C1": {"24h.owner": NOW}}


def test_changes_of_the_rota_come_in_order_and_once_for_a_message(with_shop: Store) -> None:
    first = Shift("li", NOW, NOW + timedelta(hours=1), "us-1")
    second = Shift("wang", NOW, NOW + timedelta(hours=2))
    with with_shop.unit() as unit:
        unit.oncall.add(OnCallChange(second, "li", NOW, "m1"))
        unit.oncall.add(OnCallChange(second, "li", NOW + timedelta(minutes=1), "m1"))
        unit.oncall.add(OnCallChange(first, "li", NOW, "m2"))
    with with_shop.unit(read_only=True) as unit:
        assert unit.oncall.ending_after(NOW) == [second, first]
        assert unit.oncall.ending_after(NOW + timedelta(hours=1)) == [second]
        assert unit.oncall.ending_after(NOW + timedelta(hours=2)) == []


def test_what_is_over_and_what_a_purge_leaves(with_shop: Store) -> None:
    case_id = add_case(with_shop, status=CaseStatus.CLOSED, closed_at=NOW)
    held = add_case(with_shop, status=CaseStatus.CLOSED, closed_at=NOW, hold=True)
    active = add_case(with_shop)
    with with_shop.unit() as unit:
        unit.evidence.add(an_evidence(case_id), "console:ops")
        unit.evidence.add(an_evidence(active), "console:ops")
        assert unit.retention.over(NOW) == []
        assert unit.retention.over(NOW + timedelta(milliseconds=1)) == [case_id]
    note(with_shop, case_id, "li", "exported", NOW, sha256="f" * 64)
    with with_shop.unit() as unit:
        unit.retention.lock()
        purged = unit.retention.purge(case_id)
        unit.retention.noted(TimelineEvent(case_id, NOW + timedelta(days=90), "odr-bot", "purged"))
        assert (purged.sha256, purged.shared, purged.evidence) == (("f" * 64,), 1, 1)
        assert unit.retention.over(NOW + timedelta(days=999)) == []
        assert unit.evidence.of_case(case_id) == [] and len(unit.evidence.of_case(active)) == 1
        assert unit.cases.get(held) is not None


def test_tables_of_the_first_release_come_up_with_their_rows(database_url: str) -> None:
    engine = connect(database_url)
    config = Config()
    config.set_main_option("script_location", str(database.Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        old = sa.MetaData()
        old.reflect(connection)
        shop = {"id": "us-1", "name": "Bright", "site": "US", "timezone": "UTC", "category": "", "entity": "CN"}
        connection.execute(
            old.tables["shop"].insert().values(**shop, high_risk=False, active=True, channels=["console:ops"])
        )
        times = {"opened_at": 1, "onset": 1, "onset_exact": True, "deadline": 2, "day": "2026-11-19"}
        texts = {"status": "open", "owner": "li", "reason": "", "cause": "", "triggers": ["red"]}
        connection.execute(
            old.tables["appeal_case"].insert().values(shop="us-1", **times, **texts, hold=False, version=1)
        )
        spoke = {"id": "e1", "received_at": 1, "channel": "slack:C1", "person": "U024BE7LH"}
        connection.execute(old.tables["inbound_event"].insert().values(**spoke))
        for number, thread in enumerate(("", "C1", "C1"), 1):
            shown = {"key": f"k{number}", "channel": "ops", "thread": thread, "author": "li", "words": "w", "at": 1}
            connection.execute(old.tables["console_entry"].insert().values(**shown, position=number, changed=number))
        claimed = {"case_id": 1, "at": 1, "who": "li", "what": "claimed", "params": {}, "message_id": ""}
        connection.execute(old.tables["timeline_event"].insert().values(**claimed))
    assert version(engine) == "0001"
    upgrade(engine)
    assert version(engine) == HEAD
    with Store(engine).unit() as unit:
        assert unit.cases.get("C1").owner == "li" and unit.shops.get("us-1").channels == ["console:ops"]
        assert [person.id for person in unit.records.people()] == ["U024BE7LH", "li"]
        unit.reminders.set("C1", off=True)
        assert [watch.off for watch in unit.reminders.watched("odr-bot", unit.reminders.active())] == [True]
    assert [entry.id for entry in ConsoleLog(engine).conversation("ops", "")] == [1, 2]
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_program_uses(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        found = sa.MetaData()
        found.reflect(connection)
    for table in metadata.sorted_tables:
        made = found.tables[table.name]
        assert {column.name: column.nullable for column in made.c} == {
            column.name: column.nullable for column in table.c
        }
        assert {index.name for index in made.indexes} == {index.name for index in table.indexes}, table.name
