"""Own numbers that are not on a page, near enough to tempt: digits changed, cut, longer, masked ends filled in."""

import random
from collections.abc import Iterable

from benchmarks.pages.label import Label

CHANGED, FILLED, FROM_OTHERS = 10, 12, 3


def plain(value: str) -> str:
    """A number without spaces, hyphens and case, as it is compared."""
    return "".join(filter(str.isalnum, value)).upper()


def with_changed(value: str, digits: int, chance: random.Random) -> str:
    """The number with so many of its digits changed."""
    characters = list(value)
    places = [place for place, character in enumerate(characters) if character.isdigit()]
    for place in chance.sample(places, min(digits, len(places))):
        characters[place] = chance.choice([digit for digit in "0123456789" if digit != characters[place]])
    return "".join(characters)


def shown_part(value: str) -> str:
    """What is shown of a number whose end is masked, cut or replaced by dots."""
    return plain(value.rstrip("*.…?"))


def near(value: str, chance: random.Random) -> Iterable[str]:
    """Own numbers beside a whole one."""
    for _ in range(CHANGED):
        yield with_changed(value, 1, chance)
        yield with_changed(value, 2, chance)
    yield from (value[:-1], value[:-4], value[1:], value[4:], value + "7", value + "0412", "1" + value)
    yield value[: len(value) // 2] + with_changed(value[len(value) // 2 :], 2, chance)


def never_there(label: Label) -> list[str]:
    """Own numbers that this page does not show whole, always the same ones for a page."""
    chance = random.Random(label.id)
    tempting: list[str] = []
    for number in label.tracking:
        if number.whole:
            tempting += near(plain(number.value), chance)
        else:
            tempting += [shown_part(number.value) + f"{chance.randrange(10**4):04}" for _ in range(FILLED)]
    for other in (*label.others, *label.orders):
        if sum(character.isdigit() for character in other) >= 7:
            tempting += [with_changed(plain(other), 1, chance) for _ in range(FROM_OTHERS)]
    return [own for own in dict.fromkeys(tempting) if len(own) >= 6 and own not in on_page(label)]


def on_page(label: Label) -> set[str]:
    """The numbers of every sort that the page shows whole, compared as `plain`."""
    whole = [number.value for number in label.tracking if number.whole]
    return {plain(value) for value in (*whole, *label.others, *label.orders)}
