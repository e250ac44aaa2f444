"""Tables of the rules on conversations, translations and the explanation, from words that go through the reader."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from random import Random

from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, Message
from bot.reading.limits import Limits
from bot.reading.tables import load_carriers, load_vocabulary
from bot.reading.words import WordsReader
from bot.settings.files import data_root
from tests.rules.tables.world import Labelled, World, changed

TALK = (
    ("Buyer", "Hello, is my parcel on the way?"),
    ("Seller", "Hello, we hand it to the carrier today."),
    ("Buyer", "I ordered twice by mistake, I want to return one"),
    ("Seller", "Please send the second parcel back unopened."),
    ("Buyer", "Thank you"),
    ("Seller", "You are welcome"),
)
NAMES = {"Buyer": ("Buyer", "买家", "Customer", "Pembeli"), "Seller": ("Seller", "卖家", "Shop", "客服")}


@cache
def reader() -> WordsReader:
    """The product's reader of words."""
    folder = data_root("config")
    return WordsReader(load_carriers(folder), load_vocabulary(folder), Limits())


def _transcript(random: Random, world: World, lines: list[tuple[str, str]], dated: bool, numbered: bool) -> str:
    names = {party: random.choice(words) for party, words in NAMES.items()}
    style = random.choice(("[{at}] {name}: {words}", "{name} ({at}): {words}", "{at} {name}: {words}"))
    if not dated:
        style = "{name}: {words}"
    at, rows = world.said_at, [f"TikTok Shop Inbox, order {world.order_id}"]
    for number, (party, words) in enumerate(lines, 1):
        at += timedelta(minutes=random.randint(1, 50))
        row = style.format(at=f"{at:%Y-%m-%d %H:%M}", name=names[party], words=words) if party else words
        rows.append(f"{number}. {row}" if numbered and party else row)
    return "\n".join(rows)


def _chat(world: World, text: str) -> Evidence:
    return changed(world.chat(), facts=replace(reader().read(text, "chat.txt"), media_type="text/plain"))


def conversation_complete(random: Random) -> Iterator[Labelled]:
    world = World(random)
    whole = list(TALK[: random.choice((2, 4, 6))])
    marker = random.choice(("[3 messages omitted]", "…", "--- 省略 5 条 ---", "(messages hidden)"))
    holed = [*whole[:1], ("", marker), *whole[1:]]
    one_side = [line for line in TALK if line[0] == "Buyer"]
    other_side = [line for line in TALK if line[0] == "Seller"]
    for lines, dated, numbered, truth in (
        (whole, True, False, ""),
        (whole, True, True, ""),
        (holed, True, False, "blocking"),
        (one_side, True, False, "blocking"),
        (other_side, True, False, "blocking"),
        (whole, False, False, "blocking"),
    ):
        text = _transcript(random, world, lines, dated, numbered)
        yield Labelled(world.alone(_chat(world, text)), truth, text)
    text = _transcript(random, world, list(TALK), True, True)
    rows = text.splitlines()
    del rows[random.randint(2, 4)]
    yield Labelled(world.alone(_chat(world, "\n".join(rows))), "blocking", "a number is left out")
    half = len(TALK) // 2
    for shared, truth in ((1, ""), (2, ""), (0, "unsure")):
        text = _transcript(random, world, list(TALK), True, False).splitlines()
        ends = ("\n".join(text[: half + 1 + shared]), "\n".join([text[0], *text[half + 1 :]]))
        first, second = (_chat(world, part) for part in random.sample(ends, 2))
        both = world.alone(first, changed(second, id="E-second"))
        yield Labelled(both, truth, f"two screens that share {shared}: {ends}")
    blank = world.chat(messages=(), words="a picture without words")
    yield Labelled(world.alone(blank), "blocking", "nobody speaks")
    vague = world.chat(messages=(Message("buyer", world.said_at, "a"), Message("", world.said_at, "b")))
    yield Labelled(world.alone(vague), "unsure", "who speaks is not clear")
    stated = world.chat(messages=(), stated=("messages", "words"), stated_by="li")
    yield Labelled(world.alone(stated), "", "a person says that it is complete")


def translation(random: Random) -> Iterator[Labelled]:
    world = World(random)
    order = world.order(scenario="S8")
    language = random.choice(("th", "vi", "ar", "ms"))
    original = world.evidence("review_screenshot", order_ids=(world.order_id,), languages=(language,))
    translated = world.evidence("translation", languages=("en",))
    same = world.evidence("translation", languages=(language,))
    for items, truth in (
        ((original, translated), ""),
        ((original,), "blocking"),
        ((translated,), "blocking"),
        ((original, same), "blocking"),
    ):
        kinds = [(item.kind, item.facts.languages) for item in items]
        yield Labelled(world.alone(*items, order=order), truth, f"{kinds}")
    yield Labelled(world.alone(original, order=world.order(scenario="S3")), "", "S3 needs no translation")


def form_fields(random: Random) -> Iterator[Labelled]:
    world = World(random)
    for changes, truth in (
        ({}, ""),
        ({"defect_types": []}, "blocking"),
        ({"root_cause": ""}, "blocking"),
        ({"root_cause": random.choice(("Bad Luck", "carrier delay", "Buyer"))}, "blocking"),
        ({"root_cause": "Translation Error"}, "warning"),
        ({"draft": random.choice(("", "  \n"))}, "blocking"),
    ):
        yield Labelled(world.context(order=world.order(**changes)), truth, f"{changes}")


