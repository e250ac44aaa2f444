"""The rows of sign-in links, wrong attempts and sessions."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.sign_in import Purpose, Session, SignInLink
from bot.store.changing import AuditedRows
from bot.store.tables import attempts, sessions, sign_in_links

APART = timedelta(days=1)
"""More than the clocks of processes on one database are ever apart."""
_session = [sessions.c[name] for name in Session.__dataclass_fields__]


class SignInTable:
    """Implements ports.sign_in.SignInRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def add(self, link: SignInLink) -> None:
        """Keep a new sign-in link."""
        self.rows.insert(sign_in_links, **asdict(link))

    def get(self, link_id: str) -> SignInLink | None:
        """The link with that id, or None."""
        row = (
            self.connection.execute(sa.select(sign_in_links).where(sign_in_links.c.id == link_id)).mappings().first()
        )
        return _to_link(row) if row else None

    def use(self, link_id: str, at: datetime, address: str) -> bool:
        """Mark a link as used; True for the one caller who was first and in time."""
        table = sign_in_links.c
        free = (table.id == link_id) & table.used_at.is_(None) & (table.expires_at > at)
        return self.rows.update(sign_in_links, free, used_at=at, used_from=address) == 1

    def refused(self, link_id: str, at: datetime, address: str) -> None:
        """Note that somebody tried a used link."""
        self.rows.update(sign_in_links, sign_in_links.c.id == link_id, refused_at=at, refused_from=address)

    def refused_of(self, person: str, since: datetime) -> list[SignInLink]:
        """The person's links that were tried after their use, newest first."""
        table = sign_in_links.c
        query = sa.select(sign_in_links).where(table.person == person, table.refused_at > since)
        return [_to_link(row) for row in self.connection.execute(query.order_by(table.refused_at.desc())).mappings()]

    def asked_since(self, person: str, since: datetime) -> int:
        """The number of links to sign in made for the person since then."""
        table = sign_in_links.c
        own = (table.person == person) & (table.purpose == Purpose.SIGN_IN) & (table.created_at > since)
        return int(self.connection.execute(sa.select(sa.func.count()).where(own)).scalar_one())

    def replace_unused(self, person: str, at: datetime) -> None:
        """Let the person's unused links to sign in expire, for every process on this database: one whose clock is
        behind would still take a link that expires now."""
        table = sign_in_links.c
        own = (table.person == person) & (table.purpose == Purpose.SIGN_IN) & table.used_at.is_(None)
        waiting = own & (table.expires_at > table.created_at)
        for link_id, created in self.connection.execute(sa.select(table.id, table.created_at).where(waiting)).all():
            self.rows.update(sign_in_links, table.id == link_id, expires_at=min(at, created) - APART)

    def attempt(self, subject: str, at: datetime) -> None:
        """Note a wrong attempt of a subject."""
        self.connection.execute(attempts.insert().values(subject=subject, at=at))

    def attempts(self, subject: str, since: datetime) -> list[datetime]:
        """The instants of the subject's wrong attempts since then, oldest first."""
        own = (attempts.c.subject == subject) & (attempts.c.at > since)
        return list(self.connection.execute(sa.select(attempts.c.at).where(own).order_by(attempts.c.at)).scalars())

    def forget(self, before: datetime) -> None:
        """Delete attempts and links from before that instant."""
        self.connection.execute(attempts.delete().where(attempts.c.at < before))
        self.connection.execute(sign_in_links.delete().where(sign_in_links.c.expires_at < before))


class SessionTable:
    """Implements ports.sign_in.SessionRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def add(self, session: Session, hashed: str) -> int:
        """Keep a new session; returns its id."""
        own: dict[str, Any] = {name: value for name, value in asdict(session).items() if name != "id"}
        return self.rows.insert(sessions, **own, hash=hashed)

    def find(self, hashed: str, renewed_since: datetime) -> Session | None:
        """The session with that hash, or with that one before a recent renewal."""
        earlier = (sessions.c.earlier_hash == hashed) & (sessions.c.renewed_at > renewed_since)
        found = self._read(sa.or_(sessions.c.hash == hashed, earlier)) if hashed else []
        return found[0] if found else None

    def get(self, session_id: int) -> Session | None:
        """The session with that id, or None."""
        found = self._read(sessions.c.id == session_id)
        return found[0] if found else None

    def open(self, person: str = "") -> list[Session]:
        """The sessions that have not been ended, newest use first."""
        whose = sessions.c.person == person if person else sa.true()
        return self._read(sessions.c.ended_at.is_(None) & whose)

    def touch(self, session_id: int, at: datetime, address: str) -> None:
        """Note that a session was used."""
        self.rows.update(sessions, sessions.c.id == session_id, used_at=at, address=address)

    def renew(self, session_id: int, hashed: str, standing: str, at: datetime) -> bool:
        """Give the session another hash, once for each change of standing."""
        own = (sessions.c.id == session_id) & sessions.c.ended_at.is_(None) & (sessions.c.standing != standing)
        values = {"earlier_hash": sessions.c.hash, "hash": hashed, "standing": standing, "renewed_at": at}
        return self.rows.update(sessions, own, **values) == 1

    def end(self, session_id: int, at: datetime, why: str) -> bool:
        """End a session; False when it had ended before."""
        return self._end(sessions.c.id == session_id, at, why) == 1

    def forget(self, before: datetime) -> None:
        """Delete the sessions that were over before that instant."""
        over = (sessions.c.ended_at < before) | (sessions.c.expires_at < before)
        self.connection.execute(sessions.delete().where(over))

    def end_all(self, person: str, at: datetime, why: str, but: int = 0) -> int:
        """End the sessions of a person except one; returns how many."""
        return self._end((sessions.c.person == person) & (sessions.c.id != but), at, why)

    def _end(self, which: sa.ColumnElement[bool], at: datetime, why: str) -> int:
        return self.rows.update(sessions, which & sessions.c.ended_at.is_(None), ended_at=at, why=why)

    def _read(self, which: sa.ColumnElement[bool]) -> list[Session]:
        query = sa.select(*_session).where(which).order_by(sessions.c.used_at.desc(), sessions.c.id.desc())
        return [Session(**row) for row in self.connection.execute(query).mappings()]


def _to_link(row: sa.RowMapping) -> SignInLink:
    return SignInLink(**{**row, "purpose": Purpose(row["purpose"])})
