"""Keeping for as long as promised, and deleting then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.domain.case import CaseStatus
from bot.messaging.card import Card
from bot.ports.store import Unit
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.services.retention import Retention
from bot.store.vault import DiskVault
from tests.conversations.conftest import NOW, ORDERS, Talk, app, settings, talk, tracking_page

__all__ = ["app", "settings", "talk"]

DAYS = 90


@pytest.fixture
def finished(talk: Talk) -> Talk:
    """Case C1 with two originals and a package, dismissed at NOW."""
    talk.send(("t.txt", tracking_page(0)), ("n.txt", "a note about 576461413038785751"), thread="C1")
    talk.say("导出", thread="C1")
    talk.say("关闭 C1 误报", thread="C1")
    return talk


def after(talk: Talk, **span: float) -> list[str]:
    clock = talk.app.clock
    assert isinstance(clock, FrozenClock)
    clock.at = NOW + timedelta(**span)
    return talk.app.retention.tick()


def files(app: App) -> set[str]:
    return {path.name for path in app.vault.root.glob("??/*")}


def evidence(app: App) -> int:
    with app.store.unit(read_only=True) as unit:
        return len(unit.evidence.of_case("C1"))


def timeline(app: App) -> list[str]:
    with app.store.unit(read_only=True) as unit:
        return [event.what for event in unit.cases.timeline("C1")]


def test_nothing_goes_before_the_days_are_over(finished: Talk) -> None:
    kept = files(finished.app)
    assert len(kept) == 3, "two originals and the package"
    assert after(finished, days=DAYS) == []
    assert files(finished.app) == kept and evidence(finished.app) == 2


def test_afterwards_originals_records_and_packages_go_and_the_audit_stays(finished: Talk) -> None:
    gone = files(finished.app)
    assert after(finished, days=DAYS, seconds=1) == ["C1"]
    app = finished.app
    assert files(app) == set() and evidence(app) == 0
    case = app.cases.get("C1")
    assert case.status is CaseStatus.DISMISSED and [order.order_id for order in case.orders] == list(ORDERS)
    assert all(order.draft == order.text == "" for order in case.orders)
    with app.store.unit(read_only=True) as unit:
        last = unit.cases.timeline("C1")[-1]
    assert (last.what, last.params["evidence"], last.params["files"]) == ("purged", "2", "3")
    assert set(last.params["sha256"].split(", ")) == gone
    assert finished.shown("C1") == [], "the conversation held buyers' words"


def test_the_channel_is_told_what_was_deleted(finished: Talk) -> None:
    gone = files(finished.app)
    after(finished, days=DAYS, seconds=1)
    [card] = [card for card in finished.shown() if "到期清理" in card.title]
    assert all(sha256 in card.plain() for sha256 in gone)


def test_a_second_run_says_nothing_again(finished: Talk) -> None:
    after(finished, days=DAYS, seconds=1)
    assert after(finished, days=DAYS + 1) == [] and timeline(finished.app).count("purged") == 1
    assert len([card for card in finished.shown() if "到期清理" in card.title]) == 1


def test_open_and_waiting_cases_are_never_touched(talk: Talk) -> None:
    talk.send(("t.txt", tracking_page(0)), thread="C1")
    assert after(talk, days=999) == []
    talk.app.clock.at = NOW
    talk.say("已提交 确认", thread="C1")
    assert after(talk, days=999) == [] and len(files(talk.app)) == 1


def test_a_held_case_is_kept_until_it_is_let_go(finished: Talk) -> None:
    assert "一直保留" in finished.say("保留 C1").title
    assert after(finished, days=999) == [] and evidence(finished.app) == 2
    finished.say("unhold C1")
    assert after(finished, days=999) == ["C1"]
    assert "已到期清理" in finished.say("保留 C1").title, "too late to hold"
    assert [what for what in timeline(finished.app) if "held" in what] == ["held", "unheld"]


def test_an_original_that_another_case_needs_survives(finished: Talk) -> None:
    app = finished.app
    with app.store.unit() as unit:
        case = unit.cases.get("C1")
        case.shop, case.status, case.orders, case.closed_at = "uk-1", CaseStatus.OPEN, [], None
        unit.cases.add(case)
        shared = next(item for item in unit.evidence.of_case("C1") if item.file_name == "t.txt")
        shared.case_id = "C2"
        unit.evidence.add(shared, "console:uk")
    after(finished, days=DAYS, seconds=1)
    assert files(app) == {shared.sha256}
    with app.store.unit(read_only=True) as unit:
        assert unit.cases.timeline("C1")[-1].params["shared"] == "1"
        assert [item.sha256 for item in unit.evidence.of_case("C2")] == [shared.sha256]


def test_an_original_that_waits_for_a_case_survives(finished: Talk) -> None:
    finished.app.clock.at = NOW + timedelta(days=DAYS, seconds=1)
    finished.send(("t.txt", tracking_page(0)))
    with finished.app.store.unit(read_only=True) as unit:
        [waiting] = unit.evidence.unfiled("console:ops")
    after(finished, days=DAYS, seconds=2)
    assert files(finished.app) == {waiting.sha256}


def again(talk: Talk, vault: DiskVault) -> Talk:
    """The talk with the program as it is after a start with another vault over the same files."""
    app = App(talk.app.settings, talk.app.clock, vault=vault).open()
    return replace(talk, app=app)


def test_an_upload_during_a_purge_is_not_lost(finished: Talk) -> None:
    """The purge comes just after the vault has found the same bytes there already."""

    class Slow(DiskVault):
        def put(self, path: Path) -> object:
            stored = super().put(path)
            after(finished, days=DAYS, seconds=1)
            return stored

    app = finished.app
    again(finished, Slow(app.vault.root)).send(("t.txt", tracking_page(0)))
    with app.store.unit(read_only=True) as unit:
        [waiting] = unit.evidence.unfiled("console:ops")
    assert files(app) == {waiting.sha256} and app.vault.verify(waiting.sha256)


def test_a_fault_while_deleting_is_finished_by_the_next_run(finished: Talk, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(DiskVault):
        removed = 0

        def remove(self, sha256: str) -> None:
            self.removed += 1
            if self.removed > 1:
                raise OSError(5, "Input/output error")
            super().remove(sha256)

    failing = again(finished, Failing(finished.app.vault.root))
    assert after(failing, days=DAYS, seconds=1) == [] and evidence(finished.app) == 2
    assert "C1" in caplog.text and "purged" not in timeline(finished.app)
    assert after(finished, days=DAYS, seconds=2) == ["C1"] and files(finished.app) == set()


def test_after_a_second_outcome_the_days_count_anew(talk: Talk) -> None:
    talk.say("已提交 确认", thread="C1")
    for order in ORDERS:
        talk.say(f"结果 {order} 驳回 ODR-07", thread="C1")
    assert talk.app.cases.get("C1").status is CaseStatus.CLOSED
    talk.app.clock.at = NOW + timedelta(days=80)
    talk.say(f"可重提 {ORDERS[0]}", thread="C1")
    talk.say(f"已提交 {ORDERS[0]} 确认", thread="C1")
    assert after(talk, days=DAYS + 5) == [], "it waits for a result again"
    talk.say(f"结果 {ORDERS[0]} 通过", thread="C1")
    assert after(talk, days=2 * DAYS + 5) == []
    assert after(talk, days=2 * DAYS + 5, seconds=1) == ["C1"]


def test_an_excluded_order_counts_on_after_the_purge(talk: Talk) -> None:
    talk.say("已提交 确认", thread="C1")
    for order in ORDERS:
        talk.say(f"结果 {order} 通过", thread="C1")
    assert after(talk, days=DAYS, seconds=1) == ["C1"]
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.cases.excluded_orders() == {"us-1": set(ORDERS)}


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    closed=st.integers(0, 400 * 86_400),
    checks=st.lists(st.integers(0, 600 * 86_400), min_size=1, max_size=6),
    held=st.booleans(),
)
def test_whenever_it_runs_it_never_purges_early_nor_what_is_held(
    app: App,
    closed: int,
    checks: list[int],
    held: bool,
) -> None:
    from bot.domain.case import Case

    assert isinstance(app.clock, FrozenClock)
    times = {"opened_at": NOW, "onset": NOW, "onset_exact": True, "deadline": NOW, "day": "2026-11-19"}
    ended: datetime = NOW + timedelta(seconds=closed)
    case = Case("", "us-1", **times, triggers=[], status=CaseStatus.CLOSED, closed_at=ended, hold=held)
    with app.store.unit() as unit:
        case_id = unit.cases.add(case).id
    for seconds in sorted(checks):
        app.clock.at = NOW + timedelta(seconds=seconds)
        purged = case_id in app.retention.tick()
        assert not purged or (app.clock.at > ended + timedelta(days=DAYS) and not held)
    with app.store.unit(read_only=True) as unit:
        gone = bool(unit.cases.timeline(case_id))
    assert gone is (max(checks) > closed + DAYS * 86_400 and not held)


def test_the_report_is_a_card_that_any_platform_can_show(finished: Talk) -> None:
    from bot.messaging.card import from_json, to_json

    after(finished, days=DAYS, seconds=1)
    [card] = [card for card in finished.shown() if "到期清理" in card.title]
    assert isinstance(card, Card) and from_json(to_json(card)) == card


def test_what_changes_between_looking_and_deleting_is_looked_at_again(finished: Talk) -> None:
    """Somebody holds the case just after the run has found it."""
    app = finished.app
    retention, held = app.retention, []

    @contextmanager
    def units(**how: object) -> Iterator[Unit]:
        with app.store.unit(**how) as unit:  # type: ignore[arg-type] # read_only alone is passed on
            yield unit
        if how and not held:
            held.append(finished.say("保留 C1").title)

    late = Retention(units, app.clock, app.vault, DAYS, retention.notifier)
    app.clock.at = NOW + timedelta(days=DAYS, seconds=1)
    assert late.tick() == [] and held and evidence(app) == 2 and "purged" not in timeline(app)


def test_a_report_goes_to_every_channel_of_the_shop_in_its_language(finished: Talk) -> None:
    finished.say("lang en")
    after(finished, days=DAYS, seconds=1)
    [card] = [card for card in finished.shown() if "C1" in card.plain() and "90" in card.plain()][-1:]
    assert card.language == "en"
