"""What a rule answers about a case: pass, finding, or cannot tell."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs, worst first; UNSURE is the honest third answer and asks a person."""

    BLOCKING = "blocking"
    UNSURE = "unsure"
    WARNING = "warning"
    INFO = "info"

    @property
    def stops_submission(self) -> bool:
        """An unanswered question stops a submission as much as a fault does."""
        return self in (Severity.BLOCKING, Severity.UNSURE)


@dataclass(frozen=True)
class Finding:
    """One result of a rule.

    `variant` picks the wording (templates/<lang>/findings.toml, `<rule>.<variant>`), `params` fill it in.
    `order_id` is "" when the finding concerns the whole case, `evidence_id` "" when no single item.
    """

    rule: str
    severity: Severity
    variant: str
    order_id: str = ""
    evidence_id: str = ""
    params: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class MissingRequirement:
    """A requirement of a case order that no accepted evidence meets; any one of `kinds` would."""

    order_id: str
    requirement: str
    kinds: tuple[str, ...]
