"""The door of the console: who comes in, and who goes on being in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.domain.sign_in import Session, SignInLink, Visitor


class SessionKeeper(Protocol):
    """Knows browsers that are signed in by the secret in their cookie."""

    @property
    def longest(self) -> timedelta:
        """How long a session lasts at most."""

    def enter(self, secret: str, address: str, used: bool = True) -> Visitor | None:
        """Who comes with the secret; None when there is no such session or it has ended. `used` is False for
        requests that a page makes by itself: they keep no session alive."""
        ...

    def lives(self, session_id: int) -> bool:
        """Whether a session that has begun goes on."""
        ...

    def listed(self, person: str = "") -> Sequence[Session]:
        """The sessions that go on, of a person or of everybody, latest use first."""
        ...

    def end(self, session_id: int, person: str = "") -> bool:
        """End a session. With a `person` only one of theirs; another's is as one that does not exist."""
        ...

    def end_all(self, person: str, but: int = 0) -> int:
        """End every session of a person except the one with the id `but`; returns how many."""
        ...


class LinkKeeper(Protocol):
    """Lets people in who bring a link that works once, and counts those who guess."""

    def look(self, token: str, address: str) -> SignInLink:
        """The link of a token, used and expired ones included; uses nothing up. Raises SignInRefused."""
        ...

    def redeem(self, token: str, address: str, browser: str) -> str:
        """Sign in: the secret of a new session. Raises SignInRefused."""
        ...

    def waits(self, address: str) -> bool:
        """Whether the address has made too many wrong attempts and has to wait."""
        ...

    def wrong(self, address: str) -> None:
        """Note a wrong attempt from the address."""
        ...

    def tried_again(self, person: str) -> Sequence[SignInLink]:
        """The person's links that somebody tried after their use, newest first."""
        ...


@dataclass(frozen=True)
class Door:
    """What the console needs to know whom it talks to."""

    sessions: SessionKeeper
    links: LinkKeeper
