from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.ports.tiktok import TokenPair
from bot.settings.tiktok import TikTokSettings
from tests.tiktok.fake.server import serving
from tests.tiktok.fake.world import World


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
