"""Connecting a shop by conversation: the link goes out, the address comes back by a private form."""

from pathlib import Path

import pytest

from bot.conversation.events import FormSubmitted
from bot.messaging.card import Card, Form, Link
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import PersonSettings, ShopSettings, TeamSettings
from bot.settings.tiktok import TikTokSettings
from tests.conversations.conftest import Talk
from tests.tiktok.conftest import SHOP
from tests.tiktok.fake.world import FakeShop, World
from tests.tiktok.story import NOW

CHANNEL = "console:ops"
PEOPLE = [PersonSettings(id="boss", role="admin", teams=["a"]), PersonSettings(id="li", role="lead")]
TWO_TEAMS = [
    TeamSettings(id="a", shops=["us-1"], channels=[CHANNEL]),
    TeamSettings(id="b", shops=["uk-1"], channels=["console:uk"]),
]


@pytest.fixture
def teams() -> list[TeamSettings]:
    """None: one team with every shop."""
    return []


@pytest.fixture
def app(tmp_path: Path, connection: TikTokSettings, shop: FakeShop, teams: list[TeamSettings]) -> App:
    shops = [
        ShopSettings(id="us-1", name="Bright Home", site="US", tiktok=SHOP),
        ShopSettings(id="uk-1", name="Far Away", site="UK", tiktok="99", channels=["console:uk"]),
    ]
    folder = tmp_path / "data"
    app = App(
        Settings(data_dir=folder, language="en", shops=shops, people=PEOPLE, teams=teams, tiktok=connection),
        FrozenClock(NOW),
    )
    yield app.open()
    app.engine.dispose()


@pytest.fixture
def talk(app: App, tmp_path: Path) -> Talk:
    talk = Talk(app, tmp_path)
    talk.person = "boss"
    return talk


def paste(talk: Talk, address: str) -> Card:
    about = {"action": "connect_shop", "values": {"address": address}, "at": NOW}
    [card] = talk.hear(FormSubmitted(f"paste-{address}", channel=CHANNEL, person=talk.person, **about))
    return card


@pytest.mark.parametrize("words", ["connect shop", "连接店铺"])
def test_the_link_goes_out_and_the_address_comes_back_privately(talk: Talk, app: App, words: str) -> None:
    card = talk.say(words)
    assert card.private_to == "boss" and card.secret
    assert [each for each in card.elements if isinstance(each, Link | Form)]
    done = paste(talk, "https://example.com/?code=code&state=1")
    assert done.private_to == "boss" and "aurora" in done.title and "Bright Home" in done.plain()
    with app.store.unit(read_only=True) as unit:
        assert [grant.seller for grant in unit.grants.grants()] == ["aurora"]


def test_only_an_admin_connects(talk: Talk, world: World) -> None:
    talk.person = "li"
    card = talk.say("connect shop")
    assert not [each for each in card.elements if isinstance(each, Link | Form)] and "admin" in card.plain()
    assert "aurora" not in paste(talk, "code").plain() and world.codes["code"], "the code was not even used"


def test_an_admin_connects_all_shops_of_their_team_from_any_channel(talk: Talk, world: World) -> None:
    code = world.seller("both", FakeShop("11"), FakeShop("99"))
    words = paste(talk, code).plain()
    assert "Far Away" in words, "though its channel is another one"


@pytest.mark.parametrize("teams", [TWO_TEAMS])
def test_a_shop_of_others_is_refused_without_telling_whose_it_is(talk: Talk, app: App, world: World) -> None:
    code = world.seller("both", FakeShop("11"), FakeShop("99"))
    words = paste(talk, code).plain()
    assert "cannot be connected here" in words
    assert not [name for name in ("Far Away", "uk-1", "both", "99") if name in words]
    with app.store.unit(read_only=True) as unit:
        assert unit.grants.grants() == [] and unit.grants.linked() == []


def test_what_goes_wrong_is_said_to_whoever_asked_alone(talk: Talk) -> None:
    for pasted, words in (("https://example.com/?error=auth_denied", "refused"), ("used", "used already")):
        card = paste(talk, pasted)
        assert words in card.plain() and card.private_to == "boss"
