"""The registry of rules: their stable ids, what each looks at, and the texts that it may ask for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence
from bot.domain.finding import Severity
from bot.domain.policy import Policy, RejectionCode


class Subject(Enum):
    """What a rule looks at. A content rule sees evidence that was read or stated: while nobody knows what a piece
    shows, `coverage` asks once instead of every rule. A draft rule sees accepted evidence only."""

    CASE = "case"
    ORDER = "order"
    EVIDENCE = "evidence"
    CONTENT = "content"
    DRAFT = "draft"


@dataclass(frozen=True)
class Answer:
    """An answer of a rule; a rule without answers has passed. `severity` None stands for the profile's severity of
    the rule. `together` says that the answer is about all pieces of the kind, so that no single good piece can
    outweigh it."""

    variant: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    evidence_id: str = ""
    together: bool = False


def fault(variant: str, **params: Any) -> Answer:
    """The answer that the rule is broken, at the profile's severity."""
    return Answer(variant, params)


def unsure(variant: str, **params: Any) -> Answer:
    """The answer that the rule cannot tell, so that a person is asked."""
    return Answer(variant, params, Severity.UNSURE)


def warning(variant: str, **params: Any) -> Answer:
    """The answer that it is good enough to submit but worth a look."""
    return Answer(variant, params, Severity.WARNING)


def info(variant: str, **params: Any) -> Answer:
    """The answer that something is good to know."""
    return Answer(variant, params, Severity.INFO)


Check = Callable[..., Iterable[Answer]]
EVIDENCE_PARAMS = frozenset({"file", "stated_by"})
"""Parameters that every finding about one piece of evidence carries besides its own."""


@dataclass(frozen=True)
class Rule:
    """A registered rule; `variants` maps each of its texts to the names of the parameters of that text."""

    id: str
    subject: Subject
    check: Check
    variants: Mapping[str, frozenset[str]]


class UnknownRules(ValueError):
    """The profile names rules that do not exist."""


RULES: dict[str, Rule] = {}


def _register(rule_id: str, subject: Subject, variants: Mapping[str, str]) -> Callable[[Check], Check]:
    extra = EVIDENCE_PARAMS if subject in (Subject.EVIDENCE, Subject.CONTENT) else frozenset()
    names = {variant: frozenset(params.split()) | extra for variant, params in variants.items()}

    def keep(check: Check) -> Check:
        if rule_id in RULES:
            raise ValueError(f"rule {rule_id!r} is registered twice")
        RULES[rule_id] = Rule(rule_id, subject, check, names)
        return check

    return keep


CaseCheck = Callable[[CaseContext], Iterable[Answer]]
OrderCheck = Callable[[CaseContext, CaseOrder], Iterable[Answer]]
EvidenceCheck = Callable[[CaseContext, CaseOrder, Evidence], Iterable[Answer]]


def case_rule(rule_id: str, **variants: str) -> Callable[[CaseCheck], Check]:
    """Register a rule about the whole case; `variants` give each wording's parameters, separated by spaces."""
    return _register(rule_id, Subject.CASE, variants)


def order_rule(rule_id: str, **variants: str) -> Callable[[OrderCheck], Check]:
    """Register a rule about one order of the case."""
    return _register(rule_id, Subject.ORDER, variants)


def evidence_rule(rule_id: str, **variants: str) -> Callable[[EvidenceCheck], Check]:
    """Register a rule about one piece of evidence as filed to one order, whether or not it was read."""
    return _register(rule_id, Subject.EVIDENCE, variants)


def content_rule(rule_id: str, **variants: str) -> Callable[[EvidenceCheck], Check]:
    """Register a rule about what one piece of evidence shows."""
    return _register(rule_id, Subject.CONTENT, variants)


def draft_rule(rule_id: str, **variants: str) -> Callable[[OrderCheck], Check]:
    """Register a rule about one order's form and explanation; it gets a context with accepted evidence only."""
    return _register(rule_id, Subject.DRAFT, variants)


def check_profile(policy: Policy) -> None:
    """Raises UnknownRules, naming the key and the known ids, when the profile lists a rule that does not exist."""
    if unknown := sorted(set(policy.rules) - set(RULES)):
        names, known = ", ".join(unknown), ", ".join(sorted(RULES))
        raise UnknownRules(f"policy {policy.name!r}, section [rules]: unknown rule {names}; known: {known}")


def check_playbook(codes: Mapping[str, RejectionCode]) -> None:
    """Raises UnknownRules, naming the code and the known ids, when the play-book asks to check a rule that does not
    exist, or says nothing of unknown codes."""
    for code, play in codes.items():
        if unknown := sorted(set(play.check) - set(RULES)):
            raise UnknownRules(f"code {code!r}: unknown rule {', '.join(unknown)}; known: {', '.join(sorted(RULES))}")
    if "*" not in codes:
        raise UnknownRules('no entry "*" for codes that are not listed')


def is_about_draft(rule_id: str) -> bool:
    """Whether the rule looks at an order's explanation and the other fields of its form."""
    return RULES[rule_id].subject is Subject.DRAFT


def enabled(policy: Policy, subject: Subject) -> list[Rule]:
    """The rules about `subject` that the profile lists, in the profile's order."""
    return [RULES[rule_id] for rule_id in policy.rules if RULES[rule_id].subject is subject]
