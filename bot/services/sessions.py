"""Sessions of the console: they begin with a link, end by themselves, and can be ended (domain.md §7)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from bot.domain.sign_in import MAX_BROWSER, Session, Visitor
from bot.domain.trail import Actor
from bot.ports.clock import Clock
from bot.ports.store import DatabaseError, Unit, UnitFactory

SECRET_BYTES = 32
TOUCH = timedelta(minutes=2)
"""A use is noted when the last note is that old: not every request writes."""

GRACE = timedelta(minutes=1)
"""After a renewal the earlier secret still opens for so long: a page sends several requests at once."""


def hashed(secret: str) -> str:
    """What the database keeps of a secret. Secrets are long and random, so that a plain hash cannot be guessed."""
    return sha256(secret.encode(errors="backslashreplace")).hexdigest()


class Sessions:
    """Knows browsers by the secret in their cookie. `standing(person)` says what a person may do now, "" for
    somebody who may not come in any more."""

    def __init__(
        self, units: UnitFactory, clock: Clock, standing: Callable[[str], str], idle: timedelta, longest: timedelta
    ) -> None:
        """A session ends when it was not used for `idle`, and `longest` after its begin in any case."""
        self.units, self.clock, self.standing = units, clock, standing
        self.idle, self.longest = idle, longest

    def begin(self, unit: Unit, person: str, address: str, browser: str) -> str:
        """Begin a session, always with a new secret, which is returned."""
        now, secret = self.clock.now(), token_urlsafe(SECRET_BYTES)
        browser = "".join(filter(str.isprintable, browser))[:MAX_BROWSER]
        began = Session(0, person, self.standing(person), now, now, now + self.longest, address, browser)
        unit.sessions.add(began, hashed(secret))
        unit.trail.by(Actor(person, address=f"console {address}", what="sign_in"))
        return secret

    def enter(self, secret: str, address: str, used: bool = True) -> Visitor | None:
        """Who comes with the secret; None when there is no such session or it has ended. `used` is False for
        requests that a page makes by itself: they keep no session alive."""
        with self.units(read_only=True) as unit:
            session = unit.sessions.find(hashed(secret), self.clock.now() - GRACE) if secret else None
        if session is None or not self._alive(session):
            return None
        standing, now = self.standing(session.person), self.clock.now()
        if not standing:
            self.end_all(session.person, why="removed")
            return None
        renewed = self._renewed(session, standing)
        if used and now - session.used_at >= TOUCH:
            # A page is read although nothing can be written just now.
            with suppress(DatabaseError), self.units() as unit:
                unit.sessions.touch(session.id, now, address)
        return Visitor(session, standing, renewed)

    def _renewed(self, session: Session, standing: str) -> str:
        """A new secret when what the person may do has changed, and this is the request that notices it first."""
        if session.standing == standing:
            return ""
        secret = token_urlsafe(SECRET_BYTES)
        with self.units() as unit:
            first = unit.sessions.renew(session.id, hashed(secret), standing, self.clock.now())
        return secret if first else ""

    def lives(self, session_id: int) -> bool:
        """Whether a session that has begun goes on."""
        with self.units(read_only=True) as unit:
            session = unit.sessions.get(session_id)
        return session is not None and self._alive(session) and bool(self.standing(session.person))

    def _alive(self, session: Session) -> bool:
        now = self.clock.now()
        return session.ended_at is None and now < session.expires_at and now < session.used_at + self.idle

    def listed(self, person: str = "") -> list[Session]:
        """The sessions that go on, of a person or of everybody, latest use first."""
        with self.units(read_only=True) as unit:
            return [session for session in unit.sessions.open(person) if self._alive(session)]

    def end(self, session_id: int, person: str = "") -> bool:
        """End a session. With a `person` only one of theirs; another's is as one that does not exist."""
        with self.units() as unit:
            session = unit.sessions.get(session_id)
            if session is None or person not in ("", session.person):
                return False
            unit.trail.by(_leaving(person or session.person))
            return unit.sessions.end(session_id, self.clock.now(), "signed_out")

    def end_all(self, person: str, but: int = 0, why: str = "signed_out") -> int:
        """End every session of a person except the one with the id `but`; returns how many."""
        with self.units() as unit:
            if why == "signed_out":
                unit.trail.by(_leaving(person))
            return unit.sessions.end_all(person, self.clock.now(), why, but)


def _leaving(person: str) -> Actor:
    return Actor(person, address="console", what="sign_out")
