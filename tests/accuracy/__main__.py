"""`python -m tests.accuracy FOLDER --family a --seed 1 --count 200` writes a labelled set."""

import argparse
from pathlib import Path

from tests.accuracy.studio import make_set

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--family", choices=("a", "b", "c"), default="a")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--count", type=int, default=200)
chosen = parser.parse_args()
made = make_set(chosen.folder, chosen.family, chosen.seed, chosen.count)
print(f"{len(made)} pictures in {chosen.folder}")
