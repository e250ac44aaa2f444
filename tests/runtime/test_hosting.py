"""What the core offers to chat platforms, on a real database."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from bot.conversation.events import CommandReceived, FormSubmitted
from bot.messaging.card import Text
from bot.platforms.console.security_client import Surroundings
from bot.ports.host import Host
from bot.runtime.bootstrap import App
from bot.runtime.metrics import MetricsEndpoint
from tests.conversations.conftest import CHANNEL, NOW, ORDERS, Talk, app, settings, talk

__all__ = ["app", "settings", "talk"]


@pytest.fixture
def host(app: App) -> Host:
    return app.host("console")


def edit(text: str, person: str = "li") -> FormSubmitted:
    payload = {"case": "C1", "order": ORDERS[0]}
    return FormSubmitted("form", CHANNEL, person, NOW, "C1", "edit", payload, {"text": text})


def test_the_answers_of_a_turn_are_known_when_it_is_over(host: Host, talk: Talk) -> None:
    assert host.inbox.answers("e1") is None
    host.inbox.accept(CommandReceived("e1", CHANNEL, "li", NOW, "C1", "认领"))()
    [card] = host.inbox.answers("e1", within=60) or []
    assert "由你负责" in card.title


def test_a_message_is_found_again_with_its_newest_card(host: Host, talk: Talk) -> None:
    ref = host.threads.root("ops", "C1")
    shown = host.threads.card("ops", ref)
    assert shown and replace(shown, translations=()) == talk.in_slot("C1:headline", "C1")
    assert host.threads.card("ops", "999") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [("The carrier UPS was late, very unfair.", "unfair"), ("x" * 201, "201"), ("", None)],
)
def test_an_explanation_is_checked_before_it_is_saved(host: Host, talk: Talk, text: str, fault: str | None) -> None:
    found = host.texts.check(edit(text))
    assert fault in found["text"] if fault else found == {}
    assert talk.app.cases.get("C1").order(ORDERS[0]).draft == ""


def test_a_time_that_cannot_be_read_is_told_at_its_field(host: Host, talk: Talk) -> None:
    form = replace(edit(""), action="state", values={"delivered": "yesterday", "picked_up": "2026-11-18 11:00"})
    assert list(host.texts.check(form)) == ["delivered"]


def test_the_own_page_lists_own_cases_first(host: Host, talk: Talk) -> None:
    assert "C1" not in host.texts.home("li").plain()
    # Somebody is shown the shops of the channels in which they have spoken.
    talk.say("值班")
    assert "你手上没有案件" in host.texts.home("li").plain() and "C1" in host.texts.home("li").plain()
    talk.say("认领", thread="C1")
    plain = host.texts.home("li").plain()
    assert "你手上没有案件" not in plain and "C1" in plain
    assert any(isinstance(element, Text) for element in host.texts.home("li").elements)


def test_language_and_channels_are_those_of_the_core(host: Host, talk: Talk) -> None:
    assert host.directory.language("ops", "li") == "zh"
    talk.say("语言 en")
    assert host.directory.language("ops", "li") == "en"
    assert host.directory.channels() == ["uk", "ops"]


def test_the_figures_are_a_page_of_their_own(host: Host, talk: Talk) -> None:
    host.rates.waited("chat.update")
    metrics = MetricsEndpoint(lambda: talk.app.metrics, "secret", Surroundings(), talk.app.sign_in)
    pages = Starlette(routes=[Mount("/metrics", metrics)])
    client = TestClient(pages, base_url="http://127.0.0.1")
    assert client.get("/metrics/").status_code == 401
    page = client.get("/metrics/", headers={"authorization": "Bearer secret"}).text
    assert 'odr_bot_rate_limited_total{method="chat.update",platform="console"} 1.0' in page
    assert "odr_bot_cases_active 1.0" in page
