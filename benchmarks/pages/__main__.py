"""Renders the set: `python -m benchmarks.pages OUTDIR [--half seen|unseen|more] [--only ID ...]`."""

import argparse
from pathlib import Path

from benchmarks.pages.render import render
from benchmarks.pages.split import SETS


def main() -> None:
    """Render what was asked for and say how many pages it was."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="OUTDIR")
    parser.add_argument("--half", choices=SETS, default="")
    parser.add_argument("--only", nargs="*", default=(), metavar="ID")
    told = parser.parse_args()
    print(f"{len(render(told.folder, told.half, told.only))} pages in {told.folder}")


if __name__ == "__main__":
    main()
