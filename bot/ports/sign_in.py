"""What the core needs of the rows of sign-in links, sessions and wrong attempts."""

from datetime import datetime
from typing import Protocol

from bot.domain.sign_in import Session, SignInLink


class SignInRows(Protocol):
    """Links that sign in once, and attempts that were wrong. Of a link's secret only the SHA-256 is kept."""

    def add(self, link: SignInLink) -> None:
        """Keep a new sign-in link under its own id."""
        ...

    def get(self, link_id: str) -> SignInLink | None:
        """The link with that id, used and expired ones included; None for none."""
        ...

    def use(self, link_id: str, at: datetime, address: str) -> bool:
        """Mark a link as used from that address. True for the one caller who was first, before it expired; False
        for everybody else, also when several try at the same moment."""
        ...

    def refused(self, link_id: str, at: datetime, address: str) -> None:
        """Note that somebody tried the link after it had been used."""
        ...

    def refused_of(self, person: str, since: datetime) -> list[SignInLink]:
        """The person's links that were tried after their use, since then; newest first."""
        ...

    def asked_since(self, person: str, since: datetime) -> int:
        """How many links to sign in were made for the person since then."""
        ...

    def replace_unused(self, person: str, at: datetime) -> None:
        """Let the person's unused links to sign in expire now, because a new one takes their place."""
        ...

    def attempt(self, subject: str, at: datetime) -> None:
        """Note a wrong attempt by or about a subject."""
        ...

    def attempts(self, subject: str, since: datetime) -> list[datetime]:
        """The instants of the subject's wrong attempts since then, oldest first."""
        ...

    def forget(self, before: datetime) -> None:
        """Delete the attempts from before that instant, and the links that had expired by then."""
        ...


class SessionRows(Protocol):
    """Browsers that are signed in. Of a session's secret only the SHA-256 is kept."""

    def add(self, session: Session, hashed: str) -> int:
        """Keep a new session under a new id, which is returned; its own id is passed over."""
        ...

    def find(self, hashed: str, renewed_since: datetime) -> Session | None:
        """The session with that hash, ended ones included. The hash that a renewal replaced finds it too if the
        renewal is not older than `renewed_since`."""
        ...

    def get(self, session_id: int) -> Session | None:
        """The session with that id, ended ones included; None for none."""
        ...

    def open(self, person: str = "") -> list[Session]:
        """The sessions that have not been ended, newest use first: of a person, or of everybody for ""."""
        ...

    def touch(self, session_id: int, at: datetime, address: str) -> None:
        """Note that the session was used from that address."""
        ...

    def renew(self, session_id: int, hashed: str, standing: str, at: datetime) -> bool:
        """Give the session another hash because what the person may do has changed; False when another process
        has done that meanwhile, or the session has ended."""
        ...

    def end(self, session_id: int, at: datetime, why: str) -> bool:
        """End a session; False when it had ended before."""
        ...

    def forget(self, before: datetime) -> None:
        """Delete the sessions that had ended or expired before that instant."""
        ...

    def end_all(self, person: str, at: datetime, why: str, but: int = 0) -> int:
        """End every session of a person except the one with the id `but`; returns how many."""
        ...
