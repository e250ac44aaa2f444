"""Exports at the command line as in a conversation: what programs outside rely on, word for word."""

import json
from typing import Any

import pytest

from bot.settings.files import data_root
from tests.cli.conftest import NOW, Cli
from tests.conversations.exports import returns, us_orders

EXAMPLES = data_root("config") / "examples"
KEYS = ["id", "at", "by", "shop", "kind", "file", "rows", "first", "last", "state"]
ONE = f"""
data_dir = "data"
language = "zh"
clock.now = {NOW}

[[shops]]
id = "us-1"
name = "Bright Home"
site = "US"
timezone = "America/Los_Angeles"
opened_on = 2024-01-05
channels = ["console:ops"]
"""


@pytest.fixture
def desk(cli: Cli) -> Cli:
    """A fresh folder with one shop, and nothing in it."""
    cli.settings(ONE)
    return cli


def actions(answer: dict[str, Any]) -> list[str]:
    [card] = answer["cards"]
    return [button["action"] for each in card["elements"] for button in each.get("buttons", ())]


@pytest.mark.parametrize("name", ["orders-us.csv", "orders.csv", "defects.csv", "returns-us.csv"])
def test_a_file_is_previewed_and_imported_by_the_word(desk: Cli, name: str) -> None:
    shown = desk.json("say", "", "--file", EXAMPLES / name, "--in", "ops")
    assert {"import_confirm", "import_other", "import_cancel"} <= set(actions(shown))
    assert desk.json("imports") == {"imports": []}, "nothing before somebody confirms"
    done = desk.json("say", "import", "--in", "ops")
    assert name in done["cards"][0]["title"] and actions(done) == ["import_undo"]
    [known] = desk.json("imports")["imports"]
    assert list(known) == KEYS
    assert (known["shop"], known["file"], known["state"]) == ("us-1", name, "taken")


def test_an_undo_at_the_command_line_is_listed(desk: Cli) -> None:
    desk.json("say", "", "--file", EXAMPLES / "orders-us.csv", "--in", "ops")
    desk.json("say", "导入", "--in", "ops")
    assert desk.json("import", "--undo", "1")["state"] == "undone"
    assert [each["state"] for each in desk.json("imports")["imports"]] == ["undone"]


def test_a_clerks_day_from_missing_data_to_a_quiet_shop(desk: Cli) -> None:
    orders = desk.file("orders.csv", us_orders(count=500))
    for path in (orders, desk.file("returns.csv", returns(["576500000000000017"], "11/10/2026 10:00:00 AM"))):
        desk.json("say", "", "--file", path, "--in", "ops")
        desk.json("say", "导入", "--in", "ops")
    state = {each["shop"]: each["state"] for each in desk.json("check")["shops"]}
    assert state == {"us-1": "partial"}, "nobody has said that there were no returns since"
    overdue = [each for each in desk.json("doctor", exit_code=1)["checks"] if not each["ok"]]
    assert "data of us-1" in [each["name"] for each in overdue]


@pytest.mark.parametrize("words", ["status", "shops"])
def test_the_state_of_the_connection_is_json_without_any_set_up(desk: Cli, words: str) -> None:
    assert desk.json("tiktok", words)["shops"] == []


@pytest.mark.parametrize("words", ["connect", "pull", "disconnect"])
def test_what_cannot_be_done_without_a_connection_is_refused_in_words(desk: Cli, words: str) -> None:
    result = desk("tiktok", words, "--json")
    assert result.exit_code == 1 and result.stderr.startswith("odr-bot: ") and not result.stdout


def test_every_check_and_finding_has_the_keys_that_others_read(desk: Cli) -> None:
    assert all(isinstance(each["state"], str) for each in desk.json("check")["shops"])
    result = desk("doctor", "--json")
    assert all(isinstance(each["ok"], bool) for each in json.loads(result.stdout)["checks"])
