"""Nothing changes past the trail, and nothing changes the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.runtime.bootstrap import App
from bot.store import tables
from bot.store.audited import AUDITED, UNAUDITED
from bot.store.tables import metadata
from bot.store.trail import TrailTable
from tests.conversations.conftest import Talk

STORE = Path(tables.__file__).parent.parent
WRITERS = {"insert", "update", "delete", "insert_once", "replace", "upsert", "insert_new"}
APART = {
    ("cases.py", "plan_refreshes"): {"cases"},
    ("cases.py", "take_refreshes"): {"cases"},
    ("imports.py", "add"): {"imports"},
    ("previews.py", "purge"): {"previews"},
    ("previews.py", "save"): {"previews"},
    ("retention.py", "purge"): {"case_orders", "evidence"},
    ("sign_in.py", "forget"): {"sign_in_links", "sessions"},
    ("trail.py", "keep_settings"): {"settings_seen"},
}
"""By file and function: when a countdown is drawn anew; the further pages of one import by an API; what is read in an
export before somebody decides; where rows are deleted for good, so that what they held must not be kept; and the
settings of the very first start, which differ from none."""
NAMES = {
    name: table.name for name, table in vars(tables).items() if isinstance(table, sa.Table) and table.name in AUDITED
}


def test_every_table_is_kept_in_the_trail_or_says_why_not() -> None:
    declared = set(AUDITED) | set(UNAUDITED)
    assert set(metadata.tables) | {"alembic_version"} == declared, "bot/store/audited.py says what the trail keeps"
    assert not set(AUDITED) & set(UNAUDITED)


def past_the_trail(path: Path) -> Iterator[tuple[str, str]]:
    """The writes to kept tables that do not go through AuditedRows, each with the function in which it stands."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        yield from ((function.name, name) for name in written(function))


def written(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        attribute = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if attribute not in WRITERS:
            continue
        owner = called.value if isinstance(called, ast.Attribute) else None
        if isinstance(owner, ast.Attribute) and owner.attr == "rows":
            continue
        named = [owner, *node.args]
        yield from (each.id for each in named if isinstance(each, ast.Name) and each.id in NAMES)


@pytest.mark.parametrize("path", sorted(STORE.rglob("*.py")), ids=lambda path: str(path.relative_to(STORE)))
def test_kept_tables_are_written_through_the_trail_alone(path: Path) -> None:
    if "versions" not in path.parts:
        found = [
            (where, name) for where, name in past_the_trail(path) if name not in APART.get((path.name, where), ())
        ]
        assert found == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    path = tmp_path / "written.py"
    path.write_text(
        "def f():\n cases.update().where(x)\n replace(c, people, id=1)\n sa.delete(shops)\n"
        " self.rows.insert(cases, x=1)\n"
    )
    assert [*past_the_trail(path)] == [("f", "people"), ("f", "shops"), ("f", "cases")]


def test_columns_that_are_kept_exist() -> None:
    for name, spec in AUDITED.items():
        named = spec.watched | {spec.shop, spec.case, spec.team} - {""}
        assert named - {""} <= set(metadata.tables[name].columns.keys()), name


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET who = 'wang'", "UPDATE audit SET at = 0", "DELETE FROM audit"]
)
def test_the_database_refuses_to_change_or_delete_lines(talk: Talk, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="not changed"), talk.app.engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_the_trail_offers_no_way_to_change_a_line() -> None:
    offered = {name for name in vars(TrailTable) if not name.startswith("_")}
    assert offered == {"by", "keep", "note", "listed", "purge", "settings", "keep_settings"}


def test_what_is_rolled_back_leaves_no_line(app: App) -> None:
    with pytest.raises(RuntimeError), app.store.unit() as unit:
        unit.records.save_channel_language("console:ops", "en")
        raise RuntimeError
    with app.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM audit WHERE subject = 'channel:console:ops'")) == 0
