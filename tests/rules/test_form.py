from datetime import timedelta

import pytest

from bot.domain.claims import claims
from bot.domain.finding import Severity
from tests.rules.build import (
    CONVERSATION,
    DRAFT,
    NOW,
    ORDER,
    OTHER,
    SAID,
    TRACKING,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    evidence,
    found,
    variants,
)


def said(draft: str, rule: str, **changes) -> list[str]:
    return variants(context(order=case_order(draft=draft, **changes)), rule)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, []),
        ({"defect_types": []}, ["no_defect_type"]),
        ({"root_cause": ""}, ["no_root_cause"]),
        ({"root_cause": "Bad Luck"}, ["unknown_root_cause"]),
        ({"root_cause": "Other"}, ["unusual_root_cause"]),
        ({"draft": "  "}, ["no_explanation"]),
    ],
)
def test_form_fields(changes: dict, answer: list[str]) -> None:
    assert variants(context(order=case_order(**changes)), "form_fields") == answer


@pytest.mark.parametrize(
    ("draft", "answer"),
    [("x" * 200, []), ("x" * 201, ["too_long"]), ("运" * 200, []), ("😀" * 100, []), ("😀" * 101, ["too_long"])],
)
def test_explanation_length_counts_the_stricter_way(draft: str, answer: list[str]) -> None:
    assert said(draft, "explanation_length") == answer


def test_explanation_length_says_by_how_much() -> None:
    (finding,) = found(context(order=case_order(draft="😀" * 101)), "explanation_length")
    assert finding.params == {"count": 202, "max": 200, "over": 2}


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        (DRAFT, []),
        ("", []),
        (f"Whatever was said, parcel {TRACKING} was delivered.", []),
        (f"We hate this; parcel {TRACKING} was delivered.", ["emotional"]),
        (f"This is UNFAIR. Parcel {TRACKING} was delivered.", ["emotional"]),
        (f"We  believe parcel {TRACKING} was delivered.", ["emotional"]),
        (f"买家恶意退货，运单 {TRACKING}", ["emotional"]),
        (f"ลูกค้าโกหก {TRACKING}", ["emotional"]),
        (f"Pembeli penipu {TRACKING}", ["emotional"]),
        (f"Khách hàng lừa đảo {TRACKING}", ["emotional"]),
        (f"المشتري كاذب {TRACKING}", ["emotional"]),
        ("买家无理取闹", ["emotional", "no_fact"]),
        ("It is not our fault.", ["vague"]),
        (f"Order {ORDER}: logistics problem.", ["vague"]),
        ("The buyer changed the address.", ["no_fact"]),
        (f"Order {ORDER} was returned.", ["no_fact"]),
        (f'On 2026-11-17 13:20 UTC the buyer wrote "this is unfair" about {OTHER}.', []),
    ],
)
def test_explanation_tone(draft: str, answer: list[str]) -> None:
    assert said(draft, "explanation_tone") == answer


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        (DRAFT, []),
        (f"Parcel {TRACKING} of order {ORDER}", []),
        (f"Parcel {TRACKING.lower()}", []),
        ("Parcel 1Z999AA10123456000", ["number"]),
        ("Picked up 2026-11-02 03:05 UTC", []),
        ("Picked up 2026/11/2, 03:05 UTC", []),
        ("Picked up 2026-11-02", []),
        ("Picked up 2026-11-03", ["moment"]),
        ("Picked up 2026-11-02 03:06 UTC", ["moment"]),
        ("Picked up at 03:05", []),
        ("Picked up at 04:05", ["moment"]),
        ("15 days after pick-up", []),
        ("14 days after pick-up", ["number"]),
        ("100 hours later", []),
        ("It took 101 hours", ["number"]),
        (f'The buyer wrote "{SAID}"', []),
        ('The buyer wrote "i ordered  TWICE by mistake … return one."', []),
        ('The buyer wrote "I never ordered this"', ["quotation"]),
        ("买家说：“I want to return one”", []),
        ("It happened 3 times", ["number"]),
        ("", []),
    ],
)
def test_explanation_facts(draft: str, answer: list[str]) -> None:
    assert said(draft, "explanation_facts") == answer


def test_facts_of_flawed_evidence_do_not_count() -> None:
    stale = changed(TRACKING_PAGE, captured_at=NOW - timedelta(days=9))
    draft = case_order(draft="Picked up 2026-11-02 03:05 UTC")
    assert variants(context(stale, order=draft), "explanation_facts") == ["moment"]


