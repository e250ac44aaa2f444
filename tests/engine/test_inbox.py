import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.conversation.events import (
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    Upload,
    from_payload,
    to_payload,
)
from bot.conversation.turn import Reply
from bot.domain.evidence import Facts
from bot.messaging.card import Tone
from bot.messaging.inbox import EventInbox, EventWriter
from bot.messaging.turns import Turns
from bot.ports.reading import FileContents
from bot.ports.records import EventRow, RecordRows
from bot.ports.store import Unit
from bot.services.prefetching import PrefetchingReader
from bot.settings.model import Settings
from bot.store.unit import Store
from tests.conversations.conftest import ANOMALY, Talk, app, buttons, fed, png, settings, talk, tracking_page  # noqa: F401

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
COMMON = {"id": "e1", "channel": "fake:a", "person": "li", "at": NOW, "thread": "C1"}


class Facing:
    """A handler that counts, and fails when told to."""

    def __init__(self, store: Store) -> None:
        self.store, self.seen, self.trouble = store, [], []

    def handle(self, event: Incoming) -> Reply:
        self.seen.append(event)
        if self.trouble:
            raise self.trouble.pop()
        with self.store.unit() as unit:
            unit.records.take_event(event.id, event.at, event.channel, event.person)
        return Reply(())


class SlowReader:
    def __init__(self) -> None:
        self.gate, self.reads = threading.Event(), []

    def expect(self, file_names: Sequence[str]) -> None:
        self.expected = list(file_names)

    def contents(self, path: Path) -> FileContents:
        return FileContents()

    def read(self, path: Path, file_name: str) -> Facts:
        self.gate.wait(60)
        self.reads.append(file_name)
        return Facts(media_type="text/plain")

    def read_text(self, text: str) -> Facts:
        return Facts()


class Measured:
    """Records of events that note how many are stored at once."""

    def __init__(self, records: RecordRows, sizes: list[int]) -> None:
        self.records, self.sizes = records, sizes

    def keep_events(self, rows: Sequence[EventRow]) -> None:
        self.sizes.append(len(rows))
        self.records.keep_events(rows)


@pytest.fixture
def facing(store: Store) -> Facing:
    return Facing(store)


@pytest.fixture
def inbox(store: Store, facing: Facing, tmp_path: Path) -> EventInbox:
    return EventInbox(store.unit, facing.handle, PrefetchingReader(SlowReader()).ahead, tmp_path)


@pytest.mark.parametrize(
    "event",
    [
        CommandReceived(**COMMON, text="求助\u202e"),
        FileReceived(**COMMON, uploads=(Upload(Path("/tmp/x"), "a.png", 3),), text=""),
        ButtonPressed(**COMMON, action="claim", payload={"case": "C1", "v": "3"}),
        FormSubmitted(**COMMON, action="state", payload={"case": "C1"}, values={"words": "x"}),
    ],
)
def test_an_event_comes_back_as_it_was_kept(event: Incoming) -> None:
    assert from_payload(to_payload(event)) == event


def test_an_event_that_is_delivered_again_runs_once(inbox: EventInbox, facing: Facing) -> None:
    for _ in range(3):
        inbox.receive(CommandReceived(**COMMON, text="help"))
    assert len(facing.seen) == 1


def test_a_turn_is_counted_as_long_as_it_is_under_way(store: Store, tmp_path: Path) -> None:
    turns, waited = Turns(), list[float]()

    def handle(event: Incoming) -> Reply:
        began = time.monotonic()
        turns.give_way(0.02)
        waited.append(time.monotonic() - began)
        return Reply(())

    inbox = EventInbox(store.unit, handle, PrefetchingReader(SlowReader()).ahead, tmp_path, turns=turns)
    inbox.receive(CommandReceived(**COMMON, text="help"))
    assert waited[0] >= 0.02
    began = time.monotonic()
    turns.give_way(10)
    assert time.monotonic() - began < 5, "it is over"


def test_a_turn_that_failed_is_run_again_when_it_comes_again(inbox: EventInbox, facing: Facing) -> None:
    facing.trouble = [RuntimeError("killed")]
    event = CommandReceived(**COMMON, text="help")
    with pytest.raises(RuntimeError):
        inbox.receive(event)
    inbox.receive(event)
    assert facing.seen == [event, event]


