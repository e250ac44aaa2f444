from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.evidence import Facts, LinkState, TrackingNumber
from bot.domain.finding import Severity
from bot.domain.orders import DefectType
from bot.rules import RULES, accepted, check_profile
from bot.rules.registry import Subject, UnknownRules, case_rule
from tests.domain.profile import POLICY, policy
from tests.rules.build import (
    CONVERSATION,
    ERP_LOG,
    NOW,
    ORDER,
    ORDER_DETAIL,
    OTHER,
    PICKED_UP,
    RECORD,
    TRACKING,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    evidence,
    found,
    judged,
    linked,
    stamp,
    variants,
)


def missing(*args, **kwargs) -> list[str]:
    return [item.requirement for item in judged(context(*args, **kwargs)).missing]


def without(*kinds: str, **changes):
    whole = context(**changes)
    return replace(whole, evidence=tuple(item for item in whole.evidence if item.kind not in kinds))


def test_the_complete_case_is_ready() -> None:
    result = judged(context())
    assert result.ready
    assert {finding.severity for finding in result.findings} == {Severity.INFO}


def test_a_case_without_appealed_orders_is_not_ready() -> None:
    assert not judged(context(order=case_order(skipped=True))).ready


@pytest.mark.parametrize(
    ("kind", "requirements"),
    [
        ("conversation", ["communication"]),
        ("order_detail", ["system"]),
        ("tracking_page", ["logistics", "delay_shown"]),
    ],
)
def test_each_base_group_is_needed(kind: str, requirements: list[str]) -> None:
    result = judged(without(kind))
    assert [item.requirement for item in result.missing] == requirements
    assert not result.ready


def test_either_system_record_will_do() -> None:
    whole = without("order_detail")
    assert not judged(replace(whole, evidence=(*whole.evidence, ERP_LOG))).missing


def test_withdrawn_evidence_does_not_count() -> None:
    assert missing(replace(CONVERSATION, withdrawn_at=NOW)) == ["communication"]


def test_a_delay_must_be_shown() -> None:
    quick = (stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP + timedelta(days=4), "delivered"))
    assert missing(changed(TRACKING_PAGE, timestamps=quick)) == ["delay_shown"]
    slow = (stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP + timedelta(days=10, minutes=1), "delivered"))
    assert missing(changed(TRACKING_PAGE, timestamps=slow)) == []
    assert missing(changed(TRACKING_PAGE, timestamps=slow[:1])) == []


def test_a_certificate_shows_a_delay_when_it_names_the_parcel_or_a_day() -> None:
    quick = changed(TRACKING_PAGE, timestamps=(stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP, "delivered")))
    assert missing(quick, evidence("delay_certificate", words="delay")) == ["delay_shown"]
    number = TRACKING_PAGE.facts.tracking_numbers
    assert missing(quick, evidence("delay_certificate", tracking_numbers=number)) == []
    assert missing(quick, evidence("delay_certificate", timestamps=(stamp(PICKED_UP, "unknown"),))) == []


@pytest.mark.parametrize(
    ("scenario", "defect", "requirements"),
    [
        ("S2", "return_refund", ["order_comparison"]),
        ("S3", "negative_review", ["review_screenshot"]),
        ("S4", "return_refund", []),
        ("S5", "negative_review", ["delivery_proof", "signoff_contradiction"]),
        ("S6", "service_rating", ["activity_page", "sla_proof"]),
        ("S7", "return_refund", ["api_log", "status_comparison"]),
        ("S8", "negative_review", ["translation", "review_screenshot"]),
    ],
)
def test_what_each_scenario_adds(scenario: str, defect: str, requirements: list[str]) -> None:
    assert missing(order=case_order(scenario=scenario, defect_types=[DefectType(defect)])) == requirements


def test_pickup_proof_must_show_the_pickup() -> None:
    delivered_only = changed(TRACKING_PAGE, timestamps=TRACKING_PAGE.facts.times("delivered"))
    assert missing(delivered_only, order=case_order(scenario="S4")) == ["logistics", "pickup_proof"]


def test_a_scenario_must_explain_every_defect_type() -> None:
    both = [DefectType.RETURN_REFUND, DefectType.NEGATIVE_REVIEW]
    assert "negative_review" in variants(context(order=case_order(scenario="S2", defect_types=both)), "coverage")
    assert "negative_review" not in variants(context(order=case_order(defect_types=both)), "coverage")


