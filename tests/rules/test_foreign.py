"""What must never reach an explanation: anything of another order, of refused, withdrawn or unread evidence
(domain.md §5 `explanation_facts`). Every fact of such a piece carries a mark that nothing else has; no draft may show
a mark, and no explanation that quotes one may pass."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.draft import DraftFacts, facts_for
from bot.domain.evidence import Evidence, Facts, LogEvent, Message, TimeRole, TrackingNumber
from bot.domain.orders import DefectType
from bot.domain.scenario import suggest
from bot.rules import accepted, review
from bot.wording.phrases import WordingError, shared_phrases
from tests.domain.profile import CATALOGUE, ROOT
from tests.rules.build import (
    NOW,
    ORDER,
    OTHER,
    RECORD,
    TRACKING,
    case_order,
    context,
    dated,
    evidence,
    stamp,
    variants,
)

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
KINDS = tuple(sorted(kind for kind in CATALOGUE.kinds if kind not in ("activity_page", "sla_proof", "product_page")))
COMPARING = ("order_comparison", "buyer_history")
FOREIGN_TRACKING = "1Z12345E6605272234"
FOREIGN_AT = datetime(2026, 10, 3, 4, 47, tzinfo=NOW.tzinfo)
FOREIGN_WORDS = "I ordered the zebra lamp twice, never arrived"
FOREIGN_ERROR = "HTTP 518 zebra gateway"
FOREIGN_RECORD = replace(RECORD, id=OTHER, tracking_number=FOREIGN_TRACKING, buyer="zebra77", created_at=FOREIGN_AT)
MARKS = (FOREIGN_TRACKING, "zebra", "518", "2026-10-03", "04:47", "04:51", "2026-10-04", "Zebra Post", "999 days")
CLAIMS = {
    f'The buyer wrote "{FOREIGN_WORDS}" on 2026-10-03 04:47 UTC.': {"quotation", "moment"},
    f"The ERP log shows {FOREIGN_ERROR} on 2026-10-03 04:47 UTC.": {"number", "moment"},
    f"Parcel {FOREIGN_TRACKING} was delivered on 2026-10-04 04:51 UTC.": {"number", "moment"},
}


def foreign_facts(names: tuple[str, ...]) -> Facts:
    """Everything that can be read of another order, beside what a page names."""
    return Facts(
        media_type="image/png",
        tracking_numbers=(TrackingNumber(FOREIGN_TRACKING, "Zebra Post"),),
        order_ids=names,
        timestamps=(
            stamp(FOREIGN_AT, TimeRole.PICKED_UP),
            stamp(FOREIGN_AT + timedelta(days=1), TimeRole.EXCEPTION),
            stamp(FOREIGN_AT + timedelta(days=1, minutes=4), TimeRole.DELIVERED),
        ),
        buyers=("zebra77",),
        messages=(
            Message("buyer", FOREIGN_AT, f"About order {OTHER}: hello"),
            Message("buyer", FOREIGN_AT, FOREIGN_WORDS),
            Message("seller", FOREIGN_AT, "zebra"),
        ),
        log_events=(
            LogEvent(FOREIGN_AT, OTHER, "zebra", FOREIGN_ERROR),
            LogEvent(FOREIGN_AT, "", "zebra", FOREIGN_ERROR),
        ),
        words=f"{OTHER} {FOREIGN_WORDS} {FOREIGN_ERROR} Awaiting shipment",
        issuer="" if ORDER in names else "Zebra Post",
        **dated(),
    )


def foreign_piece(kind: str, facts: Facts, number: int = 0) -> Evidence:
    item = evidence(kind)
    return replace(item, id=f"F{number}-{kind}", facts=facts)


WHOLE = context()


def with_foreign(*items: Evidence, scenario: str = "S1", draft: str = "") -> CaseContext:
    """The complete case with a second order of another buyer, and pieces filed to the first order by mistake."""
    known = CATALOGUE.scenarios[scenario]
    order = case_order(
        scenario=scenario,
        root_cause=known.root_causes[0],
        draft=draft,
        defect_types=[DefectType(known.defect_types[0])],
    )
    second = CaseOrder("C1", OTHER, [DefectType.RETURN_REFUND], FOREIGN_AT, text="zebra review")
    return replace(
        WHOLE,
        case=replace(WHOLE.case, orders=[order, second]),
        orders={ORDER: RECORD, OTHER: FOREIGN_RECORD},
        evidence=(*WHOLE.evidence, *items),
    )


def candidates(facts: DraftFacts) -> Iterator[str]:
    for key in PHRASES.keys(f"drafts.{facts.scenario}.", "en"):
        try:
            yield PHRASES.say(key, "en", **facts.values)
        except WordingError:
            continue


def said(whole: CaseContext) -> str:
    """Every value and every wording that the first order's explanation could have."""
    order = whole.case.orders[0]
    facts = facts_for(accepted(whole, order), order)
    return " | ".join([*facts.values.values(), *candidates(facts)])


