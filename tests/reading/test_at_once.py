"""Many texts at once are read a few at a time."""

import threading
from dataclasses import replace
from pathlib import Path

from bot.reading.reader import TEXTS_AT_ONCE, FileReader


class Counting:
    """The reader's limit, watched: how many were inside at most."""

    def __init__(self, most: int) -> None:
        self.places, self.lock = threading.BoundedSemaphore(most), threading.Lock()
        self.inside = self.peak = 0

    def __enter__(self) -> None:
        self.places.acquire()
        with self.lock:
            self.inside += 1
            self.peak = max(self.peak, self.inside)

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.inside -= 1
        self.places.release()


def test_many_texts_are_read_few_at_a_time_and_all_of_them(reader: FileReader, tmp_path: Path) -> None:
    watched = Counting(TEXTS_AT_ONCE)
    few = replace(reader, few=watched)
    read: list[str] = []

    def one(number: int) -> None:
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Order 57646141303878{number:04d} shipped\n" * 200)
        read.extend(few.read(path, path.name).order_ids)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(read)) == 12
    assert 1 <= watched.peak <= TEXTS_AT_ONCE
