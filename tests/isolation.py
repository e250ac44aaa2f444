"""Keeps the tests away from whatever the machine is set up for: settings in the environment or the working folder may
name live data."""

import os
from collections.abc import Iterator

import pytest

FOREIGN = ("ODR_BOT_", "DBOS_", "PG")
"""Beginnings of variables that the program, its engine and PostgreSQL's client read; Windows and the settings know no
case."""
OWN = frozenset({"ODR_BOT_CHROMIUM", "ODR_BOT_SCREENSHOTS", "ODR_BOT_FEISHU_PICTURES", "ODR_BOT_SLACK_PICTURES"})
"""Variables of the tests themselves, which no program reads."""


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings in the environment, and an empty working folder: there is no odr-bot.toml in it, and the default
    data folder lies below it. Programs that tests start inherit both."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith(FOREIGN) and name not in OWN]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        yield
