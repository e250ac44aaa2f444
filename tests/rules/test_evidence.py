from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.evidence import CaptureSource, Evidence, LinkState, Message, TimeRole, Timestamp, TrackingNumber
from bot.domain.finding import Severity
from tests.rules.build import (
    CONVERSATION,
    DELIVERED,
    JOURNEY,
    NOW,
    ONSET,
    ORDER,
    ORDER_DETAIL,
    OTHER,
    PICKED_UP,
    SAID_AT,
    TRACKING,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    evidence,
    found,
    linked,
    stamp,
    variants,
)

DRIVE = "https://drive.google.com/file/d/abc/view"


def numbered(*numbers: TrackingNumber) -> Evidence:
    return changed(TRACKING_PAGE, tracking_numbers=numbers)


@pytest.mark.parametrize(
    ("numbers", "answer"),
    [
        ([TrackingNumber(TRACKING)], []),
        ([TrackingNumber("1Z9??A", "", False), TrackingNumber(TRACKING)], []),
        ([], ["absent"]),
        ([TrackingNumber("1Z9??A", "", False)], ["blurred"]),
        ([TrackingNumber(TRACKING, "", None)], ["uncertain"]),
    ],
)
def test_tracking_number(numbers: list[TrackingNumber], answer: list[str]) -> None:
    assert variants(context(numbered(*numbers)), "tracking_number") == answer


def test_an_uncertain_number_asks_a_person() -> None:
    page = numbered(TrackingNumber(TRACKING, "", None))
    assert [item.severity for item in found(context(page), "tracking_number")] == [Severity.UNSURE]


@pytest.mark.parametrize(
    ("shown", "legible", "answer"),
    [
        (TRACKING, True, []),
        ("1z 999 aa1 0123 456 784", True, []),
        ("1Z999AA10123456000", True, ["other"]),
        ("1Z999AA10123456000", None, ["uncertain"]),
    ],
)
def test_tracking_match(shown: str, legible: bool | None, answer: list[str]) -> None:
    assert variants(context(numbered(TrackingNumber(shown, "", legible))), "tracking_match") == answer


def test_tracking_match_without_a_record_asks_a_person() -> None:
    assert variants(context(orders={}), "tracking_match") == ["unknown"]


def test_the_order_page_can_say_the_order_s_number() -> None:
    page = changed(ORDER_DETAIL, tracking_numbers=(TrackingNumber(TRACKING),))
    assert variants(context(page, orders={}), "tracking_match") == []
    list_of_many = changed(page, order_ids=(ORDER, OTHER))
    assert variants(context(list_of_many, orders={}), "tracking_match") == ["unknown"]


@pytest.mark.parametrize(
    ("stamps", "answer"),
    [
        (JOURNEY, []),
        (JOURNEY[:2], []),
        (JOURNEY[1:], ["no_pickup"]),
        ((), ["no_pickup"]),
        ((stamp(NOW - timedelta(days=2), "picked_up"),), ["no_end"]),
        ((stamp(PICKED_UP, "picked_up"),), ["in_transit"]),
        ((stamp(PICKED_UP, "unknown"), stamp(DELIVERED, "unknown")), ["unclear"]),
    ],
)
def test_timestamps(stamps: tuple, answer: list[str]) -> None:
    assert variants(context(changed(TRACKING_PAGE, timestamps=stamps)), "timestamps") == answer


def test_steps_are_asked_about_while_no_day_of_theirs_is_settled() -> None:
    shown = Timestamp("03/11/2026 10:05", None, TimeRole.PICKED_UP)
    page = changed(TRACKING_PAGE, timestamps=(shown, *JOURNEY[1:]), warnings=(f"date_order_ambiguous:{shown.text}",))
    assert variants(context(page), "timestamps") == ["unsettled"]
    assert [item.severity for item in found(context(page), "timestamps")] == [Severity.UNSURE]
    assert variants(context(changed(page, timestamps=(shown, *JOURNEY))), "timestamps") == [], "one is settled"
    zone = changed(page, warnings=("zone_ambiguous:CST",))
    assert variants(context(zone), "timestamps") == [], "the day is clear"


@pytest.mark.parametrize(
    ("captured", "source", "answer"),
    [
        (NOW, CaptureSource.VISIBLE, []),
        (NOW, CaptureSource.EXIF, ["exif"]),
        (NOW, CaptureSource.STATED, ["stated"]),
        (None, None, ["absent"]),
    ],
)
def test_watermark(captured: datetime | None, source: CaptureSource | None, answer: list[str]) -> None:
    page = changed(TRACKING_PAGE, captured_at=captured, captured_from=source)
    assert variants(context(page), "watermark") == answer


