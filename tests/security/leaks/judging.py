"""Judges answers: nothing of another team in them, nothing of it changed, and foreign answered as absent."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import httpx
from prometheus_client import generate_latest

from bot.messaging.card import Attachment, Card, to_json
from tests.console.conftest import SAME_ORIGIN
from tests.counting import statements
from tests.security.leaks.asking import Question
from tests.security.leaks.browsing import HTML, LASTING, Request, answered, unpacked
from tests.security.leaks.state import Rows
from tests.security.leaks.world import NAMES, NOBODYS, NOTHING, SHOPS, Asker, Things, World, belongs

ABOUT_PEOPLE = frozenset({"person", "audit", "membership", "sign_in_link"})
"""What is kept of whoever asks, in whichever team's channel."""


@dataclass
class Verdict:
    """What was found. `asked` counts the requests by kind; each finding says what was wrong and with what."""

    asked: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


@dataclass
class Judge:
    """Puts questions to the program and looks at what comes of them."""

    world: World
    verdict: Verdict = field(default_factory=Verdict)

    def __post_init__(self) -> None:
        self.rows = self._rows()

    def _rows(self) -> dict[str, Rows]:
        things = self.world.things
        return {team: self.world.state.of(team, SHOPS[team], things[team]["case"]) for team in NAMES}

    def own(self, asker: Asker) -> Things:
        """What somebody may name of their own, beside what is another's."""
        mine = self.world.things[min(asker.teams)] if asker.teams else NOBODYS
        return {f"own_{name}": value for name, value in mine.items()}

    def said(self, question: Question, team: str) -> None:
        """Put a question to the conversation."""

        def ask(things: Things) -> str:
            event = question.event(things, self.world.folder)
            cards = self.world.app.dispatcher.handle(event).cards
            told = json.dumps([to_json(card) for card in cards], ensure_ascii=False)
            return "\n".join([told, *contents(self.world, cards)])

        self.compare(question.asker, team, question.names, ask, question.kind, str(question))

    def requested(self, request: Request, team: str) -> None:
        """Send a request to the console; after what a page sends, what the page shows then belongs to the answer."""
        cookies = self.world.sessions.get(request.asker.person, {})
        here = httpx.Request("GET", "http://127.0.0.1/", headers=SAME_ORIGIN | HTML)

        def ask(things: Things) -> str:
            text = answered(self.world.web, request.about(things), cookies, request.path == LASTING)
            return text if request.method == "GET" else text + answered(self.world.web, here, cookies)

        self.compare(request.asker, team, request.names, ask, f"{request.method} {request.path}", str(request))

    def compare(
        self, asker: Asker, team: str, names: set[str], ask: Callable[[Things], str], kind: str, label: str
    ) -> None:
        """Ask about the team's things and about things that are not, and compare."""
        answers, counts = [], []
        for things in (self.world.things[team], NOTHING):
            self.world.state.again()
            with statements(self.world.app.engine) as sent:
                text = told(ask({**things, **self.own(asker)})).replace(asker.person, "ASKER")
            answers.append(unnamed(text, things, names))
            counts.append((len(sent), list(sent)))
            self.verdict.asked[kind] += 1
            self._leaks(asker, text, things, names, label)
            self._changes(asker, label)
        where = f"{asker.person} in {asker.channel}, {team}'s: {label}"
        if team in belongs(asker.person) and names & {"who", "person", "team"}:
            return  # One knows one's own people anywhere.
        if answers[0] != answers[1]:
            self.verdict.findings.append(f"DIFFERS {where}\n    {differing(*answers)}")
        elif counts[0][0] != counts[1][0] and LASTING not in kind:
            odd = Counter(counts[0][1]) - Counter(counts[1][1]) or Counter(counts[1][1]) - Counter(counts[0][1])
            self.verdict.findings.append(
                f"COUNTS {where}\n    {counts[0][0]} and {counts[1][0]}: {[each[:300] for each in odd]}"
            )

    def monitored(self) -> None:
        """Look at what monitoring reads: it is for whoever runs the machine, and names nothing but shops."""
        self.verdict.asked["metrics"] += 1
        text = generate_latest(self.world.app.metrics.registry).decode()
        for mark, what in self.world.marks(()).items():
            named = any(mark in shop for shop in SHOPS.values())
            if not named and re.search(rf"(?<![A-Za-z0-9]){re.escape(mark)}(?![A-Za-z0-9])", text):
                self.verdict.findings.append(f"LEAK of {what} {mark!r} in the metrics")

    def _leaks(self, asker: Asker, text: str, things: Things, names: set[str], label: str) -> None:
        spoken = {things[name] for name in names if name in things}
        # What is told to somebody alone may speak of their teams anywhere; a lead is offered their shops to bind.
        bound = any(word in text for word in ("bind", "hears of", "绑定"))
        alone = '"private_to": ""' not in text or bound
        seen = asker.teams | (belongs(asker.person) if alone else set())
        for mark, what in self.world.marks(seen).items():
            if any(mark in word or word in mark for word in spoken):
                continue
            if match := re.search(rf"(?<![A-Za-z0-9]){re.escape(mark)}(?![A-Za-z0-9])", text):
                found = match.start()
                around = text[max(0, found - 150) : found + 100]
                self.verdict.findings.append(
                    f"LEAK of {what} {mark!r} to {asker.person} in {asker.channel}: {label}\n    {around}"
                )

    def _changes(self, asker: Asker, label: str) -> None:
        now = self._rows()
        for team in set(NAMES) - asker.teams:
            for table, rows in now[team].items():
                before = self.rows[team][table]
                own = {asker.channel, asker.person} if table in ABOUT_PEOPLE else {asker.channel}
                # Whoever asks in a team's channel is answered there, and known from then on. A team's other channels
                # are told when its lead binds one more.
                lost = [row for row in before if row not in rows]
                new = [
                    row
                    for row in rows
                    if row not in before and not own & {*row} and not self._bound(asker, team, row)
                ]
                if lost or new:
                    self.verdict.findings.append(
                        f"CHANGED {team}'s {table} by {asker}: {label}\n    {str(lost)[:400]}\n    {str(new)[:400]}"
                    )

    @staticmethod
    def _bound(asker: Asker, team: str, row: tuple[object, ...]) -> bool:
        return team in belongs(asker.person) and str(row[0]).startswith(f"bound:{SHOPS[team]}:{asker.channel}:")


