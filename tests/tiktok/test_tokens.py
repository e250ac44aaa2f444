"""Tokens of sellers: renewed in time, once for all who need them, and never lost half way."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.ports.tiktok import ApiFault, Granted
from bot.services.tokens import GrantTokens, TokenVault
from bot.settings.tiktok import TikTokSettings
from bot.sources.tiktok.authorisation import Authorisation
from bot.store.locking import WorkLocks
from bot.store.sealing import Seal
from bot.store.unit import Store
from tests.tiktok.fake.world import FakeShop, Fault, World


class Machine:
    """The machine's time, which can be set forward."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Process:
    """What one process has: its own vault over the common store."""

    def __init__(self, store: Store, folder: Path, settings: TikTokSettings, clock: Machine) -> None:
        http = httpx.Client()
        secret = settings.app_secret.get_secret_value()
        self.api = Authorisation(settings.app_key, secret, settings.auth_url, http, sleep=lambda _: None)
        locks = WorkLocks(store.engine, folder / "locks")
        self.vault = TokenVault(store.unit, self.api, Seal("", folder), locks.held, clock)


@pytest.fixture
def clock() -> Machine:
    return Machine()


@pytest.fixture
def processes(
    store: Store, tmp_path: Path, connection: TikTokSettings, clock: Machine, world: World
) -> list[Process]:
    found = [Process(store, tmp_path, connection, clock) for _ in range(4)]
    code = world.seller("aurora", FakeShop("1"))
    with store.unit() as unit:
        assert found[0].vault.save(unit, found[0].api.granted(code)) == "1"
    return found


def test_a_token_is_used_until_most_of_its_life_is_over(
    processes: list[Process], clock: Machine, world: World
) -> None:
    tokens = GrantTokens(processes[0].vault, "1")
    first = tokens.current()
    clock.ahead = timedelta(days=7 * 0.79)
    assert tokens.current() == first and world.refreshes == 0
    clock.ahead = timedelta(days=7 * 0.81)
    assert tokens.current() != first and world.refreshes == 1


def test_of_all_processes_one_renews(processes: list[Process], clock: Machine, world: World) -> None:
    """The platform ends a refresh token when it is used: a second use of it would end the connection."""
    stale = GrantTokens(processes[0].vault, "1").current()
    found: list[str] = []

    def renew(process: Process) -> None:
        found.append(GrantTokens(process.vault, "1").renewed(stale))

    threads = [threading.Thread(target=renew, args=(process,)) for process in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.refreshes == 1 and len(found) == 4 and len({*found, stale}) == 2


def test_a_token_that_is_good_for_a_while_is_used_while_the_server_is_away(
    processes: list[Process], clock: Machine, world: World
) -> None:
    tokens = GrantTokens(processes[0].vault, "1")
    first = tokens.current()
    clock.ahead = timedelta(days=6)
    world.faults.append(Fault("/token/", "html", times=100))
    assert tokens.current() == first


def test_an_authorisation_that_ended_is_noted(
    processes: list[Process], clock: Machine, world: World, store: Store
) -> None:
    world.refresh.clear()
    with pytest.raises(ApiFault, match="authorisation"):
        GrantTokens(processes[0].vault, "1").renewed(GrantTokens(processes[0].vault, "1").current())
    with store.unit(read_only=True) as unit:
        assert unit.grants.grants()[0].fault == "authorisation"


def test_tokens_that_nobody_can_read_are_told(processes: list[Process], tmp_path: Path, store: Store) -> None:
    vault = processes[0].vault
    vault.seal = Seal("another key of the environment, long", tmp_path)
    with pytest.raises(ApiFault, match="sealed"):
        GrantTokens(vault, "1").current()


def test_an_answer_that_leaves_out_the_seller_is_about_the_one_who_was_asked_for(
    processes: list[Process], store: Store
) -> None:
    vault = processes[0].vault
    renew = vault.tiktok.renewed

    class Silent:
        def renewed(self, refresh: str) -> Granted:
            return Granted(renew(refresh).tokens, "")

    vault.tiktok = Silent()
    GrantTokens(vault, "1").renewed(GrantTokens(vault, "1").current())
    with store.unit(read_only=True) as unit:
        [grant] = unit.grants.grants()
    assert (grant.open_id, grant.seller) == ("open-aurora", "aurora")
