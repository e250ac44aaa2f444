"""The rows of sellers' authorisations and of the shops that they cover."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.domain.feeds import Grant, LinkedShop
from bot.ports.tiktok import FoundShop, Granted
from bot.store.changing import AuditedRows
from bot.store.tables import grants, linked_shops

NOTHING: dict[str, Any] = {"state": "", "versions": {}, "tried_at": None, "paused": "", "skew": 0}
_SHOWN = [column for column in grants.columns if column.name != "sealed"]


class GrantTable:
    """Implements ports.feeds.GrantRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def grants(self) -> list[Grant]:
        """All authorisations, oldest first."""
        return [_grant(row) for row in self.connection.execute(sa.select(*_SHOWN).order_by(grants.c.id))]

    def grant(self, grant_id: str) -> Grant | None:
        """The authorisation with that id, or None."""
        row = self.connection.execute(sa.select(*_SHOWN).where(grants.c.id == _number(grant_id))).first()
        return _grant(row) if row else None

    def save_grant(self, granted: Granted, sealed: str) -> str:
        """Add an authorisation, or renew the one of the same seller; returns its id."""
        tokens = granted.tokens
        values = {
            "seller": granted.seller,
            "region": granted.region,
            "scopes": list(granted.scopes),
            "sealed": sealed,
            "obtained_at": tokens.obtained_at,
            "access_ends_at": tokens.access_ends_at,
            "refresh_ends_at": tokens.refresh_ends_at,
            "fault": "",
        }
        known = grants.c.open_id == granted.open_id
        if not self.rows.update(grants, known, **values):
            self.rows.insert(grants, open_id=granted.open_id, **values)
        return str(self.connection.scalar(sa.select(grants.c.id).where(known)))

    def sealed(self, grant_id: str) -> str:
        """The sealed tokens of an authorisation, "" for none."""
        return self.connection.scalar(sa.select(grants.c.sealed).where(grants.c.id == _number(grant_id))) or ""

    def note_fault(self, grant_id: str, fault: str) -> None:
        """Note what hinders an authorisation."""
        self.rows.update(grants, grants.c.id == _number(grant_id), fault=fault)

    def remove_grant(self, grant_id: str) -> None:
        """Delete an authorisation and forget its shops."""
        self.rows.delete(linked_shops, linked_shops.c.grant == _number(grant_id))
        self.rows.delete(grants, grants.c.id == _number(grant_id))

    def save_found(self, grant_id: str, shops: Sequence[FoundShop]) -> None:
        """Note which shops an authorisation covers."""
        found = {shop.id: shop for shop in shops}
        gone = sa.and_(linked_shops.c.grant == _number(grant_id), linked_shops.c.id.not_in(list(found)))
        self.rows.delete(linked_shops, gone)
        for shop in found.values():
            values: dict[str, Any] = {
                "grant": _number(grant_id),
                "name": shop.name,
                "region": shop.region,
                "cipher": shop.cipher,
                "seller_type": shop.seller_type,
                "code": shop.code,
            }
            if not self.rows.insert_once(linked_shops, id=shop.id, **values, **NOTHING):
                self.rows.update(linked_shops, linked_shops.c.id == shop.id, **values)

    def linked(self) -> list[LinkedShop]:
        """All shops that are covered, by id."""
        rows = self.connection.execute(sa.select(linked_shops).order_by(linked_shops.c.id)).mappings()
        return [LinkedShop(**{**row, "grant": str(row["grant"])}) for row in rows]

    def save_linked(self, shop: LinkedShop) -> None:
        """Overwrite what is known of a covered shop."""
        values = {name: getattr(shop, name) for name in ("state", "tried_at", "paused", "skew")}
        self.rows.update(linked_shops, linked_shops.c.id == shop.id, versions=dict(shop.versions), **values)


def _number(grant_id: str) -> int:
    return int(grant_id) if grant_id.isdecimal() and len(grant_id) < 18 else 0


def _grant(row: Any) -> Grant:
    times = (row.obtained_at, row.access_ends_at, row.refresh_ends_at)
    return Grant(str(row.id), row.open_id, row.seller, row.region, tuple(row.scopes), *times, row.fault)
