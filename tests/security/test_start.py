"""What the program says of signing in when it starts, what it refuses to start with, and the commands for it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.domain.sign_in import SignInRefused
from bot.runtime.bootstrap import App
from bot.runtime.console import first_reader, how_to_sign_in
from bot.settings.addresses import network_of, origin_of
from bot.settings.model import Settings
from bot.settings.sections import ConsoleSettings
from bot.settings.team import PersonSettings
from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

TOKEN = "sixteen letters!"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[App]]:
    apps: list[App] = []
    yield apps
    for app in apps:
        app.engine.dispose()


def app_of(opened: list[App], tmp_path: Path, *people: PersonSettings, **console: object) -> App:
    app = App(Settings(data_dir=tmp_path / "data", people=list(people), console=console)).open()
    app.console_address.listens(4321)
    opened.append(app)
    return app


def test_the_printed_link_signs_in_whoever_works_at_this_machine_as_admin(opened, tmp_path) -> None:
    app = app_of(opened, tmp_path)
    [token] = re.findall(
        r"sign in, once, within 15 minutes: http://127\.0\.0\.1:4321/sign-in\?link=(\S+)$", how_to_sign_in(app)
    )
    visitor = app.sessions.enter(app.sign_in.redeem(token, "127.0.0.1", ""), "127.0.0.1")
    assert visitor and (visitor.session.person, visitor.role) == ("local", "admin")


@pytest.mark.parametrize(
    ("people", "who"),
    [
        ([("li", "member"), ("wang", "lead"), ("zhao", "admin"), ("chen", "admin")], "zhao"),
        ([("li", "member"), ("wang", "lead")], "local"),
    ],
)
def test_the_link_is_for_the_first_admin_that_is_named(opened, tmp_path, people, who) -> None:
    listed = [PersonSettings(id=name, role=role) for name, role in people]
    assert first_reader(app_of(opened, tmp_path, *listed)) == who


@pytest.mark.parametrize(
    "console",
    [
        {"public_url": "https://odr.example.com", "trusted_proxies": ["127.0.0.1"]},
        {"host": "0.0.0.0", "token": TOKEN},
    ],
)
def test_where_others_reach_the_console_no_link_is_printed(opened, tmp_path, console) -> None:
    said = how_to_sign_in(app_of(opened, tmp_path, **console))
    assert "link=" not in said and "odr-bot sign-in" in said


@pytest.mark.parametrize("token", ["fifteen letters", "   fifteen letters   "])
def test_a_token_that_can_be_guessed_stops_the_start(cli: Cli, token: str) -> None:
    result = cli("serve", ODR_BOT_CONSOLE__TOKEN=token)
    assert result.exit_code == 1 and "console.token" in result.stderr and "16 characters" in result.stderr
    assert token.strip() not in result.stderr


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://odr.example.com", "https://odr.example.com"),
        ("HTTPS://ODR.example.com:443/", "https://odr.example.com"),
        ("https://odr.example.com:8443", "https://odr.example.com:8443"),
        ("http://[2001:db8::1]:80", "http://[2001:db8::1]"),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_browsers_name_it(given: str, origin: str) -> None:
    assert ConsoleSettings(public_url=given).public_url == origin


@pytest.mark.parametrize(
    "given", ["odr.example.com", "ftp://a", "https://a/b", "https://a?b", "https://u:p@a", "https://"]
)
def test_an_address_that_is_none_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(ValueError, match="without a path or a user"):
        origin_of(given)


@pytest.mark.parametrize("given", ["0.0.0.0/0", "::/0", "everybody", "10.0.0.1/99", ""])
def test_not_everybody_is_a_proxy(given: str) -> None:
    with pytest.raises(ValueError):
        network_of(given)
    with pytest.raises(ValidationError):
        ConsoleSettings(public_url="https://a", trusted_proxies=[given])


def test_proxies_need_the_address_under_which_they_are_reached() -> None:
    with pytest.raises(ValidationError, match="public_url"):
        ConsoleSettings(trusted_proxies=["127.0.0.1"])


def test_sessions_are_made_listed_and_ended_at_the_command_line(cli: Cli) -> None:
    made = cli.json("sign-in")
    assert made["person"] == "local" and "/sign-in?link=" in made["link"]
    assert cli("sign-in", "nobody").exit_code == 1
    assert cli.json("sessions") == {"sessions": []}
    assert cli("sessions", "--end", "7").exit_code == 1
    assert "127.0.0.1:9999/sign-in" in cli("sign-in", "--port", "9999").stdout


def test_every_session_can_be_ended_at_once(opened, tmp_path) -> None:
    app = app_of(opened, tmp_path)
    token = app.sign_in.link("local", "tests")
    app.sign_in.redeem(token, "10.0.0.1", "Firefox")
    with pytest.raises(SignInRefused):
        app.sign_in.redeem(token, "10.0.0.1", "Firefox")
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "odr-bot.toml").write_text(f'data_dir = "{tmp_path / "data"}"\n')
    command = Cli(folder)
    [listed] = command.json("sessions", "--person", "local", "--config", str(folder / "odr-bot.toml"))["sessions"]
    assert (listed["person"], listed["browser"]) == ("local", "Firefox")
    command("sessions", "--end-all", "--config", str(folder / "odr-bot.toml"))
    assert app.sessions.listed() == []
