"""Mutation testing of the core: `python -m benchmarks.mutants [--seed N] [--each N] [--jobs N] [package ...]`.

Prints how many of the planted faults the tests noticed, and every survivor as a patch. Fails when a package is below
90 %, when a survivor of the usual sample is not listed in survivors.toml, or when one that is listed gets noticed."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.mutants.covering import Covering, covering
from benchmarks.mutants.plan import Fault, sample
from benchmarks.mutants.planting import Outcome, control, copies, plant_all
from benchmarks.mutants.survivors import listed, named

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".mutants" / "covering.json"
PACKAGES = ["bot/domain", "bot/rules", "bot/services", "bot/conversation", "bot/messaging"]
USUAL_SEED, USUAL_EACH = 1, 80
ENOUGH = 0.9


def main() -> int:
    """Plant, tell, and say by the exit code whether the tests are good enough."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description="Mutation testing of the core.")
    words.add_argument("package", nargs="*", default=PACKAGES)
    words.add_argument("--seed", type=int, default=USUAL_SEED, help="which sample (default: %(default)s)")
    words.add_argument("--each", type=int, default=USUAL_EACH, help="faults for each package (default: %(default)s)")
    words.add_argument("--jobs", type=int, default=2, help="how many at a time (default: %(default)s)")
    asked = words.parse_args()
    began = time.monotonic()
    with copies(ROOT, asked.jobs) as trees:
        print("==> Asking the tests what they cover (kept in .mutants until the tree changes)", flush=True)
        tests = covering(trees[0], KEPT, PACKAGES, asked.jobs)
        samples = {package: sample(trees[0], package, asked.each, asked.seed) for package in asked.package}
        print("==> Running the chosen tests with nothing planted", flush=True)
        control(trees[0], tests, [fault for faults in samples.values() for fault in faults])
        outcomes = {package: _planted(package, faults, trees, tests) for package, faults in samples.items()}
    print(f"Seed {asked.seed}, {(time.monotonic() - began) / 60:.0f} minutes\n")
    return _judge(outcomes, usual=(asked.seed, asked.each) == (USUAL_SEED, USUAL_EACH))


def _planted(package: str, faults: list[Fault], trees: list[Path], tests: Covering) -> list[Outcome]:
    print(f"==> {package}: planting {len(faults)} faults", flush=True)
    found = []
    for outcome in plant_all(faults, trees, tests):
        found.append(outcome)
        _tell(outcome)
    return found


def _tell(outcome: Outcome) -> None:
    """A survivor, as a patch."""
    if not outcome.killed:
        asked = f"{outcome.tests} tests did not notice" if outcome.tests else "no test runs it"
        reason = listed().get(named(outcome.fault), "not listed")
        print(f"--- {outcome.fault.place.function or 'module'}: {asked} ({reason})")
        print("\n".join(outcome.fault.diff()[2:]) + "\n", flush=True)


def _judge(outcomes: dict[str, list[Outcome]], usual: bool) -> int:
    """The table, what is wrong with it, and the exit code that this means."""
    known = listed()
    wrong = []
    print("| package | killed | planted | share | survivors listed |\n|---|---|---|---|---|")
    for package, every in outcomes.items():
        found = [(named(each.fault), each.killed) for each in every]
        killed = sum(gone for _, gone in found)
        survivors = [each for each, gone in found if not gone]
        share, reasons = killed / len(found), sum(each in known for each in survivors)
        print(f"| {package} | {killed} | {len(found)} | {share:.1%} | {reasons} of {len(survivors)} |")
        wrong += [f"{package} is below {ENOUGH:.0%}."] * (share < ENOUGH)
        wrong += [f"Not listed: {each}" for each in survivors if usual and each not in known]
        wrong += [f"Listed, but a test notices it: {each}" for each, gone in found if gone and each in known]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
