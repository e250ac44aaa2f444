"""Roles over a restore: what was said since a backup was made goes on to count, so that nobody comes back by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.teams import Membership
from bot.ports.members import Account
from bot.runtime.clock import SystemClock
from bot.services.trail import Actors
from bot.store.database import HEAD, version
from bot.store.unit import Store


@dataclass(frozen=True)
class Standing:
    """The memberships and accounts that a database holds."""

    memberships: Sequence[Membership] = ()
    accounts: Sequence[Account] = ()

    @property
    def roles(self) -> list[dict[str, str]]:
        """Who has which role in which team, of those who have not left."""
        here = [row for row in self.memberships if row.until is None]
        return [{"person": row.person, "team": row.team, "role": row.role.value} for row in here]


def standing(engine: sa.Engine) -> Standing:
    """What a database holds; nothing for one whose tables are not today's."""
    if version(engine) != HEAD:
        return Standing()
    with Store(engine).unit(read_only=True) as unit:
        return Standing(unit.members.all(), unit.members.accounts())


def keep(engine: sa.Engine, earlier: Standing) -> Standing:
    """Put `earlier` in place of what was restored, if it holds anything; returns what counts now."""
    if not earlier.memberships:
        return standing(engine)
    with Store(engine, actor=Actors(SystemClock())).unit() as unit:
        unit.members.put_back(earlier.memberships, earlier.accounts)
    return earlier