def contents(world: World, cards: Sequence[Card]) -> Iterator[str]:
    """What stands in the files that the cards hand out, unpacked."""
    for card in cards:
        for element in card.elements:
            if isinstance(element, Attachment):
                yield unpacked(world.app.vault.path(element.sha256).read_bytes())


def told(text: str) -> str:
    """The answer without what is made by chance: new secrets."""
    return re.sub(r"link=[\w.-]+|join [\w.-]{20,}|加入 [\w.-]{20,}", "#", text)


def unnamed(text: str, things: Things, names: set[str]) -> str:
    """The answer with the names that were asked for replaced by what they are."""
    text = re.sub(r'(class="avatar"[^>]*>).', r"\1#", text)
    spoken = {name: things[name] for name in names if name in things}
    spoken |= {f"word {word}": word for name in ("name", "who") if name in spoken for word in spoken[name].split()}
    spoken |= {f"{name} quoted": quote_plus(value) for name, value in spoken.items() if " " in value}
    for name, value in sorted(spoken.items(), key=lambda pair: -len(pair[1])):
        text = re.sub(rf"(?<![0-9]){re.escape(value)}(?![0-9])", f"<{name}>", text, flags=re.IGNORECASE)
    return text


def differing(one: str, two: str) -> str:
    """Where two answers begin to differ."""
    at = next((number for number, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[max(0, at - 80) : at + 160]!r}\n    {two[max(0, at - 80) : at + 160]!r}"
