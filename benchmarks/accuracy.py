"""What is read in labelled pictures, apart: real ones (a folder given by --real), pages as people send them, and the
rendered set of drawn and damaged pictures; how the rules judge generated cases; and how well talk is understood.

Run: make accuracy (or python -m benchmarks.accuracy --pictures 60 --crops 300 --half seen for a short look;
`make accuracy REAL=folder` measures real pictures too). Pages of family "a" are those that reading was tuned on;
"b" and "c" have other layouts, words, date formats and fonts, "d" other countries, apps and screens. Ends with exit
code 1 when a target is missed or a wrong number was accepted as legible.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.pages.measure import measure
from benchmarks.pages.measure import table as figures
from benchmarks.pages.real import load
from benchmarks.pages.render import render
from benchmarks.pages.split import SETS
from benchmarks.talk.measure import LINES, report
from bot.domain.policy import Policy
from bot.ports.reading import Reader
from bot.reading.limits import Limits
from bot.reading.reader import file_reader
from bot.reading.tables import load_carriers, load_vocabulary
from bot.settings.files import data_root, load_data
from tests.accuracy.crops import Crop, make_crops
from tests.accuracy.score import FIELDS, Count, Score
from tests.accuracy.studio import make_set
from tests.accuracy.truth import Sample
from tests.rules.tables.judge import CASES, judge_all

THREADS, RULES_AT_LEAST = 2, 0.98


def patient_reader() -> Reader:
    """The product's reader with time enough on a busy machine: how well it reads, not how fast."""
    folder = data_root("config")
    policy = load_data(folder / "policies" / "tiktok-shop.toml", Policy)
    limits = Limits(wall_seconds=900, cpu_seconds=300)
    return file_reader(policy, load_carriers(folder), load_vocabulary(folder), limits)


def percent(count: Count) -> str:
    """Recall with the number there, and the false reads."""
    if not count.there:
        return f"{'—':>14}{count.false or '':>5}"
    return f"{100 * (count.recall or 0):7.2f} /{count.there:5d}{count.false or '':>5}"


def table(score: Score) -> Iterable[str]:
    """One line a group."""
    yield f"{'':24}" + "".join(f"{name:>19}" for name in FIELDS)
    for (what, name), counts in sorted(score.groups.items()):
        yield f"{what + ' ' + name:24}" + "".join(percent(counts[field]) for field in FIELDS)


def read_set(reader: Reader, samples: Sequence[Sample]) -> Score:
    """Read every picture, a few at once."""
    score = Score()
    with ThreadPoolExecutor(THREADS) as threads:
        read = threads.map(lambda sample: reader.read(sample.path, "picture" + sample.path.suffix), samples)
        for sample, facts in zip(samples, read, strict=True):
            score.take(sample, facts)
    return score


def read_crops(reader: Reader, crops: Sequence[Crop]) -> tuple[dict[str, Counter[str]], list[str]]:
    """How each damage's crops were read, and the wrong numbers that were accepted as legible."""
    outcome: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    with ThreadPoolExecutor(THREADS) as threads:
        read = threads.map(lambda crop: reader.read(crop.path, "crop" + crop.path.suffix), crops)
        for crop, facts in zip(crops, read, strict=True):
            sure = {number.value for number in facts.tracking_numbers if number.legible}
            wrong += [f"{crop.path.name} {crop.damage} {crop.value} read as {value}" for value in sure - {crop.value}]
            read_as = "wrong" if sure - {crop.value} else "legible" if sure else "asked or not read"
            outcome.setdefault(crop.damage, Counter())[read_as] += 1
    return outcome, wrong


def pictures(reader: Reader, folder: Path, seed: int, count: int, lines: int, families: str) -> list[str]:
    """Print the tables of the families; what falls short."""
    short = []
    for family in families:
        samples = make_set(folder / f"{family}-{seed}-{count}", family, seed, count)
        begun = time.perf_counter()
        score = read_set(reader, samples)
        print(f"\nfamily {family}, {len(samples)} pictures, {time.perf_counter() - begun:.0f} s: "
              "percent read exactly / there, false reads")  # fmt: skip
        print("\n".join(table(score)))
        print(f"right numbers not called legible: {score.unsure}; wrong numbers called legible: {len(score.wrong)}")
        print("\n".join(["missed:", *score.misses[:lines], "wrong:", *score.wrong]))
        short += [f"family {family}: {line}" for line in (*score.short_of(), *score.wrong)]
    return short


def crops(reader: Reader, folder: Path, seed: int, count: int) -> list[str]:
    """Print how crops of numbers were read; the wrong ones."""
    outcome, wrong = read_crops(reader, make_crops(folder / f"crops-{seed}-{count}", seed, count))
    print(f"\n{count} crops of numbers")
    for damage, counted in sorted(outcome.items()):
        print(f"{damage:14} " + ", ".join(f"{name} {number}" for name, number in sorted(counted.items())))
    return [f"crop: {line}" for line in wrong]


def rules(seed: int) -> list[str]:
    """Print how each rule judges generated cases; the rules that fall short."""
    print(f"\nrules, {CASES} generated cases each" + " " * 6 + "precision   recall  severity")
    short = []
    for rule, tally in judge_all(seed).items():
        figures = (tally.precision, tally.recall, tally.agreement)
        print(f"{rule:32}" + "".join(f"{100 * figure:9.2f}" for figure in figures))
        short += [f"rule {rule}: {line}" for line in tally.faults[:3] if min(figures) < RULES_AT_LEAST]
    return short


def labelled(title: str, folder: Path, half: str = "") -> list[str]:
    """Print how a folder of labelled pictures was read, own numbers known; a false number is what falls short."""
    labels = [label for label in load(folder) if half in ("", label.half)]
    begun = time.perf_counter()
    counts = measure(folder, labels)
    print(f"\n{title}, {len(labels)} pictures, {time.perf_counter() - begun:.0f} s")
    print("\n".join(figures(counts)))
    false = counts["tracking"]["false"]
    return [f"{title}: {false} own numbers accepted that are not there"] if false else []


def main() -> None:
    """Make the sets, read them, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("data/accuracy"), help="where the pictures are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=200, help="pictures of each family")
    parser.add_argument("--families", default="abcd", help="which families of pages")
    parser.add_argument("--crops", type=int, default=2000)
    parser.add_argument("--lines", type=int, default=40, help="misses to print")
    parser.add_argument("--real", type=Path, help="a folder of real pictures with truth.json")
    parser.add_argument("--half", choices=SETS, default="", help="which set of the pages; all if left out")
    chosen = parser.parse_args()
    short = labelled("real", chosen.real) if chosen.real else []
    render(chosen.folder / "pages", chosen.half)
    short += labelled("pages", chosen.folder / "pages", chosen.half)
    print("\nrendered")
    reader = patient_reader()
    short += pictures(reader, chosen.folder, chosen.seed, chosen.pictures, chosen.lines, chosen.families)
    short += rules(chosen.seed)
    print("\ntalk: lines that were understood")
    short += report(sorted(LINES.glob("*.toml")))
    short += crops(reader, chosen.folder, chosen.seed, chosen.crops)
    if short:
        print("\n".join(["", "MISSED TARGETS", *short]))
        sys.exit(1)


if __name__ == "__main__":
    main()
