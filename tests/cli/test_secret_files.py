"""Secrets from files: every one of them, from the environment and from the settings file, and what is told when the
file is wrong."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings.files import ConfigError
from bot.settings.model import Settings, load_settings
from bot.settings.secrets import LARGEST, secret_keys
from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

KEY = "ODR_BOT_SLACK__BOT_TOKEN_FILE"
SECRET = "xoxb-not-to-be-said"
SINGLE = [key for key in secret_keys(Settings) if "[]" not in key]


@pytest.fixture
def secret(tmp_path: Path) -> Callable[..., Path]:
    """A file that holds a secret."""

    def write(content: bytes = SECRET.encode() + b"\n", mode: int = 0o600) -> Path:
        path = tmp_path / "token"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return write


def value(settings: Settings, key: str) -> str:
    section, name = key.split(".")
    found = getattr(getattr(settings, section), name)
    return str(getattr(found, "get_secret_value", lambda: found)())


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "odr-bot.toml"
    path.write_text(text, "utf-8")
    return path


def test_whatever_is_hidden_can_come_from_a_file() -> None:
    assert {"slack.bot_token", "feishu.app_secret", "database.url", "console.token"} <= set(SINGLE)
    assert "oncall[].calendar" in secret_keys(Settings)


@pytest.mark.parametrize("key", SINGLE)
@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_a_file_named_in_the_environment(
    secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str, ending: bytes
) -> None:
    name = f"ODR_BOT_{key.replace('.', '__').upper()}_FILE"
    monkeypatch.setenv(name, str(secret(b"a secret of 20 letters" + ending)))
    # The environment wins over the settings file, whichever way either gives the secret.
    section, short = key.split(".")
    path = settings_file(tmp_path, f'[{section}]\n{short} = "of the settings file"\n')
    assert value(load_settings(path), key) == "a secret of 20 letters"


@pytest.mark.parametrize("key", SINGLE)
def test_a_file_named_in_the_settings_lies_beside_them(
    secret: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    section, short = key.split(".")
    path = settings_file(tmp_path, f'[{section}]\n{short}_file = "{secret(b"a secret of the file").name}"\n')
    assert value(load_settings(path), key) == "a secret of the file"
    monkeypatch.setenv(f"ODR_BOT_{section.upper()}__{short.upper()}", "of the environment")
    assert value(load_settings(path), key) == "of the environment"


def test_a_secret_of_a_list(secret: Callable[..., Path], tmp_path: Path) -> None:
    secret(b"https://example.com/private.ics\n")
    path = settings_file(tmp_path, '[[oncall]]\ncalendar_file = "token"\n')
    assert load_settings(path).oncall[0].calendar == "https://example.com/private.ics"


def fault(name: str | Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(KEY, str(name))
    with pytest.raises(ConfigError) as raised:
        load_settings()
    words = str(raised.value)
    assert KEY in words and SECRET not in words
    return words


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o620, 0o666, 0o602])
def test_a_file_that_others_may_read_or_change_is_refused(
    secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    path = secret(mode=mode)
    words = fault(path, monkeypatch)
    assert str(path) in words and f"{mode:04o}" in words and "chmod 600" in words


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_a_file_that_the_group_may_read_is_taken(
    secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """As systemd and Kubernetes give them."""
    monkeypatch.setenv(KEY, str(secret(mode=mode)))
    assert value(load_settings(), "slack.bot_token") == SECRET


def test_what_is_no_file_with_one_line_is_refused(
    secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for missing in (tmp_path / "missing", tmp_path / "no folder" / "missing"):
        words = fault(missing, monkeypatch)
        assert "No such file" in words and str(missing) in words
    assert "expected a file" in fault(tmp_path, monkeypatch) or "directory" in fault(tmp_path, monkeypatch)
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "expected a file" in fault(tmp_path / "pipe", monkeypatch)
    assert "expected a file" in fault("/dev/zero", monkeypatch)
    for content in (b"", b"\n", SECRET.encode() + b"\nsecond line\n", SECRET.encode() + b"\0", b"x" * (LARGEST + 1)):
        assert "expected one line" in fault(secret(content), monkeypatch)
    assert "UTF-8" in fault(secret(SECRET.encode() + b"\xff"), monkeypatch)


@pytest.mark.skipif(os.getuid() == 0, reason="an administrator reads every file")
def test_a_file_that_cannot_be_read(secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Permission denied" in fault(secret(mode=0), monkeypatch)


@pytest.mark.parametrize("pasted", [SECRET, f"/{SECRET}", f"ab/{SECRET}", f"{SECRET}\0"])
def test_a_secret_pasted_where_the_name_belongs_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pasted: str
) -> None:
    if "\0" not in pasted:
        fault(pasted, monkeypatch)
        monkeypatch.delenv(KEY)
    path = settings_file(tmp_path, f'[slack]\nbot_token_file = "{pasted}"\n'.replace("\0", "\\u0000"))
    with pytest.raises(ConfigError) as raised:
        load_settings(path)
    assert "slack.bot_token_file" in str(raised.value) and SECRET not in str(raised.value)


def test_both_ways_in_one_place_are_refused(
    secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ODR_BOT_SLACK__BOT_TOKEN", SECRET)
    assert "expected one of them" in fault(secret(), monkeypatch)


def test_an_empty_name_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "")
    assert value(load_settings(), "slack.bot_token") == ""


def test_only_secrets_come_from_files(secret: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODR_BOT_SLACK__MODE_FILE", str(secret()))
    with pytest.raises(ConfigError, match=r"mode_file|MODE_FILE"):
        load_settings()


def test_the_command_says_it_and_nothing_of_the_content(cli: Cli, secret: Callable[..., Path]) -> None:
    answer = cli("cases", **{KEY: str(secret(mode=0o644))})
    assert answer.exit_code == 1 and re.search(rf"{KEY}: .*chmod 600", answer.stderr)
    assert SECRET not in answer.stdout + answer.stderr