def test_the_number_of_compared_orders_is_known() -> None:
    draft = case_order(draft="The buyer placed 2 orders")
    assert variants(context(order=draft), "explanation_facts") == ["number"]
    compared = evidence("order_comparison", order_ids=(ORDER, OTHER), captured_at=NOW, captured_from="visible")
    assert variants(context(compared, order=draft), "explanation_facts") == []


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        ("Picked up 2026-11-02 03:05 UTC", []),
        ("Picked up 2026-11-02 11:05", ["local_time"]),
        ("Picked up 2026-11-01 19:05", ["local_time"]),
        ("Picked up 2026-11-02 05:05", []),
        ("Picked up 2026-11-02 03:05 UTC+0", []),
        ("Picked up 2026-11-02 11:05 UTC+8", ["local_time", "other_zone"]),
    ],
)
def test_utc(draft: str, answer: list[str]) -> None:
    assert said(draft, "utc") == answer


def test_utc_names_the_zone_and_the_right_time() -> None:
    (finding,) = found(context(order=case_order(draft="Picked up 2026-11-02 11:05")), "utc")
    assert finding.severity is Severity.WARNING
    assert (finding.params["zone"], f"{finding.params['at']:%H:%M}") == ("Asia/Shanghai", "03:05")
    assert said("Picked up 2026-11-02 11:05", "explanation_facts") == []


QUOTED = f'Order {ORDER}: on 2026-11-17 13:20 UTC the buyer wrote "{SAID}".'


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        (QUOTED, []),
        ("", []),
        (f"Order {ORDER}: returned 2026-11-17 13:20 UTC.", ["no_words"]),
        (f'Order {ORDER}: the buyer wrote "{SAID}".', ["no_time"]),
        (f'Order {ORDER}: on 2026-11-17 the buyer wrote "{SAID}".', ["no_time"]),
        (f'On 2026-11-17 13:20 UTC the buyer wrote "{SAID}".', ["no_context"]),
        ("The buyer ordered again.", ["no_words", "no_time", "no_context"]),
    ],
)
def test_quotation(draft: str, answer: list[str]) -> None:
    assert said(draft, "quotation", scenario="S2", root_cause="Buyer Misconduct") == answer


def test_quotation_is_for_buyer_misconduct() -> None:
    assert said(DRAFT, "quotation") == []


def test_a_conversation_somebody_stated_bears_out_a_quotation() -> None:
    stated = changed(CONVERSATION, messages=(), words=f"Buyer: {SAID}", stated=("messages", "words"), stated_by="li")
    assert variants(context(stated, order=case_order(draft=f'"{SAID}"')), "explanation_facts") == []


def test_claims_take_a_text_apart() -> None:
    found_in = claims('On 2026-11-02, 3:05 the buyer wrote "at 9:00" (UTC+8); 12 days, 1Z9 and 1.5% later')
    assert found_in.quotations == ("at 9:00",)
    assert [(moment.day, moment.clock) for moment in found_in.moments] == [("2026-11-02", "03:05")]
    assert found_in.zones == (480,)
    assert found_in.spans == (("12 days", -12),)
    assert found_in.numbers == ("1Z9", "1.5%")


@pytest.mark.parametrize("text", ["9" * 9000 + " days", "a" * 50_000, '"' * 9999, "99999 days", "2026-99-99 77:88"])
def test_hostile_explanations_are_judged_like_others(text: str) -> None:
    assert isinstance(said(text, "explanation_facts"), list)


@pytest.mark.parametrize(("claim", "answer"), [("99999 days", ["number"]), ("4 days", []), ("7 days", ["number"])])
def test_distances_are_counted_in_whole_days_or_by_date(claim: str, answer: list[str]) -> None:
    assert said(claim, "explanation_facts") == answer


@pytest.mark.parametrize("draft", [f"{TRACKING} 经过分拨中心", f"Parcel {TRACKING} was certified by the carrier."])
def test_everyday_words_that_hold_an_emotional_one_are_left_alone(draft: str) -> None:
    assert said(draft, "explanation_tone") == []


@pytest.mark.parametrize(
    ("context", "answer"),
    [
        ("on 2026-11-17 13:20 UTC", ["no_context"]),
        ("on 2026-11-17 13:20 UTC and 2026-11-02 03:05 UTC", []),
        ("on 2026-11-17 13:20 UTC, 15 days later", []),
        ("on 2026-11-17 13:20 UTC and 2026-11-02 03:05 UTC, 15 days later", []),
    ],
)
def test_another_event_is_a_quotation_s_context(context: str, answer: list[str]) -> None:
    assert said(f'The buyer wrote "{SAID}" {context}.', "quotation", root_cause="Buyer Misconduct") == answer
