from datetime import date, timedelta

import pytest

from bot.domain.case import AppealStatus
from bot.domain.finding import Severity
from tests.rules.build import NOW, ONSET, case_order, context, found, variants

OPENED = NOW.date()


@pytest.mark.parametrize(("site", "answer"), [("US", []), ("AE", []), ("ID", ["closed"])])
def test_site(site: str, answer: list[str]) -> None:
    assert variants(context(shop={"site": site}), "site") == answer


@pytest.mark.parametrize(
    ("opened_on", "answer"),
    [(OPENED - timedelta(days=30), []), (OPENED - timedelta(days=29), ["young"]), (None, ["unknown"])],
)
def test_shop_age(opened_on: date | None, answer: list[str]) -> None:
    assert variants(context(shop={"opened_on": opened_on}), "shop_age") == answer


def test_a_young_shop_hears_its_age_and_from_which_day_on_it_may_appeal() -> None:
    (finding,) = found(context(shop={"opened_on": OPENED - timedelta(days=12)}), "shop_age")
    assert (finding.params["days"], finding.params["required"]) == (12, 30)
    assert finding.params["from_day"] == OPENED + timedelta(days=18)


def test_an_unknown_age_asks_a_person() -> None:
    assert [item.severity for item in found(context(shop={"opened_on": None}), "shop_age")] == [Severity.UNSURE]


@pytest.mark.parametrize(
    ("entity", "active", "answer"),
    [("CN", True, []), ("US", True, ["foreign"]), ("CN", False, ["inactive"]), ("", True, ["unknown"])],
)
def test_entity(entity: str, active: bool, answer: list[str]) -> None:
    assert variants(context(shop={"entity": entity, "active": active}), "entity") == answer


@pytest.mark.parametrize(("seconds", "answer"), [(0, []), (1, ["closed"])])
def test_window_is_open_up_to_the_deadline(seconds: int, answer: list[str]) -> None:
    late = ONSET + timedelta(hours=72, seconds=seconds)
    assert variants(context(now=late), "window") == answer


@pytest.mark.parametrize(("cause", "answer"), [("", []), ("carrier", []), ("policy_change", ["policy_change"])])
def test_cause(cause: str, answer: list[str]) -> None:
    assert variants(context(case={"cause": cause}), "cause") == answer


@pytest.mark.parametrize(
    ("appeal", "answer"),
    [
        (AppealStatus.NONE, []),
        (AppealStatus.SUBMITTED, ["pending"]),
        (AppealStatus.RECEIVED, ["pending"]),
        (AppealStatus.REJECTED, ["rejected"]),
        (AppealStatus.EXCLUDED, ["excluded"]),
    ],
)
def test_once(appeal: AppealStatus, answer: list[str]) -> None:
    assert variants(context(order=case_order(appeal=appeal)), "once") == answer


def test_once_lets_a_resubmission_pass_after_the_notice() -> None:
    again = case_order(appeal=AppealStatus.REJECTED, resubmit_allowed=True)
    assert variants(context(order=again), "once") == []


@pytest.mark.parametrize(
    ("hours", "answer"), [(-24, []), (-24.01, ["outside"]), (24, []), (72, []), (72.01, ["outside"])]
)
def test_scope(hours: float, answer: list[str]) -> None:
    assert variants(context(order=case_order(occurred_at=ONSET + timedelta(hours=hours))), "scope") == answer
