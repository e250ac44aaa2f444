"""The guide to teams: its settings are read and its commands are run as they stand, in both languages."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from tests.docs.test_readme import ROOT

PAGES = ("docs/teams.md", "docs/teams.zh-CN.md")


def blocks(page: str, kind: str) -> list[str]:
    """The page's blocks of one kind, without the space before their lines."""
    found = re.findall(rf"^ *```{kind}\n(.*?)^ *```", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in found]


def printed(block: str) -> str:
    """What the lines of a block print; each is a call of odr-bot that succeeds."""
    shown = ""
    for line in block.splitlines():
        name, *words = shlex.split(line)
        done = CliRunner().invoke(main, words, catch_exceptions=False)
        assert (name, done.exit_code) == ("odr-bot", 0), (line, done.output)
        shown += done.stdout
    return shown


@pytest.fixture(params=PAGES)
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each block of commands prints, one after the other in one folder."""
    monkeypatch.chdir(tmp_path)
    [settings] = blocks(request.param, "toml")
    Path("odr-bot.toml").write_text(settings)
    return [printed(block) for block in blocks(request.param, "sh")]


def test_three_people_are_set_up_and_see_what_is_theirs(run: list[str]) -> None:
    invited, tried, stranger, changed = run
    assert len(re.findall(r"/sign-in\?link=\S+", invited)) == 3
    for role in ("admin", "lead", "member"):
        assert f"us: {role}" in tried
    assert "Bright Home" in tried and "Bright Home" not in stranger
    assert "us: lead" in changed and "in no team" in changed


def test_both_languages_run_the_same_commands() -> None:
    english, chinese = ([re.findall(r"odr-bot (\w+)", block) for block in blocks(page, "sh")] for page in PAGES)
    assert english == chinese
