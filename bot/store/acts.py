"""The rows of what people did, kept so that it can be undone."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.act import Act
from bot.store.cases import case_number
from bot.store.tables import acts


class ActTable:
    """Implements ports.acts.ActRows on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, act: Act) -> None:
        """Store an act under a new id."""
        own: dict[str, Any] = {name: value for name, value in asdict(act).items() if name != "id"}
        own["case_id"] = case_number(act.case_id) if act.case_id else None
        self.connection.execute(acts.insert().values(undone_by="", undone_message="", **own))

    def recent(self, case_id: str = "", who: str = "", evidence_id: str = "", limit: int = 200) -> list[Act]:
        """The newest acts that were not undone, as described in ports.acts.ActRows."""
        query = sa.select(acts).where(acts.c.undone_at.is_(None))
        if case_id:
            query = query.where(acts.c.case_id == case_number(case_id))
        if who:
            query = query.where(acts.c.who == who)
        if evidence_id:
            query = query.where(acts.c.evidence_id == evidence_id)
        rows = self.connection.execute(query.order_by(acts.c.id.desc()).limit(limit)).mappings()
        return [_to_act(row) for row in rows]

    def undone(self, act_id: int, at: datetime, by: str, message_id: str) -> None:
        """Note that an act was undone by that message."""
        values = {"undone_at": at, "undone_by": by, "undone_message": message_id}
        self.connection.execute(acts.update().where(acts.c.id == act_id).values(**values))

    def undone_by(self, message_id: str) -> list[Act]:
        """The acts that the message undid, newest first."""
        query = sa.select(acts).where(acts.c.undone_message == message_id).order_by(acts.c.id.desc())
        return [_to_act(row) for row in self.connection.execute(query).mappings()] if message_id else []


def _to_act(row: sa.RowMapping) -> Act:
    own = {name: value for name, value in row.items() if name not in ("undone_at", "undone_by", "undone_message")}
    return Act(**{**own, "case_id": f"C{row['case_id']}" if row["case_id"] is not None else ""})
