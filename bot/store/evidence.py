"""The rows of evidence."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.domain.case import CaseStatus
from bot.domain.evidence import Evidence, Facts, LinkState
from bot.ports.store import Sight
from bot.store.cases import case_number, within_sight
from bot.store.changing import AuditedRows
from bot.store.tables import cases, evidence, timeline

SEARCHED = 3000
"""The newest pieces in which like ones are looked for: their facts have no index."""
COPIES = ("exported", "redacted")
"""What the timeline calls the making of files from originals."""
_FACTS = TypeAdapter(Facts)
_PLAIN = [item.name for item in fields(Evidence) if item.name not in ("id", "case_id", "facts")]


def _row_number(evidence_id: str) -> int:
    known = evidence_id[:1] == "E" and evidence_id[1:].isdecimal() and len(evidence_id) < 12
    return int(evidence_id[1:]) if known else -1


def _values(item: Evidence) -> dict[str, Any]:
    own = {name: getattr(item, name) for name in _PLAIN}
    own["facts"] = _FACTS.dump_python(item.facts, mode="json", exclude_defaults=True)
    own["case_id"] = case_number(item.case_id) if item.case_id else None
    return own


def _to_evidence(row: sa.RowMapping) -> Evidence:
    own = {name: row[name] for name in _PLAIN}
    own["link_state"] = LinkState(row["link_state"]) if row["link_state"] else None
    case_id = f"C{row['case_id']}" if row["case_id"] is not None else ""
    return Evidence(id=f"E{row['id']}", case_id=case_id, facts=_FACTS.validate_python(row["facts"]), **own)


def _seen(sight: Sight | None) -> sa.ColumnElement[bool]:
    """The condition that evidence is within sight: its case is, or it waits unfiled in a channel that is."""
    if sight is None:
        return sa.true()
    waiting = evidence.c.case_id.is_(None) & evidence.c.channel.in_(sight.channels)
    return evidence.c.case_id.in_(sa.select(cases.c.id).where(within_sight(sight))) | waiting


class EvidenceTable:
    """Implements ports.evidence.EvidenceRows on one connection, limited to what is in `sight`. Saving evidence
    marks its case as changed in `touched`."""

    def __init__(self, rows: AuditedRows, touched: dict[str, None], sight: Sight | None = None) -> None:
        self.rows, self.connection = rows, rows.connection
        self.touched = touched
        self.seen, self.cases_seen = _seen(sight), within_sight(sight)
        self.arrived: set[str] = set()

    def add(self, item: Evidence, channel: str) -> Evidence:
        """Store new evidence that arrived in `channel`; it comes back with its id. The case's cards follow when
        it has been read and saved."""
        item.id = f"E{self.rows.insert(evidence, channel=channel, **_values(item))}"
        return item

    def get(self, evidence_id: str) -> Evidence | None:
        """The item, or None."""
        found = self._load(sa.select(evidence).where(evidence.c.id == _row_number(evidence_id)))
        return found[0] if found else None

    def brought(self, message_id: str) -> list[Evidence]:
        """The evidence that the message brought."""
        return self._load(sa.select(evidence).where(evidence.c.message_id == message_id)) if message_id else []

    def received(self, message_id: str, sha256: str, file_name: str) -> Evidence | None:
        """The item that the message brought before under the same name, or None."""
        same = (evidence.c.message_id == message_id) & (evidence.c.file_name == file_name)
        found = self._load(sa.select(evidence).where(evidence.c.sha256 == sha256, same))
        return found[0] if found else None

    def save(self, item: Evidence, arrived: bool = False) -> None:
        """Store the item, and mark its case as changed."""
        if arrived:
            self.arrived.add(item.id)
        self.rows.update(evidence, evidence.c.id == _row_number(item.id), **_values(item))
        self._touch(item)

    def of_case(self, case_id: str) -> list[Evidence]:
        """The case's evidence, oldest first, withdrawn items included."""
        return self._load(sa.select(evidence).where(evidence.c.case_id == case_number(case_id)))

    def of_cases(self, case_ids: Collection[str]) -> dict[str, list[Evidence]]:
        """The evidence of several cases, by case."""
        numbers = [case_number(each) for each in case_ids]
        found: dict[str, list[Evidence]] = {each: [] for each in case_ids}
        for item in self._load(sa.select(evidence).where(evidence.c.case_id.in_(numbers))):
            found[item.case_id].append(item)
        return found

    def unfiled(self, channel: str) -> list[Evidence]:
        """The evidence in a channel that is not assigned to a case yet."""
        waiting = evidence.c.case_id.is_(None) & evidence.c.withdrawn_at.is_(None)
        return self._load(sa.select(evidence).where(evidence.c.channel == channel, waiting))

    def holds(self, sha256: str) -> bool:
        """Whether a file with that SHA-256 is within sight: an original, a picture of a part of one, a copy or a
        package. Pictures of parts stand in the facts, which have no index, so they are looked for last."""
        original = sa.select(evidence.c.id).where(evidence.c.sha256 == sha256, self.seen)
        made = timeline.c.what.in_(COPIES) & (timeline.c.params["sha256"].as_string() == sha256)
        copy = sa.select(timeline.c.id).join(cases).where(made, self.cases_seen)
        facts = sa.cast(evidence.c.facts, sa.Text).contains(sha256, autoescape=True)
        part = sa.select(evidence.c.id).where(facts, self.seen)
        return any(self.connection.execute(query.limit(1)).first() for query in (original, copy, part))

    def named(self) -> dict[str, list[str]]:
        """The ids of evidence by the SHA-256 of its original and of the pictures of its parts."""
        found: dict[str, list[str]] = {}
        query = sa.select(evidence.c.id, evidence.c.sha256, evidence.c.facts).where(self.seen)
        for number, sha256, facts in self.connection.execute(query.order_by(evidence.c.id)):
            crops = (spot.get("crop") for spot in facts.get("spots", ()))
            for name in filter(None, (sha256, *crops)):
                found.setdefault(name, []).append(f"E{number}")
        return found

    def made(self) -> set[str]:
        """The SHA-256 of every copy and package that was made for a case, of purged cases too."""
        made = sa.select(timeline.c.params).join(cases).where(timeline.c.what.in_(COPIES), self.cases_seen)
        return {str(params["sha256"]) for params in self.connection.scalars(made)}

    def same_bytes(self, sha256: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """The evidence of cases with these bytes, by SHA-256."""
        query = sa.select(evidence.c.sha256, evidence.c.id, evidence.c.case_id)
        query = query.where(evidence.c.sha256.in_(sha256), evidence.c.case_id.is_not(None)).order_by(evidence.c.id)
        found: dict[str, list[tuple[str, str]]] = {}
        for digest, number, case in self.connection.execute(query):
            found.setdefault(digest, []).append((f"E{number}", f"C{case}"))
        return found

    def shops_of(self, ids: Collection[str]) -> dict[str, str]:
        """The shops of the cases to which these pieces belong, by evidence id."""
        query = sa.select(evidence.c.id, cases.c.shop).join(cases, evidence.c.case_id == cases.c.id)
        query = query.where(evidence.c.id.in_([_row_number(each) for each in ids]))
        return {f"E{number}": shop for number, shop in self.connection.execute(query)}

    def showing(self, keys: Sequence[str], case_id: str, limit: int) -> list[Evidence]:
        """The newest of other cases' evidence whose facts hold one of `keys`."""
        facts = sa.cast(evidence.c.facts, sa.Text)
        named = sa.or_(*(facts.contains(key, autoescape=True) for key in keys))
        recent = evidence.c.id > sa.select(sa.func.max(evidence.c.id)).scalar_subquery() - SEARCHED
        query = sa.select(evidence.c.id).where(recent, evidence.c.case_id != case_number(case_id), named)
        newest = self.connection.scalars(query.order_by(evidence.c.id.desc()).limit(limit)).all()
        return self._read(sa.select(evidence).where(evidence.c.id.in_(newest)))

    def links_due(
        self, now: datetime, usual: datetime, soon: datetime, last_hours: datetime, limit: int
    ) -> list[Evidence]:
        """The links that are to be checked again, as ports.evidence.EvidenceRows describes, the one checked
        longest ago first."""
        within_sight, state = evidence.c.link_checked_at, evidence.c.link_state
        pressing = (cases.c.deadline < last_hours) | (state == LinkState.UNREACHABLE.value)
        query = (
            sa.select(evidence)
            .join(cases, evidence.c.case_id == cases.c.id)
            .where(cases.c.status == CaseStatus.OPEN.value, cases.c.deadline >= now, evidence.c.link != "")
            .where(evidence.c.withdrawn_at.is_(None), state.is_distinct_from(LinkState.REFUSED.value))
            .where(within_sight.is_(None) | (within_sight < usual) | (pressing & (within_sight < soon)))
        )
        return self._load(query.order_by(within_sight).limit(limit))

    def _touch(self, item: Evidence) -> None:
        if item.case_id:
            self.touched[item.case_id] = None

    def _load(self, query: "sa.Select[Any]") -> list[Evidence]:
        return self._read(query.where(self.seen))

    def _read(self, query: "sa.Select[Any]") -> list[Evidence]:
        rows = self.connection.execute(query.order_by(evidence.c.id)).mappings()
        return [_to_evidence(row) for row in rows]
