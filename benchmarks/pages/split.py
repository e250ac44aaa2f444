"""Which set a page belongs to: chance decides between the halves within each group of pages, by a fixed seed. What
was drawn later, with other layouts, to find faults by, is in a set of its own."""

import random
from collections.abc import Mapping

SEED = 20261128
HALVES = ("seen", "unseen")
SETS = (*HALVES, "more")


def halves(groups: Mapping[str, list[str]]) -> dict[str, str]:
    """The half of each page id. Every group is shuffled and dealt in turn, going on from the group before, so that
    the halves differ by one page at most in each group and in all."""
    dealt: dict[str, str] = {}
    chance = random.Random(SEED)
    for group in sorted(groups):
        ids = sorted(groups[group])
        chance.shuffle(ids)
        for page in ids:
            dealt[page] = HALVES[len(dealt) % 2]
    return dealt
