"""A reader as the product makes it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.evidence import Facts
from bot.domain.policy import Policy
from bot.reading.reader import FileReader
from bot.reading.tables import Carriers, Vocabulary, load_carriers, load_vocabulary
from bot.settings.files import data_root, load_data

CONFIG = data_root("config")


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_data(CONFIG / "policies" / "tiktok-shop.toml", Policy)


@pytest.fixture(scope="session")
def carriers() -> Carriers:
    return load_carriers(CONFIG)


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary(CONFIG)


@pytest.fixture(scope="session")
def reader(policy: Policy, carriers: Carriers, vocabulary: Vocabulary) -> FileReader:
    return FileReader(policy, carriers, vocabulary)


@pytest.fixture
def read(reader: FileReader, tmp_path: Path) -> Callable[..., Facts]:
    def read_bytes(data: bytes | str, file_name: str = "file.bin") -> Facts:
        path = tmp_path / "original"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return reader.read(path, file_name)

    return read_bytes