def test_a_capture_date_that_may_be_two_days_is_asked_about() -> None:
    clock = Timestamp("07/11/2026 17:38", None, TimeRole.CAPTURED)
    page = changed(TRACKING_PAGE, captured_at=None, captured_from=None, timestamps=(*JOURNEY, clock))
    assert variants(context(page), "watermark") == ["unclear"]
    told = changed(page, captured_at=NOW, captured_from=CaptureSource.STATED)
    assert variants(context(told), "watermark") == ["stated"]


def test_watermark_is_for_screenshots() -> None:
    pasted = changed(CONVERSATION, media_type="text/plain", captured_at=None, captured_from=None)
    assert variants(context(pasted), "watermark") == []
    scan = evidence("delay_certificate", timestamps=(stamp(PICKED_UP, "unknown"),))
    assert variants(context(scan), "watermark") == []
    picture = changed(CONVERSATION, captured_at=None, captured_from=None)
    assert variants(context(picture), "watermark") == ["absent"]


CLOSES = ONSET + timedelta(hours=72)


@pytest.mark.parametrize(
    ("captured", "answer"),
    [
        (NOW, []),
        (CLOSES - timedelta(days=7), []),
        (CLOSES - timedelta(days=7, seconds=1), ["expiring"]),
        (NOW - timedelta(days=7), ["expiring"]),
        (NOW - timedelta(days=7, seconds=1), ["stale"]),
        (NOW + timedelta(days=1), []),
        (NOW + timedelta(days=1, seconds=1), ["future"]),
    ],
)
def test_freshness(captured: datetime, answer: list[str]) -> None:
    assert variants(context(changed(TRACKING_PAGE, captured_at=captured)), "freshness") == answer


def test_freshness_says_when_to_capture_again() -> None:
    captured = NOW - timedelta(days=6)
    (finding,) = found(context(changed(TRACKING_PAGE, captured_at=captured)), "freshness")
    assert finding.severity is Severity.WARNING
    assert finding.params["recapture"] == captured + timedelta(days=7)


def test_freshness_asks_for_the_date_when_watermark_does_not() -> None:
    undated = context(changed(TRACKING_PAGE, captured_at=None))
    assert variants(undated, "freshness") == []
    rules = {name: severity for name, severity in undated.policy.rules.items() if name != "watermark"}
    assert variants(replace(undated, policy=undated.policy.model_copy(update={"rules": rules})), "freshness") == [
        "undated"
    ]


@pytest.mark.parametrize(("site", "answer"), [("US", []), ("", []), ("UK", ["other"])])
def test_site_match(site: str, answer: list[str]) -> None:
    assert variants(context(changed(TRACKING_PAGE, site=site)), "site_match") == answer


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"order_ids": (ORDER,)}, []),
        ({"order_ids": (OTHER, ORDER)}, []),
        ({"buyers": ("Maya88",)}, []),
        ({"order_ids": (OTHER,)}, ["other"]),
        ({"buyers": ("tom",)}, ["other"]),
        ({}, ["unnamed"]),
        ({"stated": ("words",), "stated_by": "li"}, []),
    ],
)
def test_order_match(facts: dict, answer: list[str]) -> None:
    page = evidence("order_detail", captured_at=NOW, captured_from=CaptureSource.VISIBLE, **facts)
    assert variants(context(page), "order_match") == answer


def test_order_match_asks_when_the_buyer_is_not_known() -> None:
    whole = context(orders={})
    assert [item.variant for item in found(whole, "order_match") if item.evidence_id == CONVERSATION.id] == [
        "buyer_unknown"
    ]


def test_order_match_leaves_shared_evidence_alone() -> None:
    assert variants(context(evidence("activity_page", **{"captured_at": NOW})), "order_match") == []


