"""Carriers' tracking pages: many layouts of one journey."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.accuracy.carriers import CARRIERS, Carrier
from tests.accuracy.dates import UNREAD_LETTERS, Halves, Print, pick
from tests.accuracy.page import Look, capture_mark, choose_look, number, shell, text
from tests.accuracy.truth import Moment, Truth
from tests.accuracy.words import ESTIMATE, NUMBER_LABEL, PLACES, STEPS, said


@dataclass(frozen=True)
class Step:
    """One line of a journey."""

    at: datetime
    role: str
    words: str
    place: str


@dataclass(frozen=True)
class Drawn:
    """A page ready to be rendered, with what it shows."""

    html: str
    look: Look
    truth: Truth


def draw(random: Random, family: str, carrier: Carrier | None = None, long: bool = False) -> Drawn:
    """A tracking page; `long` ones have dozens of steps."""
    carrier = carrier or random.choice(CARRIERS)
    language = random.choice(carrier.languages)
    look = choose_look(random, family, carrier.colour)
    captured = capture_time(random)
    steps = _journey(random, family, language, captured, 34 if long else random.randint(2, 6))
    value, prints = carrier.make(random), pick(random, family, language, carrier.site)
    # Four columns are for wide screens.
    layout, listed = random.choice([each for each in LAYOUTS[family] if look.wide or each[1] is not _columns])
    body = [f'<header class="brand">{text(carrier.name)}</header><main>']
    body.append(_number(random, family, language, carrier, value))
    summary, estimates = _summary(random, family, language, steps, prints)
    body.append(summary)
    body.append(listed(list(reversed(steps)), prints))
    body.append(_small_print(random, language) + "</main>")
    mark, style = capture_mark(random, look, captured)
    letters = prints in UNREAD_LETTERS
    truth = Truth(
        kind="tracking_page",
        family=family,
        language=language,
        carrier=carrier.name,
        layout=f"{layout}/{look.device}/{look.theme}/{style}",
        tracking=(value,),
        moments=(*(Moment(step.at, step.role, letters) for step in steps), *estimates),
        captured=captured,
    )
    return Drawn(shell(look, "".join(body), mark, rtl=language == "ar"), look, truth)


def capture_time(random: Random) -> datetime:
    """Late enough in a month that day and month of the page's numeric dates cannot be mistaken."""
    return datetime.fromisoformat("2026-01-01T00:00+00:00").replace(
        month=random.randint(1, 12),
        day=random.randint(19, 28),
        hour=random.randint(0, 23),
        minute=random.randint(0, 59),
    )


def _journey(random: Random, family: str, language: str, captured: datetime, between: int) -> list[Step]:
    end = random.choice(("delivered", "delivered", "exception"))
    roles = ["picked_up", *[""] * between, *(["out_for_delivery"] if random.random() < 0.6 else []), end]
    at = captured - timedelta(hours=random.randint(4, 90), minutes=random.randint(0, 59))
    steps: list[Step] = []
    for role in reversed(roles):
        words = said(random.choice(STEPS[language][role]), family)
        steps.insert(0, Step(at.replace(second=0), role, words, random.choice(PLACES[language])))
        at -= timedelta(minutes=random.randint(45, 2_500 if between < 10 else 600))
    return steps


def _number(random: Random, family: str, language: str, carrier: Carrier, value: str) -> str:
    label = text(said(NUMBER_LABEL[language], family))
    shown = number(value, carrier.printed(value, random.random() < 0.4))
    styles = {
        "a": (
            f'<div class="muted">{label}</div><div class="big">{shown}</div>',
            f"<p>{label}: <b>{shown}</b></p>",
            f'<div class="panel">{label}<br>{shown}</div>',
        ),
        "b": (
            f"<table><tr><th>{label}</th><td>{shown}</td></tr></table>",
            f'<p>{label} <span class="chip">{shown} ⧉</span></p>',
            f'<div class="spread"><span class="muted">{label}</span><span>{shown}</span></div>',
        ),
    }["a" if family == "a" else "b"]
    if not carrier.labelled:
        styles = (*styles, f'<h1 class="big">{shown}</h1>')
    return random.choice(styles)


def _summary(
    random: Random, family: str, language: str, steps: Sequence[Step], prints: Print
) -> tuple[str, tuple[Moment, ...]]:
    """What stands above the journey, and the announced time in it, if any: the time of nothing that happened."""
    last = steps[-1]
    if last.role == "exception" and random.random() < 0.4:
        due = last.at + timedelta(days=1, hours=3)
        label = text(said(ESTIMATE[language], family))
        return f'<div class="panel">{label}: {prints(due)}</div>', (Moment(due, "unknown", prints in UNREAD_LETTERS),)
    title = f"<h2>{text(last.words)}</h2>"
    return random.choice((title, f'{title}<div class="muted">{prints(last.at)}</div>')), ()


