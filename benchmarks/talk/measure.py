"""Says labelled lines in the scene and counts what was understood.

Run: python -m benchmarks.talk.measure [FILE…] [--each]. An entry's `want` is what a person would expect; `ask_ok`
says that asking back is right too, `answer_ok` that a short answer is, `never` which acts must not happen. Lines of a
file without `want` are talk between colleagues."""

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.talk.scene import CASES, Scene, scene, surroundings
from bot.conversation.listening import Heard
from bot.conversation.naming import EVERY, named
from bot.conversation.readings import Reading
from bot.conversation.understanding import ABOUT_CASES

ACTS = {
    "claim": "take", "assign": "give", "release": "release", "tag": "tag", "result": "result", "skip": "skip",
    "include": "include", "submit": "submit", "undo": "undo", "dismiss": "dismiss", "reopen": "reopen",
    "lang": "language", "snooze": "reminders", "reminders_off": "reminders", "reminders_on": "reminders",
    "ack": "reminders", "export": "export", "evidence": "link", "import": "import", "note": "note", "hold": "hold",
    "withdraw": "withdraw", "deadline": "deadline", "notice": "notice", "cause": "cause", "bind": "bind",
    "unbind": "unbind", "oncall_set": "oncall_set", "oncall_swap": "oncall_swap", "invite": "invite",
    "remove": "remove", "redact": "redact", "edit": "edit",
}  # fmt: skip
SHOWS = {
    "case": {"case", "time", "missing"}, "deadline": {"time", "case"}, "missing": {"missing", "case"},
    "oncall": {"oncall"}, "odr": {"rate"}, "cases": {"cases"}, "shops": {"shops"}, "help": {"help"},
    "received": {"evidence"}, "orders": {"case", "orders"}, "draft": {"draft"}, "timeline": {"timeline"},
    "howto": {"knowledge"},
    "outlook": {"knowledge"}, "home": {"cases"}, "imports": {"import"}, "check": {"rate", "shops"},
}  # fmt: skip
LINES = Path(__file__).parent / "lines"
"""Lines that people say, written by somebody who had not seen the grammar: `seen` were looked at while working,
`unseen` were not; `talk` are colleagues among themselves."""
RIGHT_AT_LEAST = 0.9
OUTCOMES = {"accepted": "excluded", "rejected": "rejected", "received": "received"}


@dataclass(frozen=True)
class Entry:
    """One labelled line."""

    say: str
    where: str
    id: str = ""
    want: str = "none"
    case: str = ""
    orders: tuple[str, ...] = ()
    value: Any = ""
    ask_ok: bool = False
    answer_ok: bool = False
    never: tuple[str, ...] = ()
    topic: str = "talk"
    shop: str = ""


@dataclass
class Tally:
    """How many lines came out how; `faults` are those that did not come out right."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def entries(path: Path) -> list[Entry]:
    """The lines of a file."""
    rows = tomllib.loads(path.read_text("utf-8"))["line"]
    known = Entry.__dataclass_fields__
    return [
        Entry(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known}) for row in rows
    ]


def outcome(entry: Entry, heard: Heard) -> str:
    """`understood`, `rightly asked`, `silent` where silence was right, `wrong act`, `talk answered`, or `wrong`."""
    if entry.want == "none":
        return _talk(entry, heard)
    if heard.bare:
        return "understood" if entry.want in ("case", "missing") else "wrong"
    if heard.command:
        if _fits(entry, heard.command, heard.rest, heard.reading):
            return "understood"
        return "wrong act" if heard.command in ACTS else "wrong"
    if heard.readings or heard.order:
        offered = any(_fits(entry, each.command, each.rest, each) for each in heard.readings)
        return "rightly asked" if entry.ask_ok and (offered or not heard.readings) else "asked"
    return "not understood"


def _talk(entry: Entry, heard: Heard) -> str:
    if heard.command in ACTS:
        return "wrong act"
    if heard.silent or not (heard.bare or heard.command or heard.readings or heard.order):
        return "understood"
    offered = {ACTS.get(each.command, "") for each in heard.readings} | (
        {ACTS.get(heard.order.command, "")} if heard.order else set()
    )
    if (entry.ask_ok and (heard.readings or heard.order)) or (entry.answer_ok and not offered & set(entry.never)):
        return "rightly asked"
    return "talk answered"


def _fits(entry: Entry, command: str, rest: str, reading: Reading | None) -> bool:
    wanted = ACTS.get(command) or next((want for want in SHOWS.get(command, ()) if want == entry.want), "")
    if command == "answer" and reading and reading.topic in ABOUT_CASES:
        wanted = {"time_left": "time", "owner": "owner"}[reading.topic]
    elif command == "answer":
        return entry.want == "knowledge" and _topic(entry, reading)
    if wanted != entry.want:
        return False
    if entry.want == "knowledge":
        return entry.value in ("pass_rate", "where_submit") if command in ("outlook", "howto") else True
    return _about(entry, command, rest, reading)


TOPICS: Mapping[str, str] = {}
"""Names of topics in the labelled lines, where they are others than the program's."""


def _topic(entry: Entry, reading: Reading | None) -> bool:
    assert reading
    wanted = str(entry.value)
    if (wanted[:1] == "S" and wanted[1:].isdigit()) or wanted.startswith("ODR-"):
        return wanted in reading.rest.split()
    return reading.topic == TOPICS.get(wanted, wanted)


