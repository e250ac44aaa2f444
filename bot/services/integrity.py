"""Compares the records of evidence with the files in the vault, both ways (domain.md §5 `retention`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ports.store import UnitFactory
from bot.ports.vault import Altered, Vault


@dataclass(frozen=True)
class IntegrityReport:
    """The SHA-256 of `missing` and `altered` files, each with the evidence that needs it (none for a package or a
    copy), those of `nameless` files that no record names, and the number of files that were read."""

    files: int
    missing: Mapping[str, Sequence[str]]
    altered: Mapping[str, Sequence[str]]
    nameless: Sequence[str]


def examine(units: UnitFactory, vault: Vault) -> IntegrityReport:
    """Read every file and every record. Files are listed before rows, so that evidence that arrives meanwhile has
    its row by then."""
    kept = sorted(vault.kept())
    altered = [sha256 for sha256 in kept if state(vault, sha256) == "altered"]
    with units(read_only=True) as unit:
        named, made = unit.evidence.named(), unit.evidence.made()
    # What was purged since, or arrived after the files were listed, is looked up once more.
    missing = {sha256: ids for sha256, ids in named.items() if sha256 not in kept and state(vault, sha256)}
    nameless = [sha256 for sha256 in kept if sha256 not in named and sha256 not in made]
    return IntegrityReport(len(kept), missing, {sha256: named.get(sha256, ()) for sha256 in altered}, nameless)


def state(vault: Vault, sha256: str) -> str:
    """What is wrong with an original: "missing" when it is not there, "altered" when it no longer has its SHA-256,
    else ""."""
    try:
        vault.intact(sha256)
    except Altered:
        return "altered"
    except (KeyError, FileNotFoundError):
        return "missing"
    return ""