BUYER, SELLER = Message("buyer", SAID_AT, "hello"), Message("seller", SAID_AT, "hi")


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"messages": (BUYER, SELLER)}, []),
        ({"messages": ()}, ["no_messages"]),
        ({"messages": (BUYER,)}, ["only_buyer"]),
        ({"messages": (SELLER,)}, ["only_seller"]),
        ({"messages": (BUYER, Message("", SAID_AT, "?"))}, ["speakers"]),
        ({"messages": (Message("buyer", None, "a"), Message("seller", None, "b"))}, ["no_times"]),
        ({"messages": (BUYER, SELLER), "gaps": ("12 to 15",)}, ["gap"]),
        ({"messages": (), "words": "Buyer: hello", "stated": ("words",), "stated_by": "li"}, ["incomplete"]),
        ({"messages": (), "words": "Buyer: hello", "stated": ("messages", "words"), "stated_by": "li"}, []),
    ],
)
def test_conversation_complete(facts: dict, answer: list[str]) -> None:
    assert variants(context(changed(CONVERSATION, **facts)), "conversation_complete") == answer


def test_two_pieces_can_show_the_two_parties() -> None:
    first, second = changed(CONVERSATION, messages=(BUYER,)), changed(CONVERSATION, name="E-two", messages=(SELLER,))
    assert variants(context(first, second), "conversation_complete") == ["joint"]
    overlapping = changed(second, messages=(BUYER, SELLER))
    assert variants(context(first, overlapping), "conversation_complete") == []


def test_two_pieces_of_one_party_do_not_outweigh_each_other() -> None:
    first, second = changed(CONVERSATION, messages=(BUYER,)), changed(CONVERSATION, name="E-two", messages=(BUYER,))
    (finding,) = found(context(first, second), "conversation_complete")
    assert finding.variant == "only_buyer" and finding.severity is Severity.BLOCKING


def test_a_person_may_say_that_pieces_without_overlap_follow_each_other() -> None:
    first, second = changed(CONVERSATION, messages=(BUYER,)), changed(CONVERSATION, name="E-two", messages=(SELLER,))
    (finding,) = found(context(first, second), "conversation_complete")
    assert finding.severity is Severity.UNSURE and finding.params["joint"] == "conversation.png → conversation.png"
    stated = changed(second, stated=("messages",), stated_by="li")
    assert variants(context(first, stated), "conversation_complete") == []


REVIEW = evidence("review_screenshot", order_ids=(ORDER,), languages=("th",), captured_at=NOW)
TRANSLATION = evidence("translation", languages=("en",))


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        ([REVIEW, TRANSLATION], []),
        ([], []),
        ([REVIEW], ["no_translation"]),
        ([TRANSLATION], ["no_original"]),
        ([REVIEW, changed(TRANSLATION, languages=("th",))], ["same_language"]),
        ([REVIEW, changed(TRANSLATION, languages=("th", "en"))], []),
    ],
)
def test_translation(items: list[Evidence], answer: list[str]) -> None:
    assert variants(context(*items, order=case_order(scenario="S8")), "translation") == answer


def test_translation_is_for_s8() -> None:
    assert variants(context(REVIEW), "translation") == []


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        (DRIVE, []),
        ("https://pan.baidu.com/s/1abc", ["refused"]),
        ("https://example.org/x.png", ["unknown"]),
        ("drive.google", ["malformed"]),
    ],
)
def test_link_host(link: str, answer: list[str]) -> None:
    assert variants(context(linked(ORDER_DETAIL, link, LinkState.PUBLIC)), "link_host") == answer


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (LinkState.PUBLIC, []),
        (LinkState.REFUSED, ["led_away"]),
        (LinkState.PRIVATE, ["private"]),
        (LinkState.UNREACHABLE, ["unreachable"]),
        (LinkState.UNCHECKED, ["unchecked"]),
        (None, ["unchecked"]),
    ],
)
def test_link_public(state: LinkState | None, answer: list[str]) -> None:
    assert variants(context(linked(ORDER_DETAIL, DRIVE, state)), "link_public") == answer


def test_privacy_warns_of_public_buyer_data() -> None:
    public = found(context(linked(CONVERSATION, DRIVE, LinkState.PUBLIC)), "privacy")
    assert [item.severity for item in public] == [Severity.WARNING]
    assert variants(context(linked(CONVERSATION, DRIVE, LinkState.PRIVATE)), "privacy") == []
    assert variants(context(linked(TRACKING_PAGE, DRIVE, LinkState.PUBLIC)), "privacy") == []


def test_edited_warns_and_names_what_was_found() -> None:
    whole = context(changed(TRACKING_PAGE, traces_of_editing=("editor:Adobe Photoshop", "resaved")))
    (finding,) = found(whole, "edited")
    assert finding.severity is Severity.WARNING
    assert finding.params["traces"] == ("Adobe Photoshop", "resaved")
    assert variants(context(), "edited") == []


