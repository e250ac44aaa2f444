"""Cards as they are sent: in Chinese and English where they have both, so that each reader sees their client's
language."""

import logging
import re
from typing import Any

from bot.messaging.card import Card
from bot.platforms.feishu import cards
from bot.platforms.feishu.cards_elements import LOCALES
from bot.platforms.feishu.markup import Json
from bot.ports.host import Directory, Texts

log = logging.getLogger(__name__)

OTHER = {"zh": "en", "en": "zh"}
MENTION = re.compile(r"<at id=([A-Za-z0-9_.-]{1,64})>")
TABLE, CHART = "table", "chart"
"""Elements whose texts Feishu cannot translate: a chart has room for both languages, a table has not."""


class Unlike(Exception):
    """Two cards differ in their structure, so that one cannot be the translation of the other."""


class CardRenderer:
    """Renders cards with the names and accounts that the core knows."""

    def __init__(self, texts: Texts, directory: Directory) -> None:
        self.texts, self.directory = texts, directory
        self.strangers: set[str] = set()
        """Accounts that Feishu refuses to mention: they are called by their names alone."""

    def draw(self, card: Card) -> Json:
        """The card as JSON 2.0, in both languages where it has them and there is room."""
        shown = cards.render(card, self._context(card.language))
        other = OTHER.get(card.language, "")
        if (twin := card.read_in(other)) is card:
            return shown
        try:
            both: Json = merged(shown, cards.render(twin, self._context(other)), card.language, other)
        except Unlike as error:
            # One language is enough to act in time.
            log.warning("card %s is sent in one language: %s", card.slot or card.title, error)
            return shown
        return both if cards.fits(both) else shown

    def content(self, card: Card) -> str:
        """The card as the content of a message, in both languages where it has them."""
        return cards.content(self.draw(card))

    def simple(self, card: Card) -> str:
        """The card's words alone as the content of a message."""
        return cards.content(cards.simple(card, self._context(card.language)))

    def _context(self, language: str) -> cards.CardContext:
        return cards.CardContext(self.texts.say, language, self._account, self._name)

    def _account(self, person: str) -> str:
        account = self.directory.account(person)
        return "" if account in self.strangers else account

    def mentioned(self, card: Card) -> list[str]:
        """The accounts that the card mentions, each once."""
        return list(dict.fromkeys(MENTION.findall(self.content(card))))

    def _name(self, account: str) -> str:
        known = self.directory.person(self.directory.person_id(account))
        return known.name if known else ""


def merged(shown: Any, twin: Any, language: str, other: str) -> Any:
    """The card `shown` with the texts of `twin` as their translations. Raises Unlike when their structures differ."""
    if isinstance(shown, dict) and isinstance(twin, dict):
        return _merged_parts(shown, twin, language, other)
    if isinstance(shown, list) and isinstance(twin, list):
        if len(shown) != len(twin):
            raise Unlike
        return [merged(one, two, language, other) for one, two in zip(shown, twin, strict=True)]
    return shown


def _merged_parts(shown: Json, twin: Json, language: str, other: str) -> Json:
    if shown.get("tag") != twin.get("tag"):
        raise Unlike
    if shown.get("tag") == TABLE:
        return shown
    if shown.get("tag") == CHART:
        both: Json = side_by_side(shown, twin)
        return both
    if shown.keys() != twin.keys():
        raise Unlike
    parts = {name: merged(value, twin[name], language, other) for name, value in shown.items()}
    words, translation = shown.get("content"), twin.get("content")
    if isinstance(words, str) and words != translation and "i18n_content" not in shown:
        parts["i18n_content"] = {LOCALES[language]: words, LOCALES[other]: translation}
    return parts


def side_by_side(shown: Any, twin: Any) -> Any:
    """The card `shown` with both texts beside each other wherever they differ, in the names of chart series too.
    Raises Unlike when their structures differ."""
    if isinstance(shown, dict) and isinstance(twin, dict) and len(shown) == len(twin):
        pairs = zip(shown.items(), twin.items(), strict=True)
        return {side_by_side(one[0], two[0]): side_by_side(one[1], two[1]) for one, two in pairs}
    if isinstance(shown, list) and isinstance(twin, list) and len(shown) == len(twin):
        return [side_by_side(one, two) for one, two in zip(shown, twin, strict=True)]
    if isinstance(shown, str) and isinstance(twin, str):
        return shown if shown == twin else f"{shown} / {twin}"
    if shown != twin:
        raise Unlike
    return shown
