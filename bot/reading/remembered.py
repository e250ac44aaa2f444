"""Readings kept for when the same picture comes again, by the SHA-256 of its bytes and of its pixels."""

import json
import threading
import zlib
from collections import OrderedDict
from typing import Any


class Remembered:
    """At most `most` readings, the least recently used forgotten first. Safe for threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        """What was kept under the key, None when nothing is."""
        with self._lock:
            packed = self._kept.get(key)
            if packed is None:
                return None
            self._kept.move_to_end(key)
        return json.loads(zlib.decompress(packed))

    def keep(self, key: str, reading: Any) -> None:
        """Keep data that JSON can hold."""
        packed = zlib.compress(json.dumps(reading).encode(), 1)
        with self._lock:
            self._kept[key] = packed
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
