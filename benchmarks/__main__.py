"""Runs every benchmark in a process of its own: `python -m benchmarks [name ...]`."""

import subprocess
import sys
from pathlib import Path

NOT_ALONE = {"__init__", "__main__", "accuracy", "fake_chat", "feishu_load", "slack_load", "storm"}


def main() -> None:
    """Run the named benchmarks, or all but the storm and the accuracy."""
    here = Path(__file__).parent
    names = sys.argv[1:] or sorted(path.stem for path in here.glob("*.py") if path.stem not in NOT_ALONE)
    for name in names:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=here.parent, check=True)


if __name__ == "__main__":
    main()
