import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.context import CaseContext
from bot.domain.draft import DraftFacts, choose, facts_for
from bot.domain.evidence import Evidence, LogEvent, Message, TrackingNumber
from bot.domain.orders import DefectType
from bot.domain.text import form_length
from bot.rules import accepted, review
from bot.wording.phrases import WordingError, shared_phrases
from tests.domain.profile import CATALOGUE, POLICY, ROOT
from tests.rules.build import (
    CONVERSATION,
    DELIVERED,
    EXCEPTION,
    NOW,
    ONSET,
    ORDER,
    ORDER_DETAIL,
    OTHER,
    PICKED_UP,
    SAID,
    SAID_AT,
    TRACKING,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    dated,
    evidence,
    stamp,
)

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
LIMIT = POLICY.form.explanation_max
THAI = "สินค้าดีแต่มาช้า"
REVIEW = evidence("review_screenshot", order_ids=(ORDER,), languages=("th",), words=THAI, **dated())
UNSHIPPED = changed(ORDER_DETAIL, words=f"Order {ORDER} Awaiting shipment", captured_at=NOW - timedelta(days=3))
PROMOTION = (stamp(ONSET - timedelta(days=7), "event"), stamp(ONSET + timedelta(days=1), "event"))
STORIES: dict[str, tuple[str, list[Evidence]]] = {
    "": ("return_refund", []),
    "S1": ("return_refund", [evidence("delay_certificate", issuer="UPS", timestamps=(stamp(EXCEPTION, "unknown"),))]),
    "S2": ("return_refund", [evidence("order_comparison", order_ids=(ORDER, OTHER), **dated())]),
    "S3": ("negative_review", [REVIEW, evidence("product_page", **dated())]),
    "S4": ("return_refund", [UNSHIPPED]),
    "S5": (
        "negative_review",
        [
            evidence(
                "delivery_proof",
                tracking_numbers=TRACKING_PAGE.facts.tracking_numbers,
                timestamps=(stamp(DELIVERED, "delivered"),),
            ),
            evidence(
                "signoff_contradiction", order_ids=(ORDER,), timestamps=(stamp(EXCEPTION, "delivered"),), **dated()
            ),
        ],
    ),
    "S6": (
        "service_rating",
        [evidence("activity_page", timestamps=PROMOTION, **dated()), evidence("sla_proof", **dated())],
    ),
    "S7": (
        "return_refund",
        [
            evidence(
                "api_log",
                media_type="text/plain",
                order_ids=(ORDER,),
                log_events=(LogEvent(EXCEPTION, ORDER, "POST /status", "HTTP 504 after 30 s"),),
            ),
            evidence("status_comparison", order_ids=(ORDER,), **dated()),
        ],
    ),
    "S8": ("negative_review", [REVIEW, evidence("translation", languages=("en",), issuer="Siam Translation Ltd")]),
}


def story(scenario: str) -> CaseContext:
    """A case of that scenario with everything it needs; no explanation yet."""
    defect, items = STORIES[scenario]
    causes = CATALOGUE.scenarios[scenario].root_causes if scenario else ("",)
    order = case_order(
        scenario=scenario, root_cause=causes[0], defect_types=[DefectType(defect)], draft="", text=THAI
    )
    return context(*items, order=order)


def candidates(facts: DraftFacts, language: str = "en") -> list[str]:
    texts = []
    for key in PHRASES.keys(f"drafts.{facts.scenario or 'none'}.", language):
        try:
            texts.append(PHRASES.say(key, language, **facts.values))
        except WordingError:
            continue
    return [text for text in texts if text]


def drafts(whole: CaseContext, language: str = "en") -> list[str]:
    order = whole.case.orders[0]
    return candidates(facts_for(accepted(whole, order), order), language)


@pytest.mark.parametrize("scenario", STORIES)
def test_every_scenario_has_a_draft_that_fits(scenario: str) -> None:
    text, place = choose(drafts(story(scenario)), LIMIT)
    assert 60 < form_length(text) <= LIMIT
    assert len(drafts(story(scenario), "zh")) > place


@pytest.mark.parametrize("scenario", [name for name in STORIES if name])
def test_every_offered_draft_passes_its_own_rules(scenario: str) -> None:
    whole = story(scenario)
    assert drafts(whole)
    for text in drafts(whole):
        order = replace(whole.case.orders[0], draft=text)
        result = review(replace(whole, case=replace(whole.case, orders=[order])))
        against = [
            item for item in result.findings if item.rule.startswith(("explanation_f", "explanation_t", "utc"))
        ]
        assert not against, (text, against)
        if form_length(text) <= LIMIT:
            assert result.ready, (text, result.missing, result.worst_first[:2])


