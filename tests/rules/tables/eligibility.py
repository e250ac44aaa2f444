"""Tables of the rules on whether there can be an appeal (domain.md §3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from bot.domain.case import AppealStatus
from tests.rules.tables.world import SITES, WHOLE, Labelled, World


def site(random: Random) -> Iterator[Labelled]:
    world = World(random)
    yield Labelled(world.context(), "", "a site that takes appeals")
    for foreign in random.sample(("SG", "ID", "BR", "MX", "DE", "JP", "us", ""), 3):
        yield Labelled(world.context(shop=replace(world.shop, site=foreign)), "blocking", f"site {foreign!r}")
    every = replace(world.shop, site=random.choice(SITES))
    yield Labelled(world.context(shop=every), "", "another of them")


def shop_age(random: Random) -> Iterator[Labelled]:
    world = World(random)
    today = world.now.date()
    for days, truth in (
        (random.randint(30, 3000), ""),
        (30, ""),
        (random.randint(0, 29), "blocking"),
        (29, "blocking"),
    ):
        opened = replace(world.shop, opened_on=today - timedelta(days=days))
        yield Labelled(world.context(shop=opened), truth, f"open for {days} days")
    yield Labelled(world.context(shop=replace(world.shop, opened_on=None)), "unsure", "nobody knows")


def entity(random: Random) -> Iterator[Labelled]:
    world = World(random)
    yield Labelled(world.context(), "", "Chinese, active")
    foreign = replace(world.shop, entity=random.choice(("US", "HK", "SG", "UK")))
    yield Labelled(world.context(shop=foreign), "blocking", "foreign")
    yield Labelled(world.context(shop=replace(world.shop, entity="")), "unsure", "not known")
    yield Labelled(world.context(shop=replace(world.shop, active=False)), "blocking", "closed shop")


def window(random: Random) -> Iterator[Labelled]:
    world = World(random)
    for after, truth in (
        (timedelta(seconds=random.randint(0, 72 * 3600)), ""),
        (WHOLE, ""),
        (WHOLE + timedelta(seconds=1), "blocking"),
        (WHOLE + timedelta(hours=random.randint(1, 400)), "blocking"),
    ):
        yield Labelled(world.context(now=world.onset + after), truth, f"{after} after onset")


def cause(random: Random) -> Iterator[Labelled]:
    world = World(random)
    for given, truth in (("", ""), ("carrier", ""), ("policy_change", "blocking")):
        whole = world.context()
        yield Labelled(replace(whole, case=replace(whole.case, cause=given)), truth, f"cause {given!r}")


def once(random: Random) -> Iterator[Labelled]:
    world = World(random)
    sent = world.now - timedelta(days=random.randint(1, 9))
    for status, again, truth in (
        (AppealStatus.NONE, False, ""),
        (AppealStatus.SUBMITTED, False, "blocking"),
        (AppealStatus.RECEIVED, False, "blocking"),
        (AppealStatus.REJECTED, False, "blocking"),
        (AppealStatus.REJECTED, True, ""),
        (AppealStatus.EXCLUDED, False, "info"),
    ):
        order = world.order(appeal=status, appeal_at=sent, resubmit_allowed=again, rejection_code="ODR-07")
        yield Labelled(world.context(order=order), truth, f"appeal {status}, again {again}")


def scope(random: Random) -> Iterator[Labelled]:
    world = World(random)
    day = timedelta(hours=24)
    for occurred, truth in (
        (world.onset - random.random() * day, ""),
        (world.onset + random.random() * WHOLE, ""),
        (world.onset - day - timedelta(minutes=random.randint(1, 9000)), "blocking"),
        (world.deadline + timedelta(minutes=random.randint(1, 9000)), "blocking"),
    ):
        order = world.order(occurred_at=occurred)
        yield Labelled(world.context(order=order), truth, f"{occurred - world.onset} from onset")
