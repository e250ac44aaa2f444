"""Lets the program read a folder of labelled pictures, own numbers known, and counts.

`python -m benchmarks.pages.measure FOLDER [--half HALF] [--each]`. The program is asked as a person at the command
line would ask it, a few files at a time.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.pages.label import Label
from benchmarks.pages.real import load
from benchmarks.pages.score import RULES, Said, judge
from benchmarks.pages.split import SETS
from benchmarks.pages.trials import never_there

AT_ONCE = 6
Counts = dict[str, Counter[str]]


def said_of(folder: Path, labels: Iterable[Label]) -> Iterator[tuple[Label, Said]]:
    """What the program says of each picture, told the own numbers of all that are read at once and tempting ones."""
    queue = iter(labels)
    while some := list(islice(queue, AT_ONCE)):
        owns = [number.value for label in some for number in label.tracking if number.whole]
        owns += [own for label in some for own in never_there(label)]
        asked = [argument for own in dict.fromkeys(owns) for argument in ("--number", own)]
        files = [str(folder / label.file) for label in some]
        told = subprocess.run(
            [sys.executable, "-m", "bot", "read", *files, "--json", *asked], capture_output=True, text=True
        )
        lines = {Path(said["file"]).name: said for said in map(json.loads, told.stdout.splitlines())}
        if len(lines) < len(files):
            print(
                f"unread: {sorted({label.file for label in some} - set(lines))}: {told.stderr[-300:]}",
                file=sys.stderr,
            )
        yield from ((label, lines.get(label.file, {})) for label in some)


def measure(folder: Path, labels: Iterable[Label], each: bool = False) -> Counts:
    """All the rules' counts together; with `each`, a line for every page that is not as it should be."""
    counts: Counts = {name: Counter() for name in RULES}
    for label, said in said_of(folder, labels):
        judged = judge(label, said)
        for name, found in judged.items():
            counts[name] += found
        if each:
            print(
                f"{label.id:28}{said.get('kind')!s:18}" + "  ".join(_line(name, judged[name]) for name in RULES),
                flush=True,
            )
    return counts


def _line(name: str, found: Counter[str]) -> str:
    return f"{name}: " + (", ".join(f"{what} {number}" for what, number in found.items() if number) or "—")


def percent(found: Counter[str], *good: str, of: Iterable[str]) -> str:
    """The good ones in percent of all, with both numbers."""
    there, right = sum(found[what] for what in of), sum(found[what] for what in good)
    return f"{100 * right / there:5.1f} % ({right}/{there})" if there else "— (0)"


def table(counts: Counts) -> Iterator[str]:
    """The figures as lines."""
    numbers, kinds, times = counts["tracking"], counts["kind"], counts["times"]
    legible = ("accepted", "asked", "refused")
    yield f"tracking accepted        {percent(numbers, 'accepted', of=legible)}"
    yield f"tracking accepted, asked {percent(numbers, 'accepted', 'asked', of=legible)}"
    yield f"tracking false           {numbers['false']} of {numbers['trials']} trials"
    yield f"kinds right              {percent(kinds, 'right', of=('right', 'wrong', 'missing'))}"
    yield f"kinds wrong              {percent(kinds, 'wrong', of=('right', 'wrong', 'missing'))}"
    yield f"dated times right        {percent(times, 'right', of=('right', 'missed'))}, false {times['false']}"
    yield "\n".join(_line(name, found) for name, found in counts.items())


def main() -> None:
    """Measure a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages.measure", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=(*SETS, "real"), default="")
    parser.add_argument("--each", action="store_true", help="print a line for every page")
    told = parser.parse_args()
    labels = [label for label in load(told.folder) if told.half in ("", label.half)]
    print("\n".join(table(measure(told.folder, labels, told.each))))


if __name__ == "__main__":
    main()
