"""TikTok Inbox conversations."""

from datetime import datetime, timedelta
from random import Random

from tests.accuracy.carriers import digits, order_id
from tests.accuracy.dates import UNREAD_LETTERS, Print, pick
from tests.accuracy.page import Look, capture_mark, choose_look, number, shell, text
from tests.accuracy.tracking import Drawn, capture_time
from tests.accuracy.truth import Moment, Truth
from tests.accuracy.words import CHAT, ORDER, said

_SITES = {"en": "US", "zh": "US", "th": "TH", "vi": "VN", "ms": "MY", "ar": "SA"}
NAMES = ("maya88", "john_doe_92", "ain.sofea", "minh.tran", "k.somchai", "noura_a", "lily0412", "tom.w", "r.hall77")
Said = tuple[str, str, datetime]


def draw(random: Random, family: str, language: str = "", long: bool = False) -> Drawn:
    """A conversation about one order."""
    language = language or random.choice(list(CHAT))
    look, captured = choose_look(random, family, "#fe2c55" if family == "a" else "#0e7490"), capture_time(random)
    prints, order = pick(random, family, language, _SITES[language]), order_id(random)
    said_by = _conversation(random, language, captured, 5 if long else 1)
    buyer = random.choice(NAMES) + digits(random, 2)
    body = [f'<header class="brand">TikTok Shop · Inbox</header><main><h2>{text(buyer)}</h2>']
    if family == "a" or random.random() < 0.5:
        label = said(ORDER["zh" if language == "zh" else "en"]["id"], family)
        body.append(f'<div class="panel">{label}: {number(order)}</div>')
        orders: tuple[str, ...] = (order,)
    else:
        orders = ()
    listed = _centred if family == "a" else _signed
    body += [listed(look, said_by, buyer, prints), "</main>"]
    mark, style = capture_mark(random, look, captured)
    truth = Truth(
        kind="conversation",
        family=family,
        language=language,
        layout=f"{listed.__name__.strip('_')}/{look.device}/{look.theme}/{style}",
        order_ids=orders,
        moments=tuple(Moment(at, "message", prints in UNREAD_LETTERS) for _, _, at in said_by),
        captured=captured,
        buyers=(buyer,),
        messages=tuple((speaker, words) for speaker, words, _ in said_by),
    )
    return Drawn(shell(look, "".join(body), mark, rtl=language == "ar"), look, truth)


def _conversation(random: Random, language: str, captured: datetime, rounds: int) -> list[Said]:
    lines = list(CHAT[language]) * rounds
    at = captured - timedelta(minutes=random.randint(40, 3_000))
    found: list[Said] = []
    for speaker, words in reversed(lines):
        found.insert(0, (speaker, words, at.replace(second=0)))
        at -= timedelta(minutes=random.randint(3, 300))
    return found


def _bubble(words: str, speaker: str) -> str:
    return f'<div class="bubble {"mine" if speaker == "seller" else ""}">{text(words)}</div>'


def _centred(look: Look, lines: list[Said], buyer: str, prints: Print) -> str:
    """The time in the middle above each bubble."""
    return "".join(f'<div class="muted center">{prints(at)}</div>{_bubble(words, who)}' for who, words, at in lines)


def _signed(look: Look, lines: list[Said], buyer: str, prints: Print) -> str:
    """Name and time above each bubble, on its side."""
    rows = []
    for who, words, at in lines:
        name, side = ("Seller", "mine") if who == "seller" else (buyer, "")
        style = ' style="text-align:end"' if side else ""
        rows.append(f'<div class="muted"{style}>{text(name)} {prints(at)}</div>{_bubble(words, who)}')
    return "".join(rows)
