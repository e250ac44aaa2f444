"""Judging a case: gathering everything known of it, running the rules, and drafting the explanations."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.case import Case, CaseOrder
from bot.domain.context import CaseContext
from bot.domain.draft import choose, facts_for
from bot.domain.evidence import Evidence
from bot.domain.matching import known_numbers
from bot.domain.pieces import joined
from bot.domain.policy import Catalogue, Lexicon, Policy
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.rules import accepted, review
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

    def judge_all(self, shops: Collection[str]) -> list[Judgement]:
        """The judgements of the shops' active cases, nearest deadline first."""
        with self.units(read_only=True) as unit:
            return [self.look(unit, case.id) for case in unit.cases.listed(shops)]

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
        context = self._context(unit, case_id)
        for order in context.case.orders:
            order.draft = (tried or {}).get(order.order_id, order.draft)
        drafts = {order.order_id: self._draft(context, order) for order in context.case.appealed}
        for order in context.case.appealed:
            order.draft = drafts[order.order_id].text
        arrived = tuple(item for item in context.evidence if item.id in unit.evidence.arrived)
        judged = Judgement(context, review(context), drafts, arrived)
        if tried is None:
            memory()[_judged(case_id)] = judged
        return judged

    def _context(self, unit: Unit, case_id: str) -> CaseContext:
        case = unit.cases.get(case_id)
        shop = unit.shops.get(case.shop) if case else None
        if case is None or shop is None:
            raise Refusal("no_such_case", case=case_id)
        evidence = tuple(unit.evidence.of_case(case_id))
        whole = CaseContext(
            policy=self.policy,
            catalogue=self.catalogue,
            lexicons=self.lexicons,
            now=self.clock.now(),
            shop=shop,
            case=case,
            orders=unit.orders.by_ids(case.shop, [order.order_id for order in case.orders]),
            evidence=evidence,
            reused=_reused(unit, case, evidence),
        )
        return joined(known_numbers(whole))

    def _draft(self, context: CaseContext, order: CaseOrder) -> Draft:
        """The explanation of an order: a person's text where there is one, else the fullest generated one that
        fits the form."""
        if order.draft:
            return Draft(order.order_id, order.draft, "", order.draft_by)
        facts = facts_for(accepted(context, order), order)
        text, number = choose(self.texts.drafts("en", order.scenario, facts), self.policy.form.explanation_max)
        glosses = self.texts.drafts("zh", order.scenario, facts)
        return Draft(order.order_id, text, glosses[number] if number < len(glosses) else "")


def _judged(case_id: str) -> str:
    return f"judged {case_id}"


def _reused(unit: Unit, case: Case, evidence: Sequence[Evidence]) -> dict[str, tuple[str, ...]]:
    """The evidence whose bytes or picture other cases have used, with the ids of that evidence; "" stands for
    evidence of other shops, because everybody who sees this shop sees the case's cards, and other shops' evidence
    is not named there."""
    same = unit.evidence.same_bytes({item.sha256 for item in evidence}, case.id)
    others = {item.id: (*same.get(item.sha256, ()), *item.facts.seen_before) for item in evidence}
    named = {each for ids in others.values() for each in ids}
    own = unit.evidence.of_shop(named, case.shop) if named else set()
    told = {item: tuple(dict.fromkeys(each if each in own else "" for each in ids)) for item, ids in others.items()}
    return {item: ids for item, ids in told.items() if ids}