@pytest.mark.parametrize("scenario", STORIES)
def test_both_languages_offer_the_same_wordings(scenario: str) -> None:
    whole = story(scenario)
    english, chinese = drafts(whole), drafts(whole, "zh")
    assert len(english) == len(chinese)
    for original, gloss in zip(english, chinese, strict=True):
        facts = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?|[A-Z0-9]{12,}")
        assert sorted(facts.findall(original)) == sorted(facts.findall(gloss))


def test_buyer_misconduct_is_quoted_with_time_and_context() -> None:
    text, _ = choose(drafts(story("S2")), LIMIT)
    assert f'"{SAID}"' in text
    assert "2026-11-17 13:20 UTC" in text
    assert ORDER in text


@given(st.sets(st.sampled_from(sorted(facts_for(story("S1"), story("S1").case.orders[0]).values))))
def test_a_wording_whose_facts_are_absent_is_not_offered(absent: set[str]) -> None:
    full = facts_for(story("S1"), story("S1").case.orders[0])
    left = DraftFacts("S1", {name: value for name, value in full.values.items() if name not in absent})
    for text in candidates(left):
        assert text in candidates(full) or "carrier" in absent
    assert len(candidates(left)) == len(candidates(left, "zh"))


@given(st.lists(st.text(max_size=300), max_size=6), st.integers(1, 250))
def test_choose_takes_the_first_that_fits_and_never_cuts(texts: list[str], most: int) -> None:
    text, place = choose(texts, most)
    fitting = [candidate for candidate in texts if candidate and form_length(candidate) <= most]
    assert text == (fitting[0] if fitting else "")
    assert place == (texts.index(text) if fitting else len(texts))


@pytest.mark.parametrize(("text", "count"), [("abc", 3), ("运单", 2), ("😀", 2), ("é", 1), ("", 0)])
def test_length_is_the_stricter_count(text: str, count: int) -> None:
    assert form_length(text) == count


def facts(*items: Evidence, **changes) -> dict[str, str]:
    whole = context(*items, **changes)
    return dict(facts_for(whole, whole.case.orders[0]).values)


def test_facts_of_the_journey() -> None:
    found = facts()
    assert found["tracking"] == TRACKING
    assert found["carrier"] == "UPS"
    assert found["picked_up"] == f"{PICKED_UP:%Y-%m-%d %H:%M} UTC"
    assert found["days"] == "15"
    assert "tracked_at" not in found


def test_a_parcel_on_the_way_has_the_date_of_the_page() -> None:
    found = facts(changed(TRACKING_PAGE, timestamps=TRACKING_PAGE.facts.timestamps[:1]))
    assert "tracked_at" in found
    assert not {"delivered", "days", "exception"} & set(found)


def test_another_parcel_s_number_is_no_fact() -> None:
    foreign, own = TrackingNumber("1Z999AA10987654321", "FedEx"), TrackingNumber(TRACKING, "UPS")
    assert not {"tracking", "carrier"} & set(facts(changed(TRACKING_PAGE, tracking_numbers=(foreign,))))
    assert "tracking" not in facts(changed(TRACKING_PAGE, tracking_numbers=()))
    both = facts(changed(TRACKING_PAGE, tracking_numbers=(foreign, own, replace(own, carrier="DHL"))))
    assert (both["tracking"], both["carrier"]) == (TRACKING, "UPS")
    bare = facts(changed(TRACKING_PAGE, tracking_numbers=(replace(own, carrier=""),)))
    assert bare["carrier"] == "UPS", "the record knows it"


def test_a_defect_without_time_of_day_gives_its_day() -> None:
    assert facts(order=case_order(occurred_at=ONSET))["occurred"] == "2026-11-18"


@pytest.mark.parametrize(
    ("words", "quoted"),
    [("I ordered two by mistake", True), ("x" * 71, False), ('he said "return"', False), ("", False)],
)
def test_only_sayings_that_can_stand_whole_are_quoted(words: str, quoted: bool) -> None:
    assert ("quote" in facts(changed(CONVERSATION, messages=(Message("buyer", SAID_AT, words),)))) is quoted


def test_words_about_the_order_come_before_small_talk() -> None:
    later = Message("buyer", SAID_AT + timedelta(hours=1), "Hello, are you there")
    assert facts(changed(CONVERSATION, messages=(*CONVERSATION.facts.messages, later)))["quote"] == SAID


def test_the_sign_off_is_a_fact_only_where_it_contradicts() -> None:
    same = evidence("signoff_contradiction", order_ids=(ORDER,), timestamps=(stamp(DELIVERED, "delivered"),))
    other = evidence("signoff_contradiction", order_ids=(ORDER,), timestamps=(stamp(EXCEPTION, "delivered"),))
    assert "signed_at" not in facts(same)
    assert "signed_at" in facts(other)


