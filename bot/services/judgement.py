"""What is known and thought of a case at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.case import Case, CaseStatus
from bot.domain.dossier import Dossier
from bot.domain.evidence import Evidence
from bot.rules import Review


@dataclass(frozen=True)
class Draft:
    """The explanation of one order: the form's English text and its Chinese gloss; `by` is "" when generated."""

    order_id: str
    text: str
    gloss: str
    by: str = ""


@dataclass(frozen=True)
class Judgement:
    """One look at a case: what is known, what the rules answer, the drafts by order id, and the evidence that has
    just `arrived`: by the change after which it was looked at."""

    dossier: Dossier
    review: Review
    drafts: Mapping[str, Draft]
    arrived: Sequence[Evidence] = ()

    @property
    def case(self) -> Case:
        """The case looked at."""
        return self.dossier.case

    @property
    def left(self) -> Review:
        """What the rules say of the orders that are still to be submitted, and of the case while it is open."""
        wanted = {order.order_id for order in self.case.to_do}
        if self.case.status is CaseStatus.OPEN and wanted:
            wanted.add("")
        missing = tuple(item for item in self.review.missing if item.order_id in wanted)
        findings = tuple(item for item in self.review.findings if item.order_id in wanted)
        return replace(self.review, missing=missing, findings=findings)

    @property
    def ready(self) -> bool:
        """Something is left to submit, and nothing stops it."""
        return bool(self.case.to_do) and self.left.ready

    @property
    def points(self) -> int:
        """How many things stop the submission of what is left to submit; 0 for a finished case."""
        return self.left.points
