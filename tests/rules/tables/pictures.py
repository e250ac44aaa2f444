"""Tables of the rules on screenshots, links and originals (domain.md §5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from bot.domain.evidence import CaptureSource, LinkState, TimeRole, Timestamp, TrackingNumber
from tests.rules.tables.world import SITES, Labelled, World

SCREENSHOTS = (
    "tracking_page",
    "conversation",
    "order_detail",
    "review_screenshot",
    "order_comparison",
    "activity_page",
)
PAPERS = ("delay_certificate", "delivery_proof", "pickup_proof", "translation")


def watermark(random: Random) -> Iterator[Labelled]:
    world = World(random)
    kind = random.choice(SCREENSHOTS)
    for source, truth in (
        (CaptureSource.VISIBLE, ""),
        (CaptureSource.EXIF, "warning"),
        (CaptureSource.STATED, "warning"),
        (None, "blocking"),
    ):
        at = world.captured if source else None
        item = world.evidence(kind, captured_at=at, captured_from=source)
        yield Labelled(world.asked(item), truth, f"{kind} dated by {source}")
    clock = Timestamp("07/11/2026 17:38", None, TimeRole.CAPTURED)
    unclear = world.evidence(kind, captured_at=None, captured_from=None, timestamps=(clock,))
    yield Labelled(world.asked(unclear), "unsure", f"{kind} dated by a clock that may mean two days")
    paper = world.evidence(random.choice(PAPERS), captured_at=None, captured_from=None)
    yield Labelled(world.alone(paper), "", "a paper is no screenshot")
    pasted = world.chat(media_type="text/plain", captured_at=None, captured_from=None)
    yield Labelled(world.alone(pasted), "", "pasted words are no screenshot")


def site_match(random: Random) -> Iterator[Labelled]:
    world = World(random)
    foreign = random.choice([site for site in SITES if site != world.site])
    for site, truth in ((world.site, ""), ("", ""), (foreign, "blocking")):
        yield Labelled(world.alone(world.order_page(site=site)), truth, f"{site!r} on {world.site}")
        yield Labelled(world.alone(world.page(site=site)), truth, f"carrier's page of {site!r}")


def order_match(random: Random) -> Iterator[Labelled]:
    world = World(random)
    kind = random.choice(("order_detail", "review_screenshot", "order_comparison", "status_comparison"))
    own, other = (TrackingNumber(world.tracking),), (TrackingNumber(world.other_tracking),)
    for facts, truth in (
        ({"order_ids": (world.order_id,)}, ""),
        ({"order_ids": (world.other_id, world.order_id)}, ""),
        ({"tracking_numbers": own}, ""),
        ({"buyers": (world.buyer.upper(),)}, ""),
        ({"order_ids": (world.other_id,), "buyers": (world.buyer,)}, ""),
        ({"order_ids": (world.other_id,)}, "blocking"),
        ({"tracking_numbers": other}, "blocking"),
        ({"buyers": (world.other_buyer,)}, "blocking"),
        ({}, "blocking"),
        ({"stated": ("words",), "stated_by": "li"}, ""),
    ):
        yield Labelled(world.asked(world.evidence(kind, **facts)), truth, f"{kind} naming {facts}")
    shared = world.evidence(random.choice(("activity_page", "sla_proof", "product_page")))
    yield Labelled(world.alone(shared), "", "about a period, not an order")
    stranger = world.evidence(kind, buyers=(world.other_buyer,))
    yield Labelled(world.asked(stranger, orders={}), "unsure", "a buyer, and nobody knows the order's")


def link_host(random: Random) -> Iterator[Labelled]:
    world = World(random)
    code = "".join(random.choices("abcdefghij0123456789", k=12))
    good = (
        f"https://drive.google.com/file/d/{code}/view",
        f"https://docs.google.com/document/d/{code}",
        f"https://contoso-my.sharepoint.com/:i:/g/{code}",
        f"https://1drv.ms/i/s!{code}",
        f"https://DRIVE.google.com/open?id={code}",
    )
    bad = (
        f"https://pan.baidu.com/s/1{code}",
        f"https://www.dropbox.com/s/{code}",
        f"https://drive.google.com.evil.org/{code}",
        f"https://drive.google.com@evil.org/{code}",
        f"http://drive.google.com/{code}",
        f"https://evil.org/drive.google.com/{code}",
        f"https://sharepoint.com.evil.org/{code}",
        f"https://notdrive.google.com/{code}",
        f"https://drive.google.com:8443/{code}",
        "javascript:alert(1)",
    )
    for link, truth in (*((link, "") for link in good), *((link, "blocking") for link in bad)):
        item = replace(world.order_page(), link=link, link_state=LinkState.PUBLIC)
        yield Labelled(world.alone(item), truth, link)


def privacy(random: Random) -> Iterator[Labelled]:
    world = World(random)
    link = {"link": "https://drive.google.com/file/d/1a/view"}
    personal = random.choice((world.chat(), world.order_page(), world.evidence("buyer_history")))
    public, private = {**link, "link_state": LinkState.PUBLIC}, {**link, "link_state": LinkState.PRIVATE}
    yield Labelled(world.alone(replace(personal, **public)), "warning", f"public {personal.kind}")
    yield Labelled(world.alone(replace(personal, **private)), "", "private")
    yield Labelled(world.alone(personal), "", "a file")
    yield Labelled(world.alone(replace(world.page(), **public)), "", "a public page of a parcel")
    named = world.evidence("activity_page", buyers=(world.buyer,))
    yield Labelled(world.alone(replace(named, **public)), "warning", "a public page that names the buyer")


def edited(random: Random) -> Iterator[Labelled]:
    world = World(random)
    item = random.choice((world.page(), world.chat(), world.order_page()))
    yield Labelled(world.alone(item), "", "untouched")
    tool = random.choice(("editor:Adobe Photoshop 25.1", "editor:GIMP 2.10", "editor:Snapseed"))
    traced = replace(item, facts=replace(item.facts, traces_of_editing=(tool,)))
    yield Labelled(world.alone(traced), "warning", tool)
    yield Labelled(world.alone(item, reused={item.id: ("E9",)}), "warning", "used before")
    yield Labelled(world.alone(item, reused={"E77": ("E9",)}), "", "another piece was used before")


def retention(random: Random) -> Iterator[Labelled]:
    world = World(random)
    yield Labelled(world.context(), "info", "originals are here")
    yield Labelled(world.alone(), "", "there is no evidence")
    gone = replace(world.page(), withdrawn_at=world.now - timedelta(hours=1))
    yield Labelled(world.alone(gone), "", "all was withdrawn")
