"""Roles over a restore: what was said since a backup was made goes on to count, so that nobody comes back by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.teams import Membership
from bot.ports.members import Account
from bot.runtime.clock import SystemClock
from bot.services.forgetting import EDITABLE
from bot.services.trail import Actors
from bot.store.tables import accounts, memberships, people
from bot.store.unit import Store


@dataclass(frozen=True)
class Standing:
    """The memberships and accounts that a database holds, and the people whose names were deleted from it."""

    memberships: Sequence[Membership] = ()
    accounts: Sequence[Account] = ()
    forgotten: Sequence[str] = ()

    @property
    def roles(self) -> list[dict[str, str]]:
        """Who has which role in which team, of those who have not left."""
        here = [row for row in self.memberships if row.until is None]
        return [{"person": row.person, "team": row.team, "role": row.role.value} for row in here]


def standing(engine: sa.Engine) -> Standing:
    """What a database holds; of one from before there were roles, nothing. Raises a database error for one that
    cannot be read."""
    if not {memberships.name, accounts.name} <= set(sa.inspect(engine).get_table_names()):
        return Standing()
    columns = {column["name"] for column in sa.inspect(engine).get_columns(people.name)}
    with Store(engine).unit(read_only=True) as unit:
        forgotten = unit.names.forgotten() if people.c.forgotten_at.name in columns else ()
        return Standing(unit.members.all(), unit.members.accounts(), forgotten)


def keep(engine: sa.Engine, earlier: Standing) -> Standing:
    """Put `earlier` in place of what was restored, if it holds anything; returns what counts now. Names that were
    deleted since the backup are deleted again."""
    now = SystemClock().now()
    with Store(engine, actor=Actors(SystemClock())).unit() as unit:
        for person in earlier.forgotten:
            known = unit.records.person(person)
            unit.names.take_out({known.name} if known and known.name else set(), person, now - EDITABLE)
            unit.names.forget(person, now)
        if earlier.memberships:
            unit.members.put_back(earlier.memberships, earlier.accounts)
    return earlier if earlier.memberships else standing(engine)
