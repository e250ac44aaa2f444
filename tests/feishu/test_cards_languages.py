"""A case's own cards in the language of each reader's client: no word of the other one is left over."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.messaging.card import Card
from bot.platforms.feishu.cards_languages import CardRenderer
from tests.conversations.conftest import ORDERS
from tests.conversations.test_story import give_everything
from tests.feishu.fake import cards
from tests.feishu.talk import FeishuTalk

CHINESE = re.compile("[\u4e00-\u9fff，。：“”（）]+")
LATIN = re.compile("[A-Za-z]{3}")
KEPT = {"value", "behaviors", "id", "tag", "name"}
"""What nobody reads."""


def read(shown: Any, locale: str) -> Iterator[str]:
    """All that somebody with a client in this language sees."""
    if isinstance(shown, dict):
        own = shown.get("i18n_content", {}).get(locale)
        for name, value in shown.items():
            if name in KEPT or name == "i18n_content":
                continue
            yield from read(own if own is not None and name == "content" else value, locale)
    elif isinstance(shown, list):
        for each in shown:
            yield from read(each, locale)
    elif isinstance(shown, str):
        yield shown


def foreign(shown: Any, chart: bool) -> list[str]:
    """Chinese words that an English reader sees, in the chart or elsewhere."""
    elements = shown["body"]["elements"]
    inside = [each for each in elements if (each["tag"] == "chart") is chart]
    head = [] if chart else [shown["header"], shown["config"]]
    return [words for words in read([*inside, *head], "en_us") if CHINESE.search(words)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["headline", "work"])
def test_an_english_reader_reads_english_whatever_the_groups_language(
    talk: FeishuTalk, language: str, name: str
) -> None:
    give_everything(talk, 0)
    talk.say(f"场景 {ORDERS[0]} S1", thread="C1")
    card = talk.app.translated("feishu:oc_ops", Card("", slot=f"C1:{name}"), language)
    assert card and card.language == language
    shown = CardRenderer(talk.app.host("feishu")).draw("oc_ops", card)
    assert not foreign(shown, chart=False) and not cards.faults(shown, talk.fake.world.known)
    assert all(" / " in words and LATIN.search(words) for words in foreign(shown, chart=True))
    assert bool(foreign(shown, chart=True)) is (name == "headline")
