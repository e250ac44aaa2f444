from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.ports.sources import Batch, DefectRow, OrderRow, OrderSource, Skipped
from bot.settings.files import data_root, load_data
from bot.sources.mappings import Mappings, load_mappings
from bot.sources.opening import SourceLimits, open_source

ZONES = {"US": "America/Los_Angeles", "UK": "Europe/London", "VN": "Asia/Ho_Chi_Minh", "TH": "Asia/Bangkok"}


def shop(site: str = "US") -> Shop:
    """A shop of that site."""
    return Shop(f"{site}-1", "Test", site, ZONES[site], opened_on=date(2025, 1, 1))


def ms(text: str) -> int:
    """Epoch milliseconds of an ISO time, UTC unless it says otherwise."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


class Outcome:
    """Everything a source gave."""

    def __init__(self, source: OrderSource) -> None:
        batches: list[Batch] = list(source.batches())
        self.kind = source.kind
        self.rows = sum(batch.rows for batch in batches)
        self.orders: list[OrderRow] = [row for batch in batches for row in batch.orders]
        self.repeated: list[OrderRow] = [row for batch in batches for row in batch.repeated]
        self.defects: list[DefectRow] = [row for batch in batches for row in batch.defects]
        self.cleared = [pair for batch in batches for pair in batch.cleared]
        self.skipped: list[Skipped] = [row for batch in batches for row in batch.skipped]
        self.reasons = [(row.line, row.reason) for row in self.skipped]


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_data(data_root("config") / "policies" / "tiktok-shop.toml", Policy)


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load_mappings(data_root("config"))


Open = Callable[..., Outcome]


@pytest.fixture
def opened(tmp_path: Path, policy: Policy, mappings: Mappings) -> Open:
    """Writes bytes or text to a file and reads it as a source."""

    def read(content: bytes | str | Path, site: str = "US", kind: str | None = None, **limits: int) -> Outcome:
        path = content if isinstance(content, Path) else tmp_path / "file.bin"
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Outcome(open_source(path, shop(site), policy, mappings, kind, SourceLimits(**limits)))

    return read
