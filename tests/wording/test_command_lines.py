"""Clerks have no shell: what they are told in chats names none of its commands."""

import tomllib

import pytest

from bot.settings.files import data_root

AT_THE_MACHINE = {"no_such_session", "tiktok_none", "tiktok_not_connected", "not_a_backup"}
"""Refusals of commands that exist at the command line alone, besides those of the database."""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["refusals", "imports", "previews", "freshness"])
def test_no_text_of_a_conversation_names_a_command_of_the_shell(language: str, name: str) -> None:
    texts = tomllib.loads((data_root("templates") / language / f"{name}.toml").read_text("utf-8"))
    naming = {key for key, text in texts.items() if "odr-bot " in str(text)}
    assert not {key for key in naming - AT_THE_MACHINE if not key.startswith("database_")}
