"""What may be proposed beside an appeal is a matter of the site and the kind of defect (domain.md §6)."""

import pytest
from pydantic import ValidationError

from bot.domain.orders import DefectType
from bot.domain.policy import Policy
from tests.domain.profile import POLICY, load

REVIEWS = (DefectType.NEGATIVE_REVIEW, DefectType.SERVICE_RATING)


def advice(**changes: object) -> dict[str, object]:
    entry = {"proposal": "ask_buyer", "defects": ["negative_review"], "sites": ["US", "TH"], "allowed": True}
    return entry | {"source": "a page", "checked_on": "2026-11-01", "confidence": "official"} | changes


def with_advice(*entries: dict[str, object]) -> Policy:
    return Policy.model_validate(load("policies/tiktok-shop.toml") | {"advice": list(entries)})


def test_no_buyer_is_asked_about_a_review_in_the_united_states() -> None:
    assert POLICY.proposals("US", DefectType) == ("ask_buyer_return_refund",)


def test_what_a_site_is_not_known_to_allow_is_not_proposed() -> None:
    asked = {site: POLICY.proposals(site, REVIEWS) for site in POLICY.sites}
    assert {site for site, keys in asked.items() if "ask_buyer_negative_review" in keys} == {"TH"}
    assert asked["UK"] == asked["SA"] == asked["AE"] == ()
    assert with_advice().proposals("TH", DefectType) == ()


def test_each_kind_of_defect_is_asked_about_by_itself() -> None:
    assert POLICY.proposals("TH", [DefectType.RETURN_REFUND]) == ("ask_buyer_return_refund",)
    both = ("ask_buyer_negative_review", "report_review_negative_review")
    assert POLICY.proposals("TH", [DefectType.NEGATIVE_REVIEW]) == both


def test_what_one_entry_forbids_no_other_allows() -> None:
    policy = with_advice(advice(), advice(sites=["US"], allowed=False))
    assert policy.proposals("US", REVIEWS) == ()
    assert policy.proposals("TH", REVIEWS) == ("ask_buyer_negative_review",)


@pytest.mark.parametrize("change", [{"proposal": "bribe"}, {"confidence": "rumour"}, {"sites": []}])
def test_an_entry_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        with_advice(advice(**change))


def test_a_return_is_not_reported_as_a_review() -> None:
    with pytest.raises(ValidationError, match="no review"):
        with_advice(advice(proposal="report_review", defects=["return_refund"]))
