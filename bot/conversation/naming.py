"""Which cases, orders and evidence the words of a turn name."""

import re
from dataclasses import dataclass

from bot.domain.text import folded

_CASE = re.compile(r"^(?:c|case|#|案件)-?(\d{1,9})$", re.IGNORECASE)
_ORDER = re.compile(r"^[.…]*(\d{4,20})$")
_ALL = frozenset({"all", "全部", "所有", "全都"})
EVERY = "*"
"""All the orders that are appealed."""
_EVIDENCE = re.compile(r"^e-?\d{1,9}(?:,e-?\d{1,9})*$", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class NamedIds:
    """The ids that the words of a turn name; `rest` is the text without them."""

    cases: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    evidence: str = ""
    url: str = ""
    rest: str = ""

    @property
    def case(self) -> str:
        """The case that is named first, or ""."""
        return next(iter(self.cases), "")

    @property
    def order(self) -> str:
        """The order that is named first, or ""."""
        return next(iter(self.orders), "")


def named(rest: str, free: str) -> NamedIds:
    """The ids in the words of a turn, before free text begins; `free` is the end of `rest`, kept as it came."""
    found: dict[str, list[str]] = {"case": [], "order": [], "evidence": []}
    url, rest = "", rest.removesuffix(free)
    if link := _URL.search(free):
        url, free = link.group(), (free[: link.start()] + free[link.end() :]).strip()
    elif link := _URL.search(rest):
        url, rest = link.group(), (rest[: link.start()] + rest[link.end() :]).strip()
    while rest:
        word, _, tail = rest.partition(" ") if "\n" not in rest.split(" ")[0] else rest.partition("\n")
        name, value = _kind_of(word)
        if not name:
            break
        found[name] += [value] * (value not in found[name])
        rest = tail.lstrip()
    return NamedIds(
        tuple(found["case"]), tuple(found["order"]), ",".join(found["evidence"]), url, (rest + free).strip()
    )


def _kind_of(word: str) -> tuple[str, str]:
    if match := _CASE.match(word):
        return "case", f"C{match.group(1)}"
    if match := _ORDER.match(word):
        return "order", match.group(1)
    if folded(word) in _ALL:
        return "order", EVERY
    if _EVIDENCE.match(word):
        return "evidence", word.upper().replace("-", "")
    return "", ""
