"""Signing in to the console: links that work once, sessions, and how many wrong attempts are answered."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.people import Role

ATTEMPTS, WINDOW = 10, timedelta(minutes=10)
"""So many wrong attempts are answered within that time, from one address and about one account. Then both have to
wait until the oldest has left the window: nobody is locked out for longer than it lasts."""

LINKS = 5
"""So many links a person may ask for within the window."""

MAX_BROWSER = 120


class Purpose(StrEnum):
    """What a link is for; kept as its value."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"


@dataclass(frozen=True)
class SignInLink:
    """A link that works once, before `expires_at` (UTC). `person` is whom it signs in ("" for somebody whom an
    invitation makes known), `role` in `team` is what an invitation gives. `channel` ("platform:channel", "" for none)
    is where it was asked for, by `created_by`. `refused_at` is when it was last tried after its use."""

    id: str
    hash: str
    purpose: Purpose
    person: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    team: str = ""
    role: str = ""
    channel: str = ""
    used_at: datetime | None = None
    used_from: str = ""
    refused_at: datetime | None = None
    refused_from: str = ""


@dataclass(frozen=True)
class Session:
    """One browser that is signed in. `standing` is what the person was allowed when it began or was renewed,
    `used_at` the last use as it was noted, `expires_at` its end however much it is used; all instants are UTC. `why`
    says why it has ended: `signed_out`, `expired`, `removed`."""

    id: int
    person: str
    standing: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str = ""
    browser: str = ""
    ended_at: datetime | None = None
    why: str = ""


class SignInRefused(Exception):
    """A link or a sign-in is refused. `reason` is `unknown`, `used`, `expired` or `too_many`; `link` is given when
    the link itself was right."""

    def __init__(self, reason: str, link: SignInLink | None = None) -> None:
        super().__init__(reason)
        self.reason, self.link = reason, link


def neighbourhood(address: str) -> str:
    """The addresses among which one attacker moves freely, as one name: a whole /64 of IPv6, one address of IPv4."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


@dataclass(frozen=True)
class Visitor:
    """Whoever sends a request of a session. `standing` is what the person may do now: their roles as "team:role",
    with commas between. `renewed` is the session's new secret when that has changed, else ""."""

    session: Session
    standing: str
    renewed: str = ""

    @property
    def role(self) -> Role:
        """The highest of the person's roles: it opens pages; what they show is decided for each team."""
        roles = (Role(part.rpartition(":")[2]) for part in self.standing.split(",") if part)
        return max(roles, key=list(Role).index, default=Role.VIEWER)
