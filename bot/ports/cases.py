"""What the core needs of the rows of cases."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.case import Case, CaseStatus, TimelineEvent


@dataclass(frozen=True)
class OwnedCase:
    """A case, its owner's person id and its shop."""

    case: str
    owner: str
    shop: str


class CaseSorting(StrEnum):
    """How found cases are ordered: those whose deadline runs first, by deadline, then those that wait for results,
    then finished ones, newest first; newest first; by shop; by owner, those without one first."""

    URGENT = "urgent"
    NEWEST = "newest"
    SHOP = "shop"
    OWNER = "owner"


@dataclass(frozen=True)
class CaseQuery:
    """Which cases are looked for: of these shops, in one of these states (any for none). `owner` is a person id, ""
    for cases without an owner and None for any; cases of the person `not_of` are left out. The deadline is at `since`
    or later, and before `before` (UTC). `words` stand in an order's id or tracking number, are the case's id, or part
    of the name of a shop: those are `named`. `with_evidence` leaves out cases without any evidence."""

    shops: Collection[str]
    statuses: Collection[CaseStatus] = ()
    owner: str | None = None
    not_of: str = ""
    since: datetime | None = None
    before: datetime | None = None
    words: str = ""
    named: Collection[str] = ()
    with_evidence: bool = False
    sorting: CaseSorting = CaseSorting.URGENT


class CaseRows(Protocol):
    """Cases with their orders and timeline.

    A case's orders come by the time of their defect, then by id. Cases out of sight are not found and not listed.
    A case is *active* while it is open or submitted. Whatever changes a case (`add`, `save`, `take_refreshes`, and
    saving its evidence) has its cards made anew before the transaction ends; the timeline alone does not.
    """

    def get(self, case_id: str, lock: bool = False) -> Case | None:
        """The case in any state, or None; anything that is no case id is unknown, not an error. With `lock` other
        transactions that ask for the lock, or save the case, wait until this one ends."""
        ...

    def those(self, case_ids: Collection[str]) -> list[Case]:
        """The cases with these ids in any state, by number; unknown ones are left out."""
        ...

    def of_shops(self, case_id: str, shops: Collection[str]) -> Case | None:
        """The case in any state, if it is of one of these shops; a case of another is answered like an unknown one,
        after the same number of statements."""
        ...

    def add(self, case: Case) -> Case:
        """Store a new case with its orders. The same object comes back with its id (C1, C2 …), which its orders have
        too; ids are never used twice."""
        ...

    def save(self, case: Case) -> None:
        """Store the case as it is: all its fields and its orders, of which those that it no longer has are deleted.
        Take it with `get(lock=True)` or `open_of`, else what others changed meanwhile is lost."""
        ...

    def open_of(self, shop: str) -> Case | None:
        """The shop's newest open case, locked as by `get(lock=True)`; None if no case of the shop is open."""
        ...

    def newest_of(self, shop: str) -> Case | None:
        """The shop's newest case in any state, not locked, or None."""
        ...

    def holding(self, shop: str, order_ids: Collection[str]) -> dict[str, set[str]]:
        """The ids of the shop's cases, in any state, that hold these orders, by order id; an order that is in none is
        absent. There may be many thousands of ids."""
        ...

    def listed(self, shops: Collection[str], active: bool = True) -> list[Case]:
        """The cases of these shops, nearest deadline first, then by number; `active` leaves out the finished ones."""
        ...

    def active_of(self, shops: Collection[str]) -> dict[str, str]:
        """The id of each shop's active case, of several the one with the latest deadline; absent for a shop without
        any."""
        ...

    def found(self, query: CaseQuery, limit: int, start: int = 0) -> list[Case]:
        """At most `limit` of the cases that are looked for, from the place `start` (0 for the first) on."""
        ...

    def count(self, query: CaseQuery) -> int:
        """How many cases there are of those that are looked for."""
        ...

    def owners(self, shops: Collection[str]) -> list[str]:
        """The person ids of the owners of these shops' cases, in any state, in order."""
        ...

    def with_order(self, order_id: str) -> list[Case]:
        """Active cases that hold an order whose id ends with `order_id`, in no promised order."""
        ...

    def owned(self) -> list[OwnedCase]:
        """The cases with an owner, in any state, by number."""
        ...

    def overdue(self, now: datetime) -> list[str]:
        """Ids of open cases whose deadline was before `now` (UTC), by number."""
        ...

    def closed_early(self, now: datetime) -> list[str]:
        """Ids of expired cases whose deadline is at `now` (UTC) or later, by number: a clock that was ahead closed
        them."""
        ...

    def plan_refreshes(self, planned: Mapping[str, datetime | None]) -> None:
        """Set the instants (UTC) at which cases' countdowns are next drawn anew, by case id, in place of those set
        before; None for never. The cases' cards are not made anew by this call."""
        ...

    def refresh_due(self, now: datetime, latest: datetime, limit: int) -> list[str]:
        """At most `limit` ids of cases whose planned refresh is not after `now` (UTC), longest due first. One planned
        after `latest` was planned by a clock that was ahead, and is due too."""
        ...

    def take_refreshes(self, case_ids: Collection[str], now: datetime, latest: datetime) -> list[str]:
        """Claim the due refreshes of these cases (see `refresh_due`). Returns the ids of those whose refresh is no
        longer planned by this, each for exactly one of several callers; those that are not due or were claimed by
        another are left out."""
        ...

    def excluded_orders(self, shops: Collection[str] | None = None) -> dict[str, set[str]]:
        """The orders that the platform took out of the statistic (domain.md §1), by shop (all when None); a shop
        without any is absent."""
        ...

    def outcomes(self) -> list[tuple[str, str]]:
        """(root cause, "excluded" or "rejected") of every decided appeal, for the outlook (domain.md §6), in no
        promised order."""
        ...

    def note(self, event: TimelineEvent) -> None:
        """Append an event to the case's timeline; the event's own id is ignored. An event with a message id is
        stored once: if the same message already noted the same thing about the same case by the same person (as
        when a turn is run again after a crash), nothing is added. Events without a message id are always appended."""
        ...

    def last_noted(self, case_id: str) -> TimelineEvent | None:
        """What was given to `note` last for the case in this transaction, or None."""
        ...

    def caused(self, message_id: str) -> list[str]:
        """The ids of the cases in whose timeline something was caused by the message; none for ""."""
        ...

    def timeline(self, case_id: str) -> list[TimelineEvent]:
        """The case's timeline, oldest first; empty for an unknown case."""
        ...
