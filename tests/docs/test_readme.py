"""The READMEs' commands are run as they stand; their rehearsal is played in the demo."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from tests.feishu.fake.clock import Advanced
from tests.feishu.fake.server import FakeFeishu
from tests.slack.fake import server as slack

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
BIN = Path(sys.executable).parent
SAMPLES = "data/demo/samples/US-AURORA"


def blocks(name: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"} | more


def shell(script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-ec", script], cwd=folder, env=environment(), capture_output=True, encoding="utf-8", timeout=120
    )


@pytest.mark.parametrize("name", READMES)
def test_the_first_commands_are_the_makefiles(name: str) -> None:
    targets = [line.removeprefix("make ") for line in blocks(name)[0].split("\n") if line]
    assert targets == ["run", "test"]


def test_both_languages_give_the_same_commands() -> None:
    english, chinese = (
        [line.split("  ")[0] for block in blocks(name)[1:] for line in block.splitlines() if "LANGUAGE" not in line]
        for name in READMES
    )
    assert english == chinese and len(blocks("README.md")) == 4


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A checkout as far as the commands need it."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "activate").write_text(f'export PATH="{BIN}:$PATH"\n')
    return tmp_path


def own_data() -> list[str]:
    *lines, last = blocks("README.md")[1].strip().split("\n")
    assert last == "odr-bot serve"
    return lines


def exports(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line.startswith("export"))


def test_own_data_from_settings_to_console(home: Path) -> None:
    done = shell("\n".join(own_data()), home)
    assert done.returncode == 0, done.stderr
    assert "C1" in done.stdout
    serves(exports(own_data()), home)


def chat(number: int, secrets: dict[str, str], home: Path) -> str:
    """Run a chat's block after the one of own data, with real secrets in the place of the dots; what it printed."""
    *lines, last = blocks("README.md")[number].strip().split("\n")
    assert last == "odr-bot serve"
    given = [line.replace(dots, secret) for line in lines for dots, secret in secrets.items() if dots in line]
    plain = [line for line in lines if not any(dots in line for dots in secrets)]
    done = shell("\n".join([*own_data()[:-1], *given, *plain]), home)
    assert done.returncode == 0, done.stdout + done.stderr
    serves(exports([*own_data(), *given]), home)
    return done.stdout


def test_slack_from_manifest_to_console(home: Path) -> None:
    with slack.serving() as server:
        token = f"xoxb-good; export ODR_BOT_SLACK__BASE_URL={server.base_url}"
        secrets = {"xoxb-...": token, "xapp-...": "xapp-good"}
        printed = chat(2, secrets, home)
    assert "slack" in printed
    assert json.loads((home / "slack-manifest.json").read_text())["features"]["slash_commands"]


def test_feishu_from_checklist_to_console(home: Path) -> None:
    fake = FakeFeishu("cli_readme", Advanced(datetime.now(UTC))).start()
    secrets = {
        "cli_...": f"cli_readme; export ODR_BOT_FEISHU__BASE_URL={fake.address}; export NO_PROXY=127.0.0.1",
        "APP_SECRET=...": f"APP_SECRET={fake.world.app_secret}",
    }
    printed = chat(3, secrets, home)
    fake.stop()
    assert "im.message.receive_v1" in printed


def serves(exports: str, folder: Path) -> None:
    script = f"{exports}\nexec odr-bot serve"
    process = subprocess.Popen(
        ["bash", "-ec", script], cwd=folder, env=environment(ODR_BOT_CONSOLE__PORT="0"), stderr=subprocess.PIPE
    )
    try:
        assert re.search(r"console on http://127\.0\.0\.1:[1-9]", next(iter(process.stderr)).decode())
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)


def rehearsal(name: str) -> list[str]:
    """What a person types or drops, in the order of the numbered steps."""
    steps = re.findall(r"^\d\. (.*)$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert len(steps) == 6
    return [code for step in steps for code in re.findall(r"`([^`]+)`", step) if code != "make run"]


@pytest.mark.parametrize(("name", "language"), zip(READMES, ("en", "zh"), strict=True))
def test_the_rehearsal_goes_as_told(
    name: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    env = {"ODR_BOT_DATA_DIR": "data/demo", "ODR_BOT_LANGUAGE": language, "ODR_BOT_CONFIG": None}

    def odr_bot(*args: object) -> str:
        done = CliRunner().invoke(main, [str(arg) for arg in args], env=env, catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    odr_bot("demo")
    case = re.search(r"(C\d) \| US ", odr_bot("cases"))[1]
    answers = []
    for code in rehearsal(name):
        files = [word for path in sorted((tmp_path / SAMPLES).iterdir()) for word in ("--file", path)]
        order = re.search(r"tracking-(\d+)", str(files))[1]
        words = [code.replace("ORDER", order).replace("订单号", order)] if code != SAMPLES else ["", *files]
        answers.append(odr_bot("say", *words, "--thread", case))
    taken, read, tagged, draft, package, submitted, result = answers
    assert case in taken and "E9" in read and "Carrier Delay" in tagged
    assert "GFUS" in draft and "200" in draft
    assert f"{case}.zip" in package and case in submitted
    assert ("excluded" if language == "en" else "剔除") in result


@pytest.mark.parametrize(
    "name", [*READMES, "CHANGELOG.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def recipe(target: str) -> list[str]:
    """The commands of a make target, its set-up taken as done."""
    if not shutil.which("make"):
        pytest.skip("no make on this machine")
    done = [word for stamp in (".runtime", ".dev") for word in ("-o", f"{BIN.parent}/{stamp}")]
    words = ["make", "-n", "--no-print-directory", f"VENV={BIN.parent}", *done, target]
    # Called from a make of its own, this one must not take itself for a part of it.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.check_output(words, cwd=ROOT, encoding="utf-8", env=own).splitlines()


def test_make_run_loads_the_demo_and_serves_it(tmp_path: Path) -> None:
    *load, serve = recipe("run")
    done = shell("\n".join(load), tmp_path)
    assert done.returncode == 0 and (tmp_path / "data/demo/samples/US-AURORA").is_dir()
    assert serve == f"ODR_BOT_DATA_DIR=data/demo {BIN}/odr-bot serve"


def test_make_test_calls_what_is_installed() -> None:
    lines = recipe("test")
    called = {line.split()[0] for line in lines if line.startswith(str(BIN))}
    assert {Path(path).name for path in called} == {"ruff", "mypy", "lint-imports"}
    assert all(Path(path).is_file() for path in called)
    assert any("tests/run.sh" in line for line in lines)