def test_uploads_are_removed_only_when_their_turn_is_over(inbox: EventInbox, facing: Facing, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text("x")
    reader = inbox.ahead.__self__.reader  # type: ignore[attr-defined]
    reader.gate.set()
    facing.trouble = [RuntimeError("killed")]
    event = FileReceived(**COMMON, uploads=(Upload(path, "a.txt", 1),))
    with pytest.raises(RuntimeError):
        inbox.receive(event)
    assert path.exists()
    inbox.receive(event)
    assert not path.exists()


@pytest.mark.parametrize("kind", ["elsewhere", "beside", "above", "below", "link"])
def test_an_upload_outside_its_folder_is_neither_taken_nor_touched(
    store: Store, facing: Facing, tmp_path: Path, kind: str
) -> None:
    """Whoever wrote the row: a file of the system, of the data folder, of another folder, behind a link."""
    folder = tmp_path / "incoming"
    (folder / "inner").mkdir(parents=True)
    places = {
        "elsewhere": tmp_path / "secret",
        "beside": tmp_path / "incoming-2",
        "above": folder / ".." / "secret",
        "below": folder / "inner" / "secret",
        "link": folder / "link",
    }
    secret = tmp_path / "target" if kind == "link" else places[kind]
    secret.write_text("secret")
    if kind == "link":
        places[kind].symlink_to(secret)
    asked: list[Upload] = []

    def fetch(channel: str, upload: Upload) -> Upload:
        asked.append(upload)
        return upload

    reader = SlowReader()
    inbox = EventInbox(store.unit, facing.handle, PrefetchingReader(reader).ahead, folder, fetch)
    for event_id, remote in (("e1", ""), ("e2", "lies with the platform")):
        upload = Upload(places[kind], "a.txt", 6, remote=remote)
        inbox.receive(FileReceived(**COMMON | {"id": event_id}, uploads=(upload,)))
    assert secret.read_text() == "secret" and asked == []
    [first, second] = [event.uploads[0] for event in facing.seen if isinstance(event, FileReceived)]
    assert {first.problem, second.problem} == {"file_unreachable"} and not first.path.exists()
    assert reader.reads == []


def test_a_command_is_answered_while_an_upload_is_being_read(settings: Settings, tmp_path: Path) -> None:  # noqa: F811
    reader = SlowReader()
    slow = fed(settings, reader=reader)
    slow.monitoring.check(ANOMALY)
    talk = Talk(slow, tmp_path)  # noqa: F811
    path = talk.app.upload_dir / "slow"
    path.write_text(tracking_page())
    common = COMMON | {"channel": talk.channel}
    wait = talk.app.inbox.accept(FileReceived(**common, uploads=(Upload(path, "t.txt", path.stat().st_size),)))
    talk.app.inbox.receive(CommandReceived(**common | {"id": "e2"}, text="help"))
    assert reader.reads == [], "the answer did not wait for the reading"
    reader.gate.set()
    wait()
    assert reader.reads == ["t.txt"], "and the turn did not read it a second time"
    slow.engine.dispose()


def test_a_file_that_is_gone_is_left_to_the_turn(tmp_path: Path) -> None:
    ahead = PrefetchingReader(SlowReader())
    with ahead.ahead([Upload(tmp_path / "gone", "a.txt", 1)]):
        pass


def test_two_people_press_one_button(talk: Talk) -> None:  # noqa: F811
    def press(person: str) -> ButtonPressed:
        common = COMMON | {"id": f"press-{person}", "person": person, "channel": talk.channel}
        return ButtonPressed(**common, action="claim", payload={"case": "C1", "v": "1"})

    waits = [talk.app.inbox.accept(press(person)) for person in ("li", "boss")]
    for wait in waits:
        wait()
    case = talk.app.cases.get("C1")
    with talk.app.store.unit(read_only=True) as unit:
        claims = [event.who for event in unit.cases.timeline("C1") if event.what == "claimed"]
    assert claims == [case.owner] and case.owner in ("li", "boss")
    loser = {"li": "boss", "boss": "li"}[case.owner]
    [told] = [shown for shown in talk.shown("C1") if shown.private_to == loser]
    assert "过期" in told.title and "取消认领" in buttons(told), "the other one is told and sees the fresh card"


@pytest.mark.parametrize("action", ["claim", "submit", "dismiss"])
def test_a_button_of_a_case_that_is_closed_says_so_and_changes_nothing(talk: Talk, action: str) -> None:  # noqa: F811
    talk.person = "boss"
    talk.say("dismiss C1 wrong data", thread="C1")
    before = talk.app.cases.get("C1")
    common = COMMON | {"channel": talk.channel, "person": "boss"}
    payload = {"case": "C1", "v": str(before.version)}
    [card] = talk.hear(ButtonPressed(**common, action=action, payload=payload))
    assert "C1" in card.title and card.tone is Tone.YELLOW
    assert talk.app.cases.get("C1") == before


def test_a_burst_is_kept_in_few_writes_and_each_waits_for_its_own(store: Store) -> None:
    """While the first write is on its way, the others gather; one that cannot be kept spares the rest."""
    first, gate, sizes = threading.Event(), threading.Event(), []

    @contextmanager
    def units(read_only: bool = False) -> Iterator[Unit]:
        first.set()
        gate.wait(60)
        with store.unit(read_only) as unit:
            yield SimpleNamespace(records=Measured(unit.records, sizes))  # type: ignore[misc]

    writer, outcomes = EventWriter(units), []

    def keep(number: int) -> None:
        person = object() if number == 3 else "li"
        event = CommandReceived(f"e{number}", "fake:a", person, NOW)  # type: ignore[arg-type]
        [fault] = writer.keep([event])
        outcomes.append(-number if fault else number)

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(6)]
    threads[0].start()
    assert first.wait(60)
    for each in threads[1:]:
        each.start()
    while len(writer._waiting) < 5:
        threads[1].join(0.005)
    gate.set()
    for each in threads:
        each.join(60)
    assert sorted(outcomes) == [-3, 0, 1, 2, 4, 5] and sizes[0] == 1
    with store.unit(read_only=True) as unit:
        assert len(unit.records.waiting_events()) == 5
