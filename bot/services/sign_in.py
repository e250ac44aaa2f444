"""Links that sign in to the console once: made for a person or an invitation, looked at, used (domain.md §7)."""

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from secrets import token_urlsafe

from bot.domain.sign_in import ATTEMPTS, LINKS, WINDOW, Purpose, SignInLink, SignInRefused, neighbourhood
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.sessions import SECRET_BYTES, Sessions, hashed

ID_BYTES, ID = 9, re.compile(r"[A-Za-z0-9_-]{12}")
LIFETIME = timedelta(minutes=15)
"""How long a link to sign in waits for its use; an invitation says for itself how long it waits."""

KEPT = timedelta(days=30)
"""So long after its end a link is remembered, so that its use a second time is told from a wrong one; and a session,
with its address and browser, so that somebody can look who was in."""

NO_HASH = "0" * 64

Accept = Callable[[Unit, SignInLink], str]
"""(transaction, the link that is used) -> the person whom it signs in"""

Tell = Callable[[Unit, SignInLink, str], None]
"""(transaction, a link that was used before, from where it was tried again) -> its owner is told"""


class SignIn:
    """Makes links and lets people in who bring one. A token is the link's id and its secret, of which only the hash
    is kept."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        sessions: Sessions,
        accept: Accept = lambda unit, link: link.person,
        tell: Tell = lambda unit, link, address: None,
    ) -> None:
        """`accept` decides whom a link signs in: for an invitation it makes the person known. `tell` tells the owner
        of a used link, once, that it was tried again. Both are called in the transaction of the sign-in."""
        self.units, self.clock, self.sessions, self.accept, self.tell = units, clock, sessions, accept, tell

    def link(self, person: str, by: str, channel: str = "", lifetime: timedelta = LIFETIME) -> str:
        """A token that signs the person in; earlier ones that were not used expire. `by` is who asked for it and
        `channel` where. Raises SignInRefused("too_many") when the person asks for too many."""
        now = self.clock.now()
        with self.units() as unit:
            if by == person and unit.sign_in.asked_since(person, now - WINDOW) >= LINKS:
                raise SignInRefused("too_many")
            unit.sign_in.replace_unused(person, now)
            made = SignInLink("", "", Purpose.SIGN_IN, person, now, by, now + lifetime, channel=channel)
            return _kept(unit, made)

    def invite(self, unit: Unit, person: str, team: str, role: str, by: str, lifetime: timedelta) -> str:
        """A token that gives the person ("" for somebody who is not known yet) a role in a team, and signs them
        in; made in the transaction of whoever calls."""
        now = self.clock.now()
        made = SignInLink("", "", Purpose.INVITATION, person, now, by, now + lifetime, team=team, role=role)
        return _kept(unit, made)

    def look(self, token: str, address: str) -> SignInLink:
        """The link of a token, used and expired ones included. Raises SignInRefused: `unknown` for a wrong token,
        `too_many` after too many wrong ones from this address or about this account. Changes nothing else, because
        chats look at links to show a preview."""
        link_id, _, secret = token.partition(".")
        with self.units(read_only=True) as unit:
            link = unit.sign_in.get(link_id) if ID.fullmatch(link_id) else None
            subjects = _subjects(address, link)
            limited = any(self._limited(unit, subject) for subject in subjects)
        right = hmac.compare_digest(hashed(secret), link.hash if link else NO_HASH)
        if limited:
            raise SignInRefused("too_many")
        if link is None or not right:
            self._wrong(subjects)
            raise SignInRefused("unknown")
        return link

    def redeem(self, token: str, address: str, browser: str) -> str:
        """Sign in: the secret of a new session. Raises SignInRefused, for a link that was used before only after its
        owner was told."""
        link = self.look(token, address)
        with self.units() as unit:
            if unit.sign_in.use(link.id, self.clock.now(), address):
                person = self.accept(unit, link)
                if not self.sessions.standing(person):
                    raise SignInRefused("unknown")
                return self.sessions.begin(unit, person, address, browser)
            # Another may have used it since it was looked at.
            link = unit.sign_in.get(link.id) or link
            if link.used_at is not None:
                unit.sign_in.refused(link.id, self.clock.now(), address)
                if link.refused_at is None:
                    self.tell(unit, link, address)
        raise SignInRefused("used" if link.used_at is not None else "expired", link)

    def waits(self, address: str) -> bool:
        """Whether the address has made too many wrong attempts and has to wait."""
        with self.units(read_only=True) as unit:
            return self._limited(unit, address_subject(address))

    def wrong(self, address: str) -> None:
        """Note a wrong attempt from the address."""
        self._wrong([address_subject(address)])

    def _limited(self, unit: Unit, subject: str) -> bool:
        return len(unit.sign_in.attempts(subject, self.clock.now() - WINDOW)) >= ATTEMPTS

    def _wrong(self, subjects: Sequence[str]) -> None:
        with self.units() as unit:
            for subject in subjects:
                unit.sign_in.attempt(subject, self.clock.now())

    def tried_again(self, person: str) -> list[SignInLink]:
        """The person's links that somebody tried after their use, newest first."""
        with self.units(read_only=True) as unit:
            return unit.sign_in.refused_of(person, self.clock.now() - KEPT)


def _kept(unit: Unit, link: SignInLink) -> str:
    """Keep a new link; returns its token, which nobody can find out from what is kept."""
    link_id, secret = token_urlsafe(ID_BYTES), token_urlsafe(SECRET_BYTES)
    unit.sign_in.forget(link.created_at - KEPT)
    unit.sessions.forget(link.created_at - KEPT)
    unit.sign_in.add(replace(link, id=link_id, hash=hashed(secret)))
    return f"{link_id}.{secret}"


def _subjects(address: str, link: SignInLink | None) -> list[str]:
    """Who is limited: the address, and the account that the link belongs to."""
    account = [f"account:{link.person or link.id}"] if link else []
    return [address_subject(address), *account]


def address_subject(address: str) -> str:
    """The name under which wrong attempts of an address are counted."""
    return f"address:{neighbourhood(address)}"
