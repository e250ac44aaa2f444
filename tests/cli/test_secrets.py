"""A secret under a mistyped name is not said again, wherever it was given."""

import pytest

from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

SECRET = "xoxb-not-to-be-said"


@pytest.mark.parametrize(
    "name", ["ODR_BOT_SLACK__BOT_TOKN", "ODR_BOT_FEISHU__APP_SECRT", "ODR_BOT_DATABASE__PASWORD"]
)
def test_a_mistyped_variable_is_named_without_its_value(cli: Cli, name: str) -> None:
    answer = cli("doctor", "--json", **{name: SECRET})
    assert answer.exit_code == 1 and name in answer.stderr
    assert SECRET not in answer.stdout + answer.stderr


@pytest.mark.parametrize("line", ["[slack]\nbot_tokn = ", "[console]\npassword = ", "[[people]]\nid = 'a'\npass = "])
def test_a_mistyped_line_is_named_without_its_value(cli: Cli, line: str) -> None:
    cli.settings(f"{line}'{SECRET}'\n")
    answer = cli("cases")
    assert answer.exit_code == 1 and "odr-bot.toml" in answer.stderr
    assert SECRET not in answer.stdout + answer.stderr
