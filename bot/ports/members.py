"""What the core needs of the rows of teams: who belongs to which, and by which accounts people are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.teams import Membership


@dataclass(frozen=True)
class Account:
    """An account on a platform, and the person whose it is; `since` when (UTC) and by whom that was said."""

    platform: str
    account: str
    person: str
    since: datetime
    by: str


class MemberRows(Protocol):
    """The rows of memberships and accounts. What the settings say stands nowhere here."""

    def all(self) -> list[Membership]:
        """Every membership, ended ones included, ordered by person and team."""
        ...

    def save(self, membership: Membership) -> None:
        """Add the membership, or overwrite that of the same person in the same team."""
        ...

    def accounts(self) -> list[Account]:
        """Every account, ordered by person and platform."""
        ...

    def person_of(self, platform: str, account: str) -> str:
        """The id of the person whose account it is; "" when nobody's is known to be."""
        ...

    def account_of(self, platform: str, person: str) -> str:
        """The person's account on the platform; "" for none."""
        ...

    def link(self, account: Account) -> None:
        """Make the account the person's, whoever had it before; the person's earlier one on that platform is
        theirs no more. What came from the account until now came from the person."""
        ...

    def separate(self, platform: str, account: str) -> str:
        """Take the account from the person whose it is, who is returned; "" when it was nobody's. What came from
        them on that platform came from the account again, as from somebody unknown."""
        ...

    def put_back(self, memberships: Sequence[Membership], accounts: Sequence[Account]) -> None:
        """Hold these memberships and accounts, and no others."""
        ...