def test_an_order_page_before_the_pick_up_proves_nothing() -> None:
    early = changed(UNSHIPPED, captured_at=PICKED_UP - timedelta(days=1))
    assert "unshipped_at" not in facts(early)
    assert "unshipped_at" in facts(UNSHIPPED)


def test_a_promotion_covers_only_what_falls_in_it() -> None:
    page = evidence("activity_page", timestamps=PROMOTION)
    found = facts(page)
    assert (found["promotion_from"], found["promotion_to"]) == ("2026-11-11", "2026-11-19")
    assert "occurred_in" in found
    assert "placed_in" not in found
    before = case_order(occurred_at=ONSET - timedelta(days=30))
    assert "occurred_in" not in facts(page, order=before)


def test_a_sign_off_before_the_delivery_is_said_to_be_before() -> None:
    late = evidence("signoff_contradiction", timestamps=(stamp(DELIVERED + timedelta(hours=1), "delivered"),))
    early = evidence("signoff_contradiction", timestamps=(stamp(EXCEPTION, "delivered"),))
    assert "signed_before" not in facts(late)
    assert facts(early)["signed_before"] == "yes"


def test_a_denied_receipt_is_quoted_as_misconduct_demands() -> None:
    denial = Message("buyer", SAID_AT, "I have not received the parcel")
    whole = story("S5")
    said = changed(CONVERSATION, messages=(denial, *CONVERSATION.facts.messages[1:]))
    order = replace(whole.case.orders[0], root_cause="Buyer Misconduct")
    whole = context(*STORIES["S5"][1], said, order=order)
    text, _ = choose(drafts(whole), LIMIT)
    assert denial.words in text
    judged = review(replace(whole, case=replace(whole.case, orders=[replace(order, draft=text)])))
    assert judged.ready, judged.worst_first[:3]


def test_words_read_with_doubt_are_not_quoted() -> None:
    doubtful = changed(CONVERSATION, warnings=("picture_words_doubtful",))
    assert "quote" in facts(CONVERSATION) and "quote" not in facts(doubtful)


def test_words_that_one_screenshot_cuts_off_are_quoted_whole() -> None:
    cut = changed(CONVERSATION, name="E-first", messages=(Message("buyer", SAID_AT, SAID[:30]),))
    assert facts(cut, CONVERSATION)["quote"] == SAID


def logged(*events: LogEvent) -> dict[str, str]:
    found = facts(evidence("api_log", media_type="text/plain", order_ids=(ORDER,), log_events=events))
    return {name: found[name] for name in ("log_at", "log_error") if name in found}


def test_another_order_s_fault_in_a_log_is_no_fact() -> None:
    own = LogEvent(EXCEPTION, ORDER, "POST", "HTTP 504")
    other = LogEvent(PICKED_UP, OTHER, "POST", "HTTP 500")
    assert logged(other, own) == {"log_at": f"{EXCEPTION:%Y-%m-%d %H:%M} UTC", "log_error": "HTTP 504"}
    assert logged(other) == {}


def test_the_first_fault_of_a_log_that_names_the_order_is_told() -> None:
    own, later = LogEvent(EXCEPTION, ORDER, "", "first"), LogEvent(DELIVERED, ORDER, "", "second")
    nameless, well = LogEvent(PICKED_UP, "", "", "of nobody"), LogEvent(PICKED_UP, ORDER, "fine", "")
    timeless = LogEvent(None, ORDER, "", "when?")
    assert logged(later, own, nameless, well, timeless)["log_error"] == "first"
    assert logged(nameless)["log_error"] == "of nobody"
    assert logged(replace(own, error="x" * 71)) == {"log_at": f"{EXCEPTION:%Y-%m-%d %H:%M} UTC"}


def test_one_day_is_not_told_as_days() -> None:
    def took(**apart: int) -> str | None:
        end = PICKED_UP + timedelta(**apart)
        return facts(changed(TRACKING_PAGE, timestamps=(stamp(PICKED_UP, "picked_up"), stamp(end, "delivered")))).get(
            "days"
        )

    assert (took(days=1, hours=23), took(days=2)) == (None, "2")


def test_a_quotation_of_the_form_s_length_is_whole() -> None:
    assert facts(changed(CONVERSATION, messages=(Message("buyer", SAID_AT, "x" * 70),)))["quote"] == "x" * 70


def test_another_buyer_s_order_is_not_told_as_this_one_s() -> None:
    compared = evidence("order_comparison", order_ids=(ORDER, OTHER))
    record = replace(context().orders[ORDER], id=OTHER)
    own = context().orders[ORDER]
    assert facts(compared, orders={ORDER: own, OTHER: replace(record, buyer="MAYA88")})["other_order"] == OTHER
    assert facts(compared, orders={ORDER: own, OTHER: replace(record, buyer="")})["other_order"] == OTHER
    assert "other_order" not in facts(compared, orders={ORDER: own, OTHER: replace(record, buyer="tom")})
