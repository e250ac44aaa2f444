"""The tests never touch live data, however the machine is set up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.runtime.bootstrap import open_app
from bot.settings.model import load_settings

ROOT = Path(__file__).parent.parent
SMALL = (
    "tests/test_isolation.py::test_a_program_with_the_default_settings_writes_below_the_tests_own_folder",
    "tests/conversations/test_commands.py",
)


def test_a_program_with_the_default_settings_writes_below_the_tests_own_folder(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = load_settings()
    app = open_app(settings)
    app.engine.dispose()
    assert settings.data_dir.resolve().is_relative_to(tmp_path_factory.getbasetemp())
    assert settings.database_url == f"sqlite:///{settings.data_dir.absolute()}/odr-bot.sqlite3"
    assert not (settings.slack.configured or settings.feishu.configured or settings.shops)


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """Where a machine's own settings point: nothing may appear there."""
    folder = tmp_path / "live"
    folder.mkdir()
    return folder


def test_settings_of_the_machine_lead_no_test_to_its_data(live: Path, tmp_path: Path) -> None:
    (tmp_path / "odr-bot.toml").write_text(f'data_dir = "{live}"\n[feishu]\napp_id = "cli_live"\n', "utf-8")
    exported = {
        "ODR_BOT_DATA_DIR": str(live),
        "odr_bot_data_dir": str(live),
        "ODR_BOT_DATABASE__URL": f"sqlite:///{live}/live.sqlite3",
        "ODR_BOT_CONFIG": str(tmp_path / "odr-bot.toml"),
        "ODR_BOT_SLACK__BOT_TOKEN": "xoxb-live",
        "DBOS_SYSTEM_DATABASE_URL": f"sqlite:///{live}/engine.sqlite3",
        "PGHOST": str(live),
    }
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(ROOT)]
    done = subprocess.run(
        [*words, *(str(ROOT / name) for name in SMALL)],
        cwd=tmp_path,
        env=os.environ | exported,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert list(live.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["live", "odr-bot.toml"]
