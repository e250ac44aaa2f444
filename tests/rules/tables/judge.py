"""Runs the tables: what each rule answers, against what is true of each case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random
from types import ModuleType

from bot.domain.finding import Severity
from bot.rules import RULES, Review, review
from tests.rules.tables import eligibility, logistics, pictures, words
from tests.rules.tables.world import Labelled

CASES = 320
_MODULES: tuple[ModuleType, ...] = (eligibility, logistics, pictures, words)


@dataclass
class Tally:
    """How often a rule spoke rightly, wrongly, not, and at exactly the right severity."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    exact: int = 0
    cases: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def agreement(self) -> float:
        return self.exact / max(1, self.cases)

    def take(self, case: Labelled, answer: str) -> None:
        """Count one case."""
        self.cases += 1
        self.exact += answer == case.truth
        self.right += bool(answer and case.truth)
        self.wrong += bool(answer and not case.truth)
        self.missed += bool(case.truth and not answer)
        if answer != case.truth:
            self.faults.append(f"{case.about}: {answer or 'nothing'} instead of {case.truth or 'nothing'}")


def table_of(rule: str) -> Callable[[Random], Iterator[Labelled]]:
    """The generator of a rule's cases."""
    return next(table for module in _MODULES if (table := getattr(module, rule, None)))


def cases(rule: str, seed: int) -> Iterator[Labelled]:
    """Endless cases of a rule, the same for the same seed."""
    random = Random(f"{rule} {seed}")
    while True:
        yield from table_of(rule)(random)


def answer(rule: str, case: Labelled) -> str:
    """The worst severity at which the rule alone speaks, "" when it says nothing."""
    policy = case.context.policy
    # What a draft may claim depends on which evidence the others accept.
    kept = policy.rules if rule == "explanation_facts" else {rule: policy.rules[rule]}
    judged = review(replace(case.context, policy=policy.model_copy(update={"rules": kept})))
    found = {finding.severity for finding in judged.findings if finding.rule == rule}
    found |= {Severity.BLOCKING} if rule == "coverage" and _lacks(judged) else set()
    return next((severity.value for severity in Severity if severity in found), "")


def _lacks(judged: Review) -> bool:
    """Whether something is missing for which nothing was sent."""
    return any(not item.sent for item in judged.missing)


def judge(rule: str, seed: int = 1, count: int = CASES) -> Tally:
    """The rule's tally over `count` cases."""
    tally = Tally()
    for case in islice(cases(rule, seed), count):
        tally.take(case, answer(rule, case))
    return tally


def judge_all(seed: int = 1, count: int = CASES) -> dict[str, Tally]:
    """Every rule's tally."""
    return {rule: judge(rule, seed, count) for rule in RULES}