def test_edited_warns_of_a_picture_used_before() -> None:
    assert variants(context(reused={TRACKING_PAGE.id: ("E9",)}), "edited") == ["reused"]


def test_retention_is_said_once_there_is_evidence() -> None:
    assert variants(context(), "retention") == ["keep"]
    assert variants(context(evidence=()), "retention") == []
    link = linked(ORDER_DETAIL, DRIVE, LinkState.PUBLIC)
    assert variants(context(link), "retention") == ["keep", "keep_links"]


def test_what_a_person_stated_counts_and_is_marked() -> None:
    page = changed(
        TRACKING_PAGE, tracking_numbers=(TrackingNumber("1Z0"),), stated=("tracking_numbers",), stated_by="li"
    )
    (finding,) = found(context(page), "tracking_match")
    assert finding.params["stated_by"] == "li"
    (read,) = found(context(numbered(TrackingNumber("1Z0"))), "tracking_match")
    assert read.params["stated_by"] == ""


def test_a_refused_host_is_said_once_and_the_host_is_named() -> None:
    whole = context(linked(ORDER_DETAIL, "https://pan.baidu.com/s/1", LinkState.REFUSED))
    assert variants(whole, "link_public") == []
    (finding,) = found(whole, "link_host")
    assert finding.params["host"] == "pan.baidu.com" and "drive.google.com" in finding.params["hosts"]


def test_without_a_link_there_is_nothing_to_open_or_to_expose() -> None:
    for rule in ("link_host", "link_public", "privacy"):
        assert variants(context(), rule) == []


@pytest.mark.parametrize("facts", [{"buyers": ("maya88",)}, {"messages": (BUYER,)}])
def test_what_names_a_buyer_is_personal_whatever_its_kind(facts: dict) -> None:
    page = changed(linked(TRACKING_PAGE, DRIVE, LinkState.PUBLIC), **facts)
    assert variants(context(page), "privacy") == ["public_buyer_data"]


def test_a_picture_used_before_names_the_others_once() -> None:
    (finding,) = found(context(reused={TRACKING_PAGE.id: ("E9", "", "E8")}), "edited")
    assert finding.params["others"] == ("E9", "E8")
    twice = changed(TRACKING_PAGE, traces_of_editing=("editor:GIMP", "editor:GIMP", "screen_crop"))
    (finding,) = found(context(twice), "edited")
    assert finding.params["traces"] == ("GIMP", "screen crop")


def test_retention_counts_links_and_leaves_out_what_was_withdrawn() -> None:
    links = [linked(replace(ORDER_DETAIL, id=f"E{number}"), DRIVE, LinkState.PUBLIC) for number in range(2)]
    only = context(evidence=tuple(links))
    (finding,) = found(only, "retention")
    assert (finding.variant, finding.params["count"], finding.params["days"]) == ("keep_links", 2, 90)
    gone = replace(links[0], withdrawn_at=NOW)
    assert found(context(evidence=(gone, links[1])), "retention")[0].params["count"] == 1
    assert variants(context(evidence=(gone,)), "retention") == []


@pytest.mark.parametrize(
    ("media_type", "number", "answer"),
    [
        ("text/plain", TRACKING, []),
        ("text/plain", "1Z999AA10123456000", ["blurred"]),
        ("image/png", TRACKING, ["blurred"]),
    ],
)
def test_in_a_text_the_order_s_own_number_counts(media_type: str, number: str, answer: list[str]) -> None:
    page = changed(TRACKING_PAGE, media_type=media_type, tracking_numbers=(TrackingNumber(number, "", False),))
    assert variants(context(page), "tracking_number") == answer


@pytest.mark.parametrize(
    ("kind", "stamps", "answer"),
    [
        ("pickup_proof", ("picked_up",), []),
        ("pickup_proof", ("delivered",), ["no_pickup"]),
        ("delivery_proof", ("delivered",), []),
        ("delivery_proof", ("picked_up",), ["in_transit"]),
        ("delivery_proof", (), ["no_end"]),
        ("order_detail", (), []),
    ],
)
def test_each_proof_shows_its_own_end_of_the_way(kind: str, stamps: tuple[str, ...], answer: list[str]) -> None:
    own = (TrackingNumber(TRACKING, "UPS"),)
    times = tuple(stamp(PICKED_UP, TimeRole(role)) for role in stamps)
    proof = evidence(kind, order_ids=(ORDER,), tracking_numbers=own, timestamps=times)
    assert [item.variant for item in found(context(proof), "timestamps") if item.evidence_id == proof.id] == answer
