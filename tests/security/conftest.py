from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.sign_in import SignInLink
from bot.ports.store import Unit
from bot.services.sessions import Sessions
from bot.services.sign_in import SignIn
from bot.store.unit import Store

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
IDLE, LONGEST = timedelta(hours=72), timedelta(days=30)


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Entrance:
    """Links and sessions over one database, with what people may do as a table, and whom owners were told of."""

    store: Store
    clock: HandClock = field(default_factory=HandClock)
    roles: dict[str, str] = field(default_factory=lambda: {"li": "member", "wang": "lead"})
    told: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sessions = Sessions(
            self.store.unit, self.clock, lambda person: self.roles.get(person, ""), IDLE, LONGEST
        )
        self.sign_in = SignIn(self.store.unit, self.clock, self.sessions, self.accept, self.tell)

    def accept(self, unit: Unit, link: SignInLink) -> str:
        """An invitation makes a new person of whoever follows it."""
        if not link.person:
            self.roles["new"] = link.role
        return link.person or "new"

    def tell(self, unit: Unit, link: SignInLink, address: str) -> None:
        self.told.append((link.person, address))

    def signed_in(self, person: str = "li", address: str = "10.0.0.1") -> str:
        """The secret of a new session of the person."""
        return self.sign_in.redeem(self.sign_in.link(person, "command-line"), address, "Firefox")


@pytest.fixture
def entrance(store: Store) -> Entrance:
    return Entrance(store)
