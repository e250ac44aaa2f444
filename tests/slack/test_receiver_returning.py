"""What was lost meanwhile comes again: after a channel was archived or the bot removed, a headline was deleted, the
connection was cut."""

import time
from collections.abc import Callable

import pytest

from bot.messaging.card import Card
from tests.slack.fake.files import dropped
from tests.slack.fake.server import SlackServer
from tests.slack.fake.world import BOT
from tests.slack.talk import SlackTalk, ts


def note(talk: SlackTalk) -> None:
    """The thread of the case is told something."""
    with talk.app.store.unit() as unit:
        unit.messages.put(f"slack:{talk.place}", "C1", "note", Card("C1: note"), talk.app.clock.now())
    talk.turns.finish()


def failures(talk: SlackTalk) -> list[str]:
    """What `doctor` says of messages."""
    with talk.app.store.unit(read_only=True) as unit:
        return unit.messages.failures()


def archive(talk: SlackTalk) -> Callable[[], None]:
    talk.world.channels[talk.place].archived = True

    def back() -> None:
        talk.world.channels[talk.place].archived = False
        talk.people.event({"type": "channel_unarchive", "channel": talk.place, "user": talk.user})

    return back


def throw_out(talk: SlackTalk) -> Callable[[], None]:
    talk.world.channels[talk.place].members.discard(BOT)
    return lambda: talk.people.join(talk.place)


@pytest.mark.parametrize("leave", [archive, throw_out])
def test_what_a_channel_refused_of_open_cases_comes_again(
    talk: SlackTalk, leave: Callable[[SlackTalk], Callable[[], None]]
) -> None:
    back = leave(talk)
    note(talk)
    shown = len(talk.world.shown(talk.place, talk.root("C1")))
    assert failures(talk)
    back()
    talk.turns.finish()
    thread = talk.world.shown(talk.place, talk.root("C1"))
    assert len(thread) > shown and "C1" in thread[-1].text and not failures(talk)


def test_the_thread_moves_below_a_new_headline_when_its_own_was_deleted(talk: SlackTalk) -> None:
    talk.say("缺什么", thread="C1")
    old = talk.root("C1")
    talk.people.delete(talk.world.message(talk.place, old))
    talk.turns.finish()
    new = talk.root("C1")
    assert new != old and talk.world.message(talk.place, new).pinned
    here = [row for row in talk._rows() if row.channel == f"slack:{talk.place}" and "|C1:" in row.key]
    work = [talk.world.message(talk.place, ts(row.ref)) for row in here if ts(row.ref) != new]
    assert work and {message.thread_ts for message in work} == {new}
    assert "C1" in talk.say("认领", thread="C1").title
    assert not talk.world.shown(talk.place, old)


def test_a_card_that_was_deleted_elsewhere_in_the_thread_moves_nothing(talk: SlackTalk) -> None:
    talk.say("缺什么", thread="C1")
    root = talk.root("C1")
    talk.people.delete(talk.world.shown(talk.place, root)[-1])
    talk.turns.finish()
    assert talk.root("C1") == root


def test_ten_files_that_are_not_taken_have_one_answer(talk: SlackTalk) -> None:
    files = [dropped(talk.world, talk.user, f"{number}.png", b"x", serve="gone") for number in range(10)]
    talk.people.drop(talk.user, talk.place, files, "", talk.root("C1"))
    [answer] = talk._answers()
    assert "10" in answer.title and all(f"{number}.png" in answer.plain() for number in range(10))


@pytest.mark.parametrize(
    "actions", [[], None, ["odd"], [{"action_id": "press:0", "value": '{"a":["odd"],"p":[1]}'}], [{"value": "[]"}]]
)
def test_odd_presses_are_harmless(talk: SlackTalk, actions: object) -> None:
    before = len(talk.world.complaints)
    container = {"type": "message", "channel_id": talk.place, "message_ts": talk.root("C1")}
    body = {"type": "block_actions", "user": {"id": talk.user}, "container": container, "trigger_id": "1.2.3"}
    talk.people.door.interaction({**body, "actions": actions})
    talk.turns.finish()
    assert talk.people.door.statuses[-1] == 200 and len(talk.world.complaints) == before


def test_the_dialog_for_an_explanation_names_its_order(talk: SlackTalk) -> None:
    card = talk.say("草稿 5751", thread="C1")
    view = talk.open(next(each for each in card.elements if type(each).__name__ == "Form"))
    assert "5751" in view.view["title"]["text"]


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """Socket Mode where the connection is what is tried."""
    return "socket" if "cut_without" in request.node.name else "http"


def test_a_connection_cut_without_a_word_is_made_anew_within_three_seconds(
    talk: SlackTalk, slack: SlackServer
) -> None:
    slack.break_lines()
    begun = time.monotonic()
    slack.sockets.wait(1)
    assert time.monotonic() - begun <= 3.0
    assert talk.say("help").title
