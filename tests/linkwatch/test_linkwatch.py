"""Links are looked at again until the window closes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain.evidence import LinkState
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from tests.conversations.conftest import NOW, ORDERS, Talk, fed, settings, talk

__all__ = ["settings", "talk"]

LINK = "https://drive.google.com/file/d/abc/view"


@dataclass
class Links:
    """What a stranger sees behind each link; everything opens unless said otherwise."""

    states: dict[str, LinkState] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def check(self, url: str) -> LinkState:
        self.asked.append(url)
        return self.states.get(url, LinkState.PUBLIC)


@pytest.fixture
def links() -> Links:
    return Links()


@pytest.fixture
def app(settings: Settings, links: Links) -> Iterator[App]:
    app = fed(settings, links=links)
    yield app
    app.engine.dispose()


@pytest.fixture
def linked(links: Links, talk: Talk) -> Talk:
    """Case C1 with one public link, looked at at NOW."""
    talk.say(f"证据 {ORDERS[0]} 聊天 {LINK}", thread="C1")
    assert links.asked == [LINK]
    links.asked.clear()
    return talk


def after(talk: Talk, **span: float) -> list[str]:
    clock = talk.app.clock
    assert isinstance(clock, FrozenClock)
    clock.at = NOW + timedelta(**span)
    return talk.app.linkwatch.tick()


def told(talk: Talk) -> list[str]:
    return [card.plain() for card in talk.shown("C1") if "链接打不开" in card.title]


def test_a_fresh_look_is_not_repeated(linked: Talk, links: Links) -> None:
    assert after(linked, hours=11) == [] and links.asked == []


def test_a_link_that_closed_is_told_once(linked: Talk, links: Links) -> None:
    links.states[LINK] = LinkState.PRIVATE
    assert after(linked, hours=12, minutes=1) == ["E1"]
    assert len(told(linked)) == 1 and "需要登录" in told(linked)[0]
    assert after(linked, hours=25) == [] and len(told(linked)) == 1
    assert linked.app.evidence.get("E1").link_state is LinkState.PRIVATE
    assert "需要登录" in linked.say("时间线", thread="C1").plain()


def test_one_failure_to_reach_it_is_not_yet_told(linked: Talk, links: Links) -> None:
    links.states[LINK] = LinkState.UNREACHABLE
    assert after(linked, hours=13) == ["E1"] and told(linked) == []
    assert after(linked, hours=13, minutes=30) == [] and len(links.asked) == 1
    after(linked, hours=14, minutes=5)
    assert len(told(linked)) == 1


def test_in_the_last_hours_it_is_looked_at_every_hour(linked: Talk, links: Links) -> None:
    case = linked.app.cases.get("C1")
    left = (case.deadline - NOW).total_seconds() / 3600
    for hours in (left - 4, left - 3.5, left - 2.9):
        after(linked, hours=hours)
    assert len(links.asked) == 2


def test_nothing_is_asked_after_the_deadline_or_the_withdrawal(linked: Talk, links: Links) -> None:
    after(linked, hours=100)
    assert links.asked == []
    linked.say("撤回 E1", thread="C1")
    after(linked, hours=30)
    assert links.asked == []


def test_refused_links_are_never_opened(talk: Talk, links: Links) -> None:
    links.states["https://pan.baidu.com/s/1abc"] = LinkState.REFUSED
    talk.say(f"证据 {ORDERS[0]} 聊天 https://pan.baidu.com/s/1abc", thread="C1")
    links.asked.clear()
    after(talk, hours=13)
    assert links.asked == []
