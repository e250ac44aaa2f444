"""Tables of the rules on the carrier's page and on what must be there (domain.md §4, §5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, Facts, LinkState, TimeRole, Timestamp, TrackingNumber
from bot.domain.orders import DefectType
from tests.rules.tables.world import Labelled, World

PARCEL_PAGES = ("tracking_page", "pickup_proof", "delivery_proof")


def tracking_number(random: Random) -> Iterator[Labelled]:
    world = World(random)
    kind = random.choice(PARCEL_PAGES)
    for numbers, truth in (
        ([TrackingNumber(world.tracking)], ""),
        ([TrackingNumber(world.tracking[:6], "", False), TrackingNumber(world.tracking)], ""),
        ([], "blocking"),
        ([TrackingNumber(world.tracking[:7], "", False)], "blocking"),
        ([TrackingNumber(world.tracking, "", None)], "unsure"),
        ([TrackingNumber(world.other_tracking)], ""),
    ):
        page = world.evidence(kind, tracking_numbers=tuple(numbers), timestamps=world.page().facts.timestamps)
        yield Labelled(world.asked(page), truth, f"{kind} with {numbers}")
    other = world.order_page(tracking_numbers=())
    yield Labelled(world.alone(other), "", "an order page needs none")
    unread = replace(world.page(), facts=Facts("image/png", readable=False))
    yield Labelled(world.alone(unread), "", "nobody has read it: asked elsewhere")


def tracking_match(random: Random) -> Iterator[Labelled]:
    world = World(random)
    spaced = " ".join(world.tracking[place : place + 4] for place in range(0, len(world.tracking), 4))
    shown = {
        world.tracking: "",
        spaced: "",
        world.tracking.lower(): "",
        world.other_tracking: "blocking",
        world.tracking[:-1] + str((ord(world.tracking[-1]) + 1) % 10): "blocking",
    }
    for value, truth in shown.items():
        page = world.page(tracking_numbers=(TrackingNumber(value),))
        yield Labelled(world.alone(page), truth, f"{value} for {world.tracking}")
    both = world.page(tracking_numbers=(TrackingNumber(world.other_tracking), TrackingNumber(world.tracking)))
    yield Labelled(world.alone(both), "", "several, its own among them")
    vague = world.page(tracking_numbers=(TrackingNumber(world.other_tracking, "", None),))
    yield Labelled(world.alone(vague), "unsure", "another one, hardly legible")
    yield Labelled(world.alone(world.page(), orders={}), "unsure", "the order's own is not known")
    detail = world.order_page(tracking_numbers=(TrackingNumber(world.tracking),))
    yield Labelled(world.alone(world.page(), detail, orders={}), "", "its own is on the order's page")


def timestamps(random: Random) -> Iterator[Labelled]:
    world = World(random)
    picked = world.stamp(world.picked_up, TimeRole.PICKED_UP)
    ended = random.choice(
        (world.stamp(world.delivered, TimeRole.DELIVERED), world.stamp(world.exception, TimeRole.EXCEPTION))
    )
    passed = world.stamp(world.picked_up + timedelta(hours=9), TimeRole.EVENT)
    unknown = Timestamp("11:05", world.exception, TimeRole.UNKNOWN)
    late = world.stamp(world.now - timedelta(days=random.randint(2, 8)), TimeRole.PICKED_UP)
    overdue = world.stamp(world.now - timedelta(days=random.randint(11, 20)), TimeRole.PICKED_UP)
    for stamps, truth in (
        ((picked, ended), ""),
        ((picked, passed, ended, unknown), ""),
        ((ended, passed), "blocking"),
        ((late, passed), "blocking"),
        ((overdue, passed), "warning"),
        ((), "blocking"),
        ((unknown, passed), "unsure"),
    ):
        roles = [stamp.role.value for stamp in stamps]
        yield Labelled(world.alone(world.page(timestamps=stamps)), truth, f"shows {roles}")
    proof = world.evidence("delivery_proof", timestamps=(world.stamp(world.delivered, TimeRole.DELIVERED),))
    yield Labelled(world.alone(proof), "", "a proof of delivery needs no pick-up")


def _needed(world: World, scenario: str) -> list[Evidence]:
    """Everything that domain.md §4 asks for the scenario, read off its table."""
    base = [world.page(), world.chat(), world.order_page()]
    extra = {
        "S1": ["delay_certificate"],
        "S2": ["order_comparison"],
        "S3": ["review_screenshot"],
        "S5": ["delivery_proof", "signoff_contradiction"],
        "S6": ["activity_page", "sla_proof"],
        "S7": ["api_log", "status_comparison"],
        "S8": ["translation", "review_screenshot"],
    }.get(scenario, [])
    numbers = (TrackingNumber(world.tracking),)
    return [*base, *(world.evidence(kind, tracking_numbers=numbers) for kind in extra)]


DEFECTS = {
    "S1": DefectType.RETURN_REFUND,
    "S2": DefectType.RETURN_REFUND,
    "S3": DefectType.NEGATIVE_REVIEW,
    "S4": DefectType.SERVICE_RATING,
    "S5": DefectType.NEGATIVE_REVIEW,
    "S6": DefectType.SERVICE_RATING,
    "S7": DefectType.RETURN_REFUND,
    "S8": DefectType.NEGATIVE_REVIEW,
}


def coverage(random: Random) -> Iterator[Labelled]:
    world = World(random)
    for scenario, defect in DEFECTS.items():
        order = world.order(scenario=scenario, defect_types=[defect])
        items = _needed(world, scenario)
        yield Labelled(_filed(world, items, order), "", f"{scenario} complete")
        needed = [item for item in items if item.kind != "delay_certificate"]
        gone = random.choice(needed)
        rest = [item for item in items if item is not gone]
        yield Labelled(_filed(world, rest, order), "blocking", f"{scenario} without {gone.kind}")
    order = world.order(scenario="S1")
    bare = [item for item in _needed(world, "S1") if item.kind != "delay_certificate"]
    yield Labelled(_filed(world, bare, order), "info", "S1 without the certificate that helps")
    unread = [replace(item, facts=Facts("image/png", readable=False)) if item is bare[0] else item for item in bare]
    yield Labelled(_filed(world, unread, order), "unsure", "the only carrier's page was not read")
    elsewhere = [replace(item, order_ids=[world.other_id]) if item is bare[1] else item for item in bare]
    yield Labelled(_filed(world, elsewhere, order), "blocking", "the conversation is another order's")
    withdrawn = [replace(item, withdrawn_at=world.now) if item is bare[2] else item for item in bare]
    yield Labelled(_filed(world, withdrawn, order), "blocking", "the order page was withdrawn")
    quick = (
        world.stamp(world.now - timedelta(days=9), TimeRole.PICKED_UP),
        world.stamp(world.now - timedelta(days=6), TimeRole.DELIVERED),
    )
    on_time = [world.page(timestamps=quick), *bare[1:]]
    yield Labelled(_filed(world, on_time, order), "blocking", "S1 whose parcel was on time")
    returned = world.order(scenario="S3", defect_types=[DefectType.NEGATIVE_REVIEW, DefectType.RETURN_REFUND])
    yield Labelled(_filed(world, _needed(world, "S3"), returned), "blocking", "S3 does not explain the return")


def _filed(world: World, items: list[Evidence], order: object) -> CaseContext:
    return world.alone(*items, order=order)


def freshness(random: Random) -> Iterator[Labelled]:
    world = World(random)
    week, left = timedelta(days=7), world.deadline - world.now
    second = timedelta(seconds=1)
    some = timedelta(minutes=random.randint(1, 60))
    for age, truth in (
        (timedelta(0), ""),
        (week - left - some, "") if left < week - some else (timedelta(0), ""),
        (week + second, "blocking"),
        (week + timedelta(days=random.randint(1, 90)), "blocking"),
        (week, "warning" if left > timedelta(0) else ""),
        (week - left + second * 2, "warning") if left > second * 3 else (week + some, "blocking"),
        (-timedelta(days=random.randint(2, 40)), "unsure"),
    ):
        page = world.page(captured_at=world.now - age)
        yield Labelled(world.alone(page), truth, f"{age} old, {left} left")
    old = world.chat(captured_at=world.now - timedelta(days=30))
    yield Labelled(world.alone(old), "", "only the carrier's page grows old")


def link_public(random: Random) -> Iterator[Labelled]:
    world = World(random)
    for state, truth in (
        (LinkState.PUBLIC, ""),
        (LinkState.PRIVATE, "blocking"),
        (LinkState.REFUSED, "blocking"),
        (LinkState.UNREACHABLE, "unsure"),
        (LinkState.UNCHECKED, "unsure"),
        (None, "unsure"),
    ):
        item = replace(world.order_page(), link="https://drive.google.com/file/d/1a/view", link_state=state)
        yield Labelled(world.alone(item), truth, f"link {state}")
    yield Labelled(world.alone(world.order_page()), "", "no link")
