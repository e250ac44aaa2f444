"""Remembers which orders of a file came before, as hashes of eight bytes, so that a million of them need little
memory."""

from collections.abc import Sequence

import polars as pl


class SeenIds:
    """Remembers order ids in the groups in which they came.

    Ids grow with time and files are written in that order, so a group is compared only with those whose span of
    ids meets its own: usually none. A collision of hashes costs one count of a report, nothing else."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, pl.Series]] = []

    def again(self, ids: Sequence[str]) -> set[str]:
        """Those of the sorted, distinct `ids` that came in an earlier group; all of them are remembered."""
        if not ids:
            return set()
        texts = pl.Series("id", ids, pl.String)
        hashes = texts.hash()
        earlier = [part for first, last, part in self._parts if first <= ids[-1] and ids[0] <= last]
        self._parts.append((ids[0], ids[-1], hashes))
        return set(texts.filter(hashes.is_in(pl.concat(earlier).implode()))) if earlier else set()