def test_a_certificate_is_recommended_until_it_is_there() -> None:
    assert [item.severity for item in found(context(), "coverage")] == [Severity.INFO]
    assert (
        variants(context(evidence("delay_certificate", timestamps=(stamp(PICKED_UP, "unknown"),))), "coverage") == []
    )


@pytest.mark.parametrize("nobody_read", [Facts(media_type="image/png", readable=False), Facts()])
def test_unread_evidence_asks_one_question(nobody_read: Facts) -> None:
    page = replace(TRACKING_PAGE, facts=nobody_read)
    page = page if not nobody_read.readable else linked(page, "https://drive.google.com/x", LinkState.PUBLIC)
    result = judged(context(page))
    about = [item for item in result.findings if item.evidence_id == page.id and item.severity is not Severity.INFO]
    assert [(item.rule, item.severity) for item in about] == [("coverage", Severity.UNSURE)]
    assert result.missing and all(item.sent for item in result.missing)
    assert not result.ready


def test_what_is_sent_but_not_accepted_ticks_nothing_and_counts_once() -> None:
    foreign = changed(TRACKING_PAGE, tracking_numbers=(TrackingNumber("1Z12345E6605272234", "UPS"),))
    faint = changed(TRACKING_PAGE, tracking_numbers=(TrackingNumber(TRACKING, "UPS", legible=None),))
    one_sided = changed(CONVERSATION, messages=CONVERSATION.facts.messages[:1])
    undated = changed(TRACKING_PAGE, captured_at=None, captured_from=None)
    for item, need in (
        (foreign, "logistics"),
        (faint, "logistics"),
        (undated, "logistics"),
        (one_sided, "communication"),
    ):
        result = judged(context(item))
        assert need not in [met.requirement for met in result.met]
        assert [gap.sent for gap in result.missing if gap.requirement == need] == [True]
        assert item.id not in result.accepted and not result.ready
    whole = judged(context())
    assert {met.requirement for met in whole.met} == {"logistics", "communication", "system", "delay_shown"}
    assert whole.meets(TRACKING_PAGE.id) == ("logistics", "delay_shown")


def test_a_piece_accepted_for_one_order_meets_nothing_of_another() -> None:
    first, second = case_order(), case_order(order_id=OTHER)
    page = replace(TRACKING_PAGE, order_ids=[ORDER, OTHER])
    whole = context(page, case={"orders": [first, second]})
    records = {ORDER: RECORD, OTHER: replace(RECORD, id=OTHER, tracking_number="1Z12345E6605272234")}
    result = judged(replace(whole, orders=records))
    assert {met.order_id for met in result.met if met.requirement == "logistics"} == {ORDER}


def test_a_flawed_spare_does_no_harm() -> None:
    stale = changed(TRACKING_PAGE, name="E-old", captured_at=NOW - timedelta(days=9))
    alone = context(stale)
    assert [item.severity for item in found(alone, "freshness")] == [Severity.BLOCKING]
    together = replace(alone, evidence=(*alone.evidence, TRACKING_PAGE))
    assert [item.severity for item in found(together, "freshness")] == [Severity.INFO]
    assert judged(together).ready


def test_a_spare_that_shows_more_than_the_good_one_is_not_spare() -> None:
    quick = changed(TRACKING_PAGE, timestamps=(stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP, "delivered")))
    stale = changed(TRACKING_PAGE, name="E-old", captured_at=NOW - timedelta(days=9))
    whole = context(quick)
    whole = replace(whole, evidence=(*whole.evidence, stale))
    assert [item.severity for item in found(whole, "freshness")] == [Severity.BLOCKING]


def test_an_unread_spare_asks_nothing() -> None:
    unread = replace(changed(TRACKING_PAGE, name="E-blind"), facts=Facts(media_type="image/png", readable=False))
    whole = context()
    assert judged(replace(whole, evidence=(*whole.evidence, unread))).ready


def test_accepted_evidence_leaves_out_what_is_flawed_or_unread() -> None:
    foreign = changed(ORDER_DETAIL, site="UK")
    whole = context(foreign, replace(CONVERSATION, facts=Facts(readable=False)))
    assert [item.kind for item in accepted(whole, whole.case.orders[0]).evidence] == ["tracking_page"]


