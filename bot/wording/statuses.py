"""Cards that ask what unknown order statuses mean."""

from collections.abc import Sequence

from bot.domain.statuses import OpenWord, StatusWord
from bot.messaging.card import Actions, Button, Card, Element, Style, Text, Tone
from bot.wording.localizer import Localizer

OFFERED = 8


def asked(say: Localizer, words: Sequence[OpenWord], most: int) -> list[Element]:
    """The first `most` of the words, each with a button for either meaning."""
    elements: list[Element] = []
    for each in words[:most]:
        elements.append(Text(say("statuses.line", **_where(each), orders=each.orders)))
        elements.append(Actions(tuple(means(say, each.shop, each.word, valid) for valid in (True, False))))
    return elements


def means(say: Localizer, shop: str, word: StatusWord, valid: bool, key: str = "button") -> Button:
    """The button that gives a word its meaning, or, with the key `correct`, the other one."""
    answer = "yes" if valid else "no"
    payload = {"shop": shop, "field": word.field, "word": word.text, "valid": answer}
    return Button(say(f"statuses.{key}_{answer}"), "status_means", payload)


def _answered(say: Localizer, each: OpenWord) -> list[Element]:
    """A word that was answered, with the button that corrects it."""
    line = Text(say("statuses.said", **_where(each), orders=each.orders, valid=each.valid))
    return [line, Actions((means(say, each.shop, each.word, not each.valid, "correct"),))]


def _where(each: OpenWord) -> dict[str, str]:
    return {"shop": each.shop, "field": each.word.field, "word": each.word.text}


def statuses_card(say: Localizer, words: Sequence[OpenWord]) -> Card:
    """Each open word with the number of its orders and a button for either meaning, and the answered ones with a
    button for the other."""
    unsaid = [each for each in words if each.valid is None]
    elements: list[Element] = [Text(say("statuses.asks" if unsaid else "statuses.none"))]
    elements += asked(say, unsaid, OFFERED)
    if more := unsaid[OFFERED:]:
        elements.append(Text(say("statuses.more", count=len(more))))
    if said := [each for each in words if each.valid is not None]:
        elements.append(Text(say("statuses.known"), Style.HEADING))
        elements += [element for each in said[:OFFERED] for element in _answered(say, each)]
    return Card(say("statuses.title"), tuple(elements), Tone.ORANGE if unsaid else Tone.GREEN, "", say.language)