def explanation_length(random: Random) -> Iterator[Labelled]:
    world = World(random)
    for letter, width in (("x", 1), ("运", 1), ("é", 1), ("😀", 2), ("𠮷", 2)):
        most = 200 // width
        for count, truth in (
            (random.randint(1, most), ""),
            (most, ""),
            (most + 1, "blocking"),
            (most + random.randint(2, 300), "blocking"),
        ):
            yield Labelled(world.context(order=world.order(draft=letter * count)), truth, f"{count} × {letter}")


_HOT = ("unfair", "ridiculous", "We believe", "无理取闹", "骗子", "Obviously", "lừa đảo", "penipu", "ظلم", "โกหก")
_EMPTY = ("It is not our fault", "Logistics problem", "莫名其妙", "System issue", "tanpa sebab")
_PLAIN = ("Whatever the status showed, ", "Order ", "The certificate names ", "The carrier's page of ", "")


def explanation_tone(random: Random) -> Iterator[Labelled]:
    world = World(random)
    fact = f"parcel {world.tracking} was delivered on {world.delivered:%Y-%m-%d %H:%M} UTC."
    hot, empty = random.choice(_HOT), random.choice(_EMPTY)
    for draft, truth in (
        (random.choice(_PLAIN) + fact, ""),
        (f"{hot}: {fact}", "blocking"),
        (f"{fact} {hot.upper()}!", "blocking"),
        (f"{empty}.", "blocking"),
        ("The buyer changed the address later.", "blocking"),
        (f'On {world.said_at:%Y-%m-%d %H:%M} UTC the buyer wrote "this is {hot}" about the parcel.', ""),
    ):
        yield Labelled(world.context(order=world.order(draft=draft)), truth, draft)


def explanation_facts(random: Random) -> Iterator[Labelled]:
    world = World(random)
    known = random.choice((world.picked_up, world.exception, world.delivered))
    never = known + timedelta(days=random.randint(40, 300), minutes=random.randint(1, 50))
    days = (world.delivered - world.picked_up).days
    part = " ".join(world.saying.split()[:3]) if " " in world.saying else world.saying[:6]
    for draft, truth in (
        (f"Parcel {world.tracking}: {_at(known)}.", ""),
        (f"Order {world.order_id}, {known:%Y-%m-%d}.", ""),
        (f"{days} days after pick-up.", ""),
        (f'The buyer wrote "{part}".', ""),
        (f"Parcel {world.other_tracking}: {_at(known)}.", "blocking"),
        (f"Parcel {world.tracking}: {_at(never)}.", "blocking"),
        (f"Order {world.other_id}, {known:%Y-%m-%d}.", "blocking"),
        (f"{days + random.randint(30, 90)} days after pick-up.", "blocking"),
        ('The buyer wrote "I will sue you tomorrow".', "blocking"),
    ):
        yield Labelled(world.context(order=world.order(draft=draft)), truth, draft)
    stale = world.page(captured_at=world.now - timedelta(days=12))
    draft = world.order(draft=f"Pick-up {_at(world.picked_up)}.")
    yield Labelled(world.context(stale, order=draft), "blocking", "known from a page that is too old")


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def utc(random: Random) -> Iterator[Labelled]:
    world = World(random)
    known = random.choice((world.picked_up, world.exception, world.delivered))
    beijing = known + timedelta(hours=8)
    for draft, truth in (
        (f"Parcel {world.tracking}: {_at(known)}.", ""),
        (f"Parcel {world.tracking}: {beijing:%Y-%m-%d %H:%M}.", "warning"),
        (f"Parcel {world.tracking}: {_at(beijing)}.", "warning"),
        (f"Parcel {world.tracking}: {beijing:%Y-%m-%d %H:%M} UTC+8.", "warning"),
        (f"Parcel {world.tracking}: {known:%Y-%m-%d %H:%M} GMT+07:00.", "warning"),
        (f"Parcel {world.tracking} on {known:%Y-%m-%d}.", ""),
    ):
        yield Labelled(world.context(order=world.order(draft=draft)), truth, draft)


def quotation(random: Random) -> Iterator[Labelled]:
    world = World(random)
    marks = random.choice((("“", "”"), ('"', '"'), ("「", "」")))
    words, at = marks[0] + world.saying + marks[1], _at(world.said_at)
    cause = {"root_cause": "Buyer Misconduct", "scenario": "S2"}
    for draft, changes, truth in (
        (f"On {at} the buyer wrote {words} about order {world.order_id}.", cause, ""),
        (f"Buyer at {at}: {words}; parcel {world.tracking} delivered {_at(world.delivered)}.", cause, ""),
        (f"On {at} the buyer said that he ordered {world.order_id} twice.", cause, "blocking"),
        (f"The buyer wrote {words} about order {world.order_id}.", cause, "blocking"),
        (f"On {at} the buyer wrote {words}.", cause, "blocking"),
        (f"Parcel {world.tracking} was late.", {}, ""),
    ):
        yield Labelled(_quoting(world, draft, changes), truth, draft)


def _quoting(world: World, draft: str, changes: dict[str, str]) -> CaseContext:
    return world.context(order=world.order(draft=draft, **changes))