def _about(entry: Entry, command: str, rest: str, reading: Reading | None) -> bool:
    names = named(rest, "")
    thread = surroundings(entry.where).thread
    case = names.case or thread or _only(entry, names.orders)
    if entry.case and case != entry.case:
        return False
    orders = next((each.orders for each in CASES if each.id == entry.case), ())
    if entry.want in ("tag", "result"):
        wanted = _expanded(entry.value, orders, entry.want)
        return wanted == _given(command, rest, reading, orders)
    if entry.want == "skip":
        return {order for order in orders if any(order.endswith(each) for each in entry.orders)} == _orders(
            names.orders, orders
        )
    if entry.want in ("give", "language"):
        return str(entry.value) in names.rest.split()
    if entry.want == "submit" and names.orders:
        return not entry.orders or _orders(names.orders, orders) == _orders(entry.orders, orders)
    return True


def _only(entry: Entry, tails: Sequence[str]) -> str:
    cases = [case for case in surroundings(entry.where).cases if case.active]
    if tails and tails[0] != EVERY:
        cases = [case for case in cases if any(order.endswith(tails[0]) for order in case.orders)]
    return cases[0].id if len(cases) == 1 else ""


def _orders(tails: Iterable[str], known: Sequence[str]) -> set[str]:
    return {order for order in known for tail in tails if tail == EVERY or order.endswith(tail)}


def _expanded(value: Mapping[str, str], orders: Sequence[str], want: str) -> dict[str, str]:
    found = {}
    for tail, each in value.items():
        word, _, code = each.partition(" ")
        made = " ".join(filter(None, [OUTCOMES[word], code])) if want == "result" else each
        found |= {order: made for order in orders if tail == "*" or order.endswith(tail)}
    return found


def _given(command: str, rest: str, reading: Reading | None, orders: Sequence[str]) -> dict[str, str]:
    if reading and reading.each:
        rows = [(each.orders, each.value) for each in reading.each]
    else:
        names = named(rest, "")
        rows = [(names.orders, names.rest)]
    found = {}
    for tails, value in rows:
        tails = tuple(EVERY if tail == "全部" else tail for tail in tails) or (EVERY,) * (command == "result")
        found |= dict.fromkeys(_orders(tails, orders), value)
    return found


def measure(listed: Iterable[Entry], stage: Scene) -> dict[str, Tally]:
    """The tallies by topic."""
    found: dict[str, Tally] = {}
    for entry in listed:
        heard = stage.hear(entry.say, entry.where)
        came = outcome(entry, heard)
        tally = found.setdefault(entry.topic, Tally())
        tally.counts[came] += 1
        if came not in ("understood", "rightly asked"):
            tally.faults.append(
                f"{entry.id} {entry.where} {came}: {entry.say!r} wants {entry.want} {entry.value}; {told(heard)}"
            )
    return found


def told(heard: Heard) -> str:
    """What was made of a line, in short."""
    if heard.command:
        reading = heard.reading
        each = [f"{','.join(one.orders)}={one.value}" for one in reading.each] if reading else ""
        return f"{heard.command} [{heard.rest}] {each} {reading.topic if reading else 'exact'}"
    asked = [f"{each.command} {each.rest} {each.topic}" for each in heard.readings]
    return (
        f"ask {asked}"
        if asked
        else f"ask order {heard.order.command}"
        if heard.order
        else "silent"
        if heard.silent
        else "unknown"
    )


def table(found: Mapping[str, Tally]) -> Iterable[str]:
    """One line a topic, and one for all."""
    kinds = ("understood", "rightly asked", "asked", "not understood", "wrong", "wrong act", "talk answered")
    yield f"{'':18}" + "".join(f"{kind:>15}" for kind in kinds)
    whole: Counter[str] = sum((tally.counts for tally in found.values()), Counter())
    for topic, counts in [*((topic, tally.counts) for topic, tally in sorted(found.items())), ("all", whole)]:
        yield f"{topic:18}" + "".join(f"{counts[kind] or '':>15}" for kind in kinds)
    right, lines = whole["understood"] + whole["rightly asked"], whole.total()
    yield f"right: {right} of {lines} = {100 * right / lines:.1f} %"


def report(files: Iterable[Path], each: bool = False) -> list[str]:
    """Print the tables of the files; what falls short: acts that nobody asked for, talk that was answered, and fewer
    right than `RIGHT_AT_LEAST` of a file that was worked with."""
    stage, short = scene(), []
    for path in files:
        found = measure(entries(path), stage)
        print(f"\n{path.stem}")
        print("\n".join(table(found)))
        if each:
            print("\n".join(fault for tally in found.values() for fault in tally.faults))
        whole: Counter[str] = sum((tally.counts for tally in found.values()), Counter())
        right = (whole["understood"] + whole["rightly asked"]) / whole.total()
        if "unseen" not in path.stem and (whole["wrong act"] or whole["talk answered"] or right < RIGHT_AT_LEAST):
            short.append(f"talk {path.stem}: {100 * right:.1f} % right, {whole['wrong act']} wrong acts, "
                         f"{whole['talk answered']} lines of talk answered")  # fmt: skip
    return short


def main() -> None:
    """Measure the files that are named, or all that stand beside this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=sorted(LINES.glob("*.toml")))
    parser.add_argument("--each", action="store_true", help="print every line that did not come out right")
    chosen = parser.parse_args()
    report(chosen.files, chosen.each)


if __name__ == "__main__":
    main()
