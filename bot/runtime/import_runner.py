"""Runs the work of imports: at once in a short program, in threads of its own while the program serves."""

import threading
from collections.abc import Callable, Sequence

from bot.domain.previews import PreviewState
from bot.messaging.turns import Turns
from bot.services.import_work import ImportWork

READING = (PreviewState.READING,)
WRITING = (PreviewState.QUEUED, PreviewState.RUNNING)
LOOK_SECONDS = 5.0
"""How often it is looked for work that another program has left."""
END_SECONDS = 15


class ImportRunner:
    """Until `start`, what is begun is done before `begin` returns. Afterwards one thread reads received files and
    another writes confirmed ones, so that a preview never waits for an import."""

    def __init__(self, work: Callable[[], ImportWork], turns: Turns) -> None:
        self.work, self.turns = work, turns
        self._threads: list[threading.Thread] = []
        self._wake = {READING: threading.Event(), WRITING: threading.Event()}

    def begin(self, ids: Sequence[str]) -> None:
        """Begin the work on these received exports."""
        if self._threads:
            for event in self._wake.values():
                event.set()
            return
        # In a thread, because the work sees all shops, whoever has asked for it.
        now = threading.Thread(target=self._run, args=(ids,), name="import")
        now.start()
        now.join()

    def _run(self, ids: Sequence[str]) -> None:
        for each in ids:
            self.work().run(each)

    def give_way(self, most: float) -> None:
        """Let the turns that are under way go first, at most so many seconds. A short program has one turn, and it
        waits for the work."""
        if self._threads:
            self.turns.give_way(most)

    def start(self) -> None:
        """Work in the background from now on, and go on with what was interrupted."""
        self._threads = [
            threading.Thread(target=self._serve, args=(states,), name="import", daemon=True) for states in self._wake
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the work end at the next transaction; it goes on at the next start."""
        work = self.work()
        work.ending.set()
        for event in self._wake.values():
            event.set()
        for thread in self._threads:
            thread.join(END_SECONDS)

    def _serve(self, states: tuple[PreviewState, ...]) -> None:
        work, wake = self.work(), self._wake[states]
        while not work.ending.is_set():
            wake.clear()
            work.sweep(states)
            wake.wait(LOOK_SECONDS)
