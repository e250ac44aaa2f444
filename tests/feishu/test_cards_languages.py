"""A case's own cards in the language of each reader's client: no word of the other one is left over."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.messaging.card import Card, Text
from bot.messaging.translating import translated
from bot.platforms.feishu.cards_elements import LOCALES
from bot.platforms.feishu.cards_languages import CardRenderer
from bot.runtime.bootstrap import App
from tests.conversations.conftest import ORDERS
from tests.conversations.test_story import give_everything
from tests.conversations.test_way_out import TURNING_ROUND, cut_off, rows
from tests.counting import calls
from tests.feishu.fake import cards
from tests.feishu.talk import FeishuTalk

CHINESE = re.compile("[\u4e00-\u9fff，。：“”（）]+")
LATIN = re.compile("[A-Za-z]{3}")
KEPT = {"value", "behaviors", "id", "tag", "name"}
"""What nobody reads."""


def renderer(app: App) -> CardRenderer:
    host = app.host("feishu")
    return CardRenderer(host.texts, host.directory)


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
    [row] = [each for each in rows(talk) if each.slot == f"C1:{name}"]
    card = row.read_in(language)
    assert card.language == language
    shown = renderer(talk.app).draw(card)
    assert not foreign(shown, chart=False) and not cards.faults(shown, talk.fake.world.known)
    assert all(" / " in words and LATIN.search(words) for words in foreign(shown, chart=True))
    assert bool(foreign(shown, chart=True)) is (name == "headline")


def test_both_languages_of_a_card_describe_the_state_for_which_it_was_written(talk: FeishuTalk) -> None:
    written = rows(talk)
    cut_off(talk)
    with calls(*TURNING_ROUND) as counted:
        talk.pump()
    assert not counted
    sent = {card.slot: message for message, card in talk.visible("oc_ops")}
    for card in written:
        for language in ("zh", "en"):
            words = cards.words(sent[card.slot].content, locale=LOCALES[language])
            title, line = card.read_in(language).title, next(iter(card.read_in(language).elements))
            assert title in words and (not isinstance(line, Text) or line.words in words)
            assert "changed behind" not in words


def test_a_notice_beside_a_card_is_not_told_as_the_card(talk: FeishuTalk) -> None:
    """What says that nobody could be rung up has one language and no translation of what it stands beside."""
    both = translated(Card("案件", language="zh"), [Card("Case", language="en")])
    drawer = renderer(talk.app)
    assert "Case" in drawer.content(both) and "i18n_content" in drawer.content(both)
    assert "i18n_content" not in drawer.content(Card("案件", language="zh"))
