"""The policy profile and the catalogue of scenarios: validated data from config/, read by every rule."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.domain.carriers import TrackingPage
from bot.domain.finding import Severity
from bot.domain.orders import DefectType


class _PolicyData(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


# Reading a decimal string costs more than measuring a day with it.
_exact = lru_cache(maxsize=64)(Fraction)


def _ratio(value: str) -> str:
    if not 0 < Fraction(value) < 1:
        raise ValueError('expected a ratio between 0 and 1, written as a decimal string such as "0.010"')
    return value


Ratio = Annotated[str, Field(pattern=r"^0?\.\d+$"), AfterValidator(_ratio)]
Positive = Annotated[int, Field(gt=0)]
Proposal = Literal["ask_buyer", "report_review"]
"""To ask the buyer to take the defect back, or to report the review to the platform."""


class Measuring(_PolicyData):
    """How the rate is counted (domain.md §1)."""

    count: Literal["per_defect", "per_order"]
    dated_by: Literal["event", "order"]
    rolling_days: Positive
    baseline_days: Positive
    usual_days: Positive = 28
    requirement: Ratio
    requirement_high_risk: Ratio
    negative_review_max_stars: Annotated[int, Field(ge=1, le=4)]
    negative_rating_max_stars: Annotated[int, Field(ge=1, le=4)]


class Triggers(_PolicyData):
    """Limits of the triggers (domain.md §2); every comparison is strictly greater."""

    enabled: tuple[Literal["single_day", "red", "streak", "surge", "rolling"], ...]
    single_day: Ratio
    single_day_high_risk: Ratio
    red: Ratio
    streak: Ratio
    streak_days: Positive
    surge_factor: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]
    surge_windows_days: Annotated[tuple[Positive, ...], Field(min_length=1)]
    surge_min_defects: Positive
    surge_min_baseline_days: Positive
    scope_hours_before_onset: Positive
    low_sample_orders: Positive


class EvidenceLimits(_PolicyData):
    """What evidence must satisfy (domain.md §5)."""

    fresh_days: Positive
    link_hosts: Annotated[tuple[str, ...], Field(min_length=1)]
    refused_link_hosts: tuple[str, ...]
    retention_days: Annotated[int, Field(ge=90)]
    editors: tuple[str, ...]
    on_the_way_days: Positive


class FormLimits(_PolicyData):
    """The appeal form and what is known of its results (domain.md §5, §6)."""

    explanation_max: Positive
    prior_pass_rate: Ratio
    prior_weight: Positive
    review_days_usual: Annotated[tuple[Positive, ...], Field(min_length=2, max_length=2)]


class Advice(_PolicyData):
    """What a site says of one proposal about one or several kinds of defect, with its source. What no entry allows
    is unknown and never proposed (domain.md §6)."""

    proposal: Proposal
    defects: Annotated[tuple[DefectType, ...], Field(min_length=1)]
    sites: Annotated[tuple[str, ...], Field(min_length=1)]
    allowed: bool
    source: str
    checked_on: date
    confidence: Literal["official", "third_party", "one_article"]

    @model_validator(mode="after")
    def _reviews_are_reported(self) -> "Advice":
        if self.proposal == "report_review" and DefectType.RETURN_REFUND in self.defects:
            raise ValueError("report_review: expected reviews and ratings, a return is no review")
        return self

    def speaks_of(self, site: str, defect: DefectType) -> bool:
        """Whether the entry is about that kind of defect on that site."""
        return site in self.sites and defect in self.defects


class Policy(_PolicyData):
    """One policy profile (domain.md §3a). Rates are decimal strings; the methods give them as exact fractions."""

    name: str
    version: str
    effective_from: date
    sites: Annotated[tuple[str, ...], Field(min_length=1)]
    entities: Annotated[tuple[str, ...], Field(min_length=1)]
    shop_age_days: Positive
    window_hours: Positive
    measuring: Measuring
    triggers: Triggers
    evidence: EvidenceLimits
    form: FormLimits
    advice: tuple[Advice, ...] = ()
    rules: dict[str, Severity]

    def requirement(self, high_risk: bool) -> Fraction:
        """The rolling ODR to stay at or under, as a ratio (domain.md §1)."""
        return _exact(self.measuring.requirement_high_risk if high_risk else self.measuring.requirement)

    def single_day(self, high_risk: bool) -> Fraction:
        """The daily ODR above which a day is an anomaly, as a ratio (domain.md §2)."""
        return _exact(self.triggers.single_day_high_risk if high_risk else self.triggers.single_day)

    def proposals(self, site: str, defects: Iterable[DefectType]) -> tuple[str, ...]:
        """What may be proposed to a shop of the site beside or instead of an appeal (domain.md §6), one key for each
        proposal and kind of defect, such as `ask_buyer_return_refund`. What one entry forbids no other allows."""
        wanted = set(defects)
        return tuple(
            f"{proposal}_{defect.value}"
            for proposal in get_args(Proposal)
            for defect in DefectType
            if defect in wanted and self._allows(proposal, site, defect)
        )

    def _allows(self, proposal: str, site: str, defect: DefectType) -> bool:
        said = [item.allowed for item in self.advice if item.proposal == proposal and item.speaks_of(site, defect)]
        return bool(said) and all(said)


class Requirement(_PolicyData):
    """A kind of evidence that is needed; any one of `kinds` meets it if it `shows` what is asked (domain.md §4)."""

    id: str
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    shows: Literal["", "delay", "pickup"] = ""


class Scenario(_PolicyData):
    """One kind of fault that is not the seller's (domain.md §4)."""

    root_causes: Annotated[tuple[str, ...], Field(min_length=1)]
    defect_types: Annotated[tuple[DefectType, ...], Field(min_length=1)]
    needs: tuple[Requirement, ...]
    helps: tuple[str, ...]


class Catalogue(_PolicyData):
    """Scenarios, evidence kinds and root causes, and the tracking pages of carriers."""

    root_causes: Annotated[tuple[str, ...], Field(min_length=1)]
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    base: Annotated[tuple[Requirement, ...], Field(min_length=1)]
    scenarios: Annotated[dict[str, Scenario], Field(min_length=1)]
    tracking_pages: tuple[TrackingPage, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> "Catalogue":
        requirements = [*self.base, *(need for item in self.scenarios.values() for need in item.needs)]
        used = {kind for requirement in requirements for kind in requirement.kinds}
        used |= {kind for item in self.scenarios.values() for kind in item.helps}
        if unknown := sorted(used - set(self.kinds)):
            raise ValueError(f"unknown evidence kinds {unknown}; known: {sorted(self.kinds)}")
        causes = {cause for item in self.scenarios.values() for cause in item.root_causes}
        if unknown := sorted(causes - set(self.root_causes)):
            raise ValueError(f"unknown root causes {unknown}; known: {sorted(self.root_causes)}")
        return self

    def requirements(self, scenario: str) -> tuple[Requirement, ...]:
        """The requirements of the base groups and of the scenario; of the base groups alone while the scenario is
        undecided ("")."""
        extra = self.scenarios[scenario].needs if scenario in self.scenarios else ()
        return (*self.base, *extra)


class Lexicon(_PolicyData):
    """Words an explanation must not hold, per language (domain.md §5 `explanation_tone`)."""

    emotional: tuple[str, ...]
    vague: tuple[str, ...]


class RejectionCode(_PolicyData):
    """What to do after a rejection with this code (domain.md §6): its meaning (a wording key), when the order may be
    appealed again, and the ids of the rules to look at before."""

    meaning: str
    resubmit: Literal["after_notice", "never"]
    check: tuple[str, ...]
