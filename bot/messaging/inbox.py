"""The inbox: an event is stored in its row first; then its turn is run exactly once, whatever crashes in between."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from bot.conversation.events import FileReceived, Incoming, Upload, from_payload, to_payload
from bot.conversation.turn import Reply
from bot.domain.newest import Newest
from bot.messaging.card import Card
from bot.messaging.turns import Turns
from bot.ports.records import EventRow
from bot.ports.store import UnitFactory

log = logging.getLogger(__name__)

REMEMBERED = 1000

Begin = Callable[[str, Callable[[str], None]], Callable[[], None]]
"""(event id, what runs its turn) -> starts it at once; what it returns waits for the end, and raises
what went wrong"""


def in_thread(event_id: str, run: Callable[[str], None]) -> Callable[[], None]:
    """Run a turn in a thread of this process. After a crash, the sweep for unhandled events runs it again."""
    turn: Future[None] = Future()

    def finish() -> None:
        try:
            run(event_id)
            turn.set_result(None)
        except BaseException as error:
            turn.set_exception(error)

    threading.Thread(target=finish, name="turn", daemon=True).start()
    return turn.result


class EventWriter:
    """Stores events. Events that arrive while one transaction is being committed are stored together in the next
    one, so that a burst costs a few writes and not one for each event."""

    def __init__(self, units: UnitFactory) -> None:
        self.units = units
        self._gathering, self._writing = threading.Lock(), threading.Lock()
        self._waiting: list[tuple[Incoming, Future[None]]] = []

    def keep(self, events: Sequence[Incoming]) -> list[BaseException | None]:
        """Returns once the events are stored: for each event None, or the exception that kept it from being
        stored."""
        mine: list[tuple[Incoming, Future[None]]] = [(event, Future()) for event in events]
        with self._gathering:
            self._waiting += mine
        with self._writing:
            if not all(kept.done() for _, kept in mine):
                self._write()
        return [kept.exception() for _, kept in mine]

    def _write(self) -> None:
        with self._gathering:
            batch, self._waiting = self._waiting, []
        if len(batch) == 1 or not self._written(batch):
            # One of them may be what is wrong: the others are not to suffer for it.
            for each in batch:
                self._written([each])

    def _written(self, batch: "list[tuple[Incoming, Future[None]]]") -> bool:
        try:
            with self.units() as unit:
                unit.records.keep_events([_row(event) for event, _ in batch])
        except BaseException as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
            return False
        for _, kept in batch:
            kept.set_result(None)
        return True


def _row(event: Incoming) -> EventRow:
    return event.id, event.at, event.channel, event.person, to_payload(event)


class EventInbox:
    """Receives events from the platforms and runs their turns."""

    def __init__(
        self,
        units: UnitFactory,
        handle: Callable[[Incoming], Reply],
        ahead: Callable[[Sequence[Upload]], AbstractContextManager[None]],
        folder: Path,
        fetch: Callable[[str, Upload], Upload] = lambda channel, upload: upload,
        begin: Begin = in_thread,
        expect: Callable[[Sequence[str]], None] = lambda names: None,
        turns: Turns | None = None,
    ) -> None:
        """`handle(event)` runs a turn, `ahead(uploads)` reads files before it. `folder` is the folder of uploads:
        a stored event that names a file anywhere else does not get it. `fetch(channel, upload)` downloads a file
        from the channel's platform. `begin(event id, run)` starts a turn and returns a function that waits for it.
        `expect(file names)` is told of files before they are fetched. `turns` counts the turns under way."""
        self.units, self.handle, self.ahead, self.folder, self.fetch = units, handle, ahead, folder, fetch
        self._begin, self._expect, self._turns = begin, expect, turns or Turns()
        self._keeping = EventWriter(units)
        self._answers = Newest[str, list[Card]](REMEMBERED)
        self._answered = threading.Condition()

    def begin(self, event_id: str) -> Callable[[], None]:
        """Start the turn of a stored event. Returns a function that waits for its end and raises what went wrong
        in it."""
        return self._begin(event_id, self.run)

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Store the event and start its turn. Once this returns, the platform may be told that the event arrived.
        Returns a function that waits for the end of the turn."""
        with self._turns.one():
            [fault] = self._keeping.keep([event])
            if fault:
                raise fault
            return self.begin(event.id)

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Store many events in one transaction, call `kept` with None or the exception for each, then start their
        turns. A turn that cannot be started now is started later by the sweep for unhandled events."""
        with self._turns.one():
            faults = self._keeping.keep(events)
            kept(faults)
            for event, fault in zip(events, faults, strict=True):
                if fault is None:
                    self._begin_later(event.id)

    def _begin_later(self, event_id: str) -> None:
        try:
            self.begin(event_id)
        except Exception:
            log.exception("the turn of %s starts later", event_id)

    def receive(self, event: Incoming) -> None:
        """Store the event, run its turn and wait until it is over. Raises what went wrong in it."""
        self.accept(event)()

    def run(self, event_id: str) -> None:
        """Run the turn of a stored event; without effect when it has been run. Evidence is read before the lock of
        the conversation is taken. The files of the uploads are deleted once the turn is over."""
        with self._turns.one():
            self._run(event_id)

    def _run(self, event_id: str) -> None:
        with self.units(read_only=True) as unit:
            payload = None if unit.records.has_event(event_id) else unit.records.event(event_id)
        if payload is None:
            return
        event = self._contained(from_payload(payload))
        if isinstance(event, FileReceived):
            self._expect([upload.file_name for upload in event.uploads])
        event = self._fetched(event)
        uploads = event.uploads if isinstance(event, FileReceived) else ()
        with self.ahead(uploads):
            reply = self.handle(event)
        self._remember(event_id, reply)
        for upload in uploads:
            upload.path.unlink(missing_ok=True)

    def _remember(self, event_id: str, reply: Reply) -> None:
        with self._answered:
            if reply.handled:
                self._answers.keep(event_id, list(reply.cards))
            self._answered.notify_all()

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """The cards with which the event's turn answered; waits up to `within` seconds for its end. None when the
        turn is not over, was run by another process, or ended too long ago to be remembered."""
        with self._answered:
            self._answered.wait_for(lambda: event_id in self._answers, within)
            return self._answers.get(event_id)

    def _contained(self, event: Incoming) -> Incoming:
        """The event with only those files that lie in the folder of uploads. Whoever wrote the event's row, no
        file outside of the folder is read, written or deleted because of it."""
        if not isinstance(event, FileReceived):
            return event
        return replace(event, uploads=tuple(map(self._inside, event.uploads)))

    def _inside(self, upload: Upload) -> Upload:
        folder = self.folder.resolve()
        if (path := upload.path.resolve()).parent == folder:
            return replace(upload, path=path)
        log.warning("the upload %r lies outside %s: it is not taken", upload.file_name, folder)
        return replace(upload, path=folder / f"refused-{uuid4().hex}", remote="", problem="file_unreachable")

    def _fetched(self, event: Incoming) -> Incoming:
        """The event with its remote files downloaded; after a crash they are downloaded again."""
        if not isinstance(event, FileReceived):
            return event
        uploads = tuple(self.fetch(event.channel, item) if item.remote else item for item in event.uploads)
        return replace(event, uploads=uploads)
