"""No text that a shop in the United States sees proposes to ask a buyer about a review (domain.md §6)."""

import re
from datetime import timedelta

import pytest

from bot.domain.orders import DefectType
from bot.messaging.card import Button
from bot.runtime.bootstrap import App
from bot.wording.localizer import Localizer
from bot.wording.phrases import shared_phrases
from tests.conversations.conftest import NOW, Talk
from tests.domain.profile import CATALOGUE, POLICY, ROOT

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
ASKED = re.compile(
    r"(?:ask|invite|encourage|persuade|get)\b[^.;]{0,40}\bbuyers?\b[^.;]{0,20}\b(?:to|into)\b[^.;]{0,20}"
    r"\b(?:withdraw|chang|edit|remov|delet|revis|updat|take)"
    r"|(?:withdraw|chang|edit|remov|delet|revis)\w*\s(?:their|the|a|his|her)\s(?:bad |negative )?(?:review|rating)s?"
    r"|(?:请|让|劝|联系|引导|和|与)买家[^。；]{0,20}(?:撤回|修改|删除|改掉|撤销|改评|追评|取消)"
    r"|(?:撤回|修改|删除|改掉|撤销)(?:一次)?(?:差评|评价|评分|评论)",
    re.IGNORECASE,
)
OF_REVIEWS = {f"words.proposal.ask_buyer_{kind}" for kind in ("negative_review", "service_rating")}


@pytest.mark.parametrize("language", PHRASES.languages)
def test_only_the_proposals_of_the_profile_speak_of_it(language: str) -> None:
    found = {key for key, text in PHRASES.texts[language].items() if ASKED.search(str(text))}
    assert found == {*OF_REVIEWS, "words.proposal.ask_buyer_return_refund"}


def texts_of_reviews(say: Localizer) -> set[str]:
    return {say(key) for key in OF_REVIEWS}


COMMANDS = ("case C1", "missing C1", "orders C1", "draft C1", "export C1", "timeline C1", "outlook C1", "claim C1")
TOPICS = [{"topic": key.split(".")[1]} for key in PHRASES.keys("answers.", "en") if key.endswith(".title")]
"""What people ask in their own words."""


@pytest.mark.parametrize("language", PHRASES.languages)
@pytest.mark.parametrize("site", ["US", "ID"])
def test_no_card_of_a_shop_in_the_united_states_proposes_it(app: App, talk: Talk, site: str, language: str) -> None:
    """In time and too late, for every kind of defect; a shop on a site that nothing is known of alike."""
    talk.say(f"语言 {language}")
    with app.store.unit() as unit:
        shop = unit.shops.get("us-1")
        assert shop is not None
        shop.site = site
        unit.shops.save(shop)
        case = unit.cases.get("C1", lock=True)
        assert case is not None
        for order in case.orders:
            order.defect_types = list(DefectType)
        unit.cases.save(case)
    say, shown = app.localizer(language), []
    for later in (timedelta(0), timedelta(hours=80)):
        app.clock.at = NOW + later
        app.monitoring.close_overdue()
        shown += [card.plain() for words in COMMANDS for card in talk.says(words)]
        shown += [card.plain() for card in talk.shown("C1")]
        shown += [
            card.plain() for topic in TOPICS for card in talk.press(Button("", "answer", topic | {"case": "C1"}))
        ]
    joined = "\n".join(shown)
    assert say("words.proposal.support") in joined
    assert not [text for text in texts_of_reviews(say) if text in joined]
    assert not ASKED.search(joined.replace(say("words.proposal.ask_buyer_return_refund"), ""))


def test_where_a_site_allows_it_the_buyer_may_be_asked() -> None:
    say = Localizer(PHRASES, "zh", POLICY, CATALOGUE, NOW)
    told = say.proposals(POLICY.proposals("TH", DefectType))
    assert "修改一次评价" in told and "举报" in told and "平台客服" in told
