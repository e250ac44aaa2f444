"""The list of faults that may survive mutation testing stays true: its places exist, and each has a reason."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LISTED = ROOT / "benchmarks" / "mutants" / "survivors.toml"


def test_every_listed_survivor_has_its_place_and_a_reason() -> None:
    for entry in tomllib.loads(LISTED.read_text("utf-8")).get("survivor", []):
        text = " ".join((ROOT / entry["path"]).read_text("utf-8").split())
        assert entry["before"] in text and entry["before"] != entry["after"], entry
        name = entry["function"].split(".")[-1]
        assert re.search(rf"(def|class) {name}\b", text) or not name, entry
        assert len(entry["reason"].split()) > 3, entry
