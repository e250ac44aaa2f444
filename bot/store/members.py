"""The rows of memberships and accounts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.domain.people import Role
from bot.domain.teams import Membership
from bot.ports.members import Account
from bot.store.changing import AuditedRows
from bot.store.tables import accounts, events, memberships


class MemberTable:
    """Implements ports.members.MemberRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def all(self) -> list[Membership]:
        """Every membership, ended ones included, by person and team."""
        query = sa.select(memberships).order_by(memberships.c.person, memberships.c.team)
        return [_membership(row) for row in self.connection.execute(query).mappings()]

    def save(self, membership: Membership) -> None:
        """Add the membership, or overwrite that of the same person in the same team."""
        values: dict[str, Any] = {"role": membership.role.value, "since": membership.since, "until": membership.until}
        place = {"person": membership.person, "team": membership.team, "given_by": membership.by}
        self.rows.replace(memberships, **place, **values)

    def accounts(self) -> list[Account]:
        """Every account, by person and platform."""
        query = sa.select(accounts).order_by(accounts.c.person, accounts.c.platform)
        return [
            Account(row.platform, row.account, row.person, row.since, row.added_by)
            for row in self.connection.execute(query)
        ]

    def person_of(self, platform: str, account: str) -> str:
        """The id of the person whose account it is, "" for nobody known."""
        query = sa.select(accounts.c.person).where(accounts.c.platform == platform, accounts.c.account == account)
        return self.connection.scalar(query) or ""

    def account_of(self, platform: str, person: str) -> str:
        """The person's account on the platform, "" for none."""
        query = sa.select(accounts.c.account).where(accounts.c.platform == platform, accounts.c.person == person)
        return self.connection.scalar(query) or ""

    def link(self, account: Account) -> None:
        """Make the account the person's, and what came from it until now theirs."""
        for earlier in (account.account, self.account_of(account.platform, account.person)):
            if earlier:
                self.separate(account.platform, earlier)
        values = {"platform": account.platform, "account": account.account, "person": account.person}
        self.rows.replace(accounts, **values, since=account.since, added_by=account.by)
        self._came_from(account.platform, account.account, account.person)

    def separate(self, platform: str, account: str) -> str:
        """Take the account, and what came from it, from the person whose it is."""
        if not (person := self.person_of(platform, account)):
            return ""
        here = (accounts.c.platform == platform) & (accounts.c.account == account)
        self.rows.delete(accounts, here)
        self._came_from(platform, person, account)
        return person

    def put_back(self, members: Sequence[Membership], known: Sequence[Account]) -> None:
        """Hold these memberships and accounts, and no others."""
        for table in (memberships, accounts):
            self.rows.delete(table, sa.true())
        for membership in members:
            self.save(membership)
        for each in known:
            values = {"platform": each.platform, "account": each.account, "person": each.person}
            self.rows.replace(accounts, **values, since=each.since, added_by=each.by)

    def _came_from(self, platform: str, before: str, now: str) -> None:
        """Where somebody has written decides what they see, so that it goes with the account."""
        theirs = (events.c.person == before) & events.c.channel.startswith(f"{platform}:", autoescape=True)
        self.connection.execute(events.update().where(theirs).values(person=now))


def _membership(row: sa.RowMapping) -> Membership:
    return Membership(row["person"], row["team"], Role(row["role"]), row["since"], row["given_by"], row["until"])
