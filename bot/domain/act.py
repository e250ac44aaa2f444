"""What a person's act changed, stored so that it can be undone (domain.md §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.domain.case import Case, CaseOrder, CaseStatus
from bot.domain.evidence import Evidence

PLACED = ("case_id", "order_ids", "kind", "withdrawn_at")
"""What people change of evidence: where it belongs, and whether it counts."""
_COUNTED = ("id", "version", "orders")
Changes = Mapping[str, Mapping[str, Sequence[Any]]]
"""subject -> field -> [before, after], as JSON data; a subject is "case", "order:<id>" or "evidence:<id>" """
T = TypeVar("T")
_CASE, _ORDER, _EVIDENCE = TypeAdapter(Case), TypeAdapter(CaseOrder), TypeAdapter(Evidence)


@dataclass(frozen=True)
class Act:
    """One act of a person, with the case's version after it; `case_id` is "" for evidence that belongs to no case."""

    case_id: str
    at: datetime
    who: str
    what: str
    changes: Changes
    message_id: str = ""
    evidence_id: str = ""
    version: int = 0
    id: int = field(default=0, compare=False)

    @property
    def stopped(self) -> bool:
        """Whether the act stopped the countdown of the case."""
        before, after = self.changes.get("case", {}).get("status", ("", ""))
        return bool(before == CaseStatus.OPEN.value != after)

    @property
    def decisive(self) -> bool:
        """Whether the act changed the state of the case or of an appeal; such an act can be undone even when the
        case is finished."""
        return any("status" in changed or "appeal" in changed for changed in self.changes.values())

    @property
    def orders(self) -> list[str]:
        """The ids of the orders that the act changed."""
        return [subject.removeprefix("order:") for subject in self.changes if subject.startswith("order:")]


class ChangedSince(Exception):
    """What the act changed has been changed again since, so that the act cannot be undone alone."""


def case_changes(before: Case, after: Case) -> Changes:
    """The differences between two states of a case."""
    found = {"case": _differing(_plain(_CASE, before, _COUNTED), _plain(_CASE, after, _COUNTED))}
    for order in after.orders:
        earlier = before.order(order.order_id)
        if earlier:
            found[f"order:{order.order_id}"] = _differing(_plain(_ORDER, earlier), _plain(_ORDER, order))
    return {subject: changed for subject, changed in found.items() if changed}


def evidence_changes(before: Evidence, after: Evidence) -> Changes:
    """The differences between two states of a piece of evidence."""
    without = tuple(each.name for each in fields(Evidence) if each.name not in PLACED)
    changed = _differing(_plain(_EVIDENCE, before, without), _plain(_EVIDENCE, after, without))
    return {f"evidence:{after.id}": changed} if changed else {}


def taken_back(case: Case, changes: Changes) -> Case:
    """The case as it was before those changes. Raises ChangedSince when one of the values has been changed again."""
    orders = [_restored(_ORDER, order, changes.get(f"order:{order.order_id}", {})) for order in case.orders]
    return replace(_restored(_CASE, case, changes.get("case", {})), orders=orders)


def evidence_taken_back(item: Evidence, changes: Changes) -> Evidence:
    """The evidence as it was before those changes. Raises ChangedSince when one of the values has been changed
    again."""
    return _restored(_EVIDENCE, item, changes.get(f"evidence:{item.id}", {}))


def _plain(adapter: "TypeAdapter[Any]", value: object, without: Sequence[str] = ()) -> dict[str, Any]:
    found: dict[str, Any] = adapter.dump_python(value, mode="json", exclude=set(without))
    return found


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _restored(adapter: "TypeAdapter[T]", value: T, changed: Mapping[str, Sequence[Any]]) -> T:
    now = _plain(adapter, value)
    if any(now[name] != after for name, (_, after) in changed.items()):
        raise ChangedSince
    return (
        adapter.validate_python(now | {name: before for name, (before, _) in changed.items()}) if changed else value
    )
