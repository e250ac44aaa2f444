"""A storm of leaks: thousands of questions about other teams' things, from everybody, everywhere, by every entrance.

`python -m benchmarks.leaks` asks them of the conversation, the console and the command line, and prints how many
requests there were and what was found; the exit code is 1 when anything of another team was told or changed, or when
a foreign subject was answered otherwise than one that does not exist. `--seed` asks others.
"""

import argparse
import logging
import sys
import tempfile
from itertools import islice
from pathlib import Path

from tests.security.leaks.asking import Asking
from tests.security.leaks.browsing import Browsing
from tests.security.leaks.command_line import spoken_pairs
from tests.security.leaks.judging import Judge, Verdict
from tests.security.leaks.world import built


def storm(folder: Path, seed: int, said: int, pages: int, spoken: int) -> Verdict:
    """Ask so many pairs of questions of each entrance."""
    world = built(folder)
    judge, texts = Judge(world), (world.app.phrases, world.app.command_names)
    for question, team in islice(Asking(seed, *texts).questions(), said):
        judge.said(question, team)
    for request, team in islice(Browsing(seed, *texts).requests(), pages):
        judge.requested(request, team)
    for words, foreign, absent in spoken_pairs(world, seed, spoken):
        judge.verdict.asked["command line"] += 2
        if foreign != absent:
            judge.verdict.findings.append(f"DIFFERS at the command line: {words}\n    {foreign}\n    {absent}")
    judge.monitored()
    world.app.engine.dispose()
    return judge.verdict


def main() -> int:
    """The whole storm; exit code 1 when something leaked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--said", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--spoken", type=int, default=20)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="odr-bot-leaks-") as name:
        verdict = storm(Path(name), given.seed, given.said, given.pages, given.spoken)
    print(f"Leaks, seed {given.seed}: {verdict.asked.total()} requests, {len(verdict.findings)} findings")
    print(*verdict.findings, sep="\n")
    return 1 if verdict.findings else 0


if __name__ == "__main__":
    sys.exit(main())