def test_findings_can_be_asked_by_order_and_worst_first() -> None:
    result = judged(context(changed(ORDER_DETAIL, site="UK"), shop={"opened_on": None}))
    assert {item.order_id for item in result.for_order(ORDER).findings} == {ORDER}
    assert {item.rule for item in result.for_order("").findings} == {"shop_age", "retention"}
    severities = [item.severity for item in result.worst_first]
    assert severities == sorted(severities, key=list(Severity).index)
    assert severities[0] is Severity.BLOCKING


def test_the_profile_sets_the_severity_and_an_answer_is_never_harsher() -> None:
    milder = policy("rules", site_match="warning", shop_age="info")
    whole = replace(context(changed(ORDER_DETAIL, site="UK"), shop={"opened_on": None}), policy=milder)
    assert [item.severity for item in found(whole, "site_match")] == [Severity.WARNING]
    assert [item.severity for item in found(whole, "shop_age")] == [Severity.INFO]


def test_a_rule_left_out_of_the_profile_is_off() -> None:
    rules = {name: severity for name, severity in POLICY.rules.items() if name not in ("coverage", "site_match")}
    whole = replace(without("conversation"), policy=policy(rules=rules))
    assert not judged(whole).missing


def test_the_shipped_profile_runs_every_rule() -> None:
    check_profile(POLICY)
    assert set(POLICY.rules) == set(RULES)


def test_an_unknown_rule_in_the_profile_is_named() -> None:
    with pytest.raises(UnknownRules, match=r"\[rules\]: unknown rule freshnes; known: .*freshness"):
        check_profile(policy("rules", freshnes="blocking"))


def test_a_rule_id_is_taken_once() -> None:
    with pytest.raises(ValueError, match="site"):
        case_rule("site")(lambda context: ())


def test_open_points_are_what_stops_and_what_was_never_sent() -> None:
    assert judged(context()).points == 0
    result = judged(without("conversation"))
    assert [(item.requirement, item.sent) for item in result.missing] == [("communication", False)]
    assert result.points == 1 + sum(finding.severity.stops_submission for finding in result.findings)
    sent = judged(context(changed(CONVERSATION, messages=CONVERSATION.facts.messages[:1])))
    assert sent.points == 1, "a piece with a fault counts by the fault alone"


def test_what_concerns_one_order_is_told_apart_in_every_part() -> None:
    first, second = case_order(), case_order(order_id=OTHER)
    page = replace(TRACKING_PAGE, order_ids=[ORDER, OTHER])
    whole = context(page, case={"orders": [first, second]})
    records = {ORDER: RECORD, OTHER: replace(RECORD, id=OTHER, tracking_number="1Z12345E6605272234")}
    result = judged(replace(whole, orders=records))
    for name, other in ((ORDER, OTHER), (OTHER, ORDER)):
        own = result.for_order(name)
        parts = (own.missing, own.findings, own.met)
        assert own.orders == (name,) and not any(item.order_id == other for part in parts for item in part)
        assert len(own.met) + len(own.missing) == 4
    assert result.for_order(OTHER).missing and not result.for_order(ORDER).missing
    assert result.accepted[page.id] == (ORDER,)


def test_every_finding_about_a_piece_names_its_file_and_others_do_not() -> None:
    for rule in RULES.values():
        about_a_piece = rule.subject in (Subject.EVIDENCE, Subject.CONTENT)
        for names in rule.variants.values():
            assert ({"file", "stated_by"} <= names) is about_a_piece, rule.id
    assert RULES["site_match"].variants == {"other": {"shown", "own", "file", "stated_by"}}


def test_system_evidence_that_is_refused_lends_no_number() -> None:
    """A foreign order page cannot make a foreign number this order's own."""
    number = TrackingNumber("1Z12345E6605272234", "UPS")
    page = changed(TRACKING_PAGE, tracking_numbers=(number,))
    own = changed(ORDER_DETAIL, tracking_numbers=(number,))
    assert variants(context(page, own), "tracking_match") == []
    assert variants(context(page, changed(own, site="UK")), "tracking_match") == ["other"]