def _rows(steps: Sequence[Step], prints: Print) -> str:
    return "".join(
        f'<div class="row"><div class="when">{prints(step.at)}</div><div>{text(step.words)}'
        f'<div class="muted">{text(step.place)}</div></div></div>'
        for step in steps
    )


def _stacked(steps: Sequence[Step], prints: Print) -> str:
    return "".join(
        f'<div class="line"><b>{text(step.words)}</b><div>{text(step.place)}</div>'
        f'<div class="muted">{prints(step.at)}</div></div>'
        for step in steps
    )


def _timed(steps: Sequence[Step], prints: Print) -> str:
    return "".join(
        f'<div class="line"><div class="muted">{prints(step.at)}</div><div>{text(step.words)}</div></div>'
        for step in steps
    )


def _table(steps: Sequence[Step], prints: Print) -> str:
    rows = "".join(
        f"<tr><td>{prints(step.at)}</td><td>{text(step.place)}</td><td>{text(step.words)}</td></tr>" for step in steps
    )
    return f"<table>{rows}</table>"


def _status_first(steps: Sequence[Step], prints: Print) -> str:
    rows = "".join(f"<tr><td>{text(step.words)}</td><td>{prints(step.at)}</td></tr>" for step in steps)
    return f"<table>{rows}</table>"


def _spread(steps: Sequence[Step], prints: Print) -> str:
    return "".join(
        f'<div class="panel"><div class="spread"><b>{text(step.words)}</b><span>{prints(step.at)}</span></div>'
        f'<div class="muted">{text(step.place)}</div></div>'
        for step in steps
    )


def _bracketed(steps: Sequence[Step], prints: Print) -> str:
    return "".join(f"<p>[{prints(step.at)}] {text(step.words)} ({text(step.place)})</p>" for step in steps)


def _place_first(steps: Sequence[Step], prints: Print) -> str:
    return "".join(
        f'<div class="line two"><div class="muted">{text(step.place)} · {prints(step.at)}</div>'
        f"<b>{text(step.words)}</b></div>"
        for step in steps
    )


LAYOUTS: dict[str, tuple[tuple[str, Callable[[Sequence[Step], Print], str]], ...]] = {
    "a": (("rows", _rows), ("stacked", _stacked), ("timed", _timed), ("table", _table)),
    "b": (
        ("status_first", _status_first),
        ("spread", _spread),
        ("bracketed", _bracketed),
        ("place_first", _place_first),
    ),
}


def _halves(prints: Print, at: datetime) -> tuple[str, str]:
    return (prints.day_of(at), prints.clock_of(at)) if isinstance(prints, Halves) else (prints(at), "")


def _grouped(steps: Sequence[Step], prints: Print) -> str:
    """A heading for each day, its times below."""
    rows, last = [], ""
    for step in steps:
        day, clock = _halves(prints, step.at)
        if day != last:
            rows.append(f"<h2>{day}</h2>")
        last = day
        rows.append(
            f'<div class="row"><div class="when">{clock}</div><div>{text(step.words)}'
            f'<div class="muted">{text(step.place)}</div></div></div>'
        )
    return "".join(rows)


def _two_lines(steps: Sequence[Step], prints: Print) -> str:
    """The day above the time of day, beside the words."""
    rows = []
    for step in steps:
        day, clock = _halves(prints, step.at)
        rows.append(
            f'<div class="row two"><div class="when">{day}<br>{clock}</div><div><b>{text(step.words)}</b>'
            f'<div class="muted">{text(step.place)}</div></div></div>'
        )
    return "".join(rows)


def _columns(steps: Sequence[Step], prints: Print) -> str:
    """Day and time of day in columns of their own."""
    rows = "".join(
        f"<tr><td>{day}</td><td>{clock}</td><td>{text(step.words)}</td><td>{text(step.place)}</td></tr>"
        for step in steps
        for day, clock in [_halves(prints, step.at)]
    )
    return f"<table><tr><th>Date</th><th>Time</th><th>Status</th><th>Location</th></tr>{rows}</table>"


LAYOUTS["c"] = (("grouped", _grouped), ("two_lines", _two_lines), ("columns", _columns), ("panels", _spread))


def _small_print(random: Random, language: str) -> str:
    """Numbers that are no tracking numbers, and no order ids."""
    phone = (
        f"+{random.randint(1, 99)} {random.randint(100, 999)} {random.randint(100, 999)} {random.randint(1000, 9999)}"
    )
    weight = f"{random.randint(1, 9)}.{random.randint(10, 99)} kg"
    words = {"zh": ("客服电话", "重量")}.get(language, ("Help", "Weight"))
    return f'<p class="muted">{words[1]} {weight} · {words[0]} {phone} · © 2026</p>'
