"""A part of the conversations over Socket Mode, and what is special there: refreshes, cuts, unanswered payloads."""

import threading

import pytest

from tests.conversations.test_commands import test_two_who_claim_one_wins_and_the_other_is_told  # noqa: F401
from tests.conversations.test_story import test_from_alert_to_excluded  # noqa: F401
from tests.slack.conftest import PATIENCE
from tests.slack.fake.server import SlackServer
from tests.slack.talk import SlackTalk
from tests.slack.test_events import mention, timeline
from tests.slack.test_modals import (  # noqa: F401
    test_a_draft_that_is_wrong_gets_its_errors_in_the_modal_and_changes_nothing,
)


@pytest.fixture
def mode() -> str:
    """All of this module over Socket Mode."""
    return "socket"


def test_slash_commands_and_retries_come_over_the_socket(talk: SlackTalk) -> None:
    assert "C1" in talk.say("/odr missing payload C1").title
    body = talk.people.event(mention(talk, "claim C1"))
    talk.people.door.event(body, retry=1)
    assert len(talk._answers()) == 1 and timeline(talk).count("claimed") == 1


def test_after_a_refresh_and_after_a_cut_it_listens_again(talk: SlackTalk, slack: SlackServer) -> None:
    slack.sockets.refresh()
    slack.sockets.wait(1)
    assert talk.say("help").title
    slack.sockets.cut()
    slack.sockets.wait(1)
    assert talk.say("help").title


def test_what_cannot_be_kept_is_not_acknowledged(talk: SlackTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.store.records import RecordTable

    tried = threading.Event()

    def full(*_: object) -> None:
        tried.set()
        raise OSError("disk full")

    monkeypatch.setattr(RecordTable, "keep_events", full)
    event = {"type": "event_callback", "event": mention(talk, "help"), "event_id": "Ev1"}
    with pytest.raises(TimeoutError):
        talk.people.door.sockets.deliver("events_api", event, seconds=0.5)
    assert tried.wait(PATIENCE) and not talk.turns.begun


def test_an_end_that_meets_the_connections_own_is_an_end(talk: SlackTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread of the SDK may close the connection at the same time, and the second finds it gone."""
    chat = talk.app.platforms["slack"]
    client, gone = chat._connection._client, [AttributeError("'NoneType' object has no attribute 'close'")]
    disconnect = client.disconnect

    def meet() -> None:
        disconnect()
        if gone:
            raise gone.pop()

    monkeypatch.setattr(client, "disconnect", meet)
    chat.end()
    assert not gone and not client.message_processor.is_alive()


def test_nonsense_on_the_socket_ends_nothing(talk: SlackTalk) -> None:
    for kind, payload in (("events_api", {}), ("interactive", {"type": "odd"}), ("slash_commands", {})):
        talk.people.door.sockets.deliver(kind, payload)
    assert talk.say("help").title
