"""Files that people drop in Slack: the token goes only where it belongs; checked, capped, named when missing."""

import pytest

from tests.conversations.conftest import ORDERS, Talk, tracking_page
from tests.slack.fake.files import dropped
from tests.slack.fake.world import SCOPES, File, Message
from tests.slack.talk import SlackTalk

PAGE = tracking_page().encode()


def give(talk: SlackTalk, name: str = "t.txt", content: bytes = PAGE, **more: object) -> tuple[File, str]:
    """Drop a file in the case's thread; the file, and what people read then."""
    file = dropped(talk.world, talk.user, name, content, **more)
    talk.people.drop(talk.user, talk.place, [file], "", talk.root("C1"))
    return file, "\n".join(card.plain() for card in talk._answers())


def received(talk: Talk) -> list[str]:
    with talk.app.store.unit(read_only=True) as unit:
        return [item.file_name for item in unit.evidence.of_case("C1")]


def test_a_dropped_file_lies_in_the_vault_byte_for_byte(talk: SlackTalk) -> None:
    content = PAGE + bytes(range(256)) * 4000
    give(talk, "页面 1.txt", content)
    item = talk.app.evidence.get("E1")
    assert talk.app.vault.path(item.sha256).read_bytes() == content and item.file_name == "页面 1.txt"
    assert not list((talk.app.settings.data_dir / "incoming").iterdir())


@pytest.mark.parametrize(
    ("serve", "why"),
    [("login", "the app lacks files:read"), ("redirect", "another host"), ("gone", "deleted"), ("short", "cut off")],
)
def test_what_is_not_the_file_is_not_taken_for_it(talk: SlackTalk, serve: str, why: str) -> None:
    _, said = give(talk, serve=serve)
    assert received(talk) == [], why
    assert "t.txt" in said


def test_without_the_scope_people_are_told_what_to_ask_for(talk: SlackTalk) -> None:
    talk.world.tokens["xoxb-good"] = SCOPES.replace("files:read,", "")
    _, said = give(talk)
    assert received(talk) == [] and "权限" in said and "重新安装" in said


def test_a_file_larger_than_said_is_cut_off(talk: SlackTalk) -> None:
    give(talk, serve="long")
    give(talk, serve="endless", name="u.txt")
    assert received(talk) == []
    incoming = talk.app.settings.data_dir / "incoming"
    assert not list(incoming.iterdir()), "nothing is left behind"


def test_a_file_over_the_cap_is_not_even_asked_for(talk: SlackTalk) -> None:
    limit = talk.app.settings.limits.upload_bytes
    file, said = give(talk, size=limit + 1)
    assert received(talk) == [] and file.bodies == 0 and "t.txt" in said


def test_the_token_goes_to_no_other_host(talk: SlackTalk) -> None:
    file, _ = give(talk, serve="foreign")
    assert received(talk) == [] and file.bodies == 0
    # The fixture asserts that nobody has complained about a token elsewhere.


def test_a_file_shared_from_another_workspace_is_asked_about(talk: SlackTalk) -> None:
    give(talk, connect=True)
    assert received(talk) == ["t.txt"] and talk.world.called("files.info")


def test_an_outage_while_fetching_is_waited_out(talk: SlackTalk) -> None:
    """The turn fails like any cut-off turn; when it is begun again the file is fetched again."""
    file = dropped(talk.world, talk.user, "t.txt", PAGE, serve="outage")
    talk.people.drop(talk.user, talk.place, [file], "", talk.root("C1"))
    with pytest.raises(OSError):
        talk.turns.finish()
    file.serve = ""
    with talk.app.store.unit(read_only=True) as unit:
        late = unit.records.unhandled(talk.app.clock.now().replace(year=2030))
    for event_id in late:
        talk.app.inbox.begin(event_id)
    talk.turns.finish()
    assert received(talk) == ["t.txt"]


def test_many_files_in_one_message_get_one_answer(talk: SlackTalk) -> None:
    files = [dropped(talk.world, talk.user, f"{n}.txt", PAGE + str(n).encode()) for n in range(6)]
    files[3].serve = "gone"
    talk.people.drop(talk.user, talk.place, files, f"证据 {ORDERS[0]}", talk.root("C1"))
    cards = talk._answers()
    assert len(received(talk)) == 5 and any("3.txt" in card.plain() for card in cards)


def test_a_file_dropped_before_the_threads_first_message_is_noted_is_not_lost(
    talk: SlackTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.threads.Threads.thread_of", lambda self, channel, ref: "")
    give(talk)
    assert received(talk) == ["t.txt"], "the case is found by what is read"


def test_files_that_people_give_each_other_are_none_of_the_bots_business(talk: SlackTalk) -> None:
    root = talk.world.add(Message(talk.place, talk.world.ts(), talk.user, "look at this"))
    file = dropped(talk.world, talk.user, "t.txt", PAGE)
    talk.people.drop(talk.user, talk.place, [file], "", root.ts)
    assert received(talk) == [] and talk._answers() == []
