"""The list of faults that no test can or should tell, with reasons; it is compared with what survives."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from benchmarks.mutants.plan import Fault

LISTED = Path(__file__).with_name("survivors.toml")


class Survivor(NamedTuple):
    """A fault as it is listed: recognised by its words, so that it stays itself when lines move."""

    path: str
    function: str
    before: str
    after: str


def listed() -> dict[Survivor, str]:
    """Each listed survivor with the reason why it may live."""
    entries = tomllib.loads(LISTED.read_text("utf-8")).get("survivor", [])
    return {Survivor(*(entry[name] for name in Survivor._fields)): entry["reason"] for entry in entries}


def named(fault: Fault) -> Survivor:
    """The fault as it would be listed."""
    return Survivor(fault.path, fault.place.function, *fault.changed())
