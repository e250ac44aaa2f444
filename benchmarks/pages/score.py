"""The rules of judging: what the program said of a page (the JSON of `odr-bot read FILE --json --number N`) against
what a careful person reads there. Each rule is a function of the label and that JSON and counts what it found."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from benchmarks.pages.label import Label, Time
from benchmarks.pages.trials import on_page, plain

Said = dict[str, Any]
VERDICTS = {"accepted": "accepted", "ask": "asked", "no": "refused"}


def tracking(label: Label, said: Said) -> Counter[str]:
    """Own numbers: a whole legible one is accepted, asked or refused; an illegible one is asked, or it was falsely
    accepted or unseen. Every own number that is not on the page is a trial; accepting it is false."""
    verdicts = {plain(own["value"]): own["verdict"] for own in said.get("own", [])}
    found: Counter[str] = Counter()
    for number in label.tracking:
        verdict = VERDICTS[verdicts.get(plain(number.value), "no")]
        if number.whole and number.legible:
            found[verdict] += 1
        elif number.whole:
            found["false" if verdict == "accepted" else f"illegible {verdict}"] += 1
    absent = [verdict for value, verdict in verdicts.items() if value not in on_page(label)]
    return found + Counter({"trials": len(absent), "false": absent.count("accepted")})


def kind(label: Label, said: Said) -> Counter[str]:
    """The kind is right, wrong, or missing where there is one. "Not one of these" is right where it is true, and so
    is a suggestion that the label lets pass. Being certain where no careful person is counts besides."""
    told = said.get("kind") or "none"
    certain = told != "none" and bool(said.get("kind_certain"))
    if told == label.kind or (told in label.also and not certain):
        result = "right"
    else:
        result = "missing" if told == "none" else "wrong"
    return Counter({result: 1, "too certain": int(certain and not label.certain_allowed)})


def minutes(reading: str) -> set[str]:
    """How a reading may be told: its local time, and its instant in UTC where the page states the offset."""
    local = datetime.fromisoformat(reading)
    told = {local.replace(tzinfo=None)} | ({local.astimezone(UTC).replace(tzinfo=None)} if local.tzinfo else set())
    return {f"{moment:%Y-%m-%dT%H:%M}" for moment in told}


def told_minutes(said: Said) -> set[str]:
    """The dated times that the program told, to the minute."""
    return {stamp["iso"][:16] for stamp in said.get("timestamps", []) if stamp.get("iso")}


def times(label: Label, said: Said) -> Counter[str]:
    """Dated times: right or missed; what stands nowhere on the page is false, and so is the less likely reading of a
    time whose day and month could change places. Dates without a time of day are not counted, unless wrong."""
    told = told_minutes(said)
    possible = _possible([*label.times, *([label.captured] if label.captured else [])])
    dates = {minute[:10] for minute in possible}
    false = {minute for minute in told - possible if not _is_date(minute, dates, label.exhaustive)}
    dated = {time.readings[0] for time in label.times if time.dated}
    right = sum(bool(minutes(reading) & told) for reading in dated)
    return Counter({"right": right, "missed": len(dated) - right, "false": len(false)})


def _possible(shown: list[Time]) -> set[str]:
    """The minutes that the page speaks of; a time without its year may take one that another of its dates has."""
    first = [time.readings[0] for time in shown if time.readings]
    whole = set().union(*(minutes(reading) for reading in first if reading[0] != "-"))
    years = {minute[:4] for minute in whole}
    return whole | {year + reading[1:] for reading in first if reading[0] == "-" for year in years}


def _is_date(minute: str, dates: Iterable[str], exhaustive: bool) -> bool:
    return minute.endswith("T00:00") and (minute[:10] in dates or not exhaustive)


def capture(label: Label, said: Said) -> Counter[str]:
    """The capture date is right, missed or invented. A clock that could be read in two ways may be left open."""
    told = said.get("captured_at")
    if label.captured is None:
        return Counter({"invented" if told else "rightly none": 1})
    if not told:
        return Counter({"left open" if len(label.captured.readings) > 1 else "missed": 1})
    return Counter({"right" if _same(told, label.captured) else "invented": 1})


def _same(told: str, captured: Time) -> bool:
    possible = minutes(captured.readings[0])
    return told[:16] in possible or (told[11:16] == "00:00" and told[:10] in {minute[:10] for minute in possible})


def roles(label: Label, said: Said) -> Counter[str]:
    """The messages of a conversation in the Inbox: how many, and by whom, as on the page; none anywhere else. Not
    judged where the label does not count them."""
    told = Counter(message.get("speaker") for message in said.get("messages", []))
    if label.kind != "conversation":
        claimed = said.get("kind") == "conversation" and told["buyer"] and told["seller"]
        return Counter({"conversation invented": 1}) if claimed else Counter()
    if not label.roles:
        return Counter()
    right = all(told[side] == label.roles.get(side, 0) for side in ("buyer", "seller"))
    both = told["buyer"] > 0 and told["seller"] > 0
    return Counter({"right" if right else "both sides, not all" if both else "not parted": 1})


RULES = {"tracking": tracking, "kind": kind, "times": times, "capture": capture, "roles": roles}


def judge(label: Label, said: Said) -> dict[str, Counter[str]]:
    """Every rule's count for one page."""
    return {name: rule(label, said) for name, rule in RULES.items()}
