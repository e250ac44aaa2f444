"""Readings kept for when the same picture comes again, by the SHA-256 of its bytes and of its pixels."""

import json
import zlib
from typing import Any

from bot.domain.newest import Newest


class Remembered:
    """At most `most` readings, the least recently used forgotten first. Safe for threads."""

    def __init__(self, most: int) -> None:
        self._kept = Newest[str, bytes](most)

    def get(self, key: str) -> Any:
        """What was kept under the key, None when nothing is."""
        packed = self._kept.get(key)
        return None if packed is None else json.loads(zlib.decompress(packed))

    def keep(self, key: str, reading: Any) -> None:
        """Keep data that JSON can hold."""
        self._kept.keep(key, zlib.compress(json.dumps(reading).encode(), 1))
