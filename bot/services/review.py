"""Judging a case: gathering everything known of it, running the rules, and drafting the explanations."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from bot.domain.case import Case, CaseOrder
from bot.domain.context import CaseContext
from bot.domain.draft import choose, facts_for
from bot.domain.matching import known_numbers
from bot.domain.pieces import joined
from bot.domain.policy import Catalogue, Lexicon, Policy
from bot.domain.refusal import Refusal
from bot.ports.cases import CaseQuery
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.rules import accepted, review
from bot.services.gathering import KnownOfCases, gather
from bot.services.judgement import Draft, Judgement
from bot.services.message_cards import MessageCards
from bot.services.timeline import memory


class Judge:
    """Judges cases. Reads the store and changes nothing."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        policy: Policy,
        catalogue: Catalogue,
        lexicons: Mapping[str, Lexicon],
        texts: MessageCards,
    ) -> None:
        self.units, self.clock, self.policy = units, clock, policy
        self.catalogue, self.lexicons, self.texts = catalogue, lexicons, texts

    def judge(self, case_id: str) -> Judgement:
        """The judgement of the case as it is now. Raises Refusal when there is no such case."""
        if known := memory().get(_judged(case_id)):
            made: Judgement = known
            return made
        with self.units(read_only=True) as unit:
            return self.look(unit, case_id)

    def first(self, query: CaseQuery, most: int, start: int = 0) -> tuple[int, list[Judgement]]:
        """How many cases are looked for, and the judgements of at most `most` of them, in their order, from the place
        `start` (0 for the first) on."""
        with self.units(read_only=True) as unit:
            return unit.cases.count(query), self.look_all(unit, unit.cases.found(query, most, start))

    def open_cases(self, shops: Collection[str]) -> list[Case]:
        """The shops' active cases, nearest deadline first."""
        with self.units(read_only=True) as unit:
            return unit.cases.listed(shops)

    def try_draft(self, case_id: str, order_id: str, text: str) -> Judgement:
        """The judgement of the case as if `text` were the order's explanation."""
        with self.units(read_only=True) as unit:
            return self.look(unit, case_id, {order_id: text})

    def look(self, unit: Unit, case_id: str, tried: Mapping[str, str] | None = None) -> Judgement:
        """The judgement of the case, read in the caller's transaction; `tried` are explanations by order id to
        judge without saving them."""
        case = unit.cases.get(case_id)
        judged = self.look_all(unit, [case] if case else [], tried)
        if not judged:
            raise Refusal("no_such_case", case=case_id)
        return judged[0]

    def look_all(self, unit: Unit, cases: Sequence[Case], tried: Mapping[str, str] | None = None) -> list[Judgement]:
        """The judgements of these cases, read in the caller's transaction with as many statements as for one; cases
        of shops that are out of sight are left out."""
        if not cases:
            return []
        known = gather(unit, cases)
        return [self._judged(unit, known, case, tried) for case in cases if case.shop in known.shops]

    def _judged(self, unit: Unit, known: KnownOfCases, case: Case, tried: Mapping[str, str] | None) -> Judgement:
        context = self._context(known, case)
        for order in case.orders:
            order.draft = (tried or {}).get(order.order_id, order.draft)
        drafts = {order.order_id: self._draft(context, order) for order in case.appealed}
        for order in case.appealed:
            order.draft = drafts[order.order_id].text
        arrived = tuple(item for item in context.evidence if item.id in unit.evidence.arrived)
        judged = Judgement(context, review(context), drafts, arrived)
        if tried is None:
            memory()[_judged(case.id)] = judged
        return judged

    def _context(self, known: KnownOfCases, case: Case) -> CaseContext:
        evidence = tuple(known.evidence[case.id])
        whole = CaseContext(
            policy=self.policy,
            catalogue=self.catalogue,
            lexicons=self.lexicons,
            now=self.clock.now(),
            shop=known.shops[case.shop],
            case=case,
            orders=known.orders_of(case),
            evidence=evidence,
            reused={item.id: known.reused[item.id] for item in evidence if item.id in known.reused},
        )
        return joined(known_numbers(whole))

    def _draft(self, context: CaseContext, order: CaseOrder) -> Draft:
        """The explanation of an order: a person's text where there is one, else the fullest generated one that
        fits the form."""
        if order.draft:
            return Draft(order.order_id, order.draft, "", order.draft_by)
        facts = facts_for(accepted(context, order), order)
        text, number = choose(self.texts.drafts("en", order.scenario, facts), self.policy.form.explanation_max)
        # The same position is the same wording in every language.
        gloss = next(islice(self.texts.drafts("zh", order.scenario, facts), number, None), "")
        return Draft(order.order_id, text, gloss)


def _judged(case_id: str) -> str:
    return f"judged {case_id}"
