"""The guide to teams: its settings are read and its commands are run as they stand, in both languages."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.test_readme import ROOT, shell

PAGES = ("docs/teams.md", "docs/teams.zh-CN.md")


def blocks(page: str, kind: str) -> list[str]:
    """The page's blocks of one kind, without the space before their lines."""
    found = re.findall(rf"^ *```{kind}\n(.*?)^ *```", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in found]


@pytest.fixture(scope="module", params=PAGES)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each block of commands prints, one after the other in one folder."""
    folder: Path = tmp_path_factory.mktemp("teams")
    [settings] = blocks(request.param, "toml")
    (folder / "odr-bot.toml").write_text(settings)
    done: list[subprocess.CompletedProcess[str]] = [shell(block, folder) for block in blocks(request.param, "sh")]
    assert [each.returncode for each in done] == [0] * 4, [each.stderr for each in done]
    return [each.stdout for each in done]


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
