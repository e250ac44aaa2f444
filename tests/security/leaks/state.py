"""The database of a world of tests: put back after every question, and watched."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

Rows = Mapping[str, list[tuple[object, ...]]]


class State:
    """The database as it is now, to which it can be put back together with the received exports in `folder`."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self.folder, self.files = folder, {path: path.read_bytes() for path in folder.iterdir()}
        self.path = str(engine.url.database)
        self.kept = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self.path)) as database:
            database.backup(self.kept)
        self.columns = {table: self._columns(table) for (table,) in self.kept.execute(TABLES)}

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self.kept.execute(f"PRAGMA table_info('{table}')")]

    def again(self) -> None:
        """Everything as it was."""
        with closing(sqlite3.connect(self.path)) as database:
            database.execute("PRAGMA synchronous = OFF")
            self.kept.backup(database)
        for path, content in self.files.items():
            if not path.exists():
                path.write_bytes(content)

    def of(self, team: str, shop: str, case: str) -> Rows:
        """Everything that is kept of the team, as it is now."""
        with closing(sqlite3.connect(self.path)) as database:
            return {
                table: database.execute(f"SELECT * FROM '{table}' WHERE {where}").fetchall()
                for table, where in self._wheres(team, shop, case[1:])
            }

    def _wheres(self, team: str, shop: str, case: str) -> Iterator[tuple[str, str]]:
        channels = ", ".join(f"'{platform}:C{team.upper()}'" for platform in ("slack", "feishu", "console"))
        asked = {"shop": f"shop = '{shop}'", "case_id": f"case_id = {case}", "team": f"team = '{team}'"}
        asked |= {"channel": f"channel IN ({channels})"}
        for table, columns in self.columns.items():
            if table in ("shop_order", "inbound_event", "console_entry"):
                continue
            if wheres := [asked[name] for name in asked if name in columns]:
                yield table, " OR ".join(wheres)
        yield "channel", f"id IN ({channels})"
        yield "appeal_case", f"id = {case}"
        yield "shop", f"id = '{shop}'"
        yield "person", f"id LIKE '{team}-%'"
        yield "shop_order", f"shop = '{shop}' AND buyer != ''"


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
