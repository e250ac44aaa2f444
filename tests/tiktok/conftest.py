from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ports.tiktok import TokenPair
from bot.settings.tiktok import TikTokSettings
from tests.cli.conftest import Cli
from tests.tiktok.fake.server import serving
from tests.tiktok.fake.world import FakeShop, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with serving(world) as url:
        yield url


@pytest.fixture
def connection(world: World, address: str) -> TikTokSettings:
    """The settings of the section [tiktok] for the fake."""
    return TikTokSettings(app_key=world.app_key, app_secret=world.secret, base_url=address, auth_url=address)


class Tokens:
    """Access tokens that are renewed at the fake."""

    def __init__(self, pair: TokenPair, renew: object) -> None:
        self.pair, self.renew, self.renewals = pair, renew, 0

    def current(self) -> str:
        return self.pair.access

    def renewed(self, stale: str) -> str:
        assert stale == self.pair.access
        self.renewals += 1
        self.pair = self.renew(self.pair.refresh).tokens
        return self.pair.access


def pair(access: str = "access", refresh: str = "refresh") -> TokenPair:
    now = datetime.now(UTC)
    return TokenPair(access, refresh, now, now + timedelta(days=7), now + timedelta(days=300))


SHOP = "7494726673780148744"
SETTINGS = """
data_dir = "data"
language = "en"
clock.now = 2026-11-20T08:00:00Z

[tiktok]
app_key = "{key}"
app_secret = "{secret}"
base_url = "{url}"
auth_url = "{url}"
calls_per_second = 100

[[shops]]
id = "us-1"
name = "Bright Home"
site = "US"
opened_on = 2024-01-05
tiktok = "{shop}"
"""


@pytest.fixture
def shop(world: World) -> FakeShop:
    """A shop of a seller whose code is "code"."""
    shop = FakeShop(SHOP)
    world.seller("aurora", shop)
    world.codes["code"] = "aurora"
    return shop


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World, address: str, shop: FakeShop) -> Cli:
    """The command line over the fake, not connected yet."""
    monkeypatch.chdir(tmp_path)
    cli = Cli(tmp_path)
    cli.settings(SETTINGS.format(key=world.app_key, secret=world.secret, url=address, shop=SHOP))
    return cli
