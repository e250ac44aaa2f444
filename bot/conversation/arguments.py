"""The arguments of handlers, by name: what a turn is about, and what came with the message."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.conversation.access import Access
from bot.conversation.events import FileReceived, Upload
from bot.conversation.naming import EVERY
from bot.conversation.recent import RecentCases
from bot.conversation.turn import Provider, Question, Turn
from bot.conversation.valued import ending, valued
from bot.domain.case import Case
from bot.domain.instants import read_iso
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.text import folded
from bot.ports.store import Unit
from bot.services.filing import Wanted
from bot.wording import asking
from bot.wording.localizer import Localizer


def _version(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


class Arguments:
    """Provides the arguments of handlers. Changes nothing."""

    def __init__(self, access: Access, localizer: Callable[[str], Localizer], zone: str) -> None:
        """`access` finds what the sender of the turn may see."""
        self.access, self.units, self.localizer, self.zone = access, access.units, localizer, zone
        self.recent = RecentCases()

    def providers(self, services: Mapping[str, Any]) -> dict[str, Provider]:
        """The functions that provide each argument, by its name; `services` are passed to handlers as they are."""
        own: dict[str, Provider] = {
            "turn": lambda turn: turn,
            "event": lambda turn: turn.event,
            "person": lambda turn: turn.person,
            "values": lambda turn: turn.values,
            "payload": lambda turn: turn.payload,
            "rest": lambda turn: turn.named.rest,
            "text": lambda turn: turn.rest,
            "free": lambda turn: turn.free,
            "url": lambda turn: turn.named.url,
            "seen": lambda turn: _version(turn.payload.get("v", "")),
            "say": lambda turn: self.localizer(turn.language),
            "uploads": self.uploads,
            "unfetched": self.unfetched,
            "visible": self.visible,
            "some_visible": self.some_visible,
            "offered": self.offered,
            "may_hear": lambda turn: self.access.may_hear(turn.event.channel),
            "one_team": lambda turn: not self.access.roster().teams.declared,
            "own_teams": lambda turn: self.access.own_teams(turn.event.direct),
            "own_shops": lambda turn: self.access.shops_with(Role.ADMIN),
            "led_teams": lambda turn: self.access.teams_with(Role.ADMIN),
            "case": lambda turn: self.case(turn).id,
            "maybe_case": self.maybe_case,
            "order": lambda turn: self.order(turn)[1],
            "maybe_order": self.maybe_order,
            "order_ids": self.order_ids,
            "shop": lambda turn: self.shop(turn, self.some_visible(turn)),
            "maybe_orders": self.maybe_orders,
            "valued": lambda turn: valued(turn, self.case),
            "sure": lambda turn: turn.sure,
            "any_shop": self.any_shop,
            "evidence_ids": self.evidence_ids,
            "wanted": self.wanted,
            "zone": lambda turn: turn.person.timezone or self.zone,
            "when": lambda turn: partial(self.when, turn),
        }
        return own | {name: (lambda turn, service=service: service) for name, service in services.items()}

    @staticmethod
    def uploads(turn: Turn) -> tuple[Upload, ...]:
        """The files that came with the message and were received."""
        given = turn.event.uploads if isinstance(turn.event, FileReceived) else ()
        return tuple(item for item in given if not item.problem)

    @staticmethod
    def unfetched(turn: Turn) -> tuple[Upload, ...]:
        """The files that came with the message but could not be fetched from the platform."""
        given = turn.event.uploads if isinstance(turn.event, FileReceived) else ()
        return tuple(item for item in given if item.problem)

    def visible(self, turn: Turn) -> list[Shop]:
        """The shops that the sender may see from this channel."""
        return turn.once("visible", self._visible)

    def _visible(self) -> list[Shop]:
        with self.units(read_only=True) as unit:
            return unit.shops.all()

    def subject(self, turn: Turn) -> set[str]:
        """The shops of the case, order, evidence or shop that the turn names, as far as they are in sight."""
        with self.units(read_only=True) as unit:
            cases = [unit.cases.get(self._case_named(turn))]
            if cases == [None] and (tail := self._order_named(turn)):
                cases += unit.cases.with_order(tail)
            for name in filter(None, (turn.payload.get("evidence") or turn.named.evidence).split(",")):
                item = unit.evidence.get(name)
                cases.append(unit.cases.get(item.case_id) if item else None)
            found = {case.shop for case in cases if case}
            text = (turn.payload.get("shop") or turn.rest).strip()
            shops = [shop for shop in unit.shops.all() if text and not found]
        named = [shop for shop in shops if shop.called(text)] or [shop for shop in shops if shop.described(text)]
        return found | {shop.id for shop in named}

    @staticmethod
    def _case_named(turn: Turn) -> str:
        return turn.payload.get("case") or turn.named.case or turn.event.thread

    @staticmethod
    def _order_named(turn: Turn) -> str:
        tail = turn.payload.get("order") or turn.named.order
        return "" if tail == EVERY else tail

    def some_visible(self, turn: Turn) -> list[Shop]:
        """The shops that the sender may see, for commands that make no sense without any: seeing no shop must not
        look like all being well. Raises Refusal when there are shops but none may be seen from this channel."""
        found = self.visible(turn)
        if not found and self.access.every_shop():
            raise Refusal("no_shops_here")
        return found

    def case(self, turn: Turn) -> Case:
        """The case that is meant: the one named, the one of the thread, the one with the named order, or the only
        open one. Raises Question when several may be meant."""
        found = self._case(turn)
        if isinstance(found, Case):
            return found
        if not found:
            raise Refusal("no_cases")
        say, shops = self.localizer(turn.language), {shop.id: shop.name for shop in self.visible(turn)}
        raise Question(asking.which_case(say, found, shops, self.command_word(turn, self._asking(turn)), turn.rest))

    @staticmethod
    def _asking(turn: Turn) -> str:
        return "case" if turn.command == "answer" else ""

    def maybe_case(self, turn: Turn) -> str:
        """The id of the case that is meant, or "" when that is not certain."""
        found = self._case(turn)
        return found.id if isinstance(found, Case) else ""

    def likely_case(self, turn: Turn) -> str:
        """The id of the case that is meant, for use in a question; a named case that does not exist is left out."""
        try:
            return self.maybe_case(turn)
        except Refusal:
            return ""

    def _case(self, turn: Turn) -> Case | list[Case]:
        return turn.once("case", lambda: self._found_case(turn))

    def _found_case(self, turn: Turn) -> Case | list[Case]:
        with self.units(read_only=True) as unit:
            return self._look_for_case(unit, turn)

    def _look_for_case(self, unit: Unit, turn: Turn) -> Case | list[Case]:
        if wanted := self._case_named(turn):
            if case := unit.cases.get(wanted):
                self.recent.note(turn, case.id)
                return case
            raise Refusal("no_such_case", case=wanted)
        if tail := self._order_named(turn):
            cases = unit.cases.with_order(tail)
            if not cases:
                raise Refusal("no_such_order", order=tail)
        else:
            cases = unit.cases.listed([shop.id for shop in self.some_visible(turn)], turn.command != "reopen")
        cases = self.recent.among(turn, cases)
        return cases[0] if len(cases) == 1 else cases

    def order(self, turn: Turn) -> tuple[Case, str]:
        """The case and the order that are meant: the order named by its id or last digits, or the only one. Raises
        Question when several may be meant."""
        case = self.case(turn)
        tail = (turn.payload.get("order") or turn.named.order).replace(EVERY, "")
        matching = [order for order in case.orders if order.order_id in ending(case, tail)]
        if tail and not matching:
            raise Refusal("order_not_in_case", order=tail, case=case.id)
        if len(matching) == 1:
            return case, matching[0].order_id
        say, words = self.localizer(turn.language), turn.named
        raise Question(asking.which_order(say, case, matching, self.command_word(turn), words.rest))

    def maybe_order(self, turn: Turn) -> str:
        """The id of the order that the words name, or ""."""
        tail = turn.payload.get("order") or turn.named.order
        return self.order(turn)[1] if tail and tail != EVERY else ""

    def order_ids(self, turn: Turn) -> list[str]:
        """The ids of the orders that are meant: for "all" those that are appealed, else those named. Raises
        Refusal when any of the named orders is not the case's."""
        tails = tuple(filter(None, turn.payload.get("orders", "").split(","))) or turn.named.orders
        if EVERY in tails:
            return [order.order_id for order in self.case(turn).appealed]
        if not tails or turn.payload.get("order"):
            return [self.order(turn)[1]]
        case = self.case(turn)
        found = {tail: ending(case, tail) for tail in tails}
        if len(tails) == 1 and len(found[tails[0]]) != 1:
            return [self.order(turn)[1]]
        if lacking := [tail for tail, orders in found.items() if len(orders) != 1]:
            others = [orders[0] for orders in found.values() if len(orders) == 1]
            raise Refusal("order_not_in_case", order=", ".join(lacking), case=case.id, others=others)
        return list(dict.fromkeys(orders[0] for orders in found.values()))

    def maybe_orders(self, turn: Turn) -> list[str]:
        """The ids of the orders that are meant; empty when the words name none."""
        given = turn.payload.get("order") or turn.payload.get("orders") or turn.named.orders
        return self.order_ids(turn) if given else []

    def any_shop(self, turn: Turn) -> Shop:
        """The shop that the words name, among those that the channel may be offered. A shop of another channel is
        found only by its whole name or id: where no lead is listed, whoever knows that may bind the shop."""
        text = (turn.payload.get("shop") or turn.rest).strip()
        named_so = [shop for shop in self.access.leading() if text and shop.called(text)]
        return self.shop(turn, named_so or self.offered(turn))

    def offered(self, turn: Turn) -> list[Shop]:
        """The shops that may be bound to this channel by the sender."""
        return self.access.offered(self.visible(turn))

    @staticmethod
    def shop(turn: Turn, shops: list[Shop]) -> Shop:
        """The one of `shops` that the words name, or the only one. Raises Refusal that lists the known ones."""
        text = (turn.payload.get("shop") or turn.rest).strip()
        matching = [shop for shop in shops if shop.called(text)] if text else shops
        matching = matching or [shop for shop in shops if shop.described(text)]
        if len(matching) == 1:
            return matching[0]
        known = ", ".join(shop.id for shop in (matching or shops)[:10])
        key = "no_such_shop" if text and not matching else "which_shop"
        raise Refusal(key, shop=turn.rest, known=known, command=turn.command)

    @staticmethod
    def evidence_ids(turn: Turn) -> list[str]:
        """The ids of the evidence that the words or the button name."""
        ids = turn.payload.get("evidence") or turn.named.evidence
        if not ids:
            raise Refusal("no_such_evidence", evidence=turn.rest or "?")
        return ids.split(",")

    def wanted(self, turn: Turn) -> Wanted:
        """Where the person says that the evidence belongs: case, order, kind."""
        kind, _ = self.kind(turn)
        kind = turn.payload.get("kind", "") or kind
        try:
            return Wanted(self.maybe_case(turn), self.maybe_order(turn), kind)
        except (Question, Refusal):
            # Files are kept whatever the words beside them; where they belong is asked afterwards.
            if not self.uploads(turn):
                raise
            return Wanted(kind=kind)

    def kind(self, turn: Turn) -> tuple[str, str]:
        """The evidence kind that is named first in the words, and the rest of the words."""
        rest = turn.named.rest
        word, _, tail = rest.partition(" ")
        kind = self.kinds().get(folded(word), "")
        return (kind, tail) if kind else ("", rest)

    def kinds(self) -> dict[str, str]:
        """Evidence kinds by the words for them, of all languages."""
        phrases = self.localizer("en").phrases
        known: dict[str, str] = {}
        for language in phrases.languages:
            for key in phrases.keys("words.kind_words.", language):
                kind = key.rpartition(".")[2]
                known |= {folded(word): kind for word in [kind, *phrases.words(key, language)]}
        return known

    def when(self, turn: Turn, text: str) -> datetime | None:
        """A form's local time in the person's zone (the team's when not known) as UTC; None for an empty one.
        Raises Refusal when it cannot be read."""
        if not text.strip():
            return None
        try:
            return read_iso(text, turn.person.timezone or self.zone)
        except ValueError:
            raise Refusal("bad_time", text=text[:40]) from None

    def order_of(self, turn: Turn, order_ids: Sequence[str]) -> str:
        """The turn's command for those orders alone, as a person would type it."""
        outcome = " ".join(filter(None, [turn.payload.get("outcome", ""), turn.payload.get("code", "")]))
        words = [self.command_word(turn), self.likely_case(turn), *order_ids, turn.named.rest or outcome]
        return " ".join(filter(None, words))

    def command_word(self, turn: Turn, command: str = "") -> str:
        """The word for a command, the turn's own unless given, in the person's language."""
        phrases = self.localizer(turn.language).phrases
        return phrases.words(f"commands.{command or turn.command}.words", turn.language)[0]
