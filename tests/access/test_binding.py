"""Who may say which shops a channel hears of, and what it is offered (domain.md §7)."""

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.conversation.events import BotJoined
from bot.messaging.card import Card
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import PersonSettings, ShopSettings
from bot.store.console import ConsoleLog
from tests.access.teams import two_teams
from tests.conversations.conftest import NOW, Talk, buttons

US, UK, FREE = "Bright Home", "Distant Lamps", "Homeless Chairs"


def made(folder: Path, *people: PersonSettings) -> App:
    shops = [
        ShopSettings(id=shop, name=name, site="US", opened_on=date(2024, 1, 5), channels=channels)
        for shop, name, channels in (
            ("us-1", US, ["console:us"]),
            ("uk-1", UK, ["console:uk"]),
            ("zz-1", FREE, []),
        )
    ]
    return App(Settings(data_dir=folder / "data", shops=shops, people=list(people), language="en"), FrozenClock(NOW))


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Talk]:
    """The channel of the first shop, where the team has a lead."""
    app = made(tmp_path / "led", PersonSettings(id="boss", role="lead")).open()
    yield Talk(app, tmp_path, "li", "console:us")
    app.engine.dispose()


@pytest.fixture
def free(tmp_path: Path) -> Iterator[Talk]:
    """The same where nobody is a lead."""
    app = made(tmp_path / "free").open()
    yield Talk(app, tmp_path, "li", "console:us")
    app.engine.dispose()


def joined(talk: Talk, channel: str, person: str = "li") -> Card:
    return talk.hear(BotJoined(f"joined-{next(talk.numbers)}", channel, person, NOW))[0]


def heard(talk: Talk, channel: str) -> list[str]:
    with talk.app.store.unit(read_only=True) as unit:
        return [shop.id for shop in unit.shops.all() if channel in shop.channels]


def shown(talk: Talk, channel: str) -> str:
    log = ConsoleLog(talk.app.engine)
    return "\n".join(entry.card.plain() for entry in log.conversation(channel, "") if entry.card)


@pytest.mark.parametrize("command", ["bind", "unbind"])
def test_only_a_lead_binds_and_the_shops_named_make_no_difference(led: Talk, command: str) -> None:
    answers = {led.say(f"{command} {name}").plain() for name in ("us-1", UK, "uk-1", "zz-1", "nowhere-9")}
    assert len(answers) == 1 and "lead" in answers.pop()
    assert heard(led, "console:us") == ["us-1"]
    led.person = "boss"
    assert UK in led.say("bind uk-1").title and heard(led, "console:us") == ["uk-1", "us-1"]
    assert UK in led.say("unbind uk-1").title and heard(led, "console:us") == ["us-1"]


def test_without_a_lead_everybody_binds_and_those_who_heard_before_are_told(free: Talk) -> None:
    free.channel = "console:new"
    free.say("bind uk-1")
    assert heard(free, "console:new") == ["uk-1"]
    assert "#new" in shown(free, "uk") and UK in shown(free, "uk") and "li" in shown(free, "uk")
    assert UK not in shown(free, "us")
    free.say("bind uk-1")
    assert shown(free, "uk").count("#new") == 1


def test_a_new_channel_is_offered_shops_that_nobody_hears_of(free: Talk, led: Talk) -> None:
    for talk in (free, led):
        card = joined(talk, "console:new")
        assert [label.partition(" (")[0] for label in buttons(card)] == [FREE]
        assert not {US, UK, "us-1", "uk-1"} & set(card.plain().split())
    assert len(buttons(joined(led, "console:new", "boss"))) == 3


@pytest.mark.parametrize("asked", ["bind", "bind Distant", "bind nothing like it", "unbind Distant", "unbind uk-1"])
def test_a_shop_of_another_channel_is_not_named(free: Talk, asked: str) -> None:
    answer = free.say(asked).plain().replace(asked, "")
    assert UK not in answer and "uk-1" not in answer.replace("“uk-1”", "")


def test_what_is_not_bound_here_is_unbound_like_what_does_not_exist(free: Talk) -> None:
    there, nowhere = (free.say(f"unbind {name}").plain().replace(name, "") for name in ("uk-1", "zz-9"))
    assert there == nowhere


@pytest.fixture
def teams(tmp_path: Path) -> Iterator[App]:
    app = two_teams(tmp_path)
    yield app
    app.engine.dispose()


def test_no_shop_is_bound_to_the_consoles_channel_of_another_team(teams: App, tmp_path: Path) -> None:
    """It answers as a channel that does not exist."""
    answers, numbers = {}, itertools.count()
    for channel in ("console:b", "console:nowhere"):
        talk = Talk(teams, tmp_path, "a-lead", channel, numbers)
        answers[channel] = talk.say("bind us-1").plain().replace(channel, "…")
        assert heard(talk, channel) == []
    assert len(set(answers.values())) == 1 and "bind" in answers["console:b"]
    own = Talk(teams, tmp_path, "a-lead", "console:a", numbers)
    own.say("bind us-1")
    assert heard(own, "console:a") == ["us-1"]
