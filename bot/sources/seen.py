"""Remembers which orders of a file came before, as hashes of eight bytes, so that a million of them need little
memory."""

import polars as pl


class SeenIds:
    """Remembers order ids in the groups in which they came.

    Ids grow with time and files are written in that order, so a group is compared only with those whose span of
    ids meets its own: usually none. A collision of hashes costs one count of a report, nothing else."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, pl.Series]] = []

    def again(self, ids: pl.Series) -> set[str]:
        """Those of the sorted, distinct `ids` that came in an earlier group; all of them are remembered."""
        if ids.is_empty():
            return set()
        hashes = ids.hash()
        least, most = ids[0], ids[-1]
        earlier = [part for first, last, part in self._parts if first <= most and least <= last]
        self._parts.append((least, most, hashes))
        return set(ids.filter(hashes.is_in(pl.concat(earlier).implode()))) if earlier else set()
