"""What the documentation says of commands, scenarios, columns and settings is what is there."""

import re

import pytest

from bot.settings.model import Settings
from bot.settings.secrets import secret_keys
from tests.docs import tables
from tests.domain.profile import POLICY, ROOT


@pytest.mark.parametrize("name", tables.PARTS)
def test_generated_tables_are_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == tables.filled(name), "run: python -m tests.docs.tables"


def test_every_setting_is_in_the_reference_and_no_other() -> None:
    text = (ROOT / "docs/running.md").read_text("utf-8")
    described = re.findall(r"^\| `([^`]+)` \|", text.split("## Settings")[1].split("\n## ")[0], re.MULTILINE)
    assert sorted(described) == sorted(tables.settings())


@pytest.mark.parametrize("page", ["service.md", "service.zh-CN.md"])
def test_every_secret_is_named_where_files_for_them_are_explained(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    [named] = re.findall(r"`_file`.*\n(.*oncall.*)", text)
    assert sorted(re.findall(r"`([^`]+)`", named)) == sorted(secret_keys(Settings))


def test_the_units_name_variables_that_exist() -> None:
    """Each secret of the units is read from the copy of the file that bears the name of its key."""
    text = (ROOT / "deploy/odr-bot-secrets.conf").read_text("utf-8")
    copied = re.findall(r"LoadCredential=(\S+):/etc/odr-bot/secrets/\1\n", text)
    named = re.findall(r"ODR_BOT_(\w+)_FILE=%d/(\S+)", text)
    assert copied and [(key.upper().replace(".", "__"), key) for key in copied] == named
    assert set(copied) <= set(secret_keys(Settings))


def test_the_named_variables_exist() -> None:
    known = {tables.variable(key) for key in tables.settings()} | {"ODR_BOT_CONFIG", "ODR_BOT_SCREENSHOTS"}
    known |= {f"{tables.variable(key)}_FILE" for key in secret_keys(Settings)}
    for page in [*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")]:
        named = set(re.findall(r"ODR_BOT_[A-Z_]+", page.read_text("utf-8")))
        assert named <= known, page.name


def test_the_guides_name_the_policys_numbers() -> None:
    for page in ("using.md", "using.zh-CN.md"):
        text = (ROOT / "docs" / page).read_text("utf-8")
        assert f"{POLICY.window_hours} " in text
        assert f"{POLICY.form.explanation_max} " in text
        assert f"{POLICY.evidence.fresh_days} " in text


@pytest.mark.parametrize("page", ["architecture.md", "platforms.md"])
def test_files_named_in_the_guides_of_the_house_exist(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = re.findall(r"`((?:bot|handlers|templates|config|tests|docs|benchmarks)/[\w./-]*)`", text)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
