"""The house as architecture.md draws it: who imports whom, sizes, data that validates, a wheel that runs alone."""

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reading.tables import load_carriers, load_vocabulary
from bot.settings.config import load_config
from bot.settings.files import read_toml
from bot.settings.model import Settings, load_settings
from bot.settings.team import ShopSettings
from bot.sources.demo import demo_shops
from bot.sources.mappings import load_mappings

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")])
TOP = {"bot", "handlers", "templates", "tests", "config", "docs", "benchmarks", "deploy"}
EXAMPLE = ROOT / "config" / "odr-bot.example.toml"
LONGEST = 300
PORTS = sorted((ROOT / "bot" / "ports").glob("*.py"))
EXPLAINED = [path for path in SOURCES if "versions" not in path.parts]
FEWEST_WORDS = 4
TWICE = {"Limits": {"a platform", "bot/reading/limits.py"}}
"""Of a platform's calls, and of what is read of a file."""
LEANING = ("The same,", "The same for", "The same in", "See ", "No longer")


def run(*args: object, cwd: Path = ROOT, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(arg) for arg in args],
        cwd=cwd,
        env=os.environ | env,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def test_nobody_imports_whom_they_must_not() -> None:
    done = run(Path(sys.executable).with_name("lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout[-3000:]


def layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract["type"] == "layers")


def test_every_module_stands_in_the_layers() -> None:
    named = {module.strip() for layer in layers() for module in layer.split("|")}
    for path in SOURCES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        names = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
        assert parts[-1] == "__init__" or names & named, f"{path} stands in no layer and is not checked"


def test_what_stands_side_by_side_does_not_know_each_other() -> None:
    assert not [layer for layer in layers() if ":" in layer]


def test_nothing_but_the_entry_stands_at_the_root() -> None:
    assert {path.name for path in (ROOT / "bot").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_the_top_level_holds_what_is_drawn() -> None:
    tracked = run("git", "ls-files").stdout.splitlines()
    if not tracked:
        pytest.skip("not a git checkout")
    assert {path.split("/")[0] for path in tracked if "/" in path} - {".ci", ".github"} <= TOP


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert docstring.rstrip().endswith("."), "one sentence that says what it is"
    lines = text.splitlines()
    explained = len(lines) > 1 and any(line.startswith("#") for line in lines[:4])
    assert len(lines) <= LONGEST or explained, f"{len(lines)} lines and no comment at its top that says why"


def documented(path: Path) -> Iterator[tuple[str, str | None]]:
    """Every class and function of a file with its docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, ast.get_docstring(node)


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_docstring_is_a_sentence_that_stands_alone(path: Path) -> None:
    for name, docstring in documented(path):
        if docstring is not None:
            assert len(docstring.split()) >= FEWEST_WORDS, f"{name}: {docstring!r} tells a stranger nothing"
            assert not docstring.startswith(LEANING), f"{name}: {docstring!r} leans on the one before it"


def test_one_name_means_one_thing() -> None:
    homes = defaultdict(set)
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                # Every platform has the same parts, under the same names.
                homes[node.name].add("a platform" if "platforms" in path.parts else str(path.relative_to(ROOT)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == TWICE


@pytest.mark.parametrize("path", PORTS, ids=lambda path: path.name)
def test_every_part_of_a_port_says_what_it_promises(path: Path) -> None:
    assert [name for name, docstring in documented(path) if not docstring and name != "__init__"] == []


def test_data_files_are_valid() -> None:
    config = load_config(Settings())
    load_mappings(ROOT / "config")
    load_carriers(ROOT / "config")
    load_vocabulary(ROOT / "config")
    assert demo_shops() and set(config.zones) == set(config.policy.sites)
    assert {"en", "zh"} <= set(config.lexicons)


@pytest.mark.parametrize("path", sorted((ROOT / "config").rglob("*.toml")), ids=lambda path: path.name)
def test_every_data_file_says_what_it_is(path: Path) -> None:
    read_toml(path)
    assert path.read_text("utf-8").startswith("# ")


def test_the_example_settings_are_valid() -> None:
    settings = load_settings(EXAMPLE)
    assert len(settings.shops) >= 2
    assert {shop.site for shop in settings.shops} <= set(load_config(settings).policy.sites)


def test_the_example_settings_show_every_key() -> None:
    text = EXAMPLE.read_text("utf-8")
    text += (ROOT / "config" / "shops.example.toml").read_text("utf-8")
    assert [name for name in Settings.model_fields if name not in text] == []
    assert [name for name in ShopSettings.model_fields if name not in text] == []


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network and unpacked into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "-q", "--no-deps")
    done = run(*pip, "--no-build-isolation", "-w", folder, ROOT)
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_data_and_licence_and_nothing_else(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} == {"bot", "handlers"}
    for folder in ("templates", "config"):
        shipped = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
        packed = installed / "bot" / "data" / folder
        assert {path.relative_to(packed) for path in packed.rglob("*") if path.is_file()} == shipped
    assert list(installed.glob("*.dist-info/licenses/LICENSE"))
    assert (installed / "bot" / "py.typed").exists(), "who imports the package finds its types"


def test_the_wheel_runs_the_main_job_alone(installed: Path, tmp_path: Path) -> None:
    def odr_bot(*args: str) -> "subprocess.CompletedProcess[str]":
        return run(sys.executable, "-m", "bot", *args, cwd=tmp_path, PYTHONPATH=str(installed))

    where = run(sys.executable, "-c", "import bot; print(bot.__file__)", cwd=tmp_path, PYTHONPATH=str(installed))
    assert where.stdout.startswith(str(installed)), "this must not be the checkout"
    assert "demo" in odr_bot("--help").stdout
    demo = odr_bot("demo", "--json")
    assert demo.returncode == 0, demo.stderr
    assert "US-AURORA" in demo.stdout
    assert "认领" in odr_bot("say", "帮助").stdout
    assert "US-AURORA" in odr_bot("check").stdout