def leaks(text: str) -> list[str]:
    return [mark for mark in (*MARKS, OTHER) if mark in text]


names = st.sampled_from([(OTHER,), (ORDER, OTHER), (OTHER, ORDER)])
pieces = st.lists(st.tuples(st.sampled_from(KINDS), names), min_size=1, max_size=4)


@settings(max_examples=150)
@given(pieces, st.sampled_from(sorted(CATALOGUE.scenarios)))
def test_no_draft_says_anything_of_another_order(
    given_pieces: list[tuple[str, tuple[str, ...]]], scenario: str
) -> None:
    items = [
        foreign_piece(kind, foreign_facts(named), number)
        for number, (kind, named) in enumerate(given_pieces)
        if kind not in COMPARING or ORDER not in named
    ]
    assert leaks(said(with_foreign(*items, scenario=scenario))) == []


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(COMPARING)))
@pytest.mark.parametrize("named", [(OTHER,), (ORDER, OTHER)])
def test_no_explanation_passes_that_claims_it(claim: str, kind: str, named: tuple[str, ...]) -> None:
    whole = with_foreign(foreign_piece(kind, foreign_facts(named)), draft=claim)
    findings = review(whole).for_order(ORDER).findings
    assert {finding.variant for finding in findings if finding.rule == "explanation_facts"} == CLAIMS[claim]


@settings(max_examples=100)
@given(
    pieces, st.sampled_from(["withdrawn", "unread", "other_case", "other_order", "not_filed", "stale", "other_site"])
)
def test_evidence_that_does_not_count_says_nothing(given_pieces: list[tuple[str, tuple[str, ...]]], why: str) -> None:
    """The same facts, now naming this order alone, in a piece that is not accepted for it."""
    facts = replace(
        foreign_facts((ORDER,)),
        tracking_numbers=(TrackingNumber(TRACKING, "UPS"),),
        buyers=("maya88",),
        messages=(Message("buyer", FOREIGN_AT, FOREIGN_WORDS), Message("seller", FOREIGN_AT, "We will check.")),
        log_events=(LogEvent(FOREIGN_AT, ORDER, "push", FOREIGN_ERROR),),
        words=f"{ORDER} {FOREIGN_WORDS} {FOREIGN_ERROR}",
        issuer="Zebra Post",
    )
    items = []
    for number, (kind, _) in enumerate(given_pieces):
        item = foreign_piece(kind, facts, number)
        items += [_spoilt(item, why)]
    for scenario in sorted(CATALOGUE.scenarios):
        assert leaks(said(with_foreign(*items, scenario=scenario))) == []


def _spoilt(item: Evidence, why: str) -> Evidence:
    match why:
        case "withdrawn":
            return replace(item, withdrawn_at=NOW)
        case "unread":
            return replace(item, facts=replace(item.facts, readable=False))
        case "other_order":
            return replace(item, order_ids=[OTHER])
        case "not_filed":
            return replace(item, order_ids=[])
        case "other_case":
            return replace(item, order_ids=["576461413038780000"])
        case "stale":
            return replace(item, facts=replace(item.facts, captured_at=None), kind="order_detail")
        case _:
            return replace(item, facts=replace(item.facts, site="TH"))


def test_the_facts_of_that_test_would_be_said_if_they_counted() -> None:
    """So that it cannot pass for want of something to say."""
    spoken = (Message("buyer", FOREIGN_AT, FOREIGN_WORDS), Message("seller", FOREIGN_AT, "We will check."))
    chat = evidence("conversation", order_ids=(ORDER,), messages=spoken, **dated())
    whole = with_foreign(chat, scenario="S2")
    kept = tuple(item for item in whole.evidence if item.kind != "conversation" or item is chat)
    assert "zebra" in said(replace(whole, evidence=kept))


