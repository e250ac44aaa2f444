"""The judgement of a case: what is known of it, what the rules answer, and its draft explanations at one instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.case import Case, CaseStatus
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence
from bot.rules import Review


@dataclass(frozen=True)
class Draft:
    """The explanation of one order: the English text for the form and its Chinese translation. `by` is the person
    who wrote it, "" for a generated one."""

    order_id: str
    text: str
    gloss: str
    by: str = ""


@dataclass(frozen=True)
class Judgement:
    """The judgement of a case: what is known, what the rules answer, the drafts by order id, and the evidence that
    has just `arrived` with the change that caused this judgement."""

    context: CaseContext
    review: Review
    drafts: Mapping[str, Draft]
    arrived: Sequence[Evidence] = ()

    @property
    def case(self) -> Case:
        """The case that was judged."""
        return self.context.case

    @property
    def left(self) -> Review:
        """The review of the orders that are still to be submitted, and of the case itself while it is open."""
        wanted = {order.order_id for order in self.case.to_do}
        if self.case.status is CaseStatus.OPEN and wanted:
            wanted.add("")
        missing = tuple(item for item in self.review.missing if item.order_id in wanted)
        findings = tuple(item for item in self.review.findings if item.order_id in wanted)
        return replace(self.review, missing=missing, findings=findings)

    @property
    def ready(self) -> bool:
        """Whether something is left to submit and nothing stops the submission."""
        return bool(self.case.to_do) and self.left.ready

    @property
    def points(self) -> int:
        """The number of findings and unmet requirements that stop the submission of what is left; 0 for a finished
        case."""
        return self.left.points
