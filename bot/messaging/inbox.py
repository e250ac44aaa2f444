"""The way in: an event is kept in its row first, then its turn runs, once, whatever crashes in between."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from bot.conversation.events import FileReceived, Incoming, Upload, from_payload, to_payload
from bot.conversation.turn import Reply
from bot.messaging.card import Card
from bot.ports.records import EventRow
from bot.ports.store import UnitFactory

log = logging.getLogger(__name__)

REMEMBERED = 1000

Begin = Callable[[str, Callable[[str], None]], Callable[[], None]]
"""(event id, what runs its turn) -> starts it at once; what it returns waits for the end, and raises
what went wrong"""


def in_thread(event_id: str, run: Callable[[str], None]) -> Callable[[], None]:
    """Start a turn in a thread of this process: a crash leaves it to the sweep for what was left behind."""
    turn: Future[None] = Future()

    def finish() -> None:
        try:
            run(event_id)
            turn.set_result(None)
        except BaseException as error:
            turn.set_exception(error)

    threading.Thread(target=finish, name="turn", daemon=True).start()
    return turn.result


class Keeping:
    """Keeps events. While one transaction is on its way to the disk, those that arrive gather for the next: a burst
    costs a few writes and not one per event."""

    def __init__(self, units: UnitFactory) -> None:
        self.units = units
        self._gathering, self._writing = threading.Lock(), threading.Lock()
        self._waiting: list[tuple[Incoming, Future[None]]] = []

    def keep(self, events: Sequence[Incoming]) -> list[BaseException | None]:
        """Returns once the events are in the database: for each None, or what keeps it out."""
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


class Intake:
    """Takes events from the platforms, and runs their turns."""

    def __init__(
        self,
        units: UnitFactory,
        handle: Callable[[Incoming], Reply],
        ahead: Callable[[Sequence[Upload]], AbstractContextManager[None]],
        folder: Path,
        fetch: Callable[[str, Upload], Upload] = lambda channel, upload: upload,
        begin: Begin = in_thread,
    ) -> None:
        """`folder` is where uploads lie: a kept event that names a file anywhere else does not get it.
        `fetch(channel, upload)` brings a file that still lies with the channel's platform, `begin` starts turns."""
        self.units, self.handle, self.ahead, self.folder, self.fetch = units, handle, ahead, folder, fetch
        self._begin = begin
        self._keeping = Keeping(units)
        self._answers: OrderedDict[str, list[Card]] = OrderedDict()
        self._answered = threading.Condition()

    def begin(self, event_id: str) -> Callable[[], None]:
        """Start the turn of a kept event; what it returns waits for the end and raises what went wrong."""
        return self._begin(event_id, self.run)

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Keep the event and start its turn; the platform may be told that it arrived. Returns how to wait."""
        [fault] = self._keeping.keep([event])
        if fault:
            raise fault
        return self.begin(event.id)

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Keep many events at once and tell `kept`, for each, None or what keeps it out; then start their turns. One
        that cannot be started now is started by the sweep for what was left behind."""
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
        """The same, and wait until the turn is over."""
        self.accept(event)()

    def run(self, event_id: str) -> None:
        """The turn of a kept event; nothing when it is over already. Evidence is read before the conversation is
        asked for, and the uploads' files are removed once the turn is over."""
        with self.units(read_only=True) as unit:
            payload = None if unit.records.has_event(event_id) else unit.records.event(event_id)
        if payload is None:
            return
        event = self._fetched(self._contained(from_payload(payload)))
        uploads = event.uploads if isinstance(event, FileReceived) else ()
        with self.ahead(uploads):
            reply = self.handle(event)
        self._remember(event_id, reply)
        for upload in uploads:
            upload.path.unlink(missing_ok=True)

    def _remember(self, event_id: str, reply: Reply) -> None:
        with self._answered:
            if reply.handled:
                self._answers[event_id] = list(reply.cards)
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
            self._answered.notify_all()

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """The cards with which the event's turn answered, waiting `within` seconds for its end; None when it is not
        over, or was another program's, or is long ago."""
        with self._answered:
            self._answered.wait_for(lambda: event_id in self._answers, within)
            return self._answers.get(event_id)

    def _contained(self, event: Incoming) -> Incoming:
        """The event with its files in the folder of uploads: whoever wrote its row, nothing outside is read, written
        or deleted for it."""
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
        """The event with its remote files brought here; after a crash they are brought again."""
        if not isinstance(event, FileReceived):
            return event
        uploads = tuple(self.fetch(event.channel, item) if item.remote else item for item in event.uploads)
        return replace(event, uploads=uploads)
