"""Which half a page belongs to: chance decides within each group of pages, by a fixed seed."""

import random
from collections.abc import Mapping

SEED = 20261128


def halves(groups: Mapping[str, list[str]]) -> dict[str, str]:
    """The half of each page id. Every group is shuffled and dealt in turn, going on from the group before, so that
    the halves differ by one page at most in each group and in all."""
    dealt: dict[str, str] = {}
    chance = random.Random(SEED)
    for group in sorted(groups):
        ids = sorted(groups[group])
        chance.shuffle(ids)
        for page in ids:
            dealt[page] = ("seen", "unseen")[len(dealt) % 2]
    return dealt
