"""What a rule answers about a case: pass, finding, or cannot tell."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """The severity of a finding, worst first; UNSURE is the answer "cannot tell" and asks a person (domain.md §5)."""

    BLOCKING = "blocking"
    UNSURE = "unsure"
    WARNING = "warning"
    INFO = "info"

    @property
    def stops_submission(self) -> bool:
        """Whether a finding of this severity stops the submission: a fault does, and so does an unanswered
        question."""
        return self in (Severity.BLOCKING, Severity.UNSURE)


@dataclass(frozen=True)
class Finding:
    """One result of a rule.

    `variant` picks the wording (templates/<lang>/findings.toml, `<rule>.<variant>`), `params` fill it in.
    `order_id` is "" when the finding concerns the whole case, `evidence_id` "" when no single item; `kind` is set
    when it concerns all the order's evidence of that kind together.
    """

    rule: str
    severity: Severity
    variant: str
    order_id: str = ""
    evidence_id: str = ""
    params: dict[str, Any] = field(default_factory=dict, hash=False)
    kind: str = ""

    def stops(self, evidence_id: str, kind: str) -> bool:
        """Whether the finding keeps that piece of evidence, of that kind, from being accepted."""
        return self.severity.stops_submission and (
            self.evidence_id == evidence_id or (bool(kind) and self.kind == kind)
        )


@dataclass(frozen=True)
class MissingRequirement:
    """A requirement of a case order that no accepted evidence meets; any one of `kinds` would. `sent` says that
    something was filed for it, so that findings or questions about that piece already say what is wrong."""

    order_id: str
    requirement: str
    kinds: tuple[str, ...]
    sent: bool = False


@dataclass(frozen=True)
class MetRequirement:
    """A requirement of a case order and the ids of the accepted evidence that meets it."""

    order_id: str
    requirement: str
    evidence: tuple[str, ...]