def test_a_page_with_two_parcels_gives_this_orders_number_and_no_time() -> None:
    numbers = (TrackingNumber(FOREIGN_TRACKING, "Zebra Post", True), TrackingNumber(TRACKING, "UPS", True))
    page = foreign_piece("tracking_page", replace(foreign_facts((ORDER,)), tracking_numbers=numbers))
    whole = with_foreign(page)
    kept = (*(item for item in whole.evidence if item.kind != "tracking_page"), page)
    assert TRACKING in said(replace(whole, evidence=kept)) and leaks(said(replace(whole, evidence=kept))) == []


def test_a_shared_log_gives_this_orders_error_alone() -> None:
    events = (LogEvent(FOREIGN_AT, OTHER, "push", FOREIGN_ERROR), LogEvent(NOW, ORDER, "push", "HTTP 504"))
    log = foreign_piece("api_log", Facts(media_type="text/plain", order_ids=(OTHER, ORDER), log_events=events))
    whole = with_foreign(log, scenario="S7")
    assert "HTTP 504" in said(whole) and leaks(said(whole)) == []
    whole.case.orders[0].draft = f"The ERP log shows {FOREIGN_ERROR}."
    assert "number" in variants(whole, "explanation_facts")


def test_a_conversation_about_two_orders_is_quoted_for_its_own() -> None:
    spoken = (
        Message("buyer", NOW - timedelta(hours=9), f"Order {OTHER} never arrived, I want a refund"),
        Message("buyer", NOW - timedelta(hours=8), "I ordered the zebra lamp twice"),
        Message("buyer", NOW - timedelta(hours=7), f"And order {ORDER}: I ordered the desk twice"),
        Message("seller", NOW - timedelta(hours=6), "We will check."),
    )
    chat = evidence("conversation", order_ids=(ORDER, OTHER), buyers=("maya88",), messages=spoken, **dated())
    whole = with_foreign(chat, scenario="S2")
    kept = [item for item in whole.evidence if item.kind != "conversation" or item is chat]
    values = said(replace(whole, evidence=tuple(kept)))
    assert "zebra" not in values and "never arrived" not in values and "desk" in values


def test_a_comparison_names_the_other_order_of_the_same_buyer_alone() -> None:
    pair = evidence("order_comparison", order_ids=(ORDER, OTHER), **dated())
    whole = with_foreign(pair, scenario="S2")
    assert OTHER not in said(whole)
    same = {ORDER: RECORD, OTHER: replace(FOREIGN_RECORD, buyer="MAYA88")}
    assert OTHER in said(replace(whole, orders=same))


def test_a_number_that_only_refused_evidence_shows_is_not_the_orders_own() -> None:
    """An order page of another site names this order beside a foreign number; the tracking page shows that number."""
    page = evidence("order_detail", order_ids=(ORDER,), site="TH", **dated())
    page = replace(page, facts=replace(page.facts, tracking_numbers=(TrackingNumber(FOREIGN_TRACKING, "UPS"),)))
    journey = (stamp(FOREIGN_AT, TimeRole.PICKED_UP), stamp(FOREIGN_AT + timedelta(days=1), TimeRole.DELIVERED))
    parcel = evidence(
        "tracking_page",
        tracking_numbers=(TrackingNumber(FOREIGN_TRACKING, "UPS", True),),
        timestamps=journey,
        **dated(),
    )
    whole = context(page, parcel, order=case_order(draft=""))
    assert variants(whole, "tracking_match") == ["other"]
    assert leaks(said(whole)) == []
    good = replace(page, facts=replace(page.facts, site="US"))
    assert variants(context(good, parcel), "tracking_match") == []


@given(st.sampled_from(KINDS))
def test_no_suggestion_speaks_of_another_order(kind: str) -> None:
    if kind not in COMPARING:
        whole = with_foreign(foreign_piece(kind, foreign_facts((ORDER, OTHER))))
        shown = " ".join(str(item.params) for item in suggest(whole, whole.case.orders[0]))
        assert leaks(shown) == []
