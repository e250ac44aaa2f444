"""Tokens at rest: nobody reads them without the key, and nobody swaps them."""

from pathlib import Path

import pytest

from bot.settings.files import ConfigError
from bot.store.sealing import KEY_FILE, Seal, Unsealable


def test_what_is_sealed_is_read_with_the_same_key_alone(tmp_path: Path) -> None:
    sealed = Seal("", tmp_path).seal("access-token", "open-1")
    assert "access" not in sealed and Seal("", tmp_path).open(sealed, "open-1") == "access-token"
    assert Seal("", tmp_path).seal("access-token", "open-1") != sealed
    for other in (Seal("k" * 32, tmp_path), Seal("", tmp_path / "..")):
        with pytest.raises((Unsealable, ConfigError)):
            other.open(sealed, "open-1")


@pytest.mark.parametrize("change", [lambda text: text[:-4] + "AAAA", lambda text: "", lambda text: "no base64 %"])
def test_what_was_changed_is_not_read(tmp_path: Path, change: object) -> None:
    sealed = Seal("", tmp_path).seal("access-token", "open-1")
    with pytest.raises(Unsealable):
        Seal("", tmp_path).open(change(sealed), "open-1")
    with pytest.raises(Unsealable):
        Seal("", tmp_path).open(sealed, "open-2")


def test_the_key_file_is_private_and_asks_to_be(tmp_path: Path) -> None:
    Seal("", tmp_path).seal("x", "y")
    file = tmp_path / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600 and [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="600"):
        Seal("", tmp_path).seal("x", "y")


def test_a_key_of_the_environment_is_long_and_needs_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="32"):
        Seal("short", tmp_path)
    assert Seal("k" * 32, tmp_path).open(Seal("k" * 32, tmp_path).seal("x", "y"), "y") == "x"
    assert [*tmp_path.iterdir()] == []
